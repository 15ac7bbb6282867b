"""Stock as a workbook, written down in the audit trail."""

from campaign import audit, clock, i18n
from campaign.accounts.policy import Actor, Permission, reach, require
from campaign.documents.xlsx import CellKind, Column, Sheet, Value, workbook
from campaign.logistics.expiry import expiry_state
from campaign.logistics.standing import Standing, Wanted, standing
from campaign.registry import queries as registry

COLUMNS = (
    Column("Tempat", 30),
    Column("Barang", 30),
    Column("Satuan", 10),
    Column("Batch", 16),
    Column("Tahun produksi", 10, CellKind.NUMBER),
    Column("Kedaluwarsa", 14, CellKind.DATE),
    Column("Keadaan", 18),
    Column("Sumber dana", 12),
    Column("Harga satuan", 14, CellKind.RUPIAH),
    Column("Ada", 10, CellKind.NUMBER),
    Column("Dipesan", 10, CellKind.NUMBER),
    Column("Boleh diambil", 10, CellKind.NUMBER),
    Column("Di jalan", 10, CellKind.NUMBER),
    Column("Karantina", 10, CellKind.NUMBER),
    Column("Rusak", 10, CellKind.NUMBER),
    Column("Nilai", 18, CellKind.RUPIAH),
)


def stock_workbook(actor: Actor, wanted: Wanted) -> bytes:
    """Return what stands where and in which state, within the actor's reach, as XLSX."""
    require(actor, Permission.SEE_STOCK)
    found = standing(reach(actor, Permission.SEE_STOCK), wanted)
    items = registry.items_by_ids({row.lot.item_id for row in found})
    rows = [_row(row, items[row.lot.item_id].name, items[row.lot.item_id].unit) for row in found]
    audit.record(actor, "download-stock", ("stock_balance", "all"), rows=len(rows))
    note = f"Keadaan {i18n.instant(clock.now())}"
    sheet = Sheet("Persediaan", COLUMNS, rows)
    return workbook((sheet,), clock.now(), title="Persediaan barang", notes=(note,))


def _row(row: Standing, item: str, unit: str) -> tuple[Value, ...]:
    lot = row.lot
    return (
        *(row.place.name, item, unit, lot.number, lot.production_year, lot.expires_on),
        i18n.word(expiry_state(lot.expires_on, clock.today())),
        i18n.word(lot.fund_source),
        *(lot.unit_price, row.total, row.reserved, row.usable, row.transit, row.quarantined, row.damaged),
        row.total * lot.unit_price,
    )
