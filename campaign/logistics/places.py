"""Where stock stands: warehouses, the shelves of facilities, and the virtual ends of the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from campaign import audit
from campaign.accounts.policy import Actor, Permission, Place, may, require
from campaign.db import db
from campaign.errors import NotFound
from campaign.logistics.models import PlaceKind, StockFloor, StockPlace
from campaign.registry import queries as registry


class UnknownStockPlace(NotFound):
    """No such warehouse or shelf."""

    code = "unknown-stock-place"


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A warehouse as a workbook or form describes it."""

    code: str
    name: str
    area_code: str  # the kota or kabupaten that it serves
    lat: float
    lon: float


def ensure_warehouse(actor: Actor, warehouse: Warehouse) -> StockPlace:
    """Create the warehouse of this code, or bring its name and point up to date."""
    _require_keeper(actor, warehouse.area_code)
    found = db.session.scalar(select(StockPlace).where(StockPlace.code == warehouse.code))
    if found is None:
        found = StockPlace(code=warehouse.code, kind=PlaceKind.WAREHOUSE, is_real=True)
        db.session.add(found)
    elif found.kind is not PlaceKind.WAREHOUSE:
        raise UnknownStockPlace(code=warehouse.code)
    found.name, found.area_code = warehouse.name, warehouse.area_code
    found.lat, found.lon = warehouse.lat, warehouse.lon
    if db.session.is_modified(found):
        db.session.flush()
        audit.record(actor, "save-warehouse", ("stock_place", found.stock_place_id))
    return found


def _require_keeper(actor: Actor, area_code: str | None) -> None:
    """Whoever keeps the registry sets warehouses up, and so does whoever answers for the stock there."""
    if not may(actor, Permission.EDIT_REGISTRY):
        require(actor, Permission.MOVE_STOCK, Place(area_code=area_code))


def ensure_places(actor: Actor) -> int:
    """Give every active facility its shelf in the ledger; return how many were added."""
    rows = [
        {"code": facility.code, "name": facility.name, "kind": PlaceKind.FACILITY, "is_real": True}
        | {"facility_id": facility.facility_id}
        for facility in registry.facilities()
    ]
    if not rows:
        return 0
    added = db.session.scalars(
        insert(StockPlace).values(rows).on_conflict_do_nothing().returning(StockPlace.stock_place_id)
    ).all()
    for stock_place_id in added:
        audit.record(actor, "add-shelf", ("stock_place", stock_place_id))
    return len(added)


def set_floor(actor: Actor, stock_place_id: int, item_id: int, quantity: int) -> None:
    """Keep `quantity` of an item at a place for routine services; campaigns leave it there."""
    place = db.session.get_one(StockPlace, stock_place_id)
    _require_keeper(actor, policy_place(place).area_code)
    row = {"stock_place_id": stock_place_id, "item_id": item_id, "quantity": quantity}
    db.session.execute(
        insert(StockFloor)
        .values(row)
        .on_conflict_do_update(index_elements=["stock_place_id", "item_id"], set_={"quantity": quantity})
    )
    audit.record(actor, "set-stock-floor", ("stock_place", stock_place_id), item_id=item_id, quantity=quantity)


def floors(stock_place_id: int) -> dict[int, int]:
    """Return what campaigns leave at a place, by item."""
    query = select(StockFloor.item_id, StockFloor.quantity).where(StockFloor.stock_place_id == stock_place_id)
    return {row.item_id: row.quantity for row in db.session.execute(query)}


def warehouse(stock_place_id: int) -> StockPlace:
    """Return one warehouse."""
    found = db.session.get(StockPlace, stock_place_id)
    if found is None or found.kind is not PlaceKind.WAREHOUSE:
        raise UnknownStockPlace(stock_place_id=stock_place_id)
    return found


def shelf_of(facility_id: int) -> StockPlace:
    """Return the shelf of a facility."""
    found = db.session.scalar(select(StockPlace).where(StockPlace.facility_id == facility_id))
    if found is None:
        raise UnknownStockPlace(facility_id=facility_id)
    return found


def compartment(stock_place_id: int, kind: PlaceKind) -> int:
    """Return the compartment of a warehouse or shelf: goods on the way to it, set apart in it, damaged in it."""
    query = select(StockPlace.stock_place_id).where(StockPlace.of_place_id == stock_place_id, StockPlace.kind == kind)
    found = db.session.scalar(query)
    if found is None:
        raise UnknownStockPlace(stock_place_id=stock_place_id)
    return found


def compartments(stock_place_id: int) -> list[int]:
    """Return a warehouse or shelf with what is set apart and damaged in it; what is on the way cannot be counted."""
    inside = select(StockPlace.stock_place_id).where(
        StockPlace.of_place_id == stock_place_id, StockPlace.kind != PlaceKind.TRANSIT
    )
    return [stock_place_id, *db.session.scalars(inside.order_by(StockPlace.stock_place_id))]


def names_inside(stock_place_id: int) -> dict[int, str]:
    """Return a warehouse or shelf and its compartments by name, the place itself first."""
    inside = compartments(stock_place_id)
    query = select(StockPlace.stock_place_id, StockPlace.name).where(StockPlace.stock_place_id.in_(inside))
    names = {row.stock_place_id: row.name for row in db.session.execute(query)}
    return {place_id: names[place_id] for place_id in inside}


def main_place(place: StockPlace) -> StockPlace:
    """Return the warehouse or shelf that a compartment belongs to; any other place is its own."""
    return place if place.of_place_id is None else db.session.get_one(StockPlace, place.of_place_id)


def real_place(stock_place_id: int) -> StockPlace:
    """Return a warehouse or a shelf."""
    found = db.session.get(StockPlace, stock_place_id)
    if found is None or found.kind not in (PlaceKind.WAREHOUSE, PlaceKind.FACILITY):
        raise UnknownStockPlace(stock_place_id=stock_place_id)
    return found


def may_keep(actor: Actor, place: StockPlace) -> bool:
    """Tell whether somebody answers for the stock of a place."""
    where = policy_place(place)
    is_shelf = where.facility_id is not None
    return may(actor, Permission.MOVE_STOCK, where) or (is_shelf and may(actor, Permission.USE_STOCK, where))


def require_keeper(actor: Actor, place: StockPlace) -> None:
    """Whoever answers for the stock of a place: the warehouse's staff, and on a shelf the facility's own."""
    where = policy_place(place)
    if not may(actor, Permission.MOVE_STOCK, where):
        require(actor, Permission.USE_STOCK if where.facility_id else Permission.MOVE_STOCK, where)


def virtual(kind: PlaceKind) -> StockPlace:
    """Return the one place of a virtual kind."""
    return db.session.scalars(select(StockPlace).where(StockPlace.kind == kind)).one()


def policy_place(place: StockPlace) -> Place:
    """Return where a stock place is, as the policy asks it."""
    place = main_place(place)
    if place.facility_id is not None:
        return registry.place_of(place.facility_id)
    return Place(area_code=place.area_code)


def shelves_of(facility_ids: Iterable[int]) -> dict[int, int]:
    """Return the stock place of each facility."""
    wanted = set(facility_ids)
    query = select(StockPlace.facility_id, StockPlace.stock_place_id).where(StockPlace.facility_id.in_(wanted))
    found: dict[int, int] = {row.facility_id: row.stock_place_id for row in db.session.execute(query)}
    if missing := wanted - found.keys():
        raise UnknownStockPlace(facility_id=min(missing))
    return found
