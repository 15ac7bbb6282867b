"""XLSX: typed sheets, header frozen and filtered; a text stays a text, so nothing that was typed starts a formula.

sheet = Sheet("Persediaan", (Column("Barang", 30), Column("Jumlah", 12, CellKind.NUMBER)), rows)
content = workbook((sheet,), title="Persediaan 14 Juni 2027", notes=("Keadaan 14 Jun 2027 08.30",))
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | date | None

# Characters that a sheet's XML cannot hold, and those that its name cannot.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")


class CellKind(Enum):
    """What a column holds; the value is the number format of its cells."""

    TEXT = "@"
    NUMBER = "#,##0"
    RUPIAH = '"Rp" #,##0'
    DECIMAL = "#,##0.0"
    PERCENT = "0.0%"
    DATE = "dd-mm-yyyy"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in characters, what it holds."""

    heading: str
    width: int
    kind: CellKind = CellKind.TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; a row has a value for each column."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    total: Sequence[Value] | None = None  # a last row in bold


def workbook(sheets: Sequence[Sheet], at: datetime, title: str = "", notes: Sequence[str] = ()) -> bytes:
    """Return the bytes of a workbook dated `at`; title and notes stand above the table of each sheet."""
    book = Workbook()
    book.remove(book.active)
    book.properties.title, book.properties.creator = title, "Serempak"
    # Without zone: the file format knows none.
    book.properties.created = book.properties.modified = at.replace(tzinfo=None)
    for sheet in sheets:
        name = _NOT_IN_A_NAME.sub(" ", sheet.name)[:31]  # the format's own limit
        _fill(book.create_sheet(name), sheet, [text for text in (title, *notes) if text])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(page: Worksheet, sheet: Sheet, above: Sequence[str]) -> None:
    for number, text in enumerate(above, start=1):
        _write(page.cell(number, 1), text, CellKind.TEXT)
        page.cell(number, 1).font = Font(bold=number == 1, size=14 if number == 1 else 10)
    head = len(above) + 1
    for index, column in enumerate(sheet.columns, start=1):
        cell = page.cell(head, index)
        _write(cell, column.heading, CellKind.TEXT)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E6E6E6")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        page.column_dimensions[get_column_letter(index)].width = column.width
    body = [*sheet.rows, *([sheet.total] if sheet.total else [])]
    for number, row in enumerate(body, start=head + 1):
        for index, (column, value) in enumerate(zip(sheet.columns, row, strict=True), start=1):
            _write(page.cell(number, index), value, column.kind)
            if sheet.total and number == head + len(body):
                page.cell(number, index).font = Font(bold=True)
    page.freeze_panes = page.cell(head + 1, 1)
    page.auto_filter.ref = f"A{head}:{get_column_letter(len(sheet.columns))}{head + len(sheet.rows)}"
    page.print_title_rows = f"{head}:{head}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _write(cell: Cell, value: Value, kind: CellKind) -> None:
    """Write one value; a text is forced to be one whatever it begins with (=, +, -, @)."""
    if isinstance(value, str):
        cell.value = _CONTROL.sub("", value)
        cell.data_type, cell.number_format = "s", CellKind.TEXT.value
        return
    cell.value = value
    cell.number_format = kind.value
