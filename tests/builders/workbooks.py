"""Workbooks as people send them: right ones from rows, and wrong ones by changing a cell."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from io import BytesIO
from typing import Any

from openpyxl import Workbook as File
from openpyxl import load_workbook

from campaign.imports.kinds import WORKBOOKS
from campaign.imports.models import WorkbookKind
from campaign.imports.sheets import Content, write
from tests.builders.candidates import synthetic_nik
from tests.builders.registry import DISTRICT, KECAMATAN, KELURAHAN

Rows = Mapping[str, Sequence[Mapping[str, Any]]]

AREA_ROWS: Rows = {
    "Wilayah": [
        {"code": "33", "name": "Jawa Tengah"},
        {"code": DISTRICT, "name": "Kota Pekalongan"},
        {"code": KECAMATAN, "name": "Pekalongan Barat"},
        {"code": KELURAHAN, "name": "Medono", "lat": -6.903, "lon": 109.6658, "aliases": "Medana; Madono"},
    ],
    "Angka": [
        {"area_code": KELURAHAN, "year": 2026, "couples": 100, "active_users": 70, "unmet_need": 10}
        | {"poor_couples": 40, "source": "contoh"}
    ],
}
FACILITY_ROWS: Rows = {
    "Faskes": [
        {"code": "3375801", "name": "Puskesmas Contoh", "kind": "puskesmas", "kecamatan_code": KECAMATAN}
        | {"lat": -6.9, "lon": 109.67, "session_cost": 750_000, "exam_room": 2, "registration_desk": 1}
    ],
    "Jam buka": [
        {"code": "3375801", "weekday": "Senin", "opens": time(8), "closes": time(12)},
        {"code": "3375801", "weekday": "Senin", "opens": time(13), "closes": time(15)},
        {"code": "3375801", "weekday": "Jumat", "opens": time(8), "closes": time(11)},
    ],
}
METHOD_ROWS: Rows = {
    "Barang": [{"code": "vial", "name": "DMPA", "kind": "alokon", "unit": "vial", "pack": 20}],
    "Metode": [
        {"code": "shots", "name": "Suntik", "register_code": 3, "is_long_acting": "tidak"}
        | {"needs_spouse_consent": "ya", "display_order": 90}
    ],
    "Langkah": [
        {"code": "shots", "position": 1, "name": "daftar", "station": "Meja pendaftaran", "minutes": 5},
        {"code": "shots", "position": 2, "name": "suntik", "station": "Ruang periksa", "minutes": 10, "skill": "shots"},
    ],
    "Pemakaian": [{"code": "shots", "item": "vial", "quantity": 1}],
}
PROVIDER_ROWS: Rows = {
    "Tenaga": [
        {"code": "T901", "name": "Bidan Contoh", "base_facility_code": "3375801", "is_mobile": "tidak"}
        | {"max_days": 4, "minutes_per_day": 360, "day_cost": 150_000, "0": "x", "4": "x"}
    ],
    "Keterampilan": [{"code": "T901", "skill": "shots", "valid_until": date(2028, 12, 31)}],
    "Tidak hadir": [{"code": "T901", "from_on": date(2027, 6, 15), "until_on": date(2027, 6, 16)}],
}
STOCK_ROWS: Rows = {
    "Gudang": [{"code": "GUDANG", "name": "Gudang Alokon", "area_code": DISTRICT, "lat": -6.89, "lon": 109.67}],
    "Saldo awal": [
        {"warehouse": "GUDANG", "item": "vial", "number": "B1", "expires_on": date(2029, 1, 1)}
        | {"production_year": 2026, "quantity": 60, "unit_price": 9_000, "fund_source": "APBN"},
        {"warehouse": "GUDANG", "item": "vial", "number": "B2", "expires_on": date(2027, 5, 1)}
        | {"production_year": 2025, "quantity": 20, "unit_price": 9_000, "fund_source": "APBD"},
    ],
    "Batas minimum": [{"warehouse": "GUDANG", "item": "vial", "quantity": 10}],
}
ALL_ROWS: dict[WorkbookKind, Rows] = {
    WorkbookKind.AREAS: AREA_ROWS,
    WorkbookKind.FACILITIES: FACILITY_ROWS,
    WorkbookKind.ITEMS_METHODS: METHOD_ROWS,
    WorkbookKind.PROVIDERS: PROVIDER_ROWS,
    WorkbookKind.STOCK: STOCK_ROWS,
}


def candidate_line(number: int, **changes: Any) -> dict[str, Any]:
    """Return one line of a list of candidates, by field."""
    line = {"number": number, "kelurahan_code": KELURAHAN, "name": f"Calon {number}", "address": "RT 01 RW 02"}
    line |= {"nik": synthetic_nik(number), "birth_on": date(1990, 7, 5), "phone": f"0890000{number:05d}"}
    return line | {"method_code": "iud", "may_be_messaged": "ya"} | changes


def workbook_of(kind: WorkbookKind, rows: Rows | None = None) -> bytes:
    """Return a workbook of the kind; headings in row 1, the first row of data in row 2."""
    return write(WORKBOOKS[kind], Content(rows=rows or ALL_ROWS[kind], has_example=False))


def changed(content: bytes, change: Callable[[File], object]) -> bytes:
    """Return the workbook after `change` did something to it, as a spreadsheet program would have saved it."""
    file = load_workbook(BytesIO(content))
    change(file)
    stream = BytesIO()
    file.save(stream)
    return stream.getvalue()


def with_cell(content: bytes, sheet: str, address: str, value: object) -> bytes:
    """Return the workbook with another value in one cell."""

    def put(file: File) -> None:
        cell = file[sheet][address]
        cell.number_format = "General"
        cell.value = value  # sets the format of a date or a time

    return changed(content, put)
