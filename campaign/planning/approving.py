"""An approved plan becomes sessions, reservations, appointments and invitations: all of them, or nothing."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import chain

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import Conflict, NotFound
from campaign.events import lifecycle, sessions
from campaign.events import services as events
from campaign.events.models import ServiceSession
from campaign.events.queries import facility_ids_of
from campaign.events.sessions import NewSession
from campaign.logistics import services as logistics
from campaign.outreach import appointments, candidates, invitations
from campaign.outreach import queries as outreach
from campaign.outreach.appointments import NewAppointment
from campaign.planning import problem as problems
from campaign.planning import stock
from campaign.planning.assemble import assemble
from campaign.planning.models import PlanRun, PlanState
from campaign.planning.plan import Appointment, Plan, Session
from campaign.planning.problem import Problem
from campaign.planning.staleness import Change, what_changed
from campaign.registry import queries as registry


class UnknownPlan(NotFound):
    """No plan run has this id."""

    code = "unknown-plan"


class PlanNotSolved(Conflict):
    """The run has no plan to approve, or a plan of the campaign is approved already."""

    code = "plan-not-solved"


class PlanServesNobody(Conflict):
    """The plan holds no session: there is nothing to carry out."""

    code = "plan-serves-nobody"


class PlanOnEstimates(Conflict):
    """The plan was made of targets: nobody can be invited by it."""

    code = "plan-on-estimates"


class PlanIsStale(Conflict):
    """Stock, calendar, people or candidates are no longer what the plan was made from; `changes` has everything."""

    code = "plan-is-stale"

    def __init__(self, changes: tuple[Change, ...], **facts: object) -> None:
        self.changes = changes
        super().__init__(changes=len(changes), **facts)


@dataclass(frozen=True, slots=True)
class _Names:
    """The rows behind the identifiers of a plan."""

    facilities: dict[str, int]
    providers: dict[str, int]
    stock: stock.Stock

    @classmethod
    def of(cls, campaign_id: int, district_code: str) -> "_Names":
        """Read the rows that take part in a campaign."""
        ids = facility_ids_of(campaign_id)
        return cls(
            {row.code: row.facility_id for row in registry.facilities(ids)},
            {row.code: row.provider_id for row in registry.providers(ids)},
            stock.read(ids, district_code),
        )


def approve_plan(actor: Actor, plan_run_id: int) -> PlanRun:
    """Approve a plan that still fits the world; an approved one is returned as it is.

    Raises PlanIsStale with everything that changed since the plan was made.
    """
    run = locked_run(plan_run_id)
    candidates.lock_list(run.campaign_id)
    campaign = events.locked_campaign(run.campaign_id)
    require(actor, Permission.APPROVE_PLAN, Place(area_code=campaign.district_code))
    if run.state is PlanState.APPROVED:
        return run
    if run.state is not PlanState.SOLVED or run.problem is None:
        raise PlanNotSolved(plan_run_id=plan_run_id, state=run.state.value)
    lifecycle.require_editable(campaign.state)
    if run.is_estimated:
        raise PlanOnEstimates(plan_run_id=plan_run_id)
    plan = Plan.from_json(run.plan)
    if not plan.sessions:
        raise PlanServesNobody(plan_run_id=plan_run_id)
    problem = problems.load(run.problem.encode())
    changes = what_changed(problem, assemble(run.campaign_id), plan, clock.today())
    if changes:
        raise PlanIsStale(changes, plan_run_id=plan_run_id)
    run.state, run.approved_at, run.approved_by_id = PlanState.APPROVED, clock.now(), actor.account_id
    audit.record(actor, "approve-plan", ("plan_run", plan_run_id), campaign_id=run.campaign_id)
    events.mark_approved(actor, run.campaign_id)
    _carry_out(actor, run, (problem, plan), _Names.of(run.campaign_id, campaign.district_code))
    return run


def locked_run(plan_run_id: int) -> PlanRun:
    """Return a run, locked until the transaction ends."""
    run = db.session.get(PlanRun, plan_run_id, with_for_update=True, populate_existing=True)
    if run is None:
        raise UnknownPlan(plan_run_id=plan_run_id)
    return run


def _carry_out(actor: Actor, run: PlanRun, solved: tuple[Problem, Plan], names: _Names) -> None:
    problem, plan = solved
    held = sorted(plan.sessions, key=lambda row: (row.date, row.facility))
    rows = sessions.create_sessions(
        actor, run.campaign_id, run.plan_run_id, [_session(row, problem, names) for row in held]
    )
    logistics.reserve_for_plan(actor, run.plan_run_id, run.campaign_id, _deliveries(plan, names))
    expected = _deal(run.campaign_id, list(zip(held, rows, strict=True)), names)
    made = appointments.create_appointments(actor, run.campaign_id, run.plan_run_id, expected)
    invitations.queue_invitations(actor, run.campaign_id, made)


def _session(row: Session, problem: Problem, names: _Names) -> NewSession:
    opens, closes = _open_between(row, problem)
    return NewSession(
        facility_id=names.facilities[row.facility],
        held_on=row.date,
        opens_at=opens,
        closes_at=closes,
        provider_ids=tuple(sorted(names.providers[code] for code in row.providers)),
    )


def _open_between(row: Session, problem: Problem) -> tuple[time, time]:
    """Return from the opening of the window with the first appointment to the close of the last one's."""
    windows = sorted(problem.facility[row.facility].hours[row.date])
    starts = [slot.start for who in row.appointments for slot in who.steps] or [windows[0][0]]
    opens = max((window[0] for window in windows if window[0] <= min(starts)), default=windows[0][0])
    closes = min((window[1] for window in windows if window[1] > max(starts)), default=windows[-1][1])
    return _wall(opens), _wall(closes)


def _deliveries(plan: Plan, names: _Names) -> list[logistics.PlannedDelivery]:
    return [
        logistics.PlannedDelivery(
            warehouse_id=names.stock.warehouse_id(row.warehouse),
            facility_id=names.facilities[row.facility],
            stock_lot_id=names.stock.lot_id(row.warehouse, line.item, line.lot),
            deliver_on=row.date,
            quantity=line.quantity,
        )
        for row in sorted(plan.deliveries, key=lambda row: (row.date, row.warehouse, row.facility))
        for line in sorted(row.lines, key=lambda line: (line.item, line.lot))
    ]


def _deal(campaign_id: int, held: list[tuple[Session, ServiceSession]], names: _Names) -> list[NewAppointment]:
    """Give the plan's appointments of each group to its persons: earliest place to the first on the list."""
    waiting = {row.group_id: iter(row.candidate_ids) for row in outreach.candidate_groups(campaign_id)}
    places: defaultdict[str, list[tuple[date, int, str, Appointment, ServiceSession]]] = defaultdict(list)
    for planned, row in held:
        for who in planned.appointments:
            places[who.candidate].append((planned.date, _start(who, row), planned.facility, who, row))
    return [
        NewAppointment(
            candidate_id=next(waiting[group]),
            service_session_id=row.service_session_id,
            expected_at=_instant(day, start),
            provider_id=_provider(who, names),
        )
        for group in sorted(places)
        for day, start, _, who, row in sorted(places[group], key=lambda place: place[:3])
    ]


def _start(who: Appointment, row: ServiceSession) -> int:
    return who.steps[0].start if who.steps else row.opens_at.hour * 60 + row.opens_at.minute


def _provider(who: Appointment, names: _Names) -> int | None:
    codes = chain((slot.provider for slot in who.steps if slot.provider is not None), (None,))
    code = next(codes)
    return None if code is None else names.providers[code]


def _wall(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def _instant(day: date, minutes: int) -> datetime:
    return datetime.combine(day, _wall(minutes), clock.zone()).astimezone(UTC)
