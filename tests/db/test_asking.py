"""Questions about a plan: asked once, answered once, and never lost."""

from datetime import timedelta

import pytest

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.errors import NotAllowed
from campaign.jobs import Job, JobName
from campaign.planning import asking
from campaign.planning.asking import Inquiry, InvalidQuestion, UnknownQuestion
from campaign.planning.models import PlanQuestion, PlanRun, QuestionKind, QuestionState
from campaign.planning.problem import load
from campaign.planning.services import ClaimLost
from tests.builders.actors import actor_with
from tests.builders.plans import make_run, make_scene, make_solved_run

pytestmark = pytest.mark.usefixtures("open_transaction")


def _why(run: PlanRun) -> PlanQuestion:
    group = load((run.problem or "").encode()).candidates[0].id
    return asking.ask(SYSTEM, Inquiry(run.plan_run_id, QuestionKind.WHY, group))


def test_a_question_is_asked_once_with_one_job() -> None:
    run = make_solved_run(make_scene())
    first = _why(run)
    assert _why(run).plan_question_id == first.plan_question_id
    jobs = [job for job in db.session.info["jobs"] if job.name is JobName.ANSWER_QUESTION]
    assert jobs == [Job(JobName.ANSWER_QUESTION, {"plan_question_id": first.plan_question_id})]


def test_a_question_is_taken_by_one_worker_and_answered() -> None:
    row = _why(make_solved_run(make_scene()))
    claim = asking.claim_question(row.plan_question_id)
    assert claim is not None
    assert asking.claim_question(row.plan_question_id) is None
    asking.record_solves(claim, 1, 3)
    asking.record_answer(claim, {"served": 1})
    db.session.refresh(row)
    assert (row.state, row.answer, row.done, row.total) == (QuestionState.ANSWERED, {"served": 1}, 1, 3)
    with pytest.raises(ClaimLost):
        asking.record_question_failure(claim, "plan-crashed")


def test_a_question_that_failed_may_be_asked_again() -> None:
    run = make_solved_run(make_scene())
    first = _why(run)
    claim = asking.claim_question(first.plan_question_id)
    assert claim is not None
    asking.record_question_failure(claim, "plan-crashed")
    db.session.expire_all()
    assert _why(run).plan_question_id != first.plan_question_id


def test_questions_whose_job_or_worker_was_lost_are_asked_for_again() -> None:
    row = _why(make_solved_run(make_scene()))
    assert asking.requeue_questions() == 0
    with clock.standing_at(clock.now() + asking.GRACE + timedelta(seconds=1)):
        assert asking.requeue_questions() == 1
        assert asking.claim_question(row.plan_question_id) is not None
        assert asking.requeue_questions() == 0
    with clock.standing_at(clock.now() + asking.GRACE + asking.CLAIM + timedelta(seconds=2)):
        assert asking.requeue_questions() == 1
        assert asking.claim_question(row.plan_question_id) is not None


def test_only_a_planner_asks_and_only_of_what_is_there() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    with pytest.raises(NotAllowed):
        asking.ask(actor_with(Role.VIEWER), Inquiry(run.plan_run_id, QuestionKind.PRICES))
    with pytest.raises(InvalidQuestion):
        asking.ask(SYSTEM, Inquiry(run.plan_run_id, QuestionKind.WHY, "nobody"))
    with pytest.raises(InvalidQuestion):
        asking.ask(SYSTEM, Inquiry(make_run(scene).plan_run_id, QuestionKind.PRICES))
    with pytest.raises(UnknownQuestion):
        asking.question(make_run(scene).plan_run_id, _why(run).plan_question_id)
