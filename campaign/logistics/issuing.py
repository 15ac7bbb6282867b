"""The warehouse issues what an SPMB orders (SBBK), all at once or in parts: out of the warehouse, on the way."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

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
    order, warehouse, transit_id = _order(issue.order_id)
    require(actor, Permission.MOVE_STOCK, places.policy_place(warehouse))
    ordered = [line.stock_lot_id for line in order.lines]
    lots = picking.lots_to_lock(order.from_place_id, issue.picks) if issue.picks else ordered
    posting.lock_all(issue.key, (order.from_place_id, transit_id), {*ordered, *lots})
    held, before_id = _waiting(issue)
    if before_id is not None or not held:
        return _before(issue)
    _refuse_mistakes(issue, order)
    draft = _draft(issue, order, transit_id)
    picks = issue.picks or picking.everything(held)
    picking.refuse_wrong(order, issue.occurred_on, picks, held)
    why = {line.stock_lot_id: line.reason for line in order.lines}  # a lot that departs from FEFO, on both papers
    lines = [
        Line(pick.stock_lot_id, pick.quantity, pick.reason.strip() or why.get(pick.stock_lot_id, "")) for pick in picks
    ]
    _require_unexpired(order, lines, issue.occurred_on)
    document = posting.write(actor, numbering.numbered(draft), lines)
    _take(document, picks, held)
    posting.move(document)
    _ask_sbbk(document)
    return document


def _order(order_id: int) -> tuple[StockDocument, StockPlace, int]:
    """Return an order with its lines, its warehouse, and where its goods travel: one round trip, none of it changes."""
    transit = aliased(StockPlace)
    query = (
        select(StockDocument, StockPlace, transit.stock_place_id)
        .join(StockPlace, StockPlace.stock_place_id == StockDocument.from_place_id)
        .join(transit, (transit.of_place_id == StockDocument.to_place_id) & (transit.kind == PlaceKind.TRANSIT))
        .where(StockDocument.stock_document_id == order_id, StockDocument.kind == DocumentKind.ISSUE_ORDER)
        .options(joinedload(StockDocument.lines))
    )
    found = db.session.execute(query).unique().one_or_none()
    if found is None:
        raise UnknownOrder(stock_document_id=order_id)
    order, warehouse, transit_id = found
    return order, warehouse, transit_id


def _before(issue: StockIssue) -> StockDocument:
    """Return what this key issued before; nothing waits for another one."""
    before = posting.seen(DocumentKind.ISSUE, issue.key, ordered_by_id=issue.order_id)
    if before is None:
        raise OrderNotWaiting(stock_document_id=issue.order_id)
    return before


def _require_unexpired(order: StockDocument, lines: Sequence[Line], on: date) -> None:
    """A lot that was good when it was ordered may have run out since: the order is withdrawn and made anew."""
    known = {line.stock_lot_id: line.lot for line in order.lines}
    posting.refuse_expired(known.values(), lines, on)
    others = [line for line in lines if line.stock_lot_id not in known]
    if others:
        posting.require_unexpired(others, on)


def _refuse_mistakes(issue: StockIssue, order: StockDocument) -> None:
    wrong = mistakes.about_date(issue.occurred_on) + numbering.mistakes_in(DocumentKind.ISSUE, issue.number)
    if issue.occurred_on < order.occurred_on:
        wrong += (Mistake("occurred_on", "before-the-order"),)
    mistakes.refuse(wrong)


def _waiting(issue: StockIssue) -> tuple[list[Reservation], int | None]:
    """Return what waits, and the document that has the key already.

    Asked after the locks: whoever issued or withdrew the order meanwhile has committed by now.
    """
    before = select(StockDocument.stock_document_id).where(StockDocument.idempotency_key == issue.key)
    rows = db.session.execute(
        select(Reservation, before.scalar_subquery())
        .where(
            Reservation.order_id == issue.order_id,
            Reservation.issue_id.is_(None),
            Reservation.released_at.is_(None),
        )
        .order_by(Reservation.reservation_id)
        .with_for_update(of=Reservation)
        .execution_options(populate_existing=True)
    ).all()
    return [row for row, _ in rows], rows[0][1] if rows else None


def waiting_of(order_id: int) -> dict[int, int]:
    """Return what an order still holds, by lot."""
    query = select(Reservation.stock_lot_id, Reservation.quantity).where(
        Reservation.order_id == order_id, Reservation.issue_id.is_(None), Reservation.released_at.is_(None)
    )
    sums: defaultdict[int, int] = defaultdict(int)
    for lot_id, quantity in db.session.execute(query):
        sums[lot_id] += quantity
    return dict(sums)


def _draft(issue: StockIssue, order: StockDocument, transit_id: int) -> Draft:
    return Draft(
        DocumentKind.ISSUE,
        issue.key,
        order.from_place_id,
        transit_id,
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
