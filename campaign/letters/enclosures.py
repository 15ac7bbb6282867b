"""What is printed behind a letter: tables of the campaign's own rows, ready to print. Strings are Indonesian."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from campaign import i18n
from campaign.documents.contexts import long_date
from campaign.events import queries as events
from campaign.letters.kinds import Enclosure
from campaign.letters.models import Letter, TeamMember
from campaign.letters.team import team_of
from campaign.outreach import expected, upcoming
from campaign.outreach.identity import masked
from campaign.outreach.queries import COUNTED, CandidateFilter, candidates_of, kelurahan_counts
from campaign.registry import queries as registry
from campaign.registry.models import Method


@dataclass(frozen=True, slots=True)
class Table:
    """One table behind a letter. `widths` are shares of the page; `right` are the columns of figures."""

    title: str
    header: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()
    total: tuple[str, ...] = ()
    landscape: bool = False
    empty: str = "Belum ada isian."


def tables_of(letter: Letter, wanted: Sequence[Enclosure]) -> tuple[Table, ...]:
    """Return the tables of a letter as they stand now."""
    with i18n.with_locale("id"):
        return tuple(table for enclosure in wanted for table in _MAKERS[enclosure](letter))


def _addressees(letter: Letter) -> list[Table]:
    if len(letter.addressees) < 2:  # one is named on the letter itself
        return []
    rows = tuple((str(n), one.name, one.place) for n, one in enumerate(letter.addressees, start=1))
    return [Table("DAFTAR PENERIMA SURAT", ("No", "Kepada Yth.", "Di"), (0.06, 0.6, 0.34), rows, right=(0,))]


def _team(letter: Letter) -> list[Table]:
    members: list[TeamMember] = team_of(letter.campaign_id)
    rows = tuple((str(n), one.duty, one.name, one.office) for n, one in enumerate(members, start=1))
    header = ("No", "Kedudukan dalam Tim", "Nama", "Jabatan/Instansi")
    return [Table("SUSUNAN TIM PELAKSANA", header, (0.06, 0.28, 0.33, 0.33), rows, right=(0,))]


def _schedule(letter: Letter) -> list[Table]:
    sessions = events.sessions_of(letter.campaign_id)
    facilities = {row.facility_id: row for row in registry.facilities({one.facility_id for one in sessions})}
    people = Counter(one.service_session_id for one in expected.appointed_in([s.service_session_id for s in sessions]))
    rows = [
        (
            registry.area(facilities[one.facility_id].kecamatan_code).name,
            i18n.day(one.held_on),
            f"{i18n.hour(one.opens_at)}–{i18n.hour(one.closes_at)}",
            facilities[one.facility_id].name,
            i18n.number(people[one.service_session_id]),
        )
        for one in sessions
    ]
    numbered = tuple((str(n), *row) for n, row in enumerate(sorted(rows, key=lambda row: row[0]), start=1))
    header = ("No", "Kecamatan", "Hari, Tanggal", "Pukul", "Tempat Pelayanan", "Calon")
    total = ("", "", "", "", "Jumlah", i18n.number(people.total()))
    widths = (0.06, 0.2, 0.24, 0.13, 0.27, 0.1)
    return [Table("JADWAL PELAYANAN", header, widths, numbered, (0, 5), total, empty="Rencana belum disetujui.")]


def _outreach(letter: Letter) -> list[Table]:
    first = upcoming.first_days(letter.campaign_id)
    rows = []
    for number, (code, day) in enumerate(sorted(first.items()), start=1):
        kelurahan = registry.area(code)
        rows.append((str(number), registry.area(code[:8]).name, kelurahan.name, _latest_round(day), long_date(day)))
    header = ("No", "Kecamatan", "Kelurahan", "Siaran Keliling Paling Lambat", "Pelayanan Pertama")
    widths = (0.06, 0.22, 0.24, 0.26, 0.22)
    empty = "Rencana belum disetujui."
    return [Table("JADWAL SIARAN KELILING", header, widths, tuple(rows), right=(0,), empty=empty)]


def _latest_round(first_day: date) -> str:
    """Return the day before the first service: whoever hears of it must still be able to come."""
    return i18n.day(first_day - timedelta(days=1))


def _recapitulation(letter: Letter) -> list[Table]:
    counts = kelurahan_counts(letter.campaign_id)
    cells = {
        (row.area_code, row.method_code): row.listed
        for row in counts
        if letter.kecamatan_code is None or row.area_code.startswith(f"{letter.kecamatan_code}.")
    }
    used = {method for _, method in cells}
    methods = [method for method in registry.methods() if method.code in used]
    codes = sorted({code for code, _ in cells})
    rows = tuple(
        (str(number), registry.area(code[:8]).name, registry.area(code).name, *_figures(cells, [code], methods))
        for number, code in enumerate(codes, start=1)
    )
    header = ("No", "Kecamatan", "Kelurahan", *(method.name for method in methods), "Jumlah")
    figures = len(methods) + 1
    widths = (0.05, 0.17, 0.2, *(0.58 / figures for _ in range(figures)))
    right = (0, *range(3, 3 + figures))
    total = ("", "", "Jumlah", *_figures(cells, codes, methods))
    title = "REKAPITULASI CALON PESERTA MENURUT KELURAHAN DAN ALAT KONTRASEPSI"
    return [Table(title, header, widths, rows, right, total, landscape=figures > 5)]


def _figures(cells: dict[tuple[str, str], int], codes: Sequence[str], methods: Sequence[Method]) -> list[str]:
    per_method = [sum(cells.get((code, method.code), 0) for code in codes) for method in methods]
    return [i18n.number(figure) for figure in (*per_method, sum(per_method))]


def _candidates(letter: Letter) -> list[Table]:
    """Return a table per kelurahan and method. NIK is masked: a list on paper goes through many hands."""
    methods = {method.code: method.name for method in registry.methods()}
    groups: dict[tuple[str, str], list[tuple[str, ...]]] = {}
    for one in candidates_of(CandidateFilter(letter.campaign_id, letter.kecamatan_code)):
        if one.state not in COUNTED:
            continue
        rows = groups.setdefault((one.kelurahan_code, one.method_code), [])
        rows.append(
            (
                str(len(rows) + 1),
                one.name,
                one.spouse_name or "–",
                masked(one.nik or "") or "–",
                _age(one.birth_on, letter.written_on),
                one.address,
                "Ya" if one.is_poor else "Tidak",
                one.brought_by or "–",
                "",
            )
        )
    header = ("No", "Nama", "Suami/Istri", "NIK", "Umur", "Alamat", "Miskin", "PPKBD/PLKB", "Tanda Tangan")
    widths = (0.04, 0.17, 0.14, 0.13, 0.05, 0.19, 0.06, 0.12, 0.1)
    return [
        Table(
            f"{registry.area(code).name.upper()}: {methods[method].upper()}",
            header,
            widths,
            tuple(rows),
            right=(0, 4),
            landscape=True,
        )
        for (code, method), rows in sorted(groups.items())
    ] or [Table("DAFTAR NAMA CALON PESERTA", header, widths, (), landscape=True)]


def _age(birth_on: date | None, on: date) -> str:
    if birth_on is None:
        return "–"
    return str(on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day)))


_MAKERS: dict[Enclosure, Callable[[Letter], list[Table]]] = {
    Enclosure.ADDRESSEES: _addressees,
    Enclosure.TEAM: _team,
    Enclosure.SCHEDULE: _schedule,
    Enclosure.OUTREACH: _outreach,
    Enclosure.RECAPITULATION: _recapitulation,
    Enclosure.CANDIDATES: _candidates,
}
