"""Sessions come to be when a plan is approved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from campaign import audit
from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.events.models import ServiceSession, SessionProvider


@dataclass(frozen=True, slots=True)
class NewSession:
    """One facility serving on one date, and who works there."""

    facility_id: int
    held_on: date
    opens_at: time  # wall clock of the campaign's zone
    closes_at: time
    provider_ids: tuple[int, ...]


def create_sessions(
    actor: Actor, campaign_id: int, plan_run_id: int, sessions: Sequence[NewSession]
) -> list[ServiceSession]:
    """Create the sessions of an approved plan, in the order given."""
    require(actor, Permission.APPROVE_PLAN)
    rows = [
        ServiceSession(
            campaign_id=campaign_id,
            plan_run_id=plan_run_id,
            facility_id=new.facility_id,
            held_on=new.held_on,
            opens_at=new.opens_at,
            closes_at=new.closes_at,
            providers=[SessionProvider(provider_id=provider_id) for provider_id in new.provider_ids],
        )
        for new in sessions
    ]
    db.session.add_all(rows)
    db.session.flush()
    audit.record(actor, "create-sessions", ("campaign", campaign_id), plan_run_id=plan_run_id, sessions=len(rows))
    return rows
