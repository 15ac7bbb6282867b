"""The need of a campaign as a sheet and a workbook."""

from collections.abc import Iterator

from campaign import i18n
from campaign.documents.table_sheet import TableRow, plain_heads
from campaign.documents.xlsx import CellKind, Column, Sheet, Value
from campaign.logistics import sheets
from campaign.logistics.list_sheets import packs
from campaign.logistics.sheets import Drawn
from campaign.registry import queries as registry
from campaign.registry.models import Item
from campaign.reports.campaign_need import CampaignNeed, SessionNeed

HEADS = ("Barang", "Nomor batch", "Kedaluwarsa", "Jumlah", "Satuan", "Kemasan", "Dari gudang", "Dikirim")
BLANK = ("",) * (len(HEADS) - 1)


def draw_need(need: CampaignNeed) -> Drawn:
    """Return the need as one table, a section per date and facility; call it in the language of papers."""
    items = {item.item_id: item for item in registry.items()}
    names = {row.facility_id: row.name for row in registry.every_facility()}
    rows: list[TableRow] = []
    for session in need.sessions:
        rows += _section(session, names[session.facility_id], items)
    rows += _totals(need)
    rows += _missing(need, items)
    days = f"{sheets.day(need.sessions[0].held_on)} sampai {sheets.day(need.sessions[-1].held_on)}"
    return Drawn(
        title="KEBUTUHAN ALOKON DAN SARANA KAMPANYE",
        note=need.campaign.name,
        facts=(("Hari pelayanan", days), ("Jumlah sesi", i18n.number(len(need.sessions)))),
        columns=sheets.columns("1fr", "28mm", "21mm center", "18mm right", "16mm", "32mm", "40mm", "21mm center"),
        heads=plain_heads(*HEADS),
        rows=tuple(rows),
        book=_lots_book(need, names, items),
        more_books=(_kit_book(need, names), _balance_book(need, items)),
        signatures=(sheets.head_of_office(), sheets.storekeeper()),
        remarks=(
            "Batch dipilih yang lebih dulu kedaluwarsa, dan sudah dipesan: tidak dapat dikeluarkan untuk yang lain.",
        ),
    )


def _section(session: SessionNeed, name: str, items: dict[int, Item]) -> Iterator[TableRow]:
    title = f"{i18n.day(session.held_on)} · {name} · {i18n.number(session.people)} orang"
    yield TableRow((title, *BLANK), is_strong=True)
    for row in session.lots:
        item = items[row.lot.item_id]
        about = (item.name, row.lot.number, sheets.day(row.lot.expires_on), i18n.number(row.quantity), item.unit)
        yield TableRow((*about, packs(row.quantity, item), row.warehouse.name, sheets.day(row.deliver_on)))
    if not session.lots:
        yield TableRow(("Alokon dari persediaan faskes sendiri", *BLANK))
    for one in session.kit:
        yield TableRow((one.thing.name, "", "", i18n.number(one.quantity), one.thing.unit, "", "", ""))


def _totals(need: CampaignNeed) -> Iterator[TableRow]:
    yield TableRow(("Jumlah sarana seluruh kampanye", *BLANK), is_strong=True)
    for one in need.kit:
        yield TableRow((one.thing.name, "", "", i18n.number(one.quantity), one.thing.unit, "", "", ""))


def _missing(need: CampaignNeed, items: dict[int, Item]) -> Iterator[TableRow]:
    heading = "Kekurangan: pesan paling lambat" if need.missing else "Tidak ada alokon yang kurang"
    yield TableRow((heading, *BLANK), is_strong=True)
    for row in need.missing:
        item = items[row.item_id]
        by = f"pesan paling lambat {sheets.day(row.order_by)}"
        many = packs(row.quantity, item)
        yield TableRow((item.name, by, "", i18n.number(row.quantity), item.unit, many, "", sheets.day(row.first_on)))


def _lots_book(need: CampaignNeed, names: dict[int, str], items: dict[int, Item]) -> Sheet:
    columns = (
        Column("Hari pelayanan", 14, CellKind.DATE),
        Column("Faskes", 28),
        Column("Barang", 28),
        Column("Batch", 16),
        Column("Kedaluwarsa", 12, CellKind.DATE),
        Column("Jumlah", 10, CellKind.NUMBER),
        Column("Satuan", 10),
        Column("Kemasan", 18),
        Column("Gudang", 24),
        Column("Dikirim", 12, CellKind.DATE),
        Column("Sudah keluar", 12),
    )
    rows: list[tuple[Value, ...]] = []
    for session in need.sessions:
        for row in session.lots:
            item, lot = items[row.lot.item_id], row.lot
            about = (session.held_on, names[session.facility_id], item.name, lot.number, lot.expires_on)
            many = (row.quantity, item.unit, packs(row.quantity, item))
            rows.append((*about, *many, row.warehouse.name, row.deliver_on, "ya" if row.is_issued else "belum"))
    return Sheet("Alokon", columns, rows)


def _kit_book(need: CampaignNeed, names: dict[int, str]) -> Sheet:
    columns = (
        Column("Hari pelayanan", 14, CellKind.DATE),
        Column("Faskes", 28),
        Column("Sarana", 40),
        Column("Jumlah", 10, CellKind.NUMBER),
        Column("Satuan", 10),
    )
    rows: list[tuple[Value, ...]] = [
        (session.held_on, names[session.facility_id], one.thing.name, one.quantity, one.thing.unit)
        for session in need.sessions
        for one in session.kit
    ]
    rows += [(None, "Seluruh kampanye", one.thing.name, one.quantity, one.thing.unit) for one in need.kit]
    return Sheet("Sarana", columns, rows)


def _balance_book(need: CampaignNeed, items: dict[int, Item]) -> Sheet:
    columns = (
        Column("Barang", 28),
        Column("Satuan", 10),
        Column("Perlu (dengan cadangan)", 12, CellKind.NUMBER),
        Column("Sudah dipesan", 12, CellKind.NUMBER),
        Column("Masih bebas", 12, CellKind.NUMBER),
        Column("Kurang", 10, CellKind.NUMBER),
        Column("Dipakai mulai", 12, CellKind.DATE),
        Column("Pesan paling lambat", 14, CellKind.DATE),
    )
    rows: list[tuple[Value, ...]] = [
        (
            *(items[row.item_id].name, items[row.item_id].unit, row.need, row.held, row.free, row.quantity),
            *(row.first_on, row.order_by if row.quantity else None),
        )
        for row in need.balance
    ]
    return Sheet("Kekurangan", columns, rows)
