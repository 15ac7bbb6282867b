"""The work list of a cadre or field officer, and what their visits came to."""

from collections import Counter

from sqlalchemy import ColumnElement, false, or_, select, true

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Reach, reach, require
from campaign.db import db
from campaign.outreach.field.models import Household
from campaign.outreach.field.visits import Stop, VisitResult, in_order

MOST = 100  # doors on one page: nobody knocks at more in a day


def due_households(actor: Actor, campaign_id: int) -> list[Household]:
    """Return the households to visit now within the actor's area, in the order of the walk; the read is audited."""
    require(actor, Permission.LIST_CANDIDATES)
    found = {row.household_id: row for row in _within(actor, campaign_id) if row.candidate_id is None}
    order = in_order((_stop(row) for row in found.values()), clock.today())[:MOST]
    ids = [stop.household_id for stop in order]
    if ids:
        audit.record(actor, "read-households", ("campaign", campaign_id), household_ids=ids)
    return [found[household_id] for household_id in ids]


def results(actor: Actor, campaign_id: int) -> Counter[VisitResult | None]:
    """Return how many households stand at each last result; None: not visited."""
    return Counter(row.visits[-1].result if row.visits else None for row in _within(actor, campaign_id))


def _within(actor: Actor, campaign_id: int) -> list[Household]:
    seen = reach(actor, Permission.LIST_CANDIDATES)
    return list(db.session.scalars(select(Household).where(Household.campaign_id == campaign_id, _inside(seen))))


def _inside(seen: Reach) -> ColumnElement[bool]:
    if seen.everywhere:
        return true()
    areas = [Household.kelurahan_code.startswith(code + ".", autoescape=True) for code in seen.areas]
    return or_(false(), Household.kelurahan_code.in_(seen.areas), *areas)


def _stop(row: Household) -> Stop:
    last = row.visits[-1] if row.visits else None
    return Stop(
        row.household_id,
        row.kelurahan_code,
        row.address,
        row.is_poor,
        last.result if last else None,
        last.visited_on if last else None,
    )
