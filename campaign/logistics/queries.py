"""What the warehouse knows: places, stock on hand, shelves, stock for planning, the stock card."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, or_, select
from sqlalchemy.orm import aliased

from campaign import clock
from campaign.accounts.policy import Reach
from campaign.db import db
from campaign.logistics import ledger, places
from campaign.logistics.campaign_stock import CampaignStock as CampaignStock
from campaign.logistics.campaign_stock import Leftover as Leftover
from campaign.logistics.campaign_stock import campaign_stock as campaign_stock
from campaign.logistics.campaign_stock import leftovers as leftovers
from campaign.logistics.campaign_stock import supplied_campaigns as supplied_campaigns
from campaign.logistics.ledger import LotStock
from campaign.logistics.models import (
    DocumentKind,
    PlaceKind,
    Reservation,
    StockBalance,
    StockDocument,
    StockEntry,
    StockLot,
    StockPlace,
    StockVerification,
)
from campaign.registry import queries as registry

MAIN = (PlaceKind.WAREHOUSE, PlaceKind.FACILITY)  # where goods may be used; compartments hold what may not


@dataclass(frozen=True, slots=True)
class OnHand:
    """What a place holds of one lot."""

    place: StockPlace
    lot: StockLot
    on_hand: int
    reserved: int

    @property
    def available(self) -> int:
        """Return what is not reserved; expired goods are not available at all."""
        return 0 if self.lot.expires_on < clock.today() else max(0, self.on_hand - self.reserved)


@dataclass(frozen=True, slots=True)
class PlanningLot:
    """A lot as the planner sees it: what it may dispose of."""

    stock_lot_id: int
    item_id: int
    number: str
    expires_on: date
    quantity: int


@dataclass(frozen=True, slots=True)
class WarehouseStock:
    """What a plan may take from a warehouse, and what it must leave there."""

    place: StockPlace
    lots: tuple[PlanningLot, ...]
    keep: Mapping[int, int]  # by item


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of a stock card."""

    entry: StockEntry
    document: StockDocument
    lot: StockLot
    other_place: StockPlace  # where it came from or went to
    balance: int  # of the item at the place, after this line


def warehouses() -> list[StockPlace]:
    """Return the warehouses by code."""
    query = select(StockPlace).where(StockPlace.kind == PlaceKind.WAREHOUSE)
    return list(db.session.scalars(query.order_by(StockPlace.code)))


def stock_places(reach: Reach) -> list[StockPlace]:
    """Return the real places within reach: warehouses first, then shelves by code."""
    query = select(StockPlace).where(StockPlace.kind.in_(MAIN), _within(reach))
    return list(db.session.scalars(query.order_by(StockPlace.kind.desc(), StockPlace.code)))


def place_by_code(code: str) -> StockPlace | None:
    """Return the place with this code, if there is one."""
    return db.session.scalar(select(StockPlace).where(StockPlace.code == code, StockPlace.kind.in_(MAIN)))


def _within(reach: Reach) -> ColumnElement[bool]:
    """Limit stock places to a reach: a shelf lies in its facility's kecamatan, a warehouse in its city."""
    if reach.everywhere:
        return StockPlace.is_real.is_(True)
    facilities = set(reach.facilities)
    for facility in registry.facilities():
        if any(_inside(facility.kecamatan_code, area) for area in reach.areas):
            facilities.add(facility.facility_id)
    cities = [place.stock_place_id for place in warehouses() if _serves(place, reach.areas)]
    return or_(StockPlace.facility_id.in_(facilities), StockPlace.stock_place_id.in_(cities))


def _serves(place: StockPlace, areas: Iterable[str]) -> bool:
    return place.area_code is not None and any(_inside(place.area_code, area) for area in areas)


def _inside(code: str, area: str) -> bool:
    return code == area or code.startswith(area + ".")


def stock_on_hand(reach: Reach, stock_place_id: int | None = None, item_id: int | None = None) -> list[OnHand]:
    """Return what stands where: by place, item, then first expired first; lots that are used up are left out."""
    query = _on_hand().where(StockBalance.quantity > 0, _within(reach))
    if stock_place_id is not None:
        query = query.where(StockPlace.stock_place_id == stock_place_id)
    if item_id is not None:
        query = query.where(StockLot.item_id == item_id)
    order = (StockPlace.kind.desc(), StockPlace.code, StockLot.item_id, StockLot.expires_on, StockLot.stock_lot_id)
    return [OnHand(*row) for row in db.session.execute(query.order_by(*order))]


def _on_hand() -> Select[StockPlace, StockLot, int, int]:
    held = (
        select(
            Reservation.warehouse_id,
            Reservation.stock_lot_id,
            cast(func.sum(Reservation.quantity), BigInteger).label("quantity"),
        )
        .where(Reservation.issue_id.is_(None), Reservation.released_at.is_(None))
        .group_by(Reservation.warehouse_id, Reservation.stock_lot_id)
        .subquery()
    )
    return (
        select(StockPlace, StockLot, StockBalance.quantity, func.coalesce(held.c.quantity, 0))
        .select_from(StockBalance)
        .join(StockPlace, StockPlace.stock_place_id == StockBalance.stock_place_id)
        .join(StockLot, StockLot.stock_lot_id == StockBalance.stock_lot_id)
        .outerjoin(
            held,
            (held.c.warehouse_id == StockBalance.stock_place_id) & (held.c.stock_lot_id == StockBalance.stock_lot_id),
        )
        .where(StockPlace.kind.in_(MAIN))
    )


def shelf(facility_id: int) -> list[OnHand]:
    """Return the lots on a facility's shelf, first expired first."""
    query = _on_hand().where(StockPlace.facility_id == facility_id, StockBalance.quantity > 0)
    order = (StockLot.item_id, StockLot.expires_on, StockLot.stock_lot_id)
    return [OnHand(*row) for row in db.session.execute(query.order_by(*order))]


def warehouses_for_planning() -> list[WarehouseStock]:
    """Return what a plan may take: lots less reservations, expired ones left out, floors beside them as `keep`."""
    return [
        WarehouseStock(place, _planning_lots(place.stock_place_id, {}), places.floors(place.stock_place_id))
        for place in warehouses()
    ]


def shelves_for_planning(facility_ids: Iterable[int]) -> dict[int, tuple[PlanningLot, ...]]:
    """Return what a plan may use at each facility: its shelf less its floors, which stay in what expires last."""
    query = select(StockPlace).where(StockPlace.facility_id.in_(list(facility_ids)))
    return {
        place.facility_id: _planning_lots(place.stock_place_id, places.floors(place.stock_place_id))
        for place in db.session.scalars(query)
        if place.facility_id is not None
    }


def _planning_lots(stock_place_id: int, keep: Mapping[int, int]) -> tuple[PlanningLot, ...]:
    rows = db.session.execute(
        _on_hand().where(
            StockPlace.stock_place_id == stock_place_id,
            StockBalance.quantity > 0,
            StockLot.expires_on >= clock.today(),
        )
    ).all()
    lots = {lot.stock_lot_id: lot for _, lot, _, _ in rows}
    stock = [
        LotStock(lot.stock_lot_id, lot.item_id, lot.expires_on, on_hand, reserved) for _, lot, on_hand, reserved in rows
    ]
    usable = ledger.beyond(stock, clock.today(), keep)
    return tuple(
        PlanningLot(line.stock_lot_id, lot.item_id, lot.number, lot.expires_on, line.quantity)
        for line in usable
        if (lot := lots[line.stock_lot_id])
    )


def stock_card(stock_place_id: int, item_id: int) -> list[CardLine]:
    """Return the stock card (Kartu Persediaan Barang) of an item at a place, oldest first."""
    other = aliased(StockPlace)
    query = (
        select(StockEntry, StockDocument, StockLot, other)
        .join(StockDocument, StockDocument.stock_document_id == StockEntry.stock_document_id)
        .join(StockLot, StockLot.stock_lot_id == StockEntry.stock_lot_id)
        .join(
            other,
            other.stock_place_id == StockDocument.from_place_id + StockDocument.to_place_id - StockEntry.stock_place_id,
        )
        .where(StockEntry.stock_place_id == stock_place_id, StockLot.item_id == item_id)
        .order_by(StockEntry.stock_entry_id)
    )
    balance = 0
    lines = []
    for entry, document, lot, place in db.session.execute(query):
        balance += entry.quantity
        lines.append(CardLine(entry, document, lot, place, balance))
    return lines


def opened_lots() -> dict[tuple[int, int, str], int]:
    """Return what opening balances entered: by place, item and lot number; for an import that runs again."""
    query = (
        select(StockEntry.stock_place_id, StockLot.item_id, StockLot.number, func.sum(StockEntry.quantity))
        .join(StockDocument, StockDocument.stock_document_id == StockEntry.stock_document_id)
        .join(StockLot, StockLot.stock_lot_id == StockEntry.stock_lot_id)
        .where(StockDocument.kind == DocumentKind.OPENING, StockEntry.quantity > 0)
        .group_by(StockEntry.stock_place_id, StockLot.item_id, StockLot.number)
    )
    return {(place, item, number): int(quantity) for place, item, number, quantity in db.session.execute(query)}


def place_names(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of places of any kind, by id."""
    query = select(StockPlace.stock_place_id, StockPlace.name).where(StockPlace.stock_place_id.in_(list(ids)))
    return {row.stock_place_id: row.name for row in db.session.execute(query)}


def lots_by_ids(ids: Iterable[int]) -> dict[int, StockLot]:
    """Return lots by id."""
    query = select(StockLot).where(StockLot.stock_lot_id.in_(list(ids)))
    return {lot.stock_lot_id: lot for lot in db.session.scalars(query)}


def last_verification() -> StockVerification | None:
    """Return the newest comparison of balances with entries."""
    return db.session.scalar(
        select(StockVerification).order_by(StockVerification.stock_verification_id.desc()).limit(1)
    )
