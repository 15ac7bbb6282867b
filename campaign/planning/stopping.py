"""End a run early: what waits is given up, what works keeps the best plan it has."""

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.errors import Conflict
from campaign.events import queries as events
from campaign.planning.approving import locked_run
from campaign.planning.models import PlanRun, PlanState


class PlanNotRunning(Conflict):
    """There is nothing to stop: the run has ended."""

    code = "plan-not-running"


def stop_run(actor: Actor, plan_run_id: int) -> PlanRun:
    """Ask the worker of a run to end within seconds; asking twice is asking once."""
    run = locked_run(plan_run_id)
    campaign = events.campaign(run.campaign_id)
    require(actor, Permission.PLAN, Place(area_code=campaign.district_code))
    if run.state is PlanState.QUEUED:
        run.state, run.failure, run.solved_at = PlanState.FAILED, "plan-stopped", clock.now()
    elif run.state is not PlanState.SOLVING:
        raise PlanNotRunning(plan_run_id=plan_run_id, state=run.state.value)
    if run.stop_asked_at is None:
        run.stop_asked_at = clock.now()
        audit.record(actor, "stop-plan", ("plan_run", plan_run_id))
    return run
