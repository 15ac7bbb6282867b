"""What is held for a campaign, and what is left for the routine when it has gone."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased

from campaign.accounts.policy import Reach
from campaign.db import db
from campaign.logistics import places, queries
from campaign.logistics.models import PlaceKind, Reservation, StockLot, StockPlace
from campaign.logistics.standing import ItemStanding, items_standing

EVERYWHERE = Reach(everywhere=True)


@dataclass(frozen=True, slots=True)
class HeldLot:
    """So much of a lot for a facility on a date."""

    warehouse: StockPlace
    facility_place: StockPlace
    deliver_on: date
    lot: StockLot
    quantity: int
    is_issued: bool


@dataclass(frozen=True, slots=True)
class RoutineStock:
    """An item at a place once everything promised has left: does the routine keep its minimum?"""

    place: StockPlace
    item_id: int
    left: int
    least: int  # the floor that somebody set, or the minimum months of consumption: the larger

    @property
    def lacking(self) -> int:
        """Return how much the routine would lack."""
        return max(0, self.least - self.left)


def held_for(campaign_id: int) -> list[HeldLot]:
    """Return what a campaign's plan holds or has had issued: by date, facility, item, first expired first."""
    warehouse, shelf = aliased(StockPlace), aliased(StockPlace)
    query = (
        select(warehouse, shelf, Reservation, StockLot)
        .join(warehouse, warehouse.stock_place_id == Reservation.warehouse_id)
        .join(shelf, shelf.stock_place_id == Reservation.facility_place_id)
        .join(StockLot, StockLot.stock_lot_id == Reservation.stock_lot_id)
        .where(Reservation.campaign_id == campaign_id, Reservation.released_at.is_(None))
        .order_by(Reservation.deliver_on, shelf.code, StockLot.item_id, StockLot.expires_on, StockLot.stock_lot_id)
    )
    return [
        HeldLot(of, to, row.deliver_on, lot, row.quantity, row.issue_id is not None)
        for of, to, row, lot in db.session.execute(query)
    ]


def routine_stock(facility_ids: Collection[int]) -> list[RoutineStock]:
    """Return the routine stock of every warehouse and of these facilities, what lacks most first."""
    wanted = set(facility_ids)
    rows = [
        row
        for row in items_standing(EVERYWHERE)
        if row.place.kind is PlaceKind.WAREHOUSE or row.place.facility_id in wanted
    ]
    floors = {place_id: places.floors(place_id) for place_id in {row.place.stock_place_id for row in rows}}
    found = [_routine(row, floors[row.place.stock_place_id]) for row in rows]
    return sorted((row for row in found if row.least), key=lambda row: -row.lacking)


def _routine(row: ItemStanding, floors: dict[int, int]) -> RoutineStock:
    return RoutineStock(row.place, row.item_id, row.usable, max(row.least, floors.get(row.item_id, 0)))


def free_for_campaigns(facility_ids: Collection[int]) -> dict[int, int]:
    """Return by item what warehouses and these shelves could still give a campaign, routine floors left alone."""
    sums: defaultdict[int, int] = defaultdict(int)
    for warehouse in queries.warehouses_for_planning():
        by_item: defaultdict[int, int] = defaultdict(int)
        for lot in warehouse.lots:
            by_item[lot.item_id] += lot.quantity
        for item_id, quantity in by_item.items():
            sums[item_id] += max(0, quantity - warehouse.keep.get(item_id, 0))
    for lots in queries.shelves_for_planning(facility_ids).values():
        for lot in lots:
            sums[lot.item_id] += lot.quantity
    return dict(sums)
