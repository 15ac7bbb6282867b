"""Files that people send: what is no workbook gets a clear answer, what is one is read cell by cell."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO

import pytest
from openpyxl import Workbook as File

from campaign.imports import workbook
from campaign.imports.areas import AREAS, FIGURES
from campaign.imports.areas_csv import read_areas
from campaign.imports.columns import Book
from campaign.imports.facilities import HOURS
from campaign.imports.models import WorkbookKind
from campaign.imports.workbook import FileRefused, read_book
from tests.builders.workbooks import AREA_ROWS, changed, with_cell, workbook_of

AREA_SHEETS = (AREAS, FIGURES)
GOOD = workbook_of(WorkbookKind.AREAS, AREA_ROWS)


def archive(parts: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return stream.getvalue()


def rewritten(change: Callable[[str, bytes], bytes]) -> bytes:
    with zipfile.ZipFile(BytesIO(GOOD)) as file:
        return archive({name: change(name, file.read(name)) for name in file.namelist()})


def told(book: Book) -> list[tuple[str, str]]:
    return [(str(one.cell), one.code) for one in book.mistakes]


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600
REFUSED = {
    "file-empty": b"",
    "file-is-text": b"code,name\n33,Jawa Tengah\n",
    "file-is-not-a-workbook": b"\x89PNG\r\n\x1a\n\x00\x00",
    "file-is-old-xls": OLE,
    "file-has-password": OLE + "EncryptedPackage".encode("utf-16-le"),
    "file-damaged": GOOD[: len(GOOD) // 2],
    "file-unpacks-too-large": archive({"xl/workbook.xml": b"", "xl/a.bin": b"0" * (workbook.LARGEST_UNPACKED + 1)}),
}


@pytest.mark.parametrize(("code", "content"), REFUSED.items(), ids=list(REFUSED))
def test_what_is_no_workbook_is_refused_with_the_reason(code: str, content: bytes) -> None:
    with pytest.raises(FileRefused) as error:
        read_book(content, AREA_SHEETS)
    assert error.value.code == code


def test_another_office_file_is_not_a_workbook() -> None:
    with pytest.raises(FileRefused) as error:
        read_book(archive({"word/document.xml": b"<x/>"}), AREA_SHEETS)
    assert error.value.code == "file-is-not-a-workbook"


def test_the_size_is_refused_one_byte_above_the_limit() -> None:
    workbook.require_size(workbook.LARGEST_FILE)
    with pytest.raises(FileRefused) as error:
        workbook.require_size(workbook.LARGEST_FILE + 1)
    assert error.value.code == "file-too-large"


def test_a_part_that_is_not_what_it_should_be_is_damage() -> None:
    with pytest.raises(FileRefused) as error:
        read_book(rewritten(lambda name, part: b"<oops" if name == "xl/workbook.xml" else part), AREA_SHEETS)
    assert error.value.code == "file-damaged"


def test_entities_are_refused_before_anything_expands_them() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    with pytest.raises(FileRefused) as error:
        read_book(rewritten(lambda name, part: bomb if name == "xl/styles.xml" else part), AREA_SHEETS)
    assert error.value.code == "file-damaged"


def test_a_good_file_has_rows_and_no_mistakes() -> None:
    book = read_book(GOOD, AREA_SHEETS)
    assert told(book) == []
    assert [line["code"] for line in book.of(AREAS)] == ["33", "33.75", "33.75.01", "33.75.01.1002"]
    assert book.of(AREAS)[3]["aliases"] == ("Medana", "Madono")
    assert book.of(FIGURES)[0].values["couples"] == 100


def test_a_title_above_the_headings_and_another_order_of_columns_are_fine() -> None:
    def move(file: File) -> None:
        page = file["Wilayah"]
        page.insert_rows(1)
        page["A1"] = "DATA WILAYAH"
        page.move_range("A2:E6", cols=1)

    book = read_book(changed(GOOD, move), AREA_SHEETS)
    assert told(book) == []
    assert str(book.of(AREAS)[0].cell("code")) == "Wilayah!B3"


def test_a_missing_sheet_column_or_heading_is_told() -> None:
    assert told(read_book(changed(GOOD, lambda file: file.remove(file["Wilayah"])), AREA_SHEETS)) == [
        ("Wilayah!A1", "sheet-missing")
    ]
    assert told(read_book(with_cell(GOOD, "Wilayah", "B1", "Nama tempat"), AREA_SHEETS)) == [
        ("Wilayah!A1", "column-missing")
    ]
    no_headings = changed(GOOD, lambda file: file["Wilayah"].delete_rows(1))
    assert told(read_book(no_headings, AREA_SHEETS)) == [("Wilayah!A1", "headings-missing")]
    late = changed(GOOD, lambda file: file["Wilayah"].insert_rows(1, 10))
    assert told(read_book(late, AREA_SHEETS)) == [("Wilayah!A10", "headings-missing")]


@pytest.mark.parametrize(
    ("address", "value", "code"),
    [
        ("B3", "=A1", "formula-cell"),
        ("B3", "#N/A", "error-cell"),
        ("B3", "", "cell-empty"),
        ("B3", "x" * 121, "text-too-long"),
        ("B3", date(2027, 1, 1), "not-text"),
        ("C3", "enam", "not-a-number"),
    ],
)
def test_a_wrong_cell_is_told_where_it_is(address: str, value: object, code: str) -> None:
    assert told(read_book(with_cell(GOOD, "Wilayah", address, value), AREA_SHEETS)) == [(f"Wilayah!{address}", code)]


@pytest.mark.parametrize(
    ("address", "value", "field", "read"),
    [
        ("A3", 33.75, "code", "33.75"),
        ("A5", 3375011002, "code", "33.75.01.1002"),
        ("A2", 33, "code", "33"),
        ("C5", "-6,903", "lat", -6.903),
        ("B5", "  Medono \u00a0 Kota ", "name", "Medono Kota"),
    ],
)
def test_what_can_be_read_in_one_way_is_taken(address: str, value: object, field: str, read: object) -> None:
    book = read_book(with_cell(GOOD, "Wilayah", address, value), AREA_SHEETS)
    assert told(book) == []
    assert book.of(AREAS)[int(address[1:]) - 2][field] == read


@pytest.mark.parametrize(
    ("value", "read"),
    [("1.800", 1800), ("90", 90), (90.0, 90), (90.5, "not-a-whole-number"), ("1.80", "not-a-whole-number")],
)
def test_whole_numbers(value: object, read: int | str) -> None:
    book = read_book(with_cell(GOOD, "Angka", "C2", value), AREA_SHEETS)
    assert [code for _, code in told(book)] + [line["couples"] for line in book.of(FIGURES) if line.is_whole] == [read]


def hours_with(value: object) -> Book:
    rows = {"Faskes": [], "Jam buka": [{"code": "3375001", "weekday": "Senin", "opens": time(8), "closes": time(9)}]}
    return read_book(with_cell(workbook_of(WorkbookKind.FACILITIES, rows), "Jam buka", "C2", value), (HOURS,))


@pytest.mark.parametrize("value", [time(7, 30), "07:30", "7.30", datetime(2027, 1, 1, 7, 30)])  # noqa: DTZ001
def test_times_are_read_however_they_are_typed(value: object) -> None:
    assert hours_with(value).of(HOURS)[0]["opens"] == time(7, 30)


@pytest.mark.parametrize("value", ["25:00", "pagi", 0.3125])
def test_what_is_no_time_is_told(value: object) -> None:
    assert told(hours_with(value)) == [("Jam buka!C2", "not-a-time")]


def test_a_date_as_text_is_refused_because_it_has_two_readings() -> None:
    rows = {"Tenaga": [], "Tidak hadir": [{"code": "T1", "from_on": date(2027, 6, 5), "until_on": date(2027, 6, 6)}]}
    content = workbook_of(WorkbookKind.PROVIDERS, rows)
    from campaign.imports.providers import ABSENCES

    assert told(read_book(with_cell(content, "Tidak hadir", "B2", "05/06/2027"), (ABSENCES,))) == [
        ("Tidak hadir!B2", "date-as-text")
    ]
    assert told(read_book(with_cell(content, "Tidak hadir", "B2", 46178), (ABSENCES,))) == [
        ("Tidak hadir!B2", "not-a-date")
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_csv_of_areas_is_read_with_any_delimiter(delimiter: str, encoding: str) -> None:
    lines = [
        ["code", "district_code", "name"],
        ["11.01.01", "11.01", "Bakongan é"],
        ["", "", ""],
        ["11.01.01.2001", "11.01", "X"],
    ]
    book = read_areas("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    assert told(book) == []
    assert [(line.number, line["code"], line["name"]) for line in book.of(AREAS)] == [
        (2, "11.01.01", "Bakongan é"),
        (4, "11.01.01.2001", "X"),
    ]


def test_a_csv_whose_district_is_another_one_is_told() -> None:
    book = read_areas(b"code,district_code,name\n11.01.01,11.02,Bakongan\n")
    assert told(book) == [("CSV!B2", "district-differs")]


def test_a_csv_without_headings_is_told_and_bytes_are_refused() -> None:
    assert told(read_areas(b"11.01.01,11.01,Bakongan\n")) == [("CSV!A1", "headings-missing")]
    with pytest.raises(FileRefused):
        read_areas(b"code,name\x00")
