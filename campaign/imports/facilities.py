"""The workbook of facilities, their stations and opening hours."""

from collections.abc import Iterator, Sequence

from campaign.accounts.policy import Actor
from campaign.imports.cells import area_code, choice, clock_time, decimal, text, whole, yes_no
from campaign.imports.columns import Book, Cell, Column, Line, Sheet, Step, Workbook, by_key, draft
from campaign.imports.models import WorkbookKind
from campaign.logistics.services import ensure_places
from campaign.registry.facilities import FacilityKind, FacilityRow, Station, register_facilities
from campaign.registry.storing import Counts

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
KINDS = {
    "puskesmas": FacilityKind.PUSKESMAS,
    "rumah sakit": FacilityKind.HOSPITAL,
    "klinik": FacilityKind.CLINIC,
    "PMB": FacilityKind.MIDWIFE_PRACTICE,
    "mobil pelayanan": FacilityKind.MOBILE_CLINIC,
}
STATIONS = {
    "Meja pendaftaran": Station.REGISTRATION_DESK,
    "Ruang periksa": Station.EXAM_ROOM,
    "Ruang tindakan": Station.PROCEDURE_ROOM,
    "Ruang operasi": Station.OPERATING_ROOM,
    "Tempat tidur pulih": Station.RECOVERY_BED,
}
_EXAMPLE_COUNTS = {Station.EXAM_ROOM: 2, Station.OPERATING_ROOM: 0, Station.RECOVERY_BED: 3}

FACILITIES = Sheet(
    "Faskes",
    (
        Column("code", "Kode K/0/KB", text(9), "3375001", "7 angka, atau 9 angka untuk jaringan dan jejaring."),
        Column("name", "Nama", text(120), "Puskesmas Medono"),
        Column("kind", "Jenis", choice(KINDS), "puskesmas"),
        Column("kecamatan_code", "Kode kecamatan", area_code(), "33.75.01", list_name="kecamatan"),
        Column("address", "Alamat", text(240), "Jalan Contoh 1", is_required=False, default=""),
        Column("lat", "Lintang", decimal(), -6.903),
        Column("lon", "Bujur", decimal(), 109.6658),
        Column("session_cost", "Biaya sesi (Rp)", whole(0, 10**9), 750_000, "Biaya satu hari pelayanan."),
        *(
            Column(
                station.value,
                heading,
                whole(0, 99),
                _EXAMPLE_COUNTS.get(station, 1),
                "Jumlah yang bisa dipakai." if station is Station.REGISTRATION_DESK else "",
                is_required=False,
                default=0,
            )
            for heading, station in STATIONS.items()
        ),
        Column("is_active", "Aktif", yes_no(), "ya", is_required=False, default=True),
    ),
    "Satu baris per fasilitas kesehatan yang terdaftar K/0/KB.",
)
HOURS = Sheet(
    "Jam buka",
    (
        Column("code", "Kode K/0/KB", text(9), "3375001"),
        Column(
            "weekday", "Hari", choice({name: number for number, name in enumerate(WEEKDAYS)}), "Jumat", "Nama hari."
        ),
        Column("opens", "Buka", clock_time(), "08:00"),
        Column("closes", "Tutup", clock_time(), "11:00"),
    ),
    "Satu baris per jam buka. Dua baris pada hari yang sama berarti ada istirahat; hari tanpa baris berarti tutup.",
)


def steps(book: Book, _campaign_id: int | None) -> Iterator[Step]:
    """Yield the facilities with their hours."""
    hours = by_key(book, HOURS, "code", book.of(FACILITIES), "unknown-facility")
    drafts = []
    for line in book.of(FACILITIES):
        windows = [window for window in hours[line["code"]] if window.is_whole]
        if line.is_whole:
            parts = {f"hours.{index}": window.cell("opens") for index, window in enumerate(windows)}
            drafts.append(draft(line, _facility(line, windows), parts | _station_cell(line)))
    yield Step(FACILITIES.name, drafts, _store)


def _store(actor: Actor, rows: Sequence[FacilityRow]) -> Counts:
    """Store the facilities and give each its shelf in the stock ledger."""
    counts = register_facilities(actor, rows)
    ensure_places(actor)
    return counts


def _station_cell(line: Line) -> dict[str, Cell]:
    return {"stations": line.cell(Station.REGISTRATION_DESK.value)}


def _facility(line: Line, windows: list[Line]) -> FacilityRow:
    stations = {station: line[station.value] for station in STATIONS.values()}
    columns = {name: value for name, value in line.values.items() if name not in set(STATIONS.values())}
    hours = tuple((window["weekday"], window["opens"], window["closes"]) for window in windows)
    return FacilityRow(**columns, stations=stations, hours=hours)


WORKBOOK = Workbook(
    WorkbookKind.FACILITIES,
    "Fasilitas kesehatan",
    (FACILITIES, HOURS),
    ("Impor wilayah lebih dulu: kode kecamatan harus sudah dikenal.",),
    steps,
)
