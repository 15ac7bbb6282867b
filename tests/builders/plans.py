"""A campaign that can be planned, and a small plan made by hand: no solver, and every number can be checked by eye."""

from dataclasses import dataclass, replace
from datetime import timedelta

from campaign.accounts.policy import SYSTEM, Actor, Grant
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.events.models import Campaign
from campaign.logistics.models import StockLot
from campaign.outreach.models import Candidate
from campaign.planning import services
from campaign.planning.check import achieved
from campaign.planning.models import PlanRun
from campaign.planning.plan import (
    Appointment,
    Bounds,
    Delivery,
    Objective,
    Plan,
    Reason,
    Session,
    StepSlot,
    Unserved,
    Usage,
)
from campaign.planning.problem import Problem, load
from campaign.planning.services import PlanRequest
from campaign.planning.solver import Outcome, SolveStatus
from tests.builders.accounts import make_user
from tests.builders.candidates import Wish, make_candidate
from tests.builders.events import DAYS, make_campaign, make_targets
from tests.builders.logistics import Depot, key, make_depot, make_stock
from tests.builders.registry import KECAMATAN

HELD_ON = DAYS[0]  # a Tuesday
DELIVERED_ON = HELD_ON - timedelta(1)


@dataclass(frozen=True, slots=True)
class Scene:
    """A city with stock, a draft campaign and four candidates for an IUD, the first two of them poor."""

    depot: Depot
    campaign: Campaign
    candidates: tuple[Candidate, ...]
    lot: StockLot
    head: Actor


def make_scene() -> Scene:
    """Add everything that a plan of one session needs."""
    depot = make_depot()
    campaign = make_campaign(depot.city)
    make_targets(campaign, {(KECAMATAN, "iud"): 5})
    candidates = tuple(make_candidate(campaign.campaign_id, Wish(is_poor=number < 2)) for number in range(4))
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    account = make_user(Role.HEAD)
    head = Actor(account_id=account.account_id, grants=(Grant(Role.HEAD),))
    return Scene(depot, campaign, candidates, lot, head)


def plan_by_hand(problem: Problem, scene: Scene, served: int = 3) -> Plan:
    """Return a valid plan: the first `served` candidates at the puskesmas on the first date, one after the other."""
    groups = [group.id for group in problem.candidates for _ in range(group.count)]
    groups.sort(key=lambda key: not problem.group[key].priority)
    place, midwife = scene.depot.city.puskesmas.code, scene.depot.city.midwife.code
    taken = (Usage("iud", scene.lot.number, served),)
    session = Session(
        place,
        HELD_ON,
        (midwife,),
        tuple(_appointment(key, number, midwife) for number, key in enumerate(groups[:served])),
        taken,
    )
    unserved = [
        Unserved(group.id, left, Reason.NO_CAPACITY)
        for group in problem.candidates
        if (left := group.count - groups[:served].count(group.id))
    ]
    nothing = Objective(0, 0, 0, 0)
    plan = Plan(
        problem=problem.sha256,
        sessions=(session,),
        deliveries=(Delivery("GUDANG", place, DELIVERED_ON, taken),),
        outreach=(),
        unserved=tuple(unserved),
        objective=nothing,
        bounds=Bounds(*nothing.levels),
        solver={"seed": 1},
    )
    real = achieved(problem, plan)
    return replace(plan, objective=real, bounds=Bounds(real.served_priority, 4, 1.0, 0))


def _appointment(group: str, number: int, midwife: str) -> Appointment:
    """Registration 5, anamnesis 15, service 20 minutes: with one midwife the next may start 20 minutes later."""
    start = 8 * 60 + 20 * number
    return Appointment(group, (StepSlot(start, 0), StepSlot(start + 5, 0), StepSlot(start + 20, 0, midwife)))


def make_run(scene: Scene, **changes: object) -> PlanRun:
    """Queue a run of the scene's campaign."""
    values: dict[str, object] = {"key": key(), "campaign_id": scene.campaign.campaign_id}
    return services.request_plan(SYSTEM, PlanRequest(**values | changes))  # type: ignore[arg-type]


def make_solved_run(scene: Scene, served: int = 3) -> PlanRun:
    """Add a run whose plan was made by hand and recorded as a worker records it."""
    run = make_run(scene)
    claim = services.claim_run(run.plan_run_id)
    assert claim is not None
    problem = load(services.store_problem(claim))
    outcome = Outcome(SolveStatus.FEASIBLE, plan_by_hand(problem, scene, served))
    assert services.record_outcome(claim, problem, outcome) is None
    db.session.refresh(run)
    return run
