"""Plan runs: which there are, and how far one is."""

from sqlalchemy import select

from campaign.accounts.policy import Actor
from campaign.db import db
from campaign.errors import Conflict
from campaign.events import queries as events
from campaign.planning.approving import UnknownPlan
from campaign.planning.board import Board
from campaign.planning.board import board as arrange
from campaign.planning.comparing import Made
from campaign.planning.models import PlanRun, PlanState
from campaign.planning.plan import Plan
from campaign.planning.problem import load


class NoPlanYet(Conflict):
    """The run has brought no plan."""

    code = "no-plan-yet"


def run(plan_run_id: int) -> PlanRun:
    """Return one run."""
    found = db.session.get(PlanRun, plan_run_id)
    if found is None:
        raise UnknownPlan(plan_run_id=plan_run_id)
    return found


def runs(campaign_id: int) -> list[PlanRun]:
    """Return the runs of a campaign, newest first."""
    query = select(PlanRun).where(PlanRun.campaign_id == campaign_id)
    return list(db.session.scalars(query.order_by(PlanRun.plan_run_id.desc())))


def approved_run(campaign_id: int) -> PlanRun | None:
    """Return the approved run of a campaign; None while there is none."""
    query = select(PlanRun).where(PlanRun.campaign_id == campaign_id, PlanRun.state == PlanState.APPROVED)
    return db.session.scalar(query)


def visible_run(actor: Actor, plan_run_id: int) -> PlanRun:
    """Return a run of a campaign that `actor` may see."""
    found = run(plan_run_id)
    events.visible_campaign(actor, found.campaign_id)
    return found


def made(found: PlanRun) -> Made:
    """Return the plan of a run with its problem; raises NoPlanYet while there is none."""
    if found.plan is None or found.problem is None:
        raise NoPlanYet(plan_run_id=found.plan_run_id, state=found.state.value)
    return Made(load(found.problem.encode()), Plan.from_json(found.plan))


def board(found: PlanRun) -> Board:
    """Return the plan of a run as people look at it; raises NoPlanYet while there is none."""
    has = made(found)
    return arrange(has.problem, has.plan)
