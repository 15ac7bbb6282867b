"""Questions about a plan, answered by real solves."""

import pytest

from campaign.accounts.policy import SYSTEM
from campaign.db import db
from campaign.planning import asking
from campaign.planning.asking import Inquiry
from campaign.planning.models import PlanQuestion, QuestionKind, QuestionState
from campaign.planning.problem import load
from campaign.transaction import transaction
from tests.builders.plans import make_scene, make_solved_run
from workers.questions import answer_question


def _asked(kind: QuestionKind) -> int:
    with transaction(lambda job: None):
        run = make_solved_run(make_scene())
        group = next(g.id for g in load((run.problem or "").encode()).candidates if not g.priority)
        of = group if kind is QuestionKind.WHY else None
        return asking.ask(SYSTEM, Inquiry(run.plan_run_id, kind, of)).plan_question_id


def _answered(plan_question_id: int) -> PlanQuestion:
    db.session.remove()
    answer_question(plan_question_id)
    return db.session.get_one(PlanQuestion, plan_question_id)


@pytest.mark.usefixtures("real_app")
def test_why_says_how_many_could_be_served_without_any_change() -> None:
    row = _answered(_asked(QuestionKind.WHY))
    assert (row.state, row.failure) == (QuestionState.ANSWERED, None)
    assert row.answer is not None
    assert (row.answer["count"], row.answer["served"], row.answer["could_be_served"]) == (2, 1, 2)


@pytest.mark.usefixtures("real_app")
def test_the_list_of_prices_has_each_usual_change_with_both_sides() -> None:
    row = _answered(_asked(QuestionKind.PRICES))
    assert row.answer is not None
    prices = row.answer["prices"]
    assert {price["change"]["change"] for price in prices} >= {"hours", "stock", "travel", "ill"}
    ill = next(price for price in prices if price["change"]["change"] == "ill")
    assert (ill["before"][1], ill["reached"][1]) == (4, 0)  # the only midwife
    assert row.total == len(prices) + 1
