"""A plan is asked for, claimed by one worker, and recorded with everything that is needed to repeat it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update

from campaign import audit, clock
from campaign.accounts.policy import SYSTEM, Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import Conflict, Invalid, KeyReused, Mistake
from campaign.events import lifecycle
from campaign.events import queries as events
from campaign.jobs import JobName, enqueue
from campaign.planning import check
from campaign.planning.assemble import assemble
from campaign.planning.estimates import is_estimated
from campaign.planning.models import PlanRun, PlanState
from campaign.planning.problem import Problem
from campaign.planning.solver import Limits, Outcome, Progress, SolveStatus
from campaign.transaction import hold

MOST_SECONDS, MOST_WORKERS = 900, 16  # the CHECK of plan_run says the same
# Beyond the solver's own limit: building, checking and writing a city-sized plan.
MARGIN = timedelta(seconds=120)
# A run that is queued for so long has lost its job: the broker forgot it.
GRACE = timedelta(minutes=2)


class InvalidPlanRequest(Invalid):
    """The limits asked for are outside what a worker can keep."""

    code = "invalid-plan-request"


class ClaimLost(Conflict):
    """Somebody else took the run over: what this worker found no longer counts."""

    code = "plan-claim-lost"


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """A plan to make; `key` is made by the sender, the same key gives the same run."""

    key: str
    campaign_id: int
    seconds: int = 60
    workers: int = 2
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Claim:
    """One worker's hold on one run; `until` tells this hold from a later one."""

    plan_run_id: int
    campaign_id: int
    until: datetime
    asked_at: datetime
    limits: Limits


def request_plan(actor: Actor, request: PlanRequest) -> PlanRun:
    """Queue a run of the planner; the same key again returns the first one."""
    campaign = events.campaign(request.campaign_id)
    require(actor, Permission.PLAN, Place(area_code=campaign.district_code))
    hold(f"plan-run:{request.key}")
    first = db.session.scalar(select(PlanRun).where(PlanRun.idempotency_key == request.key))
    if first is not None and first.campaign_id != campaign.campaign_id:
        raise KeyReused(plan_run_id=first.plan_run_id)
    if first is not None:
        return first
    lifecycle.require_editable(campaign.state)
    require_limits(request)
    run = PlanRun(
        campaign_id=campaign.campaign_id,
        idempotency_key=request.key,
        state=PlanState.QUEUED,
        seconds=request.seconds,
        workers=request.workers,
        seed=request.seed,
        requested_at=clock.now(),
        requested_by_id=actor.account_id,
    )
    db.session.add(run)
    db.session.flush()
    audit.record(actor, "request-plan", ("plan_run", run.plan_run_id), campaign_id=campaign.campaign_id)
    enqueue(JobName.RUN_PLAN, plan_run_id=run.plan_run_id)
    return run


def require_limits(request: PlanRequest) -> None:
    """Raise InvalidPlanRequest unless a worker can keep the limits asked for."""
    limits = {"seconds": (1, MOST_SECONDS), "workers": (1, MOST_WORKERS), "seed": (0, 2**31 - 1)}
    mistakes = tuple(
        Mistake(name, "out-of-range", {"least": least, "most": most})
        for name, (least, most) in limits.items()
        if not least <= getattr(request, name) <= most
    )
    if mistakes:
        raise InvalidPlanRequest(mistakes)


def claim_run(plan_run_id: int) -> Claim | None:
    """Take a queued run, or one whose worker has died, for this worker alone; None when there is nothing to take."""
    now = clock.now()
    row = db.session.execute(
        update(PlanRun)
        .where(PlanRun.plan_run_id == plan_run_id, _may_be_taken(now))
        .values(
            state=PlanState.SOLVING,
            claimed_until=now + MARGIN + func.make_interval(0, 0, 0, 0, 0, 0, PlanRun.seconds),
            progress=None,
        )
        .returning(
            PlanRun.campaign_id,
            PlanRun.claimed_until,
            PlanRun.requested_at,
            PlanRun.seconds,
            PlanRun.workers,
            PlanRun.seed,
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    campaign_id, until, asked_at, seconds, workers, seed = row
    assert until is not None
    return Claim(plan_run_id, campaign_id, until, asked_at, Limits(seconds=seconds, workers=workers, seed=seed))


def _may_be_taken(now: datetime) -> Any:
    is_abandoned = (PlanRun.state == PlanState.SOLVING) & (PlanRun.claimed_until < now)
    return or_(PlanRun.state == PlanState.QUEUED, is_abandoned)


def store_problem(claim: Claim) -> bytes:
    """Write down, from one snapshot of the rows, what the run has to work with; return the document's bytes.

    "Today" is the day on which the plan was asked for: a run that waited over midnight loses no dispatch date.
    """
    with clock.standing_at(claim.asked_at):
        problem = assemble(claim.campaign_id)
    document = problem.to_bytes()
    _write(claim, problem=document.decode(), is_estimated=is_estimated(problem))
    return document


def record_progress(claim: Claim, latest: Mapping[str, Progress]) -> None:
    """Show how far the solver is: the latest that it told of each level."""
    levels = {name: {"incumbent": told.incumbent, "bound": told.bound} for name, told in latest.items()}
    seconds = max((told.seconds for told in latest.values()), default=0.0)
    _write(claim, progress={"levels": levels, "seconds": round(seconds, 1)})


def record_outcome(claim: Claim, problem: Problem, outcome: Outcome) -> str | None:
    """Store what the solver found, once the checker has agreed; return the code of the failure, None when solved."""
    failure = _failure(problem, outcome)
    if failure is not None:
        if failure == "plan-undecided" and stop_is_asked(claim.plan_run_id):
            failure = "plan-stopped"
        if outcome.clashes:
            _write(claim, clashes=list(outcome.clashes))
        record_failure(claim, failure, ending=outcome.status.value)
        return failure
    plan = outcome.plan
    assert plan is not None
    _write(
        claim,
        state=PlanState.SOLVED,
        claimed_until=None,
        plan=plan.to_json(),
        ending=outcome.status.value,
        failure=None,
        solved_at=clock.now(),
        served_priority=round(plan.objective.served_priority),
        served=round(plan.objective.served),
        min_coverage=plan.objective.min_coverage,
        cost=plan.objective.cost,
    )
    audit.record(SYSTEM, "solve-plan", ("plan_run", claim.plan_run_id), ending=outcome.status.value)
    return None


def record_failure(claim: Claim, code: str, ending: str | None = None) -> None:
    """Note that the run brought no plan, and why."""
    _write(claim, state=PlanState.FAILED, claimed_until=None, failure=code, ending=ending, solved_at=clock.now())
    audit.record(SYSTEM, "fail-plan", ("plan_run", claim.plan_run_id), code=code)


def stop_is_asked(plan_run_id: int) -> bool:
    """Tell whether somebody wants the run to end with the best plan so far."""
    asked = db.session.scalar(select(PlanRun.stop_asked_at).where(PlanRun.plan_run_id == plan_run_id))
    return asked is not None


def _failure(problem: Problem, outcome: Outcome) -> str | None:
    """Return why an outcome is no plan. A solver is never trusted to have checked itself."""
    if outcome.plan is None or outcome.status not in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE):
        return f"plan-{outcome.status.value}"
    if check.violations(problem, outcome.plan):
        return "plan-breaks-rules"
    return None


def _write(claim: Claim, **values: object) -> None:
    """Write on the run while the claim holds; raises ClaimLost when it does not."""
    row = db.session.execute(
        update(PlanRun)
        .where(
            PlanRun.plan_run_id == claim.plan_run_id,
            PlanRun.state == PlanState.SOLVING,
            PlanRun.claimed_until == claim.until,
        )
        .values(**values)
        .returning(PlanRun.plan_run_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        raise ClaimLost(plan_run_id=claim.plan_run_id)


def requeue_runs() -> int:
    """Ask again for runs that wait or whose worker has died; return how many."""
    now = clock.now()
    forgotten = (PlanRun.state == PlanState.QUEUED) & (PlanRun.requested_at < now - GRACE)
    is_abandoned = (PlanRun.state == PlanState.SOLVING) & (PlanRun.claimed_until < now)
    ids = db.session.scalars(select(PlanRun.plan_run_id).where(forgotten | is_abandoned).order_by(PlanRun.plan_run_id))
    found = list(ids)
    for plan_run_id in found:
        enqueue(JobName.RUN_PLAN, plan_run_id=plan_run_id)
    return len(found)


def progress_of(run: PlanRun) -> dict[str, Any]:
    """Return what a page that waits shows: state, seconds at work, and for each level best so far and proven limit."""
    worked = 0.0
    if run.claimed_until is not None:
        began = run.claimed_until - MARGIN - timedelta(seconds=run.seconds)
        worked = max(0.0, (clock.now() - began).total_seconds())
    return {
        "state": run.state.value,
        "failure": run.failure,
        "ending": run.ending,
        "limit": run.seconds,
        "is_stopping": run.stop_asked_at is not None,
        "seconds": min(round(worked), run.seconds),
        "levels": (run.progress or {}).get("levels", {}),
    }
