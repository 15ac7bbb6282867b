"""Plan runs: which there are, and how far one is."""

from sqlalchemy import select

from campaign.db import db
from campaign.planning.approving import UnknownPlan
from campaign.planning.models import PlanRun, PlanState


def run(plan_run_id: int) -> PlanRun:
    """Return one run."""
    found = db.session.get(PlanRun, plan_run_id)
    if found is None:
        raise UnknownPlan(plan_run_id=plan_run_id)
    return found


def runs(campaign_id: int) -> list[PlanRun]:
    """Return the runs of a campaign, newest first."""
    query = select(PlanRun).where(PlanRun.campaign_id == campaign_id)
    return list(db.session.scalars(query.order_by(PlanRun.requested_at.desc(), PlanRun.plan_run_id.desc())))


def approved_run(campaign_id: int) -> PlanRun | None:
    """Return the approved run of a campaign; None while there is none."""
    query = select(PlanRun).where(PlanRun.campaign_id == campaign_id, PlanRun.state == PlanState.APPROVED)
    return db.session.scalar(query)
