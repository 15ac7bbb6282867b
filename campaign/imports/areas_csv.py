"""Areas as CSV, the list that any province can be imported from: columns code, district_code, name; lat, lon if known.

Commas, semicolons (as a spreadsheet in Indonesia writes them) and tabs are all taken.
"""

import csv
from collections.abc import Iterator
from io import StringIO

from campaign.imports.areas import AREAS
from campaign.imports.cells import area_code, decimal, text
from campaign.imports.columns import Book, Column, Line, Sheet
from campaign.imports.workbook import FileRefused, read_rows, require_size

CSV = Sheet(
    "CSV",
    (
        Column("code", "code", area_code(), "33.75.01.1002"),
        Column("district_code", "district_code", area_code(), "33.75", is_required=False),
        Column("name", "name", text(120), "Medono"),
        Column("lat", "lat", decimal(), "", is_required=False),
        Column("lon", "lon", decimal(), "", is_required=False),
    ),
    "",
)


def read_areas(content: bytes) -> Book:
    """Read a CSV of areas as if it were the workbook; raises FileRefused when it is not text."""
    require_size(len(content))
    book = Book()
    lines = list(read_rows(book, CSV, CSV.name, _rows(_decoded(content))))
    for line in lines:
        district, code = line["district_code"], line["code"]
        if district and code and code != district and not code.startswith(district + "."):
            book.wrong(line.cell("district_code"), "district-differs")
    book.lines[AREAS.name] = [_without_district(line) for line in lines]
    return book


def _decoded(content: bytes) -> str:
    if b"\x00" in content:
        raise FileRefused("file-is-not-a-workbook")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("file-is-not-a-workbook")


def _rows(plain: str) -> Iterator[list[str | None]]:
    first = plain.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        for row in csv.reader(StringIO(plain, newline=""), delimiter=delimiter):
            yield [value or None for value in row]
    except csv.Error as error:
        raise FileRefused("file-damaged") from error


def _without_district(line: Line) -> Line:
    values = {name: value for name, value in line.values.items() if name != "district_code"}
    return Line(line.sheet, line.number, values, line.letters, line.is_whole)
