"""The workbook of areas and their yearly figures."""

from collections.abc import Iterator

from campaign.imports.cells import Reader, area_code, decimal, text, whole
from campaign.imports.columns import Book, Column, Sheet, Step, Workbook, draft
from campaign.imports.models import WorkbookKind
from campaign.registry.services import AreaRow, FigureRow, register_areas, register_figures


def _names(most: int) -> Reader:
    """Return a reader of several names between semicolons."""
    one = text(most)
    return Reader(lambda value: tuple(part.strip() for part in one.read(value).split(";") if part.strip()), "@")


AREAS = Sheet(
    "Wilayah",
    (
        Column("code", "Kode", area_code(), "33.75.01.1002", "Kode Kemendagri (bukan BPS), dengan titik."),
        Column("name", "Nama", text(120), "Medono"),
        Column("lat", "Lintang", decimal(), -6.903, "Derajat; selatan negatif.", is_required=False),
        Column("lon", "Bujur", decimal(), 109.6658, "Derajat.", is_required=False),
        Column(
            "aliases", "Nama lain", _names(120), "Medana; Madono", "Dipisah titik koma.", is_required=False, default=()
        ),
    ),
    "Satu baris per provinsi, kota/kabupaten, kecamatan, kelurahan. Wilayah di atasnya boleh tidak ditulis.",
)
FIGURES = Sheet(
    "Angka",
    (
        Column("area_code", "Kode kelurahan", area_code(), "33.75.01.1002"),
        Column("year", "Tahun", whole(2000, 2100), 2026),
        Column("couples", "PUS", whole(), 1800, "Pasangan usia subur."),
        Column("active_users", "PA", whole(), 1350, "Peserta KB aktif."),
        Column("unmet_need", "Unmet need", whole(), 180, "IAT + TIAL. PA + unmet need tidak melebihi PUS."),
        Column("poor_couples", "PUS miskin", whole(), 540),
        Column("source", "Sumber", text(120), "Pendataan Keluarga 2026"),
    ),
    "Angka tahunan tiap kelurahan: dasar penentuan target.",
    is_optional=True,
)


def steps(book: Book, _campaign_id: int | None) -> Iterator[Step]:
    """Yield the areas, then their figures."""
    areas = [draft(line, AreaRow(**line.values)) for line in book.of(AREAS) if line.is_whole]
    yield Step(AREAS.name, areas, register_areas)
    figures = [draft(line, FigureRow(**line.values)) for line in book.of(FIGURES) if line.is_whole]
    yield Step(FIGURES.name, figures, register_figures)


WORKBOOK = Workbook(
    WorkbookKind.AREAS,
    "Wilayah dan angka tahunan",
    (AREAS, FIGURES),
    ("Berkas CSV dengan kolom code, district_code, name juga diterima untuk wilayah.",),
    steps,
)
