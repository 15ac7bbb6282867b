"""Numbers of documents: entered by hand from the agenda book, or drawn from a series per classification and year."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select

from campaign.db import db
from campaign.documents import numbering as agenda
from campaign.documents import office
from campaign.errors import Mistake
from campaign.logistics.models import DocumentKind, StockDocument, StockPlace
from campaign.logistics.posting import Draft
from campaign.transaction import hold

CLASSIFICATIONS = {
    DocumentKind.RECEIPT: "SBBM",
    DocumentKind.ISSUE_ORDER: "SPMB",
    DocumentKind.ISSUE: "SBBK",
    DocumentKind.RETURN: "BAP",  # berita acara pengembalian
    DocumentKind.ARRIVAL: "BAST",  # berita acara serah terima
    DocumentKind.TRANSFER: "BAT",  # bukti alih tempat
    DocumentKind.WRITE_OFF: "BAPM",  # berita acara pemusnahan
    DocumentKind.COUNT: "BAO",  # berita acara opname
}
LONGEST = 60


def mistakes_in(kind: DocumentKind, number: str | None) -> tuple[Mistake, ...]:
    """Return what is wrong with a number entered by hand; None asks for one from the series."""
    if number is None:
        return ()
    if not 1 <= len(number) <= LONGEST:
        return (Mistake("number", "number-length"),)
    hold(f"stock-number:{kind.value}:{number}")
    if (holder := _holder(kind, number)) is None:
        return ()
    other = db.session.get_one(StockPlace, holder.to_place_id)
    return (Mistake("number", "number-used", {"on": holder.occurred_on, "place": other.name}),)


def numbered(draft: Draft) -> Draft:
    """Return the draft with its number: its own, or the next of its kind's series; an opening balance has none."""
    if draft.number is not None or draft.kind not in CLASSIFICATIONS:
        return draft
    return replace(draft, number=next_number(draft.kind, draft.occurred_on.year))


def next_number(kind: DocumentKind, year: int) -> str:
    """Draw the next number; one that somebody entered by hand before is passed over."""
    classification = CLASSIFICATIONS[kind]
    while True:
        number = written(classification, year, agenda.draw(classification, year))
        if not _is_used(kind, number):
            return number


def written(classification: str, year: int, number: int) -> str:
    """Return a number of a series as papers of the warehouse carry it."""
    return f"{number:03d}/{classification}/{office.unit_code()}/{year}"


def _is_used(kind: DocumentKind, number: str) -> bool:
    query = select(StockDocument.stock_document_id).where(StockDocument.kind == kind, StockDocument.number == number)
    return db.session.scalar(query) is not None


def _holder(kind: DocumentKind, number: str) -> StockDocument | None:
    """Return the document of this kind that has the number already."""
    query = select(StockDocument).where(StockDocument.kind == kind, StockDocument.number == number)
    return db.session.scalar(query)


def holders(numbers: Iterable[str]) -> dict[str, StockDocument]:
    """Return which document has each of these numbers, where one has it."""
    query = select(StockDocument).where(StockDocument.number.in_(list(numbers)))
    return {row.number: row for row in db.session.scalars(query) if row.number is not None}
