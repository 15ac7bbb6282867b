"""What the papers of the warehouse say: documents, deliveries to order, orders to issue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from campaign.accounts.policy import Reach
from campaign.db import db
from campaign.logistics.models import DocumentKind, Reservation, StockDocument, StockPlace
from campaign.logistics.places import main_place
from campaign.logistics.queries import stock_places
from campaign.logistics.reversing import UnknownDocument


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents to list; None: all."""

    kind: DocumentKind | None = None
    stock_place_id: int | None = None
    campaign_id: int | None = None
    from_on: date | None = None
    until_on: date | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Movement:
    """A document with the places it names."""

    document: StockDocument
    from_place: StockPlace
    to_place: StockPlace


@dataclass(frozen=True, slots=True)
class Delivery:
    """Goods that a plan reserved for a facility and date, and that no SPMB has ordered yet."""

    campaign_id: int
    warehouse: StockPlace
    facility_place: StockPlace
    deliver_on: date
    quantities: dict[int, int]  # by lot


PAGE = 50


def document(stock_document_id: int) -> Movement:
    """Return one document with its places."""
    found = db.session.get(StockDocument, stock_document_id)
    if found is None:
        raise UnknownDocument(stock_document_id=stock_document_id)
    return _movements([found])[0]


def documents(reach: Reach, wanted: DocumentFilter, page: int = 1) -> tuple[list[Movement], int]:
    """Return a page of the documents between places within reach, newest first, and how many pages there are."""
    query = _filtered(reach, wanted)
    count = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    newest = query.order_by(StockDocument.occurred_on.desc(), StockDocument.stock_document_id.desc())
    rows = db.session.scalars(newest.offset((page - 1) * PAGE).limit(PAGE)).all()
    return _movements(rows), max(1, -(-count // PAGE))


def document_by_key(key: str) -> StockDocument | None:
    """Return what an idempotency key made, if it made anything yet."""
    return db.session.scalar(select(StockDocument).where(StockDocument.idempotency_key == key))


def document_within(reach: Reach, stock_document_id: int) -> Movement:
    """Return one document if it names a place within reach; for anybody else there is none."""
    found = document(stock_document_id)
    within = {place.stock_place_id for place in stock_places(reach)}
    if not within & {found.from_place.stock_place_id, found.to_place.stock_place_id}:
        raise UnknownDocument(stock_document_id=stock_document_id)
    return found


def document_ids(reach: Reach) -> list[int] | None:
    """Return the documents between places within reach; None: all there are."""
    if reach.everywhere:
        return None
    within = _filtered(reach, DocumentFilter())
    return list(db.session.scalars(within.with_only_columns(StockDocument.stock_document_id)))


def issue_of(order_id: int) -> StockDocument | None:
    """Return the SBBK that took an order's goods, unless it was reversed."""
    query = select(Reservation.issue_id).where(Reservation.order_id == order_id, Reservation.issue_id.is_not(None))
    issue_id = db.session.scalar(query.limit(1))
    return None if issue_id is None else db.session.get(StockDocument, issue_id)


def issues_of(order_id: int) -> list[StockDocument]:
    """Return the SBBK of an order, oldest first; those that were reversed are left out."""
    reversal = aliased(StockDocument)
    query = (
        select(StockDocument)
        .outerjoin(reversal, reversal.reverses_id == StockDocument.stock_document_id)
        .where(
            StockDocument.ordered_by_id == order_id,
            StockDocument.kind == DocumentKind.ISSUE,
            reversal.stock_document_id.is_(None),
        )
    )
    return list(db.session.scalars(query.order_by(StockDocument.stock_document_id)))


def _filtered(reach: Reach, wanted: DocumentFilter) -> Select[StockDocument]:
    query = select(StockDocument)
    if not reach.everywhere:
        ids = _within(reach)
        query = query.where(or_(StockDocument.from_place_id.in_(ids), StockDocument.to_place_id.in_(ids)))
    if wanted.stock_place_id is not None:
        place_id = wanted.stock_place_id
        query = query.where(or_(StockDocument.from_place_id == place_id, StockDocument.to_place_id == place_id))
    for column, value in ((StockDocument.kind, wanted.kind), (StockDocument.campaign_id, wanted.campaign_id)):
        if value is not None:
            query = query.where(column == value)
    if wanted.from_on is not None:
        query = query.where(StockDocument.occurred_on >= wanted.from_on)
    if wanted.until_on is not None:
        query = query.where(StockDocument.occurred_on <= wanted.until_on)
    if wanted.number:
        query = query.where(StockDocument.number.icontains(wanted.number, autoescape=True))
    return query


def _within(reach: Reach) -> list[int]:
    """Return the places within reach, their compartments included."""
    ids = [place.stock_place_id for place in stock_places(reach)]
    inside = select(StockPlace.stock_place_id).where(StockPlace.of_place_id.in_(ids))
    return [*ids, *db.session.scalars(inside)]


def _movements(rows: Sequence[StockDocument]) -> list[Movement]:
    ids = {place_id for row in rows for place_id in (row.from_place_id, row.to_place_id)}
    query = select(StockPlace).where(StockPlace.stock_place_id.in_(ids))
    places = {place.stock_place_id: main_place(place) for place in db.session.scalars(query)}
    return [Movement(row, places[row.from_place_id], places[row.to_place_id]) for row in rows]


def deliver_on(stock_document_id: int) -> date | None:
    """Return when an order's or an issue's goods are due at the facility; None when nothing was promised."""
    mine = or_(Reservation.order_id == stock_document_id, Reservation.issue_id == stock_document_id)
    return db.session.scalar(select(func.min(Reservation.deliver_on)).where(mine))


def reversal_of(stock_document_id: int) -> StockDocument | None:
    """Return the document that undid this one, if any did."""
    return db.session.scalar(select(StockDocument).where(StockDocument.reverses_id == stock_document_id))


def deliveries_to_order(campaign_id: int | None = None) -> list[Delivery]:
    """Return what plans reserved and no SPMB has ordered, per campaign, warehouse, facility and date."""
    waiting = (
        Reservation.plan_run_id.is_not(None),
        Reservation.order_id.is_(None),
        Reservation.released_at.is_(None),
    )
    group = (Reservation.campaign_id, Reservation.warehouse_id, Reservation.facility_place_id, Reservation.deliver_on)
    query = (
        select(*group, func.jsonb_object_agg(Reservation.stock_lot_id, Reservation.quantity))
        .where(*waiting)
        .group_by(*group)
        .order_by(Reservation.deliver_on, Reservation.facility_place_id, Reservation.warehouse_id)
    )
    if campaign_id is not None:
        query = query.where(Reservation.campaign_id == campaign_id)
    places = {place.stock_place_id: place for place in db.session.scalars(select(StockPlace))}
    return [
        Delivery(campaign, places[warehouse], places[shelf], on, {int(lot): n for lot, n in lots.items()})
        for campaign, warehouse, shelf, on, lots in db.session.execute(query)
    ]


def orders_to_issue(reach: Reach) -> list[tuple[Movement, date]]:
    """Return the SPMB that wait for their SBBK with the date on which each is to be delivered, earliest first."""
    query = (
        select(Reservation.order_id, func.min(Reservation.deliver_on))
        .where(Reservation.order_id.is_not(None), Reservation.issue_id.is_(None), Reservation.released_at.is_(None))
        .group_by(Reservation.order_id)
    )
    due = {row[0]: row[1] for row in db.session.execute(query)}
    found = db.session.scalars(select(StockDocument).where(StockDocument.stock_document_id.in_(due))).all()
    within = {place.stock_place_id for place in stock_places(reach)}
    waiting = [
        (movement, due[movement.document.stock_document_id])
        for movement in _movements(found)
        if movement.from_place.stock_place_id in within
    ]
    return sorted(waiting, key=lambda row: (row[1], row[0].document.stock_document_id))
