"""The head of dinas orders goods out (SPMB): what a plan reserved for a facility and date, or items by hand.

An order moves nothing. It names the lots, and holds them by reservations until an SBBK takes them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from campaign import audit
from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.documents.papers import PaperFormat, PaperKind, PaperRequest, ask_paper
from campaign.errors import Conflict, Mistake
from campaign.logistics import choosing, mistakes, numbering, places, posting, requesting
from campaign.logistics.choosing import Choice
from campaign.logistics.ledger import Line
from campaign.logistics.models import DocumentKind, Reservation, StockDocument
from campaign.logistics.posting import Draft


class NothingToOrder(Conflict):
    """The plan reserved nothing for this delivery, or an SPMB has ordered it already."""

    code = "nothing-to-order"


@dataclass(frozen=True, slots=True)
class IssueOrder:
    """Order out what an approved plan delivers from a warehouse to a facility on a date."""

    key: str
    campaign_id: int
    warehouse_id: int
    facility_id: int
    deliver_on: date
    signed_on: date
    purpose: str = "Pelayanan KB serempak"  # as the papers print it: "Untuk …"
    number: str | None = None  # from the agenda book; None draws one


@dataclass(frozen=True, slots=True)
class ItemOrder:
    """Order out items by hand: lots are chosen first expired first, unless `lots` names them."""

    key: str
    warehouse_id: int
    facility_id: int
    deliver_on: date
    signed_on: date
    items: tuple[tuple[int, int], ...]  # (item_id, quantity)
    reason: str
    number: str | None = None
    lots: tuple[Line, ...] = ()  # chosen by hand, instead of items
    request_id: int | None = None  # the SPB that this answers


def order_issue(actor: Actor, order: IssueOrder) -> StockDocument:
    """Sign the SPMB of one planned delivery."""
    require(actor, Permission.ORDER_STOCK, places.policy_place(places.warehouse(order.warehouse_id)))
    if before := posting.seen(DocumentKind.ISSUE_ORDER, order.key, from_place_id=order.warehouse_id):
        return before
    mistakes.refuse(
        mistakes.about_date(order.signed_on)
        + mistakes.about_text("purpose", order.purpose)
        + numbering.mistakes_in(DocumentKind.ISSUE_ORDER, order.number)
    )
    draft = Draft(
        DocumentKind.ISSUE_ORDER,
        order.key,
        order.warehouse_id,
        places.shelf_of(order.facility_id).stock_place_id,
        order.signed_on,
        reason=order.purpose.strip(),
        number=order.number,
        campaign_id=order.campaign_id,
    )
    held = _unordered(order, draft.to_place_id)
    lines = [Line(row.stock_lot_id, row.quantity) for row in held]
    posting.require_unexpired(lines, order.signed_on)
    document = posting.write(actor, numbering.numbered(draft), lines)
    db.session.execute(
        update(Reservation)
        .where(Reservation.reservation_id.in_([row.reservation_id for row in held]))
        .values(order_id=document.stock_document_id)
    )
    _ask_spmb(document)
    return document


def _unordered(order: IssueOrder, shelf_id: int) -> Sequence[Reservation]:
    """Lock and return what is reserved for the delivery and not ordered yet; two heads cannot order it twice."""
    wanted = select(Reservation).where(
        Reservation.campaign_id == order.campaign_id,
        Reservation.warehouse_id == order.warehouse_id,
        Reservation.facility_place_id == shelf_id,
        Reservation.deliver_on == order.deliver_on,
        Reservation.order_id.is_(None),
        Reservation.released_at.is_(None),
    )
    posting.lock_lots((order.warehouse_id,), db.session.scalars(wanted.with_only_columns(Reservation.stock_lot_id)))
    held = db.session.scalars(
        wanted.order_by(Reservation.reservation_id).with_for_update().execution_options(populate_existing=True)
    ).all()
    if not held:
        raise NothingToOrder(facility_id=order.facility_id, campaign_id=order.campaign_id)
    return held


def order_items(actor: Actor, order: ItemOrder) -> StockDocument:
    """Sign an SPMB for items outside a plan; never expired lots, nor others' reservations, nor routine stock."""
    require(actor, Permission.ORDER_STOCK, places.policy_place(places.warehouse(order.warehouse_id)))
    if before := posting.seen(DocumentKind.ISSUE_ORDER, order.key, from_place_id=order.warehouse_id):
        return before
    mistakes.refuse(_mistakes_in(order))
    shelf = places.shelf_of(order.facility_id)
    answered = requesting.request_to_answer(order.request_id) if order.request_id is not None else None
    lines = choosing.choose(order.warehouse_id, _choice(order))
    draft = Draft(
        DocumentKind.ISSUE_ORDER,
        order.key,
        order.warehouse_id,
        shelf.stock_place_id,
        order.signed_on,
        reason=order.reason.strip(),
        number=order.number,
    )
    document = posting.write(actor, numbering.numbered(draft), lines)
    if answered is not None:
        answered.order_id = document.stock_document_id
    _hold(document, lines, order.deliver_on)
    audit.record(actor, "reserve-stock", ("stock_document", document.stock_document_id), reservations=len(lines))
    _ask_spmb(document)
    return document


def _hold(document: StockDocument, lines: Sequence[Line], deliver_on: date) -> None:
    db.session.add_all(
        Reservation(
            order_id=document.stock_document_id,
            warehouse_id=document.from_place_id,
            facility_place_id=document.to_place_id,
            stock_lot_id=line.stock_lot_id,
            deliver_on=deliver_on,
            quantity=line.quantity,
        )
        for line in lines
    )
    db.session.flush()


def _choice(order: ItemOrder) -> Choice:
    return Choice(dict(order.items), order.lots, max(order.signed_on, order.deliver_on))


def _mistakes_in(order: ItemOrder) -> tuple[Mistake, ...]:
    wrong = list(
        mistakes.about_date(order.signed_on)
        + numbering.mistakes_in(DocumentKind.ISSUE_ORDER, order.number)
        + mistakes.about_quantities([line.quantity for line in order.lots] or [n for _, n in order.items])
        + mistakes.about_text("reason", order.reason)
    )
    if len(dict(order.items)) < len(order.items):
        wrong.append(Mistake("lines", "item-twice"))
    return tuple(wrong)


def _ask_spmb(document: StockDocument) -> None:
    ask_paper(
        PaperRequest(
            PaperKind.SPMB,
            PaperFormat.PDF,
            document.stock_document_id,
            title=f"SPMB {document.number}",
            campaign_id=document.campaign_id,
        )
    )
