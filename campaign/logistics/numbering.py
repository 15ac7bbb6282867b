"""Numbers of documents: entered by hand from the agenda book, or drawn from a series per classification and year."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from campaign.db import db
from campaign.documents import office
from campaign.errors import Mistake
from campaign.logistics.models import DocumentKind, NumberSeries, StockDocument
from campaign.logistics.posting import Draft
from campaign.transaction import hold

CLASSIFICATIONS = {
    DocumentKind.RECEIPT: "SBBM",
    DocumentKind.ISSUE_ORDER: "SPMB",
    DocumentKind.ISSUE: "SBBK",
    DocumentKind.RETURN: "BAP",  # berita acara pengembalian
}
LONGEST = 60


def mistakes_in(kind: DocumentKind, number: str | None) -> tuple[Mistake, ...]:
    """Return what is wrong with a number entered by hand; None asks for one from the series."""
    if number is None:
        return ()
    if not 1 <= len(number) <= LONGEST:
        return (Mistake("number", "number-length"),)
    hold(f"stock-number:{kind.value}:{number}")
    return (Mistake("number", "number-used"),) if _is_used(kind, number) else ()


def numbered(draft: Draft) -> Draft:
    """Return the draft with its number: its own, or the next of its kind's series; an opening balance has none."""
    if draft.number is not None or draft.kind not in CLASSIFICATIONS:
        return draft
    return replace(draft, number=next_number(draft.kind, draft.occurred_on.year))


def next_number(kind: DocumentKind, year: int) -> str:
    """Draw the next number; one that somebody entered by hand before is passed over."""
    classification = CLASSIFICATIONS[kind]
    while True:
        number = f"{_draw(classification, year):03d}/{classification}/{office.office().unit_code}/{year}"
        if not _is_used(kind, number):
            return number


def _draw(classification: str, year: int) -> int:
    """Hold the series until the transaction ends: a number that was rolled back is given out again."""
    statement = insert(NumberSeries).values(classification=classification, year=year, last=1)
    return db.session.scalars(
        statement.on_conflict_do_update(
            index_elements=["classification", "year"], set_={"last": NumberSeries.last + 1}
        ).returning(NumberSeries.last)
    ).one()


def _is_used(kind: DocumentKind, number: str) -> bool:
    query = select(StockDocument.stock_document_id).where(StockDocument.kind == kind, StockDocument.number == number)
    return db.session.scalar(query) is not None
