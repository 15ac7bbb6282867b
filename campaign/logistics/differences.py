"""Differences between what was sent and what facilities received, until the warehouse has settled them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from campaign.accounts.policy import Reach
from campaign.db import db
from campaign.logistics import places, queries, transit
from campaign.logistics.arrival_models import ArrivalLine
from campaign.logistics.models import StockDocument, StockLot, StockPlace
from campaign.logistics.transit import Transit


@dataclass(frozen=True, slots=True)
class Difference:
    """What a facility said of a lot of which some is still open."""

    shipment: StockDocument
    arrival: StockDocument
    facility: StockPlace
    lot: StockLot
    said: ArrivalLine
    open_quantity: int
    said_at: datetime


def differences(reach: Reach) -> list[Difference]:
    """Return what is open of confirmed shipments sent from places within reach, oldest first."""
    within = {place.stock_place_id for place in queries.stock_places(reach)}
    rows = [row for row in transit.underway(Transit()) if row.from_place_id in within]
    said = said_of({row.shipment_id for row in rows})
    lots = queries.lots_by_ids({row.stock_lot_id for row in rows})
    return [
        Difference(
            db.session.get_one(StockDocument, row.shipment_id),
            found[0],
            places.real_place(row.shelf_id),
            lots[row.stock_lot_id],
            found[1],
            row.quantity,
            found[0].recorded_at,
        )
        for row in rows
        if (found := said.get((row.shipment_id, row.stock_lot_id))) is not None
    ]


def said_in(stock_document_id: int) -> list[tuple[ArrivalLine, StockLot]]:
    """Return what a facility said in one BAST, lot by lot."""
    query = (
        select(ArrivalLine, StockLot)
        .join(StockLot, StockLot.stock_lot_id == ArrivalLine.stock_lot_id)
        .where(ArrivalLine.stock_document_id == stock_document_id)
        .order_by(StockLot.stock_lot_id)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def said_of(shipment_ids: set[int]) -> dict[tuple[int, int], tuple[StockDocument, ArrivalLine]]:
    """Return the newest word of a facility on each lot of shipments, by shipment and lot."""
    query = (
        select(StockDocument, ArrivalLine)
        .join(ArrivalLine, ArrivalLine.stock_document_id == StockDocument.stock_document_id)
        .where(StockDocument.shipment_id.in_(shipment_ids))
        .order_by(StockDocument.stock_document_id)
    )
    return {(row[0].shipment_id or 0, row[1].stock_lot_id): (row[0], row[1]) for row in db.session.execute(query)}
