"""The workbook of items, and of methods with their steps and what one acceptor uses up."""

from collections.abc import Iterator

from campaign.imports.cells import choice, text, whole, yes_no
from campaign.imports.columns import Book, Column, Line, Sheet, Step, Workbook, by_key, draft, refuse_doubles
from campaign.imports.facilities import STATIONS
from campaign.imports.models import WorkbookKind
from campaign.registry.methods import ItemKind, ItemRow, MethodRow, StepRow, register_items, register_methods

KINDS = {"alokon": ItemKind.ALOKON, "kit": ItemKind.KIT, "bahan habis pakai": ItemKind.CONSUMABLE}

ITEMS = Sheet(
    "Barang",
    (
        Column("code", "Kode barang", text(24), "iud", "Huruf kecil tanpa spasi; tidak berubah lagi setelah dipakai."),
        Column("name", "Nama", text(120), "IUD CuT 380A"),
        Column("kind", "Jenis", choice(KINDS), "alokon"),
        Column("unit", "Satuan", text(24), "buah", "Satuan di gudang: set, vial, siklus, buah."),
        Column("pack", "Isi kemasan", whole(1, 100_000), 1, "Satuan yang bergerak bersama, misalnya 144 kondom."),
    ),
    "Alokon, kit, dan bahan habis pakai yang dihitung gudang.",
)
METHODS = Sheet(
    "Metode",
    (
        Column("code", "Kode metode", text(24), "iud"),
        Column("name", "Nama", text(120), "IUD"),
        Column("register_code", "Kode R/I/KB", whole(1, 11), 9, "Kode register edisi 2020, 1 sampai 11."),
        Column("is_long_acting", "MKJP", yes_no(), "ya"),
        Column("needs_spouse_consent", "Persetujuan pasangan", yes_no(), "ya"),
        Column("display_order", "Urutan", whole(1, 999), 1, "Urutan di daftar; tidak boleh kembar."),
    ),
    "Satu baris per metode.",
)
STEPS = Sheet(
    "Langkah",
    (
        Column("code", "Kode metode", text(24), "iud"),
        Column("position", "No", whole(1, 20), 3, "Urutan langkah: 1, 2, 3."),
        Column("name", "Langkah", text(60), "pelayanan"),
        Column("station", "Tempat", choice(STATIONS), "Ruang tindakan"),
        Column("minutes", "Menit", whole(0, 1440), 30),
        Column("skill", "Keterampilan", text(24), "iud", "Kosong: petugas siapa pun.", is_required=False),
    ),
    "Satu baris per langkah pelayanan.",
)
USES = Sheet(
    "Pemakaian",
    (
        Column("code", "Kode metode", text(24), "iud"),
        Column("item", "Kode barang", text(24), "iud", list_name="items"),
        Column("quantity", "Jumlah", whole(1, 100_000), 1, "Untuk satu peserta, dalam satuan barang."),
    ),
    "Barang yang habis untuk satu peserta. Metode tanpa barang tidak perlu baris.",
    is_optional=True,
)


def steps(book: Book, _campaign_id: int | None) -> Iterator[Step]:
    """Yield the items, then the methods."""
    items = [draft(line, ItemRow(**line.values)) for line in book.of(ITEMS) if line.is_whole]
    yield Step(ITEMS.name, items, register_items)
    taken = by_key(book, STEPS, "code", book.of(METHODS), "unknown-method")
    refuse_doubles(book, book.of(USES), "code", "item")
    used = by_key(book, USES, "code", book.of(METHODS), "unknown-method")
    drafts = []
    for line in book.of(METHODS):
        way = [step for step in taken[line["code"]] if step.is_whole]
        needs = [use for use in used[line["code"]] if use.is_whole]
        if line.is_whole:
            parts = {f"steps.{index}": step.cell("position") for index, step in enumerate(way)}
            parts |= {f"uses.{use['item']}": use.cell("item") for use in needs}
            drafts.append(draft(line, _method(line, way, needs), parts))
    yield Step(METHODS.name, drafts, register_methods)


def _method(line: Line, way: list[Line], needs: list[Line]) -> MethodRow:
    steps = (StepRow(s["position"], s["name"], s["station"], s["minutes"], s["skill"]) for s in way)
    uses = {use["item"]: use["quantity"] for use in needs}
    return MethodRow(**line.values, steps=tuple(steps), uses=uses)


WORKBOOK = Workbook(
    WorkbookKind.ITEMS_METHODS,
    "Barang dan metode",
    (ITEMS, METHODS, STEPS, USES),
    ("Keterampilan di lembar Langkah dipakai lagi di buku kerja tenaga.",),
    steps,
)
