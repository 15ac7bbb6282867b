"""A month of a place in the columns of its report: F/V/KB of a warehouse, R/II/KB of a facility.

A place counts with its quarantine and its damaged goods: what only moves between them is no receipt and no issue.
What is on the way to a facility is not its own yet. A reversal counts in its own month, against what it undoes.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import aliased

from campaign.db import db
from campaign.logistics import queries
from campaign.logistics.levels import months_later
from campaign.logistics.models import DocumentKind, PlaceKind, StockDocument, StockEntry, StockLot, StockPlace


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month."""

    first: date

    @property
    def last(self) -> date:
        """Return its last day."""
        return months_later(self.first, 1) - timedelta(1)


@dataclass(frozen=True, slots=True)
class Flow:
    """What one document brought of a lot to a place, its compartments included; negative: took."""

    document: StockDocument
    kind: DocumentKind  # of a reversal: that of what it undoes
    other: StockPlace
    lot: StockLot
    quantity: int
    number: str  # of the paper that brought it: what arrived came with an SBBK


@dataclass(frozen=True, slots=True)
class LotBalance:
    """What a place holds of a lot in one of its compartments."""

    kind: PlaceKind
    lot: StockLot
    quantity: int


def group_of(stock_place_id: int) -> list[int]:
    """Return a place with the compartments that count as its own stock."""
    own = (PlaceKind.QUARANTINE, PlaceKind.DAMAGED)
    query = select(StockPlace.stock_place_id).where(StockPlace.of_place_id == stock_place_id, StockPlace.kind.in_(own))
    return [stock_place_id, *db.session.scalars(query)]


def balances(group: Sequence[int], on: date) -> list[LotBalance]:
    """Return what a place held at the end of a day; lots of which there was nothing are left out."""
    total = cast(func.sum(StockEntry.quantity), BigInteger)
    query = (
        select(StockPlace.kind, StockEntry.stock_lot_id, total)
        .join(StockPlace, StockPlace.stock_place_id == StockEntry.stock_place_id)
        .where(StockEntry.stock_place_id.in_(group), StockEntry.occurred_on <= on)
        .group_by(StockPlace.kind, StockEntry.stock_lot_id)
        .having(total != 0)
    )
    rows = db.session.execute(query).all()
    lots = queries.lots_by_ids({lot for _, lot, _ in rows})
    return [LotBalance(kind, lots[lot], quantity) for kind, lot, quantity in rows]


def flows(group: Sequence[int], month: Month) -> list[Flow]:
    """Return what came and went in a month, in the order of the books."""
    undone = aliased(StockDocument)
    total = cast(func.sum(StockEntry.quantity), BigInteger)
    query = (
        select(StockDocument, func.coalesce(undone.kind, StockDocument.kind), StockEntry.stock_lot_id, total)
        .join(StockEntry, StockEntry.stock_document_id == StockDocument.stock_document_id)
        .outerjoin(undone, undone.stock_document_id == StockDocument.reverses_id)
        .where(
            StockEntry.stock_place_id.in_(group),
            StockEntry.occurred_on >= month.first,
            StockEntry.occurred_on <= month.last,
        )
        .group_by(StockDocument.stock_document_id, undone.kind, StockEntry.stock_lot_id)
        .having(total != 0)
        .order_by(StockDocument.occurred_on, StockDocument.stock_document_id, StockEntry.stock_lot_id)
    )
    rows = db.session.execute(query).all()
    lots = queries.lots_by_ids({lot for _, _, lot, _ in rows})
    places = {place.stock_place_id: place for place in db.session.scalars(select(StockPlace))}
    sent = _shipments([document for document, *_ in rows])
    found = []
    for document, kind, lot_id, quantity in rows:
        outside = document.from_place_id if document.to_place_id in group else document.to_place_id
        shipment = sent.get(document.shipment_id)
        is_arrival = shipment is not None and outside == shipment.to_place_id
        other = places[shipment.from_place_id if shipment is not None and is_arrival else outside]
        main = places[other.of_place_id] if other.of_place_id else other
        number = (shipment.number if shipment is not None and is_arrival else document.number) or ""
        found.append(Flow(document, DocumentKind(kind), main, lots[lot_id], quantity, number))
    return found


def _shipments(documents: Sequence[StockDocument]) -> dict[int | None, StockDocument]:
    """Return the SBBK and transfers whose goods arrived by these documents."""
    ids = {row.shipment_id for row in documents if row.shipment_id is not None}
    query = select(StockDocument).where(StockDocument.stock_document_id.in_(ids))
    return {row.stock_document_id: row for row in db.session.scalars(query)}


def per_item(rows: Sequence[LotBalance]) -> dict[int, int]:
    """Add balances up by item."""
    sums: defaultdict[int, int] = defaultdict(int)
    for row in rows:
        sums[row.lot.item_id] += row.quantity
    return dict(sums)
