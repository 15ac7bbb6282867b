"""Lists that people hold in their hands: what to pick for an SPMB, what to count blind, what a count found, an SPB."""

from campaign import i18n
from campaign.documents.contexts import Signature
from campaign.documents.table_sheet import Head, TableRow, plain_heads
from campaign.documents.xlsx import CellKind, Column, Sheet, Value
from campaign.logistics import queries, sheets
from campaign.logistics.count_models import StockCount
from campaign.logistics.count_sheet import CountLine
from campaign.logistics.document_queries import Movement
from campaign.logistics.models import StockPlace
from campaign.logistics.request_models import StockRequest
from campaign.logistics.sheets import Drawn
from campaign.logistics.tallies import deciding
from campaign.registry import queries as registry
from campaign.registry.models import Item

ROOM_FOR_A_PEN = "9mm"


def packs(quantity: int, item: Item) -> str:
    """Return "3 kemasan + 4" for 34 of a pack of 10; only the figure where a pack is one."""
    whole, rest = divmod(quantity, item.pack)
    if item.pack == 1 or not whole:
        return ""
    return f"{i18n.number(whole)} kemasan" + (f" + {i18n.number(rest)}" if rest else "")


def draw_pick_list(movement: Movement) -> Drawn:
    """Return what to take off the shelves for an SPMB, first expired first."""
    lines = sorted(movement.document.lines, key=lambda line: (line.lot.item_id, line.lot.expires_on))
    items = registry.items_by_ids({line.lot.item_id for line in lines})
    rows, book = [], []
    for number, line in enumerate(lines, start=1):
        item, lot = items[line.lot.item_id], line.lot
        many = packs(line.quantity, item)
        about = (item.name, lot.number, sheets.day(lot.expires_on))
        quantity = (i18n.number(line.quantity), item.unit, many)
        rows.append(TableRow((str(number), *about, *quantity, "", line.reason)))
        typed: tuple[Value, ...] = (item.name, lot.number, lot.expires_on, line.quantity, item.unit, many, line.reason)
        book.append(typed)
    columns = (
        Column("Barang", 30),
        Column("Batch", 18),
        Column("Kedaluwarsa", 12, CellKind.DATE),
        Column("Jumlah", 10, CellKind.NUMBER),
        Column("Satuan", 10),
        Column("Kemasan", 18),
        Column("Catatan", 30),
    )
    return Drawn(
        title="DAFTAR PENGAMBILAN BARANG",
        note=f"SPMB {movement.document.number}",
        facts=(("Gudang", movement.from_place.name), ("Untuk", movement.to_place.name)),
        columns=sheets.columns("8mm right", "1fr", "26mm", "20mm center", "15mm right", "14mm", "26mm", "20mm", "26mm"),
        heads=plain_heads(
            *("No", "Barang", "Nomor batch", "Kedaluwarsa", "Jumlah", "Satuan", "Kemasan", "Diambil", "Catatan")
        ),
        rows=tuple(rows),
        book=Sheet("Pengambilan", columns, book),
        signatures=(sheets.pen("", "Yang mengambil,"), sheets.storekeeper("Yang memeriksa,")),
        remarks=("Ambil batch seperti tertulis: yang lebih dulu kedaluwarsa, lebih dulu keluar.",),
        is_landscape=False,
        row_height=ROOM_FOR_A_PEN,
    )


def draw_blind_sheet(count: StockCount, place: StockPlace, lines: list[CountLine]) -> Drawn:
    """Return the sheet of a count, without what the books say: whoever counts writes what is there."""
    items = registry.items_by_ids({line.lot.item_id for line in lines})
    rows = [TableRow((str(n), *_counted(line, items), "", "")) for n, line in enumerate(lines, start=1)]
    rows += [TableRow((str(n), *("",) * 7)) for n in range(len(rows) + 1, len(rows) + 6)]  # for what nobody expected
    columns = (Column("Barang", 30), Column("Batch", 18), Column("Kedaluwarsa", 12), Column("Letak", 20))
    blank = (Column("Satuan", 10), Column("Dihitung", 12), Column("Catatan", 30))
    book = [(*_counted(line, items), "", "") for line in lines]
    return Drawn(
        title="LEMBAR HITUNG STOK OPNAME",
        note=count.number,
        facts=(("Tempat", place.name), ("Tanggal hitung", i18n.day(count.counted_on))),
        columns=sheets.columns("8mm right", "1fr", "30mm", "22mm center", "30mm", "14mm", "22mm", "36mm"),
        heads=plain_heads("No", "Barang", "Nomor batch", "Kedaluwarsa", "Letak", "Satuan", "Dihitung", "Catatan"),
        rows=tuple(rows),
        book=Sheet("Lembar hitung", (*columns, *blank), book),
        signatures=(sheets.pen("", "Penghitung 1,"), sheets.pen("", "Penghitung 2,")),
        remarks=("Jumlah menurut buku sengaja tidak dicetak. Hitung fisiknya, tulis dengan pena, jangan ditebak.",),
        is_landscape=False,
        row_height=ROOM_FOR_A_PEN,
    )


def _counted(line: CountLine, items: dict[int, Item]) -> tuple[str, str, str, str, str]:
    item = items[line.lot.item_id]
    return item.name, line.lot.number, sheets.day(line.lot.expires_on), _where(line.place), item.unit


def _where(place: StockPlace) -> str:
    return i18n.word(place.kind) if place.of_place_id else "Rak"


def draw_count_note(count: StockCount, place: StockPlace, lines: list[CountLine]) -> Drawn:
    """Return the minutes of a count: books, shelf, difference and why."""
    items = registry.items_by_ids({line.lot.item_id for line in lines})
    rows, book = [], []
    for number, line in enumerate(lines, start=1):
        found = deciding(line.tallies) if line.tallies else None
        why = f"{i18n.word(line.explanation.cause)}: {line.explanation.note}" if line.explanation else ""
        numbers = (found.expected, found.counted, found.difference) if found else (None, None, None)
        said = tuple("–" if one is None else i18n.number(one) for one in numbers)
        rows.append(TableRow((str(number), *_counted(line, items), *said, why), bool(line.difference)))
        book.append((*_counted(line, items), *numbers, why))
    heads = ("No", "Barang", "Nomor batch", "Kedaluwarsa", "Letak", "Satuan", "Buku", "Fisik", "Selisih", "Sebab")
    return Drawn(
        title="BERITA ACARA STOK OPNAME",
        note=count.number,
        facts=(("Tempat", place.name), ("Tanggal hitung", i18n.day(count.counted_on))),
        columns=sheets.columns(
            *("8mm right", "1fr", "30mm", "22mm center", "28mm", "16mm"),
            *("18mm right", "18mm right", "18mm right", "60mm"),
        ),
        heads=plain_heads(*heads),
        rows=tuple(rows),
        book=Sheet(
            "Stok opname",
            tuple(
                Column(text, 16, CellKind.NUMBER if text in ("Buku", "Fisik", "Selisih") else CellKind.TEXT)
                for text in heads[1:]
            ),
            book,
        ),
        signatures=(sheets.pen("", "Penghitung,"), _keeper(place), sheets.head_of_office()),
        remarks=("Belum dibukukan." if count.posted_at is None else "Selisih sudah dibukukan dengan dokumen opname.",),
    )


def _keeper(place: StockPlace) -> Signature:
    return sheets.pen(f"Pengelola {place.name}") if place.facility_id else sheets.storekeeper()


def draw_request(request: StockRequest, stock: dict[int, int]) -> Drawn:
    """Return a facility's SPB; `stock` is what it holds of each item that it asks for."""
    facility = registry.facility(request.facility_id)
    items = registry.items_by_ids({line.item_id for line in request.lines})
    rows, book = [], []
    for number, line in enumerate(request.lines, start=1):
        item = items[line.item_id]
        held = stock.get(line.item_id, 0)
        figures = (i18n.number(held), i18n.number(line.quantity), packs(line.quantity, item))
        rows.append(TableRow((str(number), item.name, item.unit, *figures, "")))
        book.append((item.name, item.unit, held, line.quantity, packs(line.quantity, item)))
    columns = (
        Column("Barang", 30),
        Column("Satuan", 10),
        Column("Sisa di faskes", 12, CellKind.NUMBER),
        Column("Diminta", 12, CellKind.NUMBER),
        Column("Kemasan", 18),
    )
    return Drawn(
        title="SURAT PERMINTAAN BARANG",
        note=f"Nomor {request.number}",
        facts=(
            ("Dari", facility.name),
            ("Tanggal", i18n.day(request.requested_on)),
            ("Diperlukan paling lambat", i18n.day(request.needed_on)),
            ("Keperluan", request.note or "Pelayanan KB"),
        ),
        columns=sheets.columns("8mm right", "1fr", "18mm", "24mm right", "24mm right", "34mm", "30mm"),
        heads=(
            tuple(
                Head(text) for text in ("No", "Barang", "Satuan", "Sisa di faskes", "Diminta", "Kemasan", "Disetujui")
            ),
        ),
        rows=tuple(rows),
        book=Sheet("SPB", columns, book),
        signatures=(sheets.pen(f"Kepala {facility.name}", "Yang meminta,"), sheets.head_of_office("Menyetujui,")),
        is_landscape=False,
    )


def shelf_stock(facility_id: int) -> dict[int, int]:
    """Return what a facility holds now, by item."""
    sums: dict[int, int] = {}
    for row in queries.shelf(facility_id):
        sums[row.lot.item_id] = sums.get(row.lot.item_id, 0) + row.available
    return sums
