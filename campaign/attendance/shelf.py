"""What a service takes off the facility's shelf, and what is written up when the ledger saw too little there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor
from campaign.attendance.visit_models import StockDiscrepancy
from campaign.db import db
from campaign.logistics.ledger import InsufficientStock, Shortage
from campaign.logistics.services import StockUse, use_stock
from campaign.transaction import savepoint

if TYPE_CHECKING:
    from campaign.attendance.recording import OutcomeRecord
    from campaign.events.models import ServiceSession
    from campaign.registry.models import Method


@dataclass(frozen=True, slots=True)
class Taken:
    """What a service took: the document that names the lots, and what was given but not found in the ledger."""

    stock_document_id: int | None = None
    shortages: tuple[Shortage, ...] = ()


def take_from_shelf(actor: Actor, session: "ServiceSession", record: "OutcomeRecord", method: "Method") -> Taken:
    """Take what the method uses; raises InsufficientStock unless the record may lack stock."""
    items = tuple((use.item_id, use.quantity) for use in method.uses)
    if not items:
        return Taken()
    try:
        with savepoint():
            return Taken(_use(actor, session, record, items))
    except InsufficientStock as short:
        if not record.may_lack_stock:
            raise
        lacking = {one.item_id for one in short.shortages}
        found = tuple((item_id, quantity) for item_id, quantity in items if item_id not in lacking)
        return Taken(_use(actor, session, record, found) if found else None, short.shortages)


def _use(actor: Actor, session: "ServiceSession", record: "OutcomeRecord", items: tuple[tuple[int, int], ...]) -> int:
    use = StockUse(
        key=f"outcome-{record.record_key}",
        facility_id=session.facility_id,
        campaign_id=session.campaign_id,
        occurred_on=session.held_on,
        items=items,
        lot_ids=record.lot_ids,
    )
    return use_stock(actor, use)


def note_shortages(actor: Actor, service_outcome_id: int, taken: Taken) -> None:
    """Leave a person to settle what was given although the ledger did not hold it."""
    for short in taken.shortages:
        db.session.add(
            StockDiscrepancy(
                service_outcome_id=service_outcome_id,
                item_id=short.item_id,
                wanted=short.wanted,
                available=short.available,
                found_at=clock.now(),
            )
        )
        facts = {"item": short.item_id, "wanted": short.wanted, "available": short.available}
        audit.record(actor, "note-stock-discrepancy", ("service_outcome", service_outcome_id), **facts)


def discrepancies(service_outcome_ids: list[int]) -> list[StockDiscrepancy]:
    """Return what these services took beyond what the ledger held."""
    query = select(StockDiscrepancy).where(StockDiscrepancy.service_outcome_id.in_(service_outcome_ids))
    return list(db.session.scalars(query.order_by(StockDiscrepancy.stock_discrepancy_id)))
