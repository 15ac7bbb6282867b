"""The monthly report of a warehouse (F/V/KB) and the register of a facility (R/II/KB) as sheets."""

from collections.abc import Iterable

from campaign import i18n
from campaign.documents.table_sheet import Head, TableRow
from campaign.documents.xlsx import CellKind, Sheet, Value
from campaign.documents.xlsx import Column as BookColumn
from campaign.logistics import sheets
from campaign.logistics.facility_month import ItemRegister, RegisterLine, facility_month
from campaign.logistics.models import PlaceKind, StockPlace
from campaign.logistics.monthly import Month
from campaign.logistics.sheets import Drawn, figure
from campaign.logistics.warehouse_month import ISSUES, RECEIPTS, WarehouseMonth, warehouse_month
from campaign.registry import queries as registry
from campaign.registry.models import Item

WAREHOUSE_HEADS = (
    (
        Head("No", rows=2),
        Head("Barang", rows=2),
        Head("Satuan", rows=2),
        Head("Sisa awal bulan", rows=2),
        Head("Penerimaan", columns=3),
        Head("Pengeluaran", columns=5),
        Head("Sisa akhir bulan", columns=3),
        Head("Rata-rata keluar", rows=2),
        Head("Bulan stok", rows=2),
    ),
    tuple(
        Head(text)
        for text in (
            *("Pusat/ provinsi", "APBD", "Lain"),
            *(
                "Faskes peme\u00adrintah",
                "Faskes swasta",
                "Kegiat\u00adan khusus",
                "Trans\u00adfer",
                "Hapus/ rusak/ ED",
            ),
            *("Baik", "Rusak", "ED"),
        )
    ),
)
REGISTER_HEADS = (
    (
        Head("Tanggal", rows=2),
        Head("No. SBBK/dokumen", rows=2),
        Head("Dari / kepada", rows=2),
        Head("Nomor batch", rows=2),
        Head("Kedaluwarsa", rows=2),
        Head("Diterima", rows=2),
        Head("Dikeluarkan", columns=4),
        Head("Sisa", rows=2),
    ),
    tuple(Head(text) for text in ("Pelayanan", "Jaringan/ faskes lain", "Dikembalikan", "Rusak/ED/ selisih")),
)
REMARKS = (
    "Penerimaan lain: hibah, pengembalian dari faskes, kelebihan hasil stok opname.",
    "Kegiatan khusus: kampanye; tidak ikut dalam rata-rata pengeluaran.",
    "Faskes pemerintah: puskesmas, rumah sakit, mobil pelayanan; swasta: klinik dan praktik mandiri bidan.",
)
LOST = ("received", "used", "passed_on", "returned", "lost")


def draw_month(place: StockPlace, month: Month) -> Drawn:
    """Return the monthly sheet of a warehouse or a facility; call it in the language of papers."""
    if place.kind is PlaceKind.WAREHOUSE:
        return _warehouse(place, month, warehouse_month(place, month))
    return _facility(place, month, facility_month(place, month))


def _facts(place: StockPlace, month: Month) -> tuple[tuple[str, str], ...]:
    return ("Tempat", place.name), ("Kode", place.code), ("Bulan", sheets.month_name(month.first))


def _warehouse(place: StockPlace, month: Month, rows: list[WarehouseMonth]) -> Drawn:
    items = registry.items_by_ids({row.item_id for row in rows})
    rows = sorted(rows, key=lambda row: (items[row.item_id].kind != "alokon", items[row.item_id].name))
    return Drawn(
        title="LAPORAN BULANAN PERSEDIAAN GUDANG ALAT DAN OBAT KONTRASEPSI",
        note=f"F/V/KB, {sheets.month_name(month.first)}",
        facts=_facts(place, month),
        columns=sheets.columns("7mm right", "1fr", "13mm", *["14.6mm right"] * 14),
        heads=WAREHOUSE_HEADS,
        rows=tuple(_warehouse_row(number, row, items[row.item_id]) for number, row in enumerate(rows, start=1)),
        book=_warehouse_book(rows, items),
        signatures=(sheets.head_of_office(), sheets.storekeeper()),
        remarks=REMARKS,
    )


def _numbers(row: WarehouseMonth) -> tuple[int, ...]:
    return (row.before, *(row.columns[one] for one in (*RECEIPTS, *ISSUES)), row.good, row.damaged, row.expired)


def _warehouse_row(number: int, row: WarehouseMonth, item: Item) -> TableRow:
    months = "–" if row.months is None else i18n.decimal(float(row.months))
    average = i18n.decimal(float(row.monthly)) if row.monthly else "–"
    return TableRow((str(number), item.name, item.unit, *(figure(one) for one in _numbers(row)), average, months))


def _warehouse_book(rows: list[WarehouseMonth], items: dict[int, Item]) -> Sheet:
    receipts = ("Terima pusat/provinsi", "Terima APBD", "Terima lain")
    issues = ("Faskes pemerintah", "Faskes swasta", "Kegiatan khusus", "Transfer", "Hapus/rusak/ED")
    left = ("Sisa baik", "Sisa rusak", "Sisa ED")
    headings = ("Sisa awal", *receipts, *issues, *left)
    columns = (
        BookColumn("Barang", 30),
        BookColumn("Satuan", 10),
        *(BookColumn(text, 12, CellKind.NUMBER) for text in headings),
        BookColumn("Rata-rata pengeluaran", 12, CellKind.DECIMAL),
        BookColumn("Bulan stok", 10, CellKind.DECIMAL),
    )
    body: list[tuple[Value, ...]] = [
        (
            items[row.item_id].name,
            items[row.item_id].unit,
            *_numbers(row),
            round(float(row.monthly), 1) if row.monthly else None,
            None if row.months is None else float(row.months),
        )
        for row in rows
    ]
    return Sheet("F-V-KB", columns, body)


def _facility(place: StockPlace, month: Month, rows: list[ItemRegister]) -> Drawn:
    items = registry.items_by_ids({row.item_id for row in rows})
    rows = sorted(rows, key=lambda row: (items[row.item_id].kind != "alokon", items[row.item_id].name))
    return Drawn(
        title="REGISTER ALAT DAN OBAT KONTRASEPSI FASILITAS KESEHATAN",
        note=f"R/II/KB, {sheets.month_name(month.first)}",
        facts=_facts(place, month),
        columns=sheets.columns(
            *("19mm center", "36mm", "1fr", "28mm", "21mm center"),
            *("19mm right", "19mm right", "19mm right", "22mm right", "19mm right", "19mm right"),
        ),
        heads=REGISTER_HEADS,
        rows=tuple(line for row in rows for line in _register(row, items[row.item_id])),
        book=_register_book(rows, items),
        signatures=(sheets.pen(f"Kepala {place.name}", "Mengetahui,"), sheets.pen("Pengelola alokon")),
        remarks=("Satu bagian per barang, ditutup tiap akhir bulan. Sisa termasuk yang dikarantina dan yang rusak.",),
    )


def _register(row: ItemRegister, item: Item) -> Iterable[TableRow]:
    blank = ("",) * 6
    yield TableRow((f"{item.name} ({item.unit})", "", "Stok awal", *blank, "", i18n.number(row.before)), is_strong=True)
    for line in row.lines:
        yield TableRow(
            (
                sheets.day(line.on),
                _number(line),
                line.other,
                line.lot.number,
                sheets.day(line.lot.expires_on),
                *(i18n.number(value) if (value := getattr(line, name)) else "" for name in LOST),
                i18n.number(line.balance),
            )
        )
    sums = (figure(row.total(name)) for name in LOST)
    yield TableRow(("", "", f"Jumlah {item.name}", "", "", *sums, i18n.number(row.after)), is_strong=True)


def _number(line: RegisterLine) -> str:
    return line.number or ("Pelayanan" if line.used else "–")


def _register_book(rows: list[ItemRegister], items: dict[int, Item]) -> Sheet:
    counts = ("Diterima", "Pelayanan", "Faskes lain", "Dikembalikan", "Rusak/ED/selisih", "Sisa")
    columns = (
        BookColumn("Barang", 26),
        BookColumn("Satuan", 10),
        BookColumn("Tanggal", 12, CellKind.DATE),
        BookColumn("Dokumen", 24),
        BookColumn("Dari / kepada", 28),
        BookColumn("Batch", 16),
        BookColumn("Kedaluwarsa", 12, CellKind.DATE),
        *(BookColumn(text, 12, CellKind.NUMBER) for text in counts),
    )
    body: list[tuple[Value, ...]] = []
    for row in rows:
        item = items[row.item_id]
        body.append((item.name, item.unit, None, "Stok awal", "", "", None, *(None,) * 5, row.before))
        for line in row.lines:
            quantities = tuple(getattr(line, name) or None for name in LOST)
            about = (line.on, _number(line), line.other, line.lot.number, line.lot.expires_on)
            body.append((item.name, item.unit, *about, *quantities, line.balance))
        totals = tuple(row.total(name) for name in LOST)
        body.append((item.name, item.unit, None, "Jumlah", "", "", None, *totals, row.after))
    return Sheet("R-II-KB", columns, body)
