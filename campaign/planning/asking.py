"""Questions about a plan that take solves to answer: asked once, answered by one worker, kept with the plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from campaign import audit, clock
from campaign.accounts.policy import SYSTEM, Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import Invalid, Mistake, NotFound
from campaign.events import queries as events
from campaign.jobs import JobName, enqueue
from campaign.planning.approving import locked_run
from campaign.planning.models import PlanQuestion, PlanRun, QuestionKind, QuestionState
from campaign.planning.plan import Plan
from campaign.planning.problem import Problem, load
from campaign.planning.services import ClaimLost

# A list of prices is a dozen solves; the task itself is ended earlier than this.
CLAIM = timedelta(minutes=20)
GRACE = timedelta(minutes=2)  # after which a question that waits has lost its job
SECONDS = {QuestionKind.WHY: 8, QuestionKind.PRICES: 20}  # for each single solve


class UnknownQuestion(NotFound):
    """No question has this id, or not about this plan."""

    code = "unknown-question"


class InvalidQuestion(Invalid):
    """There is nothing to ask: no plan, or no such group in it."""

    code = "invalid-question"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What somebody wants to know of a plan; `group` says of whom for WHY."""

    plan_run_id: int
    kind: QuestionKind
    group: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionClaim:
    """One worker's hold on one question, with all it takes to answer it."""

    plan_question_id: int
    until: datetime
    kind: QuestionKind
    group: str | None
    seconds: int
    problem: Problem
    plan: Plan


def ask(actor: Actor, wanted: Inquiry) -> PlanQuestion:
    """Queue a question; one that was asked before, and did not fail, is returned with its answer."""
    run = locked_run(wanted.plan_run_id)
    campaign = events.campaign(run.campaign_id)
    require(actor, Permission.PLAN, Place(area_code=campaign.district_code))
    first = db.session.scalar(
        select(PlanQuestion).where(
            PlanQuestion.plan_run_id == run.plan_run_id,
            PlanQuestion.kind == wanted.kind,
            PlanQuestion.candidate_group.is_not_distinct_from(wanted.group),
            PlanQuestion.state != QuestionState.FAILED,
        )
    )
    if first is not None:
        return first
    if run.plan is None or run.problem is None:
        raise InvalidQuestion((Mistake("plan", "no-plan-yet"),))
    if wanted.kind is QuestionKind.WHY and wanted.group not in load(run.problem.encode()).group:
        raise InvalidQuestion((Mistake("group", "no-such-group"),))
    row = PlanQuestion(
        plan_run_id=run.plan_run_id,
        kind=wanted.kind,
        candidate_group=wanted.group,
        seconds=SECONDS[wanted.kind],
        state=QuestionState.QUEUED,
        asked_at=clock.now(),
        asked_by_id=actor.account_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "ask-about-plan", ("plan_run", run.plan_run_id), kind=wanted.kind.value)
    enqueue(JobName.ANSWER_QUESTION, plan_question_id=row.plan_question_id)
    return row


def question(plan_run_id: int, plan_question_id: int) -> PlanQuestion:
    """Return a question about a plan."""
    found = db.session.get(PlanQuestion, plan_question_id)
    if found is None or found.plan_run_id != plan_run_id:
        raise UnknownQuestion(plan_question_id=plan_question_id)
    return found


def questions(plan_run_id: int) -> list[PlanQuestion]:
    """Return the questions about a plan that did not fail, the oldest first."""
    query = select(PlanQuestion).where(
        PlanQuestion.plan_run_id == plan_run_id, PlanQuestion.state != QuestionState.FAILED
    )
    return list(db.session.scalars(query.order_by(PlanQuestion.plan_question_id)))


def claim_question(plan_question_id: int) -> QuestionClaim | None:
    """Take a question that waits, or one whose worker has died; None when there is nothing to take."""
    now = clock.now()
    is_abandoned = (PlanQuestion.state == QuestionState.WORKING) & (PlanQuestion.claimed_until < now)
    row = db.session.scalar(
        select(PlanQuestion)
        .where(
            PlanQuestion.plan_question_id == plan_question_id,
            or_(PlanQuestion.state == QuestionState.QUEUED, is_abandoned),
        )
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    until = now + CLAIM
    row.state, row.claimed_until, row.done, row.total = QuestionState.WORKING, until, 0, None
    run = db.session.get_one(PlanRun, row.plan_run_id)
    problem = load((run.problem or "").encode())
    seconds = row.seconds
    return QuestionClaim(
        plan_question_id, until, row.kind, row.candidate_group, seconds, problem, Plan.from_json(run.plan)
    )


def record_solves(claim: QuestionClaim, done: int, total: int) -> None:
    """Show how far the worker is."""
    _write(claim, done=done, total=total)


def record_answer(claim: QuestionClaim, answer: Mapping[str, Any]) -> None:
    """Keep the answer beside the plan."""
    _write(claim, state=QuestionState.ANSWERED, claimed_until=None, answer=dict(answer), answered_at=clock.now())
    audit.record(SYSTEM, "answer-question", ("plan_question", claim.plan_question_id), kind=claim.kind.value)


def record_question_failure(claim: QuestionClaim, code: str) -> None:
    """Note that there is no answer, and why; it may be asked again."""
    _write(claim, state=QuestionState.FAILED, claimed_until=None, failure=code, answered_at=clock.now())


def requeue_questions() -> int:
    """Ask again for questions that wait or whose worker has died; return how many."""
    now = clock.now()
    forgotten = (PlanQuestion.state == QuestionState.QUEUED) & (PlanQuestion.asked_at < now - GRACE)
    is_abandoned = (PlanQuestion.state == QuestionState.WORKING) & (PlanQuestion.claimed_until < now)
    query = select(PlanQuestion.plan_question_id).where(forgotten | is_abandoned)
    found = list(db.session.scalars(query.order_by(PlanQuestion.plan_question_id)))
    for plan_question_id in found:
        enqueue(JobName.ANSWER_QUESTION, plan_question_id=plan_question_id)
    return len(found)


def _write(claim: QuestionClaim, **values: object) -> None:
    row = db.session.execute(
        update(PlanQuestion)
        .where(
            PlanQuestion.plan_question_id == claim.plan_question_id,
            PlanQuestion.state == QuestionState.WORKING,
            PlanQuestion.claimed_until == claim.until,
        )
        .values(**values)
        .returning(PlanQuestion.plan_question_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        raise ClaimLost(plan_question_id=claim.plan_question_id)
