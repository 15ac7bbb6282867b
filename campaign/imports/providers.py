"""The workbook of providers, their certificates and absences."""

from collections.abc import Iterator

from campaign.imports.cells import cross, day, text, whole, yes_no
from campaign.imports.columns import Book, Column, Line, Sheet, Step, Workbook, by_key, draft, refuse_doubles
from campaign.imports.facilities import WEEKDAYS
from campaign.imports.models import WorkbookKind
from campaign.registry.providers import ProviderRow, register_providers

PROVIDERS = Sheet(
    "Tenaga",
    (
        Column("code", "Kode tenaga", text(24), "T001"),
        Column("name", "Nama", text(120), "Bidan Contoh", "Orang, atau tim yang selalu bersama."),
        Column("base_facility_code", "Kode faskes", text(9), "3375001", "Tempat kerja.", list_name="facilities"),
        Column("is_mobile", "Bisa pindah", yes_no(), "tidak", "Boleh bertugas di faskes lain."),
        Column("max_days", "Hari maksimum", whole(0, 60), 4, "Dalam satu kampanye."),
        Column("minutes_per_day", "Menit per hari", whole(0, 1440), 360),
        Column("day_cost", "Biaya per hari (Rp)", whole(0, 10**9), 150_000),
        *(
            Column(str(number), name, cross(), "x" if number < 6 else None, is_required=False, default=False)
            for number, name in enumerate(WEEKDAYS)
        ),
        Column("is_active", "Aktif", yes_no(), "ya", is_required=False, default=True),
    ),
    "Satu baris per tenaga; tanda x pada hari kerja.",
)
SKILLS = Sheet(
    "Keterampilan",
    (
        Column("code", "Kode tenaga", text(24), "T001"),
        Column("skill", "Keterampilan", text(24), "iud", "Seperti pada langkah metode.", list_name="skills"),
        Column("valid_until", "Berlaku sampai", day(), "2028-12-31", "Kosong: tanpa batas.", is_required=False),
    ),
    "Satu baris per sertifikat.",
    is_optional=True,
)
ABSENCES = Sheet(
    "Tidak hadir",
    (
        Column("code", "Kode tenaga", text(24), "T001"),
        Column("from_on", "Dari", day(), "2027-06-15"),
        Column("until_on", "Sampai", day(), "2027-06-16", "Hari terakhir, ikut dihitung."),
    ),
    "Cuti, diklat, dan sebagainya.",
    is_optional=True,
)


def steps(book: Book, _campaign_id: int | None) -> Iterator[Step]:
    """Yield the providers with their certificates and absences."""
    skills = by_key(book, SKILLS, "code", book.of(PROVIDERS), "unknown-provider")
    absences = by_key(book, ABSENCES, "code", book.of(PROVIDERS), "unknown-provider")
    refuse_doubles(book, book.of(SKILLS), "code", "skill")
    refuse_doubles(book, book.of(ABSENCES), "code", "from_on")
    drafts = []
    for line in book.of(PROVIDERS):
        able = [skill for skill in skills[line["code"]] if skill.is_whole]
        away = [absence for absence in absences[line["code"]] if absence.is_whole]
        if line.is_whole:
            parts = {f"skills.{skill['skill']}": skill.cell("skill") for skill in able}
            parts |= {f"absences.{index}": absence.cell("from_on") for index, absence in enumerate(away)}
            drafts.append(draft(line, _provider(line, able, away), parts | {"weekdays": line.cell("0")}))
    yield Step(PROVIDERS.name, drafts, register_providers)


def _provider(line: Line, able: list[Line], away: list[Line]) -> ProviderRow:
    numbers = [str(number) for number in range(len(WEEKDAYS))]
    return ProviderRow(
        **{name: value for name, value in line.values.items() if name not in numbers},
        weekdays=tuple(int(number) for number in numbers if line[number]),
        skills={skill["skill"]: skill["valid_until"] for skill in able},
        absences=tuple((absence["from_on"], absence["until_on"]) for absence in away),
    )


WORKBOOK = Workbook(
    WorkbookKind.PROVIDERS,
    "Tenaga pelayanan",
    (PROVIDERS, SKILLS, ABSENCES),
    ("Impor faskes serta barang dan metode lebih dulu.",),
    steps,
)
