"""Undo a document by its opposite; the old one stays. What it held back or took from a reservation is held again."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from campaign import clock
from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.errors import Conflict, NotFound
from campaign.logistics import issuing, ledger, mistakes, places, posting, transit
from campaign.logistics.ledger import InsufficientStock, Line, Shortage
from campaign.logistics.models import DocumentKind, PlaceKind, Reservation, StockDocument, StockEntry
from campaign.logistics.posting import Draft

BY_FACILITY = (DocumentKind.USE, DocumentKind.RETURN, DocumentKind.ARRIVAL)
KEPT_BY_EITHER = (
    *(DocumentKind.TRANSFER, DocumentKind.COUNT),
    *(DocumentKind.QUARANTINE, DocumentKind.RELEASE, DocumentKind.DAMAGE),
)


class UnknownDocument(NotFound):
    """No document has this id."""

    code = "unknown-document"


class NotReversible(Conflict):
    """The document was reversed before, is a reversal itself, or an order that has been issued."""

    code = "not-reversible"


@dataclass(frozen=True, slots=True)
class Reversal:
    """Undo one document entirely."""

    key: str
    stock_document_id: int
    occurred_on: date
    reason: str


def reverse(actor: Actor, reversal: Reversal) -> StockDocument:
    """Write the opposite of a document; raise InsufficientStock when its goods have gone on or are held for others.

    Of an order that went out in part, what still waits is withdrawn.
    """
    undone = db.session.get(StockDocument, reversal.stock_document_id)
    if undone is None:
        raise UnknownDocument(stock_document_id=reversal.stock_document_id)
    _require_right(actor, undone)
    if before := posting.seen(DocumentKind.REVERSAL, reversal.key, reverses_id=reversal.stock_document_id):
        return before
    mistakes.refuse(mistakes.about_date(reversal.occurred_on) + mistakes.about_text("reason", reversal.reason))
    posting.lock_lots((undone.from_place_id, undone.to_place_id), _lots_of(undone))
    _require_not_undone(undone)
    lines = _lines_to_undo(undone)
    if undone.kind is not DocumentKind.ISSUE_ORDER:
        _require_still_there(undone, lines)
    document = posting.write(actor, _draft(reversal, undone), lines)
    if undone.kind is DocumentKind.ISSUE_ORDER:
        _withdraw(undone)
    else:
        posting.move(document, _entries_of(undone))
        _hold_again(undone)
    return document


def _lots_of(undone: StockDocument) -> set[int]:
    """Return the lots that move back, and those that were ordered in place of which they went."""
    promised = select(Reservation.stock_lot_id).where(Reservation.issue_id == undone.stock_document_id)
    return {line.stock_lot_id for line in undone.lines} | set(db.session.scalars(promised))


def _require_right(actor: Actor, undone: StockDocument) -> None:
    """Whoever may write a kind of document at a place may undo it there."""
    place = posting.place(undone.from_place_id)
    if not place.is_real:
        place = posting.place(undone.to_place_id)
    if undone.kind in KEPT_BY_EITHER:
        places.require_keeper(actor, place)
        return
    permission = Permission.MOVE_STOCK
    if undone.kind is DocumentKind.ISSUE_ORDER:
        permission = Permission.ORDER_STOCK
    elif undone.kind in BY_FACILITY:
        permission = Permission.USE_STOCK
    require(actor, permission, places.policy_place(place))


def _require_not_undone(undone: StockDocument) -> None:
    if undone.kind is DocumentKind.REVERSAL or _is_undone(undone.stock_document_id):
        raise NotReversible(stock_document_id=undone.stock_document_id)


def _lines_to_undo(undone: StockDocument) -> list[Line]:
    """Return all lines of a document; of an order what no SBBK has taken, of which there must be something."""
    if undone.kind is not DocumentKind.ISSUE_ORDER:
        return [Line(line.stock_lot_id, line.quantity) for line in undone.lines]
    waiting = issuing.waiting_of(undone.stock_document_id)
    if not waiting:
        raise NotReversible(stock_document_id=undone.stock_document_id)
    return [Line(lot_id, quantity) for lot_id, quantity in sorted(waiting.items())]


def _require_still_there(undone: StockDocument, lines: list[Line]) -> None:
    place = posting.place(undone.to_place_id)
    if not place.is_real:
        return
    wanted = ledger.total(lines)
    if undone.kind in transit.SHIPMENTS and place.kind is PlaceKind.TRANSIT:
        _require_all_underway(undone, wanted)
        return
    short = tuple(
        Shortage(lot.item_id, wanted[lot.stock_lot_id], lot.free)
        for lot in posting.stock_at(place.stock_place_id, wanted)
        if lot.free < wanted[lot.stock_lot_id]
    )
    if short:
        raise InsufficientStock(short)


def _require_all_underway(sent: StockDocument, wanted: dict[int, int]) -> None:
    """Ask of the shipment itself: what else travels to the facility is not its to give back."""
    still_open = transit.open_of(sent.stock_document_id)
    short = tuple(
        Shortage(line.lot.item_id, line.quantity, found)
        for line in sent.lines
        if (found := still_open[line.stock_lot_id].quantity if line.stock_lot_id in still_open else 0)
        < wanted[line.stock_lot_id]
    )
    if short:
        raise InsufficientStock(short)


def _draft(reversal: Reversal, undone: StockDocument) -> Draft:
    return Draft(
        DocumentKind.REVERSAL,
        reversal.key,
        undone.to_place_id,
        undone.from_place_id,
        reversal.occurred_on,
        reason=reversal.reason.strip(),
        campaign_id=undone.campaign_id,
        reverses_id=undone.stock_document_id,
    )


def _entries_of(undone: StockDocument) -> dict[tuple[int, int], int]:
    query = select(StockEntry.stock_place_id, StockEntry.stock_lot_id, StockEntry.stock_entry_id).where(
        StockEntry.stock_document_id == undone.stock_document_id
    )
    return {(place_id, lot_id): entry_id for place_id, lot_id, entry_id in db.session.execute(query)}


def _withdraw(order: StockDocument) -> None:
    """Free what an order held by itself; what a plan reserved stays reserved and can be ordered again."""
    waiting = select(Reservation).where(
        Reservation.order_id == order.stock_document_id,
        Reservation.issue_id.is_(None),
        Reservation.released_at.is_(None),
    )
    for row in db.session.scalars(waiting.execution_options(populate_existing=True)).all():
        _free(row)


def _free(row: Reservation) -> None:
    """Give back what an order holds: to the plan that reserved it, or to everybody."""
    if row.plan_run_id is None:
        row.issue_id, row.released_at = None, clock.now()
        db.session.flush()
        return
    unordered = select(Reservation).where(
        Reservation.plan_run_id == row.plan_run_id,
        Reservation.warehouse_id == row.warehouse_id,
        Reservation.facility_place_id == row.facility_place_id,
        Reservation.stock_lot_id == row.stock_lot_id,
        Reservation.deliver_on == row.deliver_on,
        Reservation.order_id.is_(None),
        Reservation.released_at.is_(None),
    )
    rest = db.session.scalar(unordered.with_for_update().execution_options(populate_existing=True))
    if rest is None:
        row.order_id = row.issue_id = None
    else:  # one row for what waits: the two become one
        row.issue_id, row.released_at = None, clock.now()
        db.session.flush()
        rest.quantity += row.quantity
    db.session.flush()


def _hold_again(undone: StockDocument) -> None:
    """Let a reversed issue's order wait again: its goods are back and stay promised, unless they went elsewhere."""
    mine = select(Reservation).where(Reservation.issue_id == undone.stock_document_id)
    rows = db.session.scalars(mine.execution_options(populate_existing=True)).all()
    wanted = ledger.total([Line(row.stock_lot_id, row.quantity) for row in rows])
    short = tuple(
        Shortage(lot.item_id, wanted[lot.stock_lot_id], lot.free)
        for lot in posting.stock_at(undone.from_place_id, wanted)
        if lot.free < wanted[lot.stock_lot_id]
    )
    if short:
        raise InsufficientStock(short)
    is_withdrawn = _is_undone(undone.ordered_by_id)
    for row in rows:
        if is_withdrawn:
            _free(row)
        else:
            issuing.wait_again(row)


def _is_undone(stock_document_id: int | None) -> bool:
    undoing = select(StockDocument.stock_document_id).where(StockDocument.reverses_id == stock_document_id)
    return stock_document_id is not None and db.session.scalar(undoing) is not None
