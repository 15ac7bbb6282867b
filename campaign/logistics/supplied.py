"""How much of what a campaign's plan reserved has left the warehouse."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from campaign.db import db
from campaign.logistics.models import Reservation, StockDocument


@dataclass(frozen=True, slots=True)
class Supply:
    """The deliveries of a campaign's plan: one per warehouse, facility and date."""

    planned: int
    issued: int  # with an SBBK for all of it
    last_issued_at: datetime | None


def supply_of(campaign_id: int) -> Supply:
    """Return how many planned deliveries were issued; what was released is no longer planned."""
    delivery = (
        select(
            func.bool_and(Reservation.issue_id.is_not(None)).label("is_issued"),
            func.max(StockDocument.recorded_at).label("issued_at"),
        )
        .outerjoin(StockDocument, StockDocument.stock_document_id == Reservation.issue_id)
        .where(and_(Reservation.campaign_id == campaign_id, Reservation.released_at.is_(None)))
        .group_by(Reservation.warehouse_id, Reservation.facility_place_id, Reservation.deliver_on)
        .subquery()
    )
    query = select(func.count(), func.count().filter(delivery.c.is_issued), func.max(delivery.c.issued_at))
    return Supply(*db.session.execute(query.select_from(delivery)).one())
