"""A paper that is one table: stock cards, registers, monthly reports, lists for the shelf. One template draws them."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from campaign.documents import pdf
from campaign.documents.contexts import Foot, Signature
from campaign.documents.office import Letterhead
from campaign.documents.papers import Printing

TEMPLATE = "table_sheet.typ"


@dataclass(frozen=True, slots=True)
class Head:
    """A heading over some columns, or down some rows of headings."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class TableColumn:
    """How wide a column is ("12mm", "1fr") and where its cells stand (left, right, center)."""

    width: str
    align: str = "left"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row; a strong one is a sum or the name of what follows."""

    cells: tuple[str, ...]
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class TableSheet:
    """A table with what stands around it."""

    letterhead: Letterhead
    foot: Foot
    title: str
    note: str  # second line of the title, or empty
    facts: tuple[tuple[str, str], ...]
    columns: tuple[TableColumn, ...]
    heads: tuple[tuple[Head, ...], ...]
    rows: tuple[TableRow, ...]
    remarks: tuple[str, ...]
    place_date: str
    signatures: tuple[Signature, ...]
    is_landscape: bool = True
    row_height: str = "auto"  # room for a pen: "9mm"


def printing(sheet: TableSheet, at: datetime) -> Printing:
    """Return what renders the sheet, dated `at`; it needs no database."""
    return partial(pdf.render, TEMPLATE, sheet, at)


def plain_heads(*texts: str) -> tuple[tuple[Head, ...], ...]:
    """Return one row of headings."""
    return (tuple(Head(text) for text in texts),)
