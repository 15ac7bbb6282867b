"""The warehouse issues what an SPMB orders (SBBK), all at once or in parts: out of the warehouse, on the way."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from campaign import clock
from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.documents.papers import PaperFormat, PaperKind, PaperRequest, ask_paper
from campaign.errors import Conflict, Mistake, NotFound
from campaign.logistics import mistakes, numbering, picking, places, posting
from campaign.logistics.ledger import Line
from campaign.logistics.models import DocumentKind, PlaceKind, Reservation, StockDocument, StockPlace
from campaign.logistics.picking import Pick
from campaign.logistics.posting import Draft


class UnknownOrder(NotFound):
    """No SPMB has this id."""

    code = "unknown-order"


class OrderNotWaiting(Conflict):
    """The SPMB was issued already, or withdrawn."""

    code = "order-not-waiting"


@dataclass(frozen=True, slots=True)
class StockIssue:
    """Issue what one SPMB orders: all that still waits, or the picks that are named."""

    key: str
    order_id: int
    occurred_on: date
    number: str | None = None  # of the SBBK; None draws one
    picks: tuple[Pick, ...] = ()


def issue_stock(actor: Actor, issue: StockIssue) -> StockDocument:
    """Send what an order holds from the warehouse on its way to the facility, and print the SBBK."""
    order = db.session.get(StockDocument, issue.order_id)
    if order is None or order.kind is not DocumentKind.ISSUE_ORDER:
        raise UnknownOrder(stock_document_id=issue.order_id)
    require(actor, Permission.MOVE_STOCK, places.policy_place(db.session.get_one(StockPlace, order.from_place_id)))
    if before := posting.seen(DocumentKind.ISSUE, issue.key, ordered_by_id=issue.order_id):
        return before
    _refuse_mistakes(issue, order)
    draft = _draft(issue, order)
    ordered = [line.stock_lot_id for line in order.lines]
    lots = picking.lots_to_lock(order.from_place_id, issue.picks) if issue.picks else ordered
    posting.lock_lots((draft.from_place_id, draft.to_place_id), {*ordered, *lots})
    held = _waiting(order)
    picks = issue.picks or picking.everything(held)
    picking.refuse_wrong(order, issue.occurred_on, picks, held)
    lines = [Line(pick.stock_lot_id, pick.quantity, pick.reason.strip()) for pick in picks]
    # A lot that was good when it was ordered may have run out since: the order is withdrawn and made anew.
    posting.require_unexpired(lines, issue.occurred_on)
    document = posting.write(actor, numbering.numbered(draft), lines)
    _take(document, picks, held)
    posting.move(document)
    _ask_sbbk(document)
    return document


def _refuse_mistakes(issue: StockIssue, order: StockDocument) -> None:
    wrong = mistakes.about_date(issue.occurred_on) + numbering.mistakes_in(DocumentKind.ISSUE, issue.number)
    if issue.occurred_on < order.occurred_on:
        wrong += (Mistake("occurred_on", "before-the-order"),)
    mistakes.refuse(wrong)


def _waiting(order: StockDocument) -> Sequence[Reservation]:
    """Ask after the locks: whoever issued or withdrew the order meanwhile has committed by now."""
    held = db.session.scalars(
        select(Reservation)
        .where(
            Reservation.order_id == order.stock_document_id,
            Reservation.issue_id.is_(None),
            Reservation.released_at.is_(None),
        )
        .order_by(Reservation.reservation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if not held:
        raise OrderNotWaiting(stock_document_id=order.stock_document_id)
    return held


def waiting_of(order_id: int) -> dict[int, int]:
    """Return what an order still holds, by lot."""
    query = select(Reservation.stock_lot_id, Reservation.quantity).where(
        Reservation.order_id == order_id, Reservation.issue_id.is_(None), Reservation.released_at.is_(None)
    )
    sums: defaultdict[int, int] = defaultdict(int)
    for lot_id, quantity in db.session.execute(query):
        sums[lot_id] += quantity
    return dict(sums)


def _draft(issue: StockIssue, order: StockDocument) -> Draft:
    return Draft(
        DocumentKind.ISSUE,
        issue.key,
        order.from_place_id,
        places.compartment(order.to_place_id, PlaceKind.TRANSIT),
        issue.occurred_on,
        reason=order.reason,
        number=issue.number,
        campaign_id=order.campaign_id,
        ordered_by_id=order.stock_document_id,
    )


def _take(document: StockDocument, picks: Sequence[Pick], held: Sequence[Reservation]) -> None:
    """Give up the reservation before the goods move: the ledger refuses to move what is still reserved."""
    left = picking.by_ordered_lot(picks)
    for row in held:
        taken = min(row.quantity, left.get(row.stock_lot_id, 0))
        if not taken:
            continue
        left[row.stock_lot_id] -= taken
        if taken == row.quantity:
            row.issue_id = document.stock_document_id
        else:
            _split(row, taken, document)
    db.session.flush()


def _split(row: Reservation, taken: int, document: StockDocument) -> None:
    """Let the rest of a reservation wait on, beside a row for what has gone."""
    row.quantity -= taken
    db.session.add(_like(row, taken, document.stock_document_id))
    db.session.flush()


def _like(row: Reservation, quantity: int, issue_id: int) -> Reservation:
    return Reservation(
        plan_run_id=row.plan_run_id,
        campaign_id=row.campaign_id,
        warehouse_id=row.warehouse_id,
        facility_place_id=row.facility_place_id,
        stock_lot_id=row.stock_lot_id,
        deliver_on=row.deliver_on,
        order_id=row.order_id,
        quantity=quantity,
        issue_id=issue_id,
    )


def wait_again(row: Reservation) -> None:
    """Hold what a reversed SBBK had taken; with a rest that still waits it becomes one row again."""
    rest = db.session.scalar(
        select(Reservation).where(
            Reservation.order_id == row.order_id,
            Reservation.stock_lot_id == row.stock_lot_id,
            Reservation.deliver_on == row.deliver_on,
            Reservation.issue_id.is_(None),
            Reservation.released_at.is_(None),
        )
    )
    row.issue_id = None
    if rest is not None:
        row.released_at = clock.now()
        db.session.flush()
        rest.quantity += row.quantity
    db.session.flush()


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
