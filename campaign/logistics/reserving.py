"""Goods held back for somebody: by an approved plan, until an SPMB orders them and an SBBK takes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.errors import NotFound
from campaign.logistics import ledger, places, posting
from campaign.logistics.ledger import Line
from campaign.logistics.models import Reservation, StockLot
from campaign.transaction import hold


class UnknownLot(NotFound):
    """A plan names a lot that the ledger does not know."""

    code = "unknown-lot"


@dataclass(frozen=True, slots=True)
class PlannedDelivery:
    """One line of a delivery in an approved plan."""

    warehouse_id: int
    facility_id: int
    stock_lot_id: int
    deliver_on: date
    quantity: int


def reserve_for_plan(
    actor: Actor, plan_run_id: int, campaign_id: int, lines: Sequence[PlannedDelivery]
) -> list[Reservation]:
    """Hold what a plan delivers; again for the same plan returns what is held.

    Raise InsufficientStock when a lot is no longer there, free and usable, or routine stock would be broken into.
    """
    require(actor, Permission.APPROVE_PLAN)
    hold(f"reserve-for-plan:{plan_run_id}")
    before = list(db.session.scalars(select(Reservation).where(Reservation.plan_run_id == plan_run_id)))
    if before:
        return before
    places.ensure_places(actor)
    _require_free(lines)
    shelves = places.shelves_of(line.facility_id for line in lines)
    rows = [
        Reservation(
            plan_run_id=plan_run_id,
            campaign_id=campaign_id,
            warehouse_id=line.warehouse_id,
            facility_place_id=shelves[line.facility_id],
            stock_lot_id=line.stock_lot_id,
            deliver_on=line.deliver_on,
            quantity=line.quantity,
        )
        for line in lines
    ]
    db.session.add_all(rows)
    db.session.flush()
    audit.record(actor, "reserve-stock", ("plan_run", plan_run_id), reservations=len(rows))
    return rows


def _require_free(lines: Sequence[PlannedDelivery]) -> None:
    """Lock and judge warehouse by warehouse; a lot must last until the last day on which the plan delivers it."""
    warehouses = sorted({line.warehouse_id for line in lines})
    items = _items_of({line.stock_lot_id for line in lines})
    lots = {warehouse: posting.lots_at((warehouse,), items) for warehouse in warehouses}
    posting.lock_lots(warehouses, {lot for of_one in lots.values() for lot in of_one})
    for warehouse in warehouses:
        mine = [line for line in lines if line.warehouse_id == places.warehouse(warehouse).stock_place_id]
        ledger.require_free(
            posting.stock_at(warehouse, set(lots[warehouse]) | {line.stock_lot_id for line in mine}),
            [Line(line.stock_lot_id, line.quantity) for line in mine],
            max(line.deliver_on for line in mine),
            places.floors(warehouse),
        )


def _items_of(lot_ids: set[int]) -> set[int]:
    found = dict(
        db.session.execute(
            select(StockLot.stock_lot_id, StockLot.item_id).where(StockLot.stock_lot_id.in_(lot_ids))
        ).all()
    )
    if unknown := lot_ids - found.keys():
        raise UnknownLot(stock_lot_id=min(unknown))
    return set(found.values())


def release_reservations(actor: Actor, campaign_id: int) -> int:
    """Give back what a campaign holds and no SPMB has ordered yet; return how many reservations."""
    require(actor, Permission.APPROVE_PLAN)
    released = db.session.scalars(
        update(Reservation)
        .where(
            Reservation.campaign_id == campaign_id,
            Reservation.order_id.is_(None),
            Reservation.released_at.is_(None),
        )
        .values(released_at=clock.now())
        .returning(Reservation.reservation_id)
    ).all()
    audit.record(actor, "release-stock", ("campaign", campaign_id), reservations=len(released))
    return len(released)
