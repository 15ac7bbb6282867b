"""The workbook of opening balances: warehouses, the lots in them, and what campaigns must leave there."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from campaign import clock, pace
from campaign.accounts.policy import Actor
from campaign.errors import Invalid, Mistake
from campaign.imports.cells import area_code, choice, day, decimal, text, whole
from campaign.imports.columns import Book, Column, Sheet, Step, Workbook, draft
from campaign.imports.models import WorkbookKind
from campaign.logistics import places, queries
from campaign.logistics.lots import FundSource, IncomingLot
from campaign.logistics.places import Warehouse
from campaign.logistics.receiving import OpeningBalance, open_balance
from campaign.registry import queries as registry
from campaign.registry.storing import Change, Counts, broken

FUNDS = {"APBN": FundSource.APBN, "APBD": FundSource.APBD, "hibah": FundSource.GRANT}

WAREHOUSES = Sheet(
    "Gudang",
    (
        Column("code", "Kode gudang", text(24), "GUDANG"),
        Column("name", "Nama", text(120), "Gudang Alokon"),
        Column("area_code", "Kode kota/kabupaten", area_code(), "33.75"),
        Column("lat", "Lintang", decimal(), -6.8886),
        Column("lon", "Bujur", decimal(), 109.6753),
    ),
    "Satu baris per gudang.",
)
LOTS = Sheet(
    "Saldo awal",
    (
        Column("warehouse", "Kode gudang", text(24), "GUDANG"),
        Column("item", "Kode barang", text(24), "iud", list_name="items"),
        Column("number", "Nomor batch", text(40), "IUD-2601", "Seperti tercetak pada kemasan."),
        Column("expires_on", "Kedaluwarsa", day(), "2029-12-31", "Hari terakhir boleh dipakai."),
        Column("production_year", "Tahun produksi", whole(1990, 2100), 2026, is_required=False),
        Column("quantity", "Jumlah", whole(1), 50, "Dalam satuan gudang."),
        Column("unit_price", "Harga satuan (Rp)", whole(0), 25_000),
        Column("fund_source", "Sumber dana", choice(FUNDS), "APBN"),
        Column(
            "unit", "Satuan", text(24), "buah", "Boleh kosong; bila diisi, satuan gudang barang itu.", is_required=False
        ),
    ),
    "Satu baris per batch yang ada di gudang pada hari pembukuan dimulai. Yang kedaluwarsa juga dicatat.",
)
FLOORS = Sheet(
    "Batas minimum",
    (
        Column("warehouse", "Kode gudang", text(24), "GUDANG"),
        Column("item", "Kode barang", text(24), "iud", list_name="items"),
        Column("quantity", "Jumlah", whole(), 10, "Persediaan rutin yang tidak boleh dipakai kampanye."),
    ),
    "Persediaan rutin yang dijaga.",
    is_optional=True,
)


class StockInvalid(Invalid):
    """Rows of the workbook break rules. `where` is the row's position and the field."""

    code = "stock-invalid"


@dataclass(frozen=True, slots=True)
class LotRow:
    """One batch in a warehouse, by codes."""

    warehouse: str
    item: str
    number: str
    expires_on: date
    production_year: int | None
    quantity: int
    unit_price: int
    fund_source: FundSource
    unit: str | None = None  # as written beside the quantity: boxes counted as pieces would be a hundred times wrong

    def incoming(self, item_id: int) -> IncomingLot:
        """Return the lot as logistics takes it."""
        return IncomingLot(
            item_id=item_id,
            number=self.number,
            expires_on=self.expires_on,
            production_year=self.production_year,
            unit_price=self.unit_price,
            fund_source=self.fund_source,
            quantity=self.quantity,
        )


@dataclass(frozen=True, slots=True)
class FloorRow:
    """Routine stock of an item in a warehouse, by codes."""

    warehouse: str
    item: str
    quantity: int


def steps(book: Book, _campaign_id: int | None) -> Iterator[Step]:
    """Yield the warehouses, the lots, the floors."""
    houses = [draft(line, Warehouse(**line.values)) for line in book.of(WAREHOUSES) if line.is_whole]
    yield Step(WAREHOUSES.name, houses, store_warehouses)
    lots = [draft(line, LotRow(**line.values)) for line in book.of(LOTS) if line.is_whole]
    yield Step(LOTS.name, lots, store_lots)
    floors = [draft(line, FloorRow(**line.values)) for line in book.of(FLOORS) if line.is_whole]
    yield Step(FLOORS.name, floors, store_floors)


def store_warehouses(actor: Actor, rows: Sequence[Warehouse]) -> Counts:
    """Save the warehouses that are new or different."""
    known = {place.code: place for place in queries.warehouses()}
    districts = {area.code for area in registry.districts()}
    codes = [row.code for row in rows]
    mistakes = [
        mistake
        for position, row in enumerate(rows)
        for mistake in broken(
            position,
            (
                ("area_code", "unknown-district", row.area_code not in districts),
                ("code", "listed-twice", row.code in codes[:position]),
                ("code", "code-taken", row.code not in known and queries.place_by_code(row.code) is not None),
            ),
        )
    ]
    _refuse(mistakes)
    changes = []
    for row in rows:
        place = known.get(row.code)
        if place is not None and all(getattr(place, name) == getattr(row, name) for name in row.__slots__):
            changes.append(Change.UNCHANGED)
            continue
        places.ensure_warehouse(actor, row)
        changes.append(Change.NEW if place is None else Change.CHANGED)
    return Counts.of(changes)


def store_lots(actor: Actor, rows: Sequence[LotRow]) -> Counts:
    """Enter the lots that no opening balance of their warehouse has yet."""
    houses, items = _refuse_unknown(rows)
    _refuse(_units_that_do_not_fit(rows))
    opened = queries.opened_lots()
    changes, new, mistakes = [], defaultdict(list), []
    for position, row in enumerate(rows):
        before = opened.get((houses[row.warehouse], items[row.item], row.number))
        if before is None:
            new[row.warehouse].append(position)
        elif before != row.quantity:
            mistakes.append(Mistake(f"{position}.quantity", "opening-differs"))
        changes.append(Change.NEW if before is None else Change.UNCHANGED)
        pace.step()
    _refuse(mistakes)
    for code, positions in new.items():
        lines = tuple(rows[position].incoming(items[rows[position].item]) for position in positions)
        try:
            open_balance(actor, OpeningBalance(_key(code, lines), houses[code], clock.today(), lines))
        except Invalid as error:
            mistakes += [_at_position(mistake, positions) for mistake in error.mistakes]
    _refuse(mistakes)
    return Counts.of(changes)


def _units_that_do_not_fit(rows: Sequence[LotRow]) -> list[Mistake]:
    units = {item.code: item.unit for item in registry.items()}
    return [
        Mistake(f"{position}.unit", "unit-differs", {"unit": units[row.item]})
        for position, row in enumerate(rows)
        if row.unit and row.unit.strip().casefold() != units[row.item].casefold()
    ]


def _key(warehouse: str, lines: Sequence[IncomingLot]) -> str:
    """Return the same key for the same lots: the ledger then refuses to count them twice."""
    return sha256(repr((warehouse, sorted(map(repr, lines)))).encode()).hexdigest()


def _at_position(mistake: Mistake, positions: Sequence[int]) -> Mistake:
    """Translate lines-3-number, a line of one document, into a row of the sheet; of the whole: its first row."""
    of_line = re.fullmatch(r"lines-([0-9]+)-(.+)", mistake.where)
    where = f"{positions[int(of_line[1])]}.{of_line[2]}" if of_line else f"{positions[0]}."
    return Mistake(where, mistake.code, mistake.facts)


def store_floors(actor: Actor, rows: Sequence[FloorRow]) -> Counts:
    """Set the floors that are new or different."""
    houses, items = _refuse_unknown(rows)
    keys = [(row.warehouse, row.item) for row in rows]
    _refuse([Mistake(f"{i}.item", "listed-twice") for i, key in enumerate(keys) if key in keys[:i]])
    known = {code: places.floors(place_id) for code, place_id in houses.items()}
    changes = []
    for row in rows:
        before = known[row.warehouse].get(items[row.item])
        if before != row.quantity:
            places.set_floor(actor, houses[row.warehouse], items[row.item], row.quantity)
        changes.append(Change.NEW if before is None else Change.UNCHANGED if before == row.quantity else Change.CHANGED)
    return Counts.of(changes)


def _refuse_unknown(rows: Sequence[Any]) -> tuple[dict[str, int], dict[str, int]]:
    """Return warehouses and items by code; raise when a row names one that is not there."""
    houses = {place.code: place.stock_place_id for place in queries.warehouses()}
    items = {item.code: item.item_id for item in registry.items()}
    mistakes = []
    for position, row in enumerate(rows):
        mistakes += broken(
            position,
            (
                ("warehouse", "unknown-warehouse", row.warehouse not in houses),
                ("item", "unknown-item", row.item not in items),
            ),
        )
    _refuse(mistakes)
    return houses, items


def _refuse(mistakes: Sequence[Mistake]) -> None:
    if mistakes:
        raise StockInvalid(tuple(mistakes))


WORKBOOK = Workbook(
    WorkbookKind.STOCK,
    "Saldo awal gudang",
    (WAREHOUSES, LOTS, FLOORS),
    (
        "Impor barang lebih dulu: kode barang harus sudah dikenal.",
        "Saldo awal yang sudah dibukukan tidak diubah lewat impor; koreksi lewat stok opname.",
    ),
    steps,
)
