"""Sheets that are read off the books while one waits: stock card, monthly report, register. PDF and workbook of each.

They are rendered after the request's transaction, and nothing is stored: the books can print them again at any time.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from campaign import clock, i18n
from campaign.documents import contexts, office
from campaign.documents.contexts import Signature
from campaign.documents.office import BLANK, Official, SignatoryRole
from campaign.documents.papers import PaperFormat, Printing
from campaign.documents.table_sheet import Head, TableColumn, TableRow, TableSheet, printing
from campaign.documents.xlsx import Column, Sheet, workbook


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a sheet says: the table as it is printed, and the same rows with their types."""

    title: str
    note: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[TableColumn, ...]
    heads: tuple[tuple[Head, ...], ...]
    rows: tuple[TableRow, ...]
    book: Sheet
    signatures: tuple[Signature, ...] = ()
    remarks: tuple[str, ...] = ()
    is_landscape: bool = True
    row_height: str = "auto"
    more_books: tuple[Sheet, ...] = ()  # further sheets of the workbook


def rendered(drawn: Drawn, of_format: PaperFormat, link: str) -> Printing:
    """Return what renders a sheet; `link` leads to its page, for the QR code."""
    at = clock.now()
    if of_format is PaperFormat.XLSX:
        notes = (*(f"{label}: {value}" for label, value in drawn.facts), f"Keadaan {i18n.instant(at)}", *drawn.remarks)
        title = f"{drawn.title} {drawn.note}".strip()
        return partial(workbook, (drawn.book, *drawn.more_books), at, title=title, notes=notes)
    return printing(_sheet(drawn, at, link), at)


def _sheet(drawn: Drawn, at: datetime, link: str) -> TableSheet:
    letterhead = office.office()
    return TableSheet(
        letterhead=letterhead,
        foot=contexts.foot(at, 1, link),
        title=drawn.title,
        note=drawn.note,
        facts=drawn.facts,
        columns=drawn.columns,
        heads=drawn.heads,
        rows=drawn.rows,
        remarks=drawn.remarks,
        place_date=contexts.place_and_date(letterhead, clock.today()),
        signatures=drawn.signatures,
        is_landscape=drawn.is_landscape,
        row_height=drawn.row_height,
    )


def columns(*wide: str) -> tuple[TableColumn, ...]:
    """Return columns from "12mm right", "1fr"."""
    parts = [(*one.split(), "left")[:2] for one in wide]
    return tuple(TableColumn(width, align) for width, align in parts)


def book_columns(*headed: tuple[str, int] | Column) -> tuple[Column, ...]:
    """Return workbook columns; a heading with its width holds text."""
    return tuple(one if isinstance(one, Column) else Column(*one) for one in headed)


def head_of_office(above: str = "Mengetahui,") -> Signature:
    """Return how the head of the office signs."""
    return contexts.signature(office.official(SignatoryRole.HEAD), above)


def storekeeper(above: str = "") -> Signature:
    """Return how the storekeeper signs."""
    return contexts.signature(office.official(SignatoryRole.STOREKEEPER), above)


def pen(position: str, above: str = "") -> Signature:
    """Return room for somebody whose name the office does not keep."""
    return contexts.signature(Official(position, BLANK), above)


def figure(value: int) -> str:
    """Return a quantity; a dash for none, as the forms are filled in."""
    return i18n.number(value) if value else "–"


def day(on: date) -> str:
    """Return a day as tables carry it."""
    return on.strftime("%d-%m-%Y")


def month_name(first: date) -> str:
    """Return "Juni 2027"."""
    return contexts.long_date(first).partition(" ")[2]
