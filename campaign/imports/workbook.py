"""Open a file that somebody sent, and read its sheets. What is not a workbook gets a clear answer.

Nothing is unpacked before it is known to be small: a workbook is a zip archive, and a small one may hold gigabytes.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from campaign.errors import Invalid
from campaign.imports.cells import Unreadable
from campaign.imports.columns import EXAMPLE_MARK, Book, Cell, Column, Line, Sheet

LARGEST_FILE = 8 * 2**20  # bytes as sent; the candidates of a large city are about one megabyte
LARGEST_UNPACKED = 100 * 2**20
SMALL_FILE, SMALL_UNPACKED = 24 * 2**10, 2**18  # three hundred rows or so: looked at while the sender waits
MOST_PARTS = 1000
MOST_ROWS = 50_000
MOST_COLUMNS = 60
HEADING_WITHIN = 10  # rows: a title above the headings is harmless

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # .xls before 2007, and every workbook with a password
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class FileRefused(Invalid):
    """The file as a whole cannot be read; `code` says why and the word for it says what to do."""

    code = "file-refused"

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__((), **facts)
        self.code = reason  # type: ignore[misc]  # the reason is the answer


def require_size(size: int) -> None:
    """Refuse a file that is too large to be a workbook of ours, before any of it is read."""
    if size > LARGEST_FILE:
        raise FileRefused("file-too-large", most_mb=LARGEST_FILE // 2**20)
    if size == 0:
        raise FileRefused("file-empty")


def read_book(content: bytes, sheets: Sequence[Sheet]) -> Book:
    """Read the sheets of a workbook; raises FileRefused when it is none."""
    require_size(len(content))
    require_workbook(content)
    try:
        workbook = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        found = {sheet.title.strip(): sheet for sheet in workbook.worksheets}
        book = Book()
        for sheet in sheets:
            titles = [title for title in found if _is_sheet(title, sheet)]
            if not titles and not sheet.is_optional:
                book.wrong(Cell(sheet.name, 1, "A"), "sheet-missing", sheet=sheet.name)
            book.lines[sheet.name] = [line for title in titles for line in _lines(book, sheet, title, found[title])]
    # openpyxl says in many ways that a part of the archive is not what it should be.
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        SyntaxError,
        zipfile.BadZipFile,
        OSError,
    ) as error:
        raise FileRefused("file-damaged") from error
    return book


def require_workbook(content: bytes) -> None:
    """Refuse what is no workbook; nothing of it is unpacked but the heads of its parts."""
    if content.startswith(_OLE):
        raise FileRefused("file-has-password" if _ENCRYPTED in content else "file-is-old-xls")
    if not content.startswith(b"PK"):
        raise FileRefused("file-is-text" if _looks_like_text(content) else "file-is-not-a-workbook")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            # A reader never unpacks more of a part than its head declares, so the declared sizes bound the memory.
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise FileRefused("file-unpacks-too-large", most_mb=LARGEST_UNPACKED // 2**20)
            if "xl/workbook.xml" not in archive.namelist():
                raise FileRefused("file-is-not-a-workbook")
            if any(_declares_entities(archive, part) for part in parts):
                raise FileRefused("file-damaged")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise FileRefused("file-damaged") from error


def is_small(content: bytes) -> bool:
    """Tell whether a file can be looked at while its sender waits; the sizes that its parts declare bound the work."""
    if len(content) > SMALL_FILE:
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return sum(part.file_size for part in archive.infolist()) <= SMALL_UNPACKED
    except (zipfile.BadZipFile, NotImplementedError, OSError):
        return True  # a CSV, or nothing that we read


def _declares_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Tell whether an XML part defines entities, which no spreadsheet writes and which can grow without end."""
    if not part.filename.endswith((".xml", ".rels")):
        return False
    with archive.open(part) as stream:
        return re.search(rb"<!(DOCTYPE|ENTITY)", stream.read(4096)) is not None


def _looks_like_text(content: bytes) -> bool:
    return b"\x00" not in content[:4096]


def _is_sheet(title: str, sheet: Sheet) -> bool:
    wanted, given = sheet.name.casefold(), title.casefold()
    return given == wanted or (sheet.is_repeatable and given.startswith(wanted + " "))


def _lines(book: Book, sheet: Sheet, title: str, worksheet: Any) -> Iterator[Line]:
    worksheet.reset_dimensions()  # what the file says of its size is often wrong
    rows = worksheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)
    return read_rows(book, sheet, title, ([_value(cell) for cell in row] for row in rows))


def _value(cell: Any) -> Any:
    if cell.data_type == "f":
        return _Formula
    if cell.data_type == "e":
        return _ErrorValue
    return cell.value


class _Formula:
    """Stands for a cell with a formula: what it would say depends on who opens the file."""


class _ErrorValue:
    """Stands for #N/A and its kin."""


def read_rows(book: Book, sheet: Sheet, title: str, rows: Iterable[Sequence[Any]]) -> Iterator[Line]:
    """Yield the rows below the headings; note in `book` what is wrong with them."""
    letters: dict[str, str] | None = None
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            book.wrong(Cell(title, number, "A"), "sheet-too-long", most=MOST_ROWS)
            return
        if letters is None:
            letters = _headings(book, sheet, Cell(title, number, "A"), row)
            if letters == {}:
                return
        elif not all(_is_blank(value) for value in row) and not _is_example(row):
            yield _line(book, sheet, Cell(title, number, "A"), (row, letters))
    if letters is None:
        book.wrong(Cell(title, 1, "A"), "headings-missing", headings=", ".join(c.heading for c in sheet.columns))


def _headings(book: Book, sheet: Sheet, at: Cell, row: Sequence[Any]) -> dict[str, str] | None:
    """Return the letter of each column; None when this row has no headings; nothing when one is missing."""
    given = {_folded(value): get_column_letter(index) for index, value in enumerate(row, start=1) if value is not None}
    letters = {
        column.field: given[_folded(column.heading)] for column in sheet.columns if _folded(column.heading) in given
    }
    if _folded(sheet.columns[0].heading) not in given:
        if at.row < HEADING_WITHIN:
            return None
        book.wrong(at, "headings-missing", headings=", ".join(column.heading for column in sheet.columns))
        return {}
    missing = [column for column in sheet.columns if column.is_required and column.field not in letters]
    for column in missing:
        book.wrong(at, "column-missing", heading=column.heading)
    return {} if missing else letters


def _folded(value: Any) -> str:
    return " ".join(str(value).replace("*", " ").split()).casefold()


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _is_example(row: Sequence[Any]) -> bool:
    first = next((value for value in row if not _is_blank(value)), None)
    return isinstance(first, str) and first.strip().upper().startswith(EXAMPLE_MARK)


def _line(book: Book, sheet: Sheet, at: Cell, cells: tuple[Sequence[Any], dict[str, str]]) -> Line:
    row, letters = cells
    by_letter = {get_column_letter(index): value for index, value in enumerate(row, start=1)}
    values: dict[str, Any] = {}
    is_whole = True
    for column in sheet.columns:
        letter = letters.get(column.field)
        try:
            values[column.field] = _read(column, by_letter.get(letter or ""))
        except Unreadable as error:
            is_whole = False
            book.wrong(Cell(at.sheet, at.row, letter or "A"), error.code, **error.facts)
    return Line(at.sheet, at.row, values, letters, is_whole)


def _read(column: Column, value: Any) -> Any:
    if value is _Formula:
        raise Unreadable("formula-cell")
    if value is _ErrorValue:
        raise Unreadable("error-cell")
    if not _is_blank(value):
        return column.reader.read(value)
    if column.is_required:
        raise Unreadable("cell-empty", heading=column.heading)
    return column.default
