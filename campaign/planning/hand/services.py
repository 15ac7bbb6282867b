"""Versions made by hand: each change is a new row that points at the one it changes; nothing is ever lost."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import Conflict, KeyReused
from campaign.events import lifecycle
from campaign.events import queries as events
from campaign.planning.approving import locked_run
from campaign.planning.assemble import assemble
from campaign.planning.check import Violation
from campaign.planning.estimates import is_estimated
from campaign.planning.hand.edits import Edit, EditKind
from campaign.planning.hand.revising import broken_rules, empty_plan, revised
from campaign.planning.models import PlanOrigin, PlanRun, PlanState
from campaign.planning.plan import Plan
from campaign.planning.problem import Problem, load
from campaign.transaction import hold

# What a version by hand passes on to a repair of it, when it rests on no solve.
SECONDS, WORKERS, SEED = 60, 2, 1


class PlanNotEditable(Conflict):
    """The run has no plan that could be changed."""

    code = "plan-not-editable"


@dataclass(frozen=True, slots=True)
class EditRequest:
    """A change to a plan; `key` is made by the sender, the same key gives the same version."""

    key: str
    plan_run_id: int
    edit: Edit


def edit_plan(actor: Actor, request: EditRequest) -> PlanRun:
    """Make a new version with one change, judged by the checker at once; what breaks is stored beside it."""
    base = locked_run(request.plan_run_id)
    _require_planner(actor, base.campaign_id)
    first = _made_before(request.key, base.campaign_id)
    if first is not None:
        return first
    if base.plan is None or base.problem is None or base.state is PlanState.APPROVED:
        raise PlanNotEditable(plan_run_id=base.plan_run_id, state=base.state.value)
    problem = load(base.problem.encode())
    plan = revised(problem, Plan.from_json(base.plan), request.edit)
    row = _version(actor, base.campaign_id, request.key, (base.problem, problem, plan))
    row.based_on_id, row.edit = base.plan_run_id, request.edit.to_json()
    row.seconds, row.workers, row.seed = base.seconds, base.workers, base.seed
    return _stored(actor, row)


def start_by_hand(actor: Actor, campaign_id: int, key: str) -> PlanRun:
    """Make an empty version of a campaign as it is today, to be filled by hand."""
    _require_planner(actor, campaign_id)
    first = _made_before(key, campaign_id)
    if first is not None:
        return first
    document = assemble(campaign_id).to_bytes()
    problem = load(document)
    row = _version(actor, campaign_id, key, (document.decode(), problem, empty_plan(problem)))
    row.edit = Edit(EditKind.START).to_json()
    return _stored(actor, row)


def _require_planner(actor: Actor, campaign_id: int) -> None:
    campaign = events.campaign(campaign_id)
    require(actor, Permission.PLAN, Place(area_code=campaign.district_code))
    lifecycle.require_editable(campaign.state)


def _made_before(key: str, campaign_id: int) -> PlanRun | None:
    hold(f"plan-run:{key}")
    first = db.session.scalar(select(PlanRun).where(PlanRun.idempotency_key == key))
    if first is not None and first.campaign_id != campaign_id:
        raise KeyReused(plan_run_id=first.plan_run_id)
    return first


def _version(actor: Actor, campaign_id: int, key: str, made: tuple[str, Problem, Plan]) -> PlanRun:
    text, problem, plan = made
    broken = broken_rules(problem, plan)
    now = clock.now()
    return PlanRun(
        campaign_id=campaign_id,
        idempotency_key=key,
        state=PlanState.DRAFT if broken else PlanState.SOLVED,
        origin=PlanOrigin.HAND,
        seconds=SECONDS,
        workers=WORKERS,
        seed=SEED,
        requested_at=now,
        requested_by_id=actor.account_id,
        problem=text,
        plan=plan.to_json(),
        broken=[_document(row) for row in broken] or None,
        is_estimated=is_estimated(problem),
        solved_at=now,
        served_priority=round(plan.objective.served_priority),
        served=round(plan.objective.served),
        min_coverage=plan.objective.min_coverage,
        cost=plan.objective.cost,
    )


def _stored(actor: Actor, row: PlanRun) -> PlanRun:
    db.session.add(row)
    db.session.flush()
    edit: Mapping[str, Any] = row.edit or {}
    facts = {"change": edit.get("kind"), "based_on": row.based_on_id, "broken": len(row.broken or ())}
    audit.record(actor, "edit-plan", ("plan_run", row.plan_run_id), campaign_id=row.campaign_id, **facts)
    return row


def _document(row: Violation) -> dict[str, Any]:
    facts = {key: value.isoformat() if isinstance(value, date) else value for key, value in row.facts.items()}
    return {**asdict(row), "facts": facts}
