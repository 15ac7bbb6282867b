"""The warehouse issues what an SPMB orders (SBBK): out of the warehouse, onto the facility's shelf."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.documents.papers import PaperFormat, PaperKind, PaperRequest, ask_paper
from campaign.errors import Conflict, Mistake, NotFound
from campaign.logistics import mistakes, numbering, places, posting
from campaign.logistics.ledger import Line
from campaign.logistics.models import DocumentKind, Reservation, StockDocument, StockPlace
from campaign.logistics.posting import Draft


class UnknownOrder(NotFound):
    """No SPMB has this id."""

    code = "unknown-order"


class OrderNotWaiting(Conflict):
    """The SPMB was issued already, or withdrawn."""

    code = "order-not-waiting"


@dataclass(frozen=True, slots=True)
class StockIssue:
    """Issue everything that one SPMB orders."""

    key: str
    order_id: int
    occurred_on: date
    number: str | None = None  # of the SBBK; None draws one


def issue_stock(actor: Actor, issue: StockIssue) -> StockDocument:
    """Move what an order holds from the warehouse to the facility, and print the SBBK."""
    order = db.session.get(StockDocument, issue.order_id)
    if order is None or order.kind is not DocumentKind.ISSUE_ORDER:
        raise UnknownOrder(stock_document_id=issue.order_id)
    require(actor, Permission.MOVE_STOCK, places.policy_place(db.session.get_one(StockPlace, order.from_place_id)))
    if before := posting.seen(DocumentKind.ISSUE, issue.key, ordered_by_id=issue.order_id):
        return before
    _refuse_mistakes(issue, order)
    lines = [Line(line.stock_lot_id, line.quantity) for line in order.lines]
    posting.lock_lots((order.from_place_id, order.to_place_id), [line.stock_lot_id for line in lines])
    _require_waiting(order)
    # A lot that was good when it was ordered may have run out since: the order is withdrawn and made anew.
    posting.require_unexpired(lines, issue.occurred_on)
    document = posting.write(actor, numbering.numbered(_draft(issue, order)), lines)
    _take(order, document)
    posting.move(document)
    _ask_sbbk(document)
    return document


def _refuse_mistakes(issue: StockIssue, order: StockDocument) -> None:
    wrong = mistakes.about_date(issue.occurred_on) + numbering.mistakes_in(DocumentKind.ISSUE, issue.number)
    if issue.occurred_on < order.occurred_on:
        wrong += (Mistake("occurred_on", "before-the-order"),)
    mistakes.refuse(wrong)


def _require_waiting(order: StockDocument) -> None:
    """Ask after the locks: whoever issued or withdrew the order meanwhile has committed by now."""
    held = select(Reservation.reservation_id).where(
        Reservation.order_id == order.stock_document_id,
        Reservation.issue_id.is_(None),
        Reservation.released_at.is_(None),
    )
    if db.session.scalar(held.limit(1)) is None:
        raise OrderNotWaiting(stock_document_id=order.stock_document_id)


def _draft(issue: StockIssue, order: StockDocument) -> Draft:
    return Draft(
        DocumentKind.ISSUE,
        issue.key,
        order.from_place_id,
        order.to_place_id,
        issue.occurred_on,
        reason=order.reason,
        number=issue.number,
        campaign_id=order.campaign_id,
        ordered_by_id=order.stock_document_id,
    )


def _take(order: StockDocument, document: StockDocument) -> None:
    """Give up the reservation before the goods move: the ledger refuses to move what is still reserved."""
    db.session.execute(
        update(Reservation)
        .where(Reservation.order_id == order.stock_document_id, Reservation.released_at.is_(None))
        .values(issue_id=document.stock_document_id)
    )


def _ask_sbbk(document: StockDocument) -> None:
    ask_paper(
        PaperRequest(
            PaperKind.SBBK,
            PaperFormat.PDF,
            document.stock_document_id,
            title=f"SBBK {document.number}",
            campaign_id=document.campaign_id,
        )
    )
