"""Plan again around what was changed by hand: the changes are pins, everybody else stays where that costs nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import KeyReused
from campaign.events import lifecycle
from campaign.events import queries as events
from campaign.jobs import JobName, enqueue
from campaign.planning.approving import locked_run
from campaign.planning.hand.edits import Edit, EditKind, roster_of
from campaign.planning.hand.edits import Place as At
from campaign.planning.hand.services import PlanNotEditable
from campaign.planning.hand.settling import settled
from campaign.planning.models import PlanOrigin, PlanRun, PlanState
from campaign.planning.plan import Plan
from campaign.planning.problem import Problem
from campaign.planning.services import PlanRequest, require_limits
from campaign.planning.solver import Outcome, Pins, SolveStatus
from campaign.transaction import hold


@dataclass(frozen=True, slots=True)
class RepairRequest:
    """A plan to make around another; `key` is made by the sender, the same key gives the same run."""

    key: str
    plan_run_id: int
    seconds: int = 60


@dataclass(frozen=True, slots=True)
class Given:
    """What a solve starts from, beside the problem."""

    previous: Plan | None = None
    pins: Pins | None = None


def request_repair(actor: Actor, request: RepairRequest) -> PlanRun:
    """Queue a run that keeps what was changed by hand since the last solve, in the campaign as it is now."""
    base = locked_run(request.plan_run_id)
    campaign = events.campaign(base.campaign_id)
    require(actor, Permission.PLAN, Place(area_code=campaign.district_code))
    hold(f"plan-run:{request.key}")
    first = db.session.scalar(select(PlanRun).where(PlanRun.idempotency_key == request.key))
    if first is not None and first.campaign_id != base.campaign_id:
        raise KeyReused(plan_run_id=first.plan_run_id)
    if first is not None:
        return first
    lifecycle.require_editable(campaign.state)
    if base.plan is None:
        raise PlanNotEditable(plan_run_id=base.plan_run_id, state=base.state.value)
    wanted = PlanRequest(request.key, base.campaign_id, request.seconds, base.workers, base.seed)
    require_limits(wanted)
    run = PlanRun(
        campaign_id=base.campaign_id,
        idempotency_key=request.key,
        state=PlanState.QUEUED,
        origin=PlanOrigin.REPAIR,
        based_on_id=base.plan_run_id,
        pins=pins_of(Plan.from_json(base.plan), edits_of(base)).to_json(),
        seconds=wanted.seconds,
        workers=wanted.workers,
        seed=wanted.seed,
        requested_at=clock.now(),
        requested_by_id=actor.account_id,
    )
    db.session.add(run)
    db.session.flush()
    audit.record(actor, "repair-plan", ("plan_run", run.plan_run_id), based_on=base.plan_run_id)
    enqueue(JobName.RUN_PLAN, plan_run_id=run.plan_run_id)
    return run


def given(plan_run_id: int) -> Given:
    """Return what the solve of a run starts from: nothing, or the plan before and what to keep of it."""
    run = db.session.get_one(PlanRun, plan_run_id)
    if run.origin is not PlanOrigin.REPAIR:
        return Given()
    base = db.session.get_one(PlanRun, run.based_on_id)
    return Given(Plan.from_json(base.plan), Pins.from_json(run.pins))


def fall_back(problem: Problem, outcome: Outcome, start: Given, may_go_on: Callable[[], bool]) -> Outcome:
    """Return the outcome, or, of a repair for which the solver found nothing in time, the nearest valid plan."""
    if outcome.status is not SolveStatus.UNDECIDED or start.previous is None or start.pins is None:
        return outcome
    if start.previous.problem != problem.sha256:  # the campaign is another one by now: its groups may be gone
        return outcome
    plan = settled(problem, start.previous, start.pins, may_go_on)
    return outcome if plan is None else replace(outcome, status=SolveStatus.FEASIBLE, plan=plan)


def edits_of(run: PlanRun) -> list[Edit]:
    """Return the changes made by hand since the last solve, the oldest first."""
    found = []
    row: PlanRun | None = run
    while row is not None and row.origin is PlanOrigin.HAND and row.edit is not None:
        found.append(Edit.from_json(row.edit))
        row = db.session.get(PlanRun, row.based_on_id) if row.based_on_id is not None else None
    return found[::-1]


def pins_of(plan: Plan, edits: list[Edit]) -> Pins:
    """Return what the changes want kept: whom they moved, and sessions whose team they changed.

    A session with somebody whom its timetable has no time for cannot be kept to the minute: only its people are.
    """
    roster = roster_of(plan)
    whole = {At(row.facility, row.date) for row in plan.sessions if all(who.steps for who in row.appointments)}
    teams = {
        place
        for edit in edits
        for place in (edit.origin, edit.target)
        if edit.kind in (EditKind.PROVIDER, EditKind.OPEN) and place in whole and roster[place].people
    }
    moved: Counter[tuple[str, At]] = Counter()
    for edit in edits:
        if edit.kind is EditKind.GROUP and edit.target is not None:
            moved[edit.subject, edit.target] += edit.number
        if edit.kind is EditKind.GROUP and edit.origin is not None:
            moved[edit.subject, edit.origin] -= edit.number
    people = {
        (group, place.facility, place.day): min(number, roster[place].people[group])
        for (group, place), number in moved.items()
        if number > 0 and place in roster and place not in teams
    }
    return Pins(
        frozenset((place.facility, place.day) for place in teams),
        tuple(sorted((key, number) for key, number in people.items() if number)),
    )
