"""What is on the way: sent by an SBBK or a transfer, and neither confirmed, brought back nor given up for lost.

Per shipment and lot, open = sent - all that was moved out of transit for it; what was reversed counts as never done.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, case, cast, func, select
from sqlalchemy.orm import aliased

from campaign.db import db
from campaign.logistics.models import DocumentKind, PlaceKind, StockDocument, StockDocumentLine, StockPlace

SHIPMENTS = (DocumentKind.ISSUE, DocumentKind.TRANSFER)


@dataclass(frozen=True, slots=True)
class Underway:
    """So much of a lot that a shipment sent and that nobody has accounted for yet."""

    shipment_id: int
    stock_lot_id: int
    sent_on: date
    from_place_id: int
    transit_id: int
    shelf_id: int
    campaign_id: int | None
    quantity: int


@dataclass(frozen=True, slots=True)
class Transit:
    """Which goods on the way to ask for; None: all."""

    shelf_id: int | None = None
    shipment_id: int | None = None
    lot_ids: tuple[int, ...] | None = None


def underway(wanted: Transit) -> list[Underway]:
    """Return what is open, oldest shipment first."""
    reversal, sender, place = aliased(StockDocument), aliased(StockDocument), aliased(StockPlace)
    sent_by = func.coalesce(StockDocument.shipment_id, StockDocument.stock_document_id)
    signed = case((StockDocument.shipment_id.is_(None), StockDocumentLine.quantity), else_=-StockDocumentLine.quantity)
    open_quantity = cast(func.sum(signed), BigInteger)
    columns = (
        sender.stock_document_id,
        StockDocumentLine.stock_lot_id,
        sender.occurred_on,
        sender.from_place_id,
        place.stock_place_id,
        place.of_place_id,
        sender.campaign_id,
    )
    query = (
        select(*columns, open_quantity)
        .select_from(StockDocument)
        .join(StockDocumentLine, StockDocumentLine.stock_document_id == StockDocument.stock_document_id)
        .join(sender, sender.stock_document_id == sent_by)
        .join(place, (place.stock_place_id == sender.to_place_id) & (place.kind == PlaceKind.TRANSIT))
        .where(
            StockDocument.kind.in_(SHIPMENTS) | StockDocument.shipment_id.is_not(None),
            ~select(reversal.stock_document_id)
            .where(reversal.reverses_id == StockDocument.stock_document_id)
            .correlate(StockDocument)
            .exists(),
        )
        .group_by(*columns)
        .having(open_quantity > 0)
        .order_by(sender.stock_document_id, StockDocumentLine.stock_lot_id)
    )
    if wanted.shelf_id is not None:
        query = query.where(place.of_place_id == wanted.shelf_id)
    if wanted.shipment_id is not None:
        query = query.where(sender.stock_document_id == wanted.shipment_id)
    if wanted.lot_ids is not None:
        query = query.where(StockDocumentLine.stock_lot_id.in_(wanted.lot_ids))
    return [Underway(*row) for row in db.session.execute(query)]  # type: ignore[arg-type]  # of_place_id is there: TRANSIT


def coming(shelf_id: int) -> dict[int, list[Underway]]:
    """Return what is on the way to a shelf, by shipment, oldest first."""
    grouped: defaultdict[int, list[Underway]] = defaultdict(list)
    for row in underway(Transit(shelf_id=shelf_id)):
        grouped[row.shipment_id].append(row)
    return dict(grouped)


def open_of(shipment_id: int) -> dict[int, Underway]:
    """Return what is open of one shipment, by lot."""
    return {row.stock_lot_id: row for row in underway(Transit(shipment_id=shipment_id))}


def oldest_first(rows: Iterable[Underway], wanted: dict[int, int]) -> dict[int, list[tuple[int, int]]]:
    """Spread wanted quantities by lot over shipments: (lot, quantity) of each, the oldest shipment first."""
    left = dict(wanted)
    taken: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        quantity = min(row.quantity, left.get(row.stock_lot_id, 0))
        if quantity:
            left[row.stock_lot_id] -= quantity
            taken[row.shipment_id].append((row.stock_lot_id, quantity))
    return dict(taken)
