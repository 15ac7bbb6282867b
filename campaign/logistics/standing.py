"""What stands where and in which state: per lot, and per item with how long it lasts.

A place's goods are usable on its shelf, on the way to it, set apart or damaged in its compartments. Of what is on the
shelf some is reserved, and what has expired is neither usable nor reserved any more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import BigInteger, ColumnElement, Subquery, case, cast, func, select
from sqlalchemy.orm import aliased

from campaign import clock
from campaign.accounts.policy import Reach
from campaign.db import db
from campaign.logistics import levels, queries
from campaign.logistics.consumption import monthly_consumption
from campaign.logistics.levels import Norm, StockLevel, Verdict
from campaign.logistics.models import PlaceKind, Reservation, StockBalance, StockLot, StockPlace
from campaign.logistics.norms import norms, reckoning


class GoodsState(StrEnum):
    """In which state goods are."""

    USABLE = "usable"  # may be taken
    RESERVED = "reserved"  # promised to a facility
    TRANSIT = "transit"  # sent, and not confirmed
    QUARANTINED = "quarantined"
    DAMAGED = "damaged"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Standing:
    """One lot at a place, by state."""

    place: StockPlace
    lot: StockLot
    on_shelf: int
    held: int  # reserved out of the shelf
    transit: int
    quarantined: int
    damaged: int

    @property
    def is_expired(self) -> bool:
        """Tell whether the lot's last day is over."""
        return self.lot.expires_on < clock.today()

    @property
    def expired(self) -> int:
        """Return what lies on the shelf and may not be used any more."""
        return self.on_shelf if self.is_expired else 0

    @property
    def reserved(self) -> int:
        """Return what is promised to somebody."""
        return 0 if self.is_expired else min(self.held, self.on_shelf)

    @property
    def usable(self) -> int:
        """Return what anybody may still take."""
        return 0 if self.is_expired else self.on_shelf - self.reserved

    @property
    def total(self) -> int:
        """Return all there is, in whatever state."""
        return self.on_shelf + self.transit + self.quarantined + self.damaged

    def of(self, state: GoodsState) -> int:
        """Return the quantity in one state."""
        quantity: int = getattr(self, state.value)
        return quantity


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which goods to list; None: all."""

    stock_place_id: int | None = None
    item_id: int | None = None
    state: GoodsState | None = None
    number: str = ""  # part of a batch number


def standing(reach: Reach, wanted: Wanted) -> list[Standing]:
    """Return what stands where: by place, item, then first expired first; lots that are used up are left out."""
    places = {row.stock_place_id: row for row in queries.stock_places(reach) if row.of_place_id is None}
    if wanted.stock_place_id is not None:
        places = {key: row for key, row in places.items() if key == wanted.stock_place_id}
    order = {key: number for number, key in enumerate(places)}
    rows = [Standing(places[place], lot, *counts) for place, lot, *counts in _balances(list(places), wanted)]
    if wanted.state is not None:
        rows = [row for row in rows if row.of(wanted.state)]
    return sorted(
        rows,
        key=lambda row: (
            order[row.place.stock_place_id],
            row.lot.item_id,
            row.lot.expires_on,
            row.lot.stock_lot_id,
        ),
    )


def _balances(place_ids: Sequence[int], wanted: Wanted) -> list[tuple[int, StockLot, int, int, int, int, int]]:
    lot, held = aliased(StockLot), _held()
    main = func.coalesce(StockPlace.of_place_id, StockPlace.stock_place_id)
    compartments = (PlaceKind.TRANSIT, PlaceKind.QUARANTINE, PlaceKind.DAMAGED)
    sums = (
        select(
            main.label("place_id"),
            StockBalance.stock_lot_id,
            _sum(StockPlace.of_place_id.is_(None)).label("shelf"),
            *(_sum(StockPlace.kind == kind).label(kind.value) for kind in compartments),
        )
        .join(StockPlace, StockPlace.stock_place_id == StockBalance.stock_place_id)
        .where(main.in_(place_ids), StockBalance.is_real, StockBalance.quantity > 0)
        .group_by(main, StockBalance.stock_lot_id)
        .subquery()
    )
    query = (
        select(sums.c.place_id, lot, sums.c.shelf, func.coalesce(held.c.quantity, 0), *list(sums.c)[3:])
        .join(lot, lot.stock_lot_id == sums.c.stock_lot_id)
        .outerjoin(held, (held.c.warehouse_id == sums.c.place_id) & (held.c.stock_lot_id == sums.c.stock_lot_id))
    )
    if wanted.item_id is not None:
        query = query.where(lot.item_id == wanted.item_id)
    if wanted.number:
        query = query.where(lot.number.icontains(wanted.number, autoescape=True))
    return [tuple(row) for row in db.session.execute(query)]


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.sum(case((condition, StockBalance.quantity), else_=0)), BigInteger)


def _held() -> Subquery:
    return (
        select(
            Reservation.warehouse_id,
            Reservation.stock_lot_id,
            cast(func.sum(Reservation.quantity), BigInteger).label("quantity"),
        )
        .where(Reservation.issue_id.is_(None), Reservation.released_at.is_(None))
        .group_by(Reservation.warehouse_id, Reservation.stock_lot_id)
        .subquery()
    )


@dataclass(frozen=True, slots=True)
class ItemStanding:
    """An item at a place: how much may be used, how long it lasts, and whether that is enough."""

    place: StockPlace
    item_id: int
    usable: int
    reserved: int
    expired: int
    monthly: Fraction
    norm: Norm

    @property
    def months(self) -> Decimal | None:
        """Return how many months the usable stock lasts."""
        return levels.months_of_stock(self.usable, self.monthly)

    @property
    def verdict(self) -> Verdict:
        """Return whether that is enough."""
        return levels.judge(self.usable, self.monthly, self.norm)

    @property
    def least(self) -> int:
        """Return the routine stock below which the place must not fall."""
        return levels.least(self.monthly, self.norm)


def level_of(place: StockPlace) -> StockLevel:
    """Return the level of a warehouse or a facility's shelf."""
    return StockLevel.WAREHOUSE if place.kind is PlaceKind.WAREHOUSE else StockLevel.FACILITY


def items_standing(reach: Reach, stock_place_id: int | None = None) -> list[ItemStanding]:
    """Return each item that a place holds, held or uses, by place and item."""
    places = [
        place
        for place in queries.stock_places(reach)
        if place.of_place_id is None and stock_place_id in (None, place.stock_place_id)
    ]
    ids = [place.stock_place_id for place in places]
    monthly = monthly_consumption(ids, reckoning().consumption_months)
    sums = _per_item(standing(reach, Wanted(stock_place_id)))
    known = _ever_held(ids) | sums.keys() | monthly.keys()
    by_id, of_level = {place.stock_place_id: place for place in places}, norms()
    order = {place_id: number for number, place_id in enumerate(ids)}
    return [
        ItemStanding(
            by_id[place_id],
            item_id,
            *sums.get((place_id, item_id), (0, 0, 0)),
            monthly=monthly.get((place_id, item_id), Fraction(0)),
            norm=of_level.of(level_of(by_id[place_id]), item_id),
        )
        for place_id, item_id in sorted(known, key=lambda key: (order[key[0]], key[1]))
    ]


def _per_item(rows: Iterable[Standing]) -> dict[tuple[int, int], tuple[int, int, int]]:
    sums: dict[tuple[int, int], tuple[int, int, int]] = {}
    for row in rows:
        key = row.place.stock_place_id, row.lot.item_id
        usable, reserved, expired = sums.get(key, (0, 0, 0))
        sums[key] = usable + row.usable, reserved + row.reserved, expired + row.expired
    return sums


def _ever_held(place_ids: Sequence[int]) -> set[tuple[int, int]]:
    query = (
        select(StockBalance.stock_place_id, StockLot.item_id)
        .join(StockLot, StockLot.stock_lot_id == StockBalance.stock_lot_id)
        .where(StockBalance.stock_place_id.in_(place_ids))
        .distinct()
    )
    return {(place_id, item_id) for place_id, item_id in db.session.execute(query)}
