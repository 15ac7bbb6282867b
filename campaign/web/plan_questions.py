"""Ask about a plan: why somebody is not served, and what the usual changes would be worth."""

from dataclasses import dataclass

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign import i18n
from campaign.events import queries as events
from campaign.planning import asking, queries
from campaign.planning.asking import Inquiry
from campaign.planning.models import PlanQuestion, PlanRun, QuestionKind, QuestionState
from campaign.planning.problem import Problem
from campaign.web import guard
from campaign.web.plan_breaks import change_in_words
from campaign.web.plan_words import group_name

blueprint = Blueprint("plan_questions", __name__)

OPEN = (QuestionState.QUEUED, QuestionState.WORKING)


@dataclass(frozen=True, slots=True)
class Price:
    """What one change would be worth, after less before at each level."""

    text: str
    difference: tuple[float, float, float, float]


@blueprint.get("/<int:plan_run_id>/prices")
def prices(plan_run_id: int) -> ResponseReturnValue:
    """Show the prices of the usual changes, or offer to work them out."""
    run = queries.visible_run(guard.actor(), plan_run_id)
    asked = [row for row in asking.questions(plan_run_id) if row.kind is QuestionKind.PRICES]
    if asked:
        return redirect(_address(asked[-1]))
    return render_template("plans/prices.html", run=run, campaign=events.campaign(run.campaign_id), row=None)


@blueprint.post("/<int:plan_run_id>/prices")
def ask_prices(plan_run_id: int) -> ResponseReturnValue:
    """Queue the list of prices."""
    queries.visible_run(guard.actor(), plan_run_id)
    return redirect(_address(asking.ask(guard.actor(), Inquiry(plan_run_id, QuestionKind.PRICES))))


@blueprint.post("/<int:plan_run_id>/why")
def ask_why(plan_run_id: int) -> ResponseReturnValue:
    """Queue the question why a group is not served."""
    queries.visible_run(guard.actor(), plan_run_id)
    group = request.form.get("group", "")
    return redirect(_address(asking.ask(guard.actor(), Inquiry(plan_run_id, QuestionKind.WHY, group))))


@blueprint.get("/<int:plan_run_id>/questions/<int:plan_question_id>")
def page(plan_run_id: int, plan_question_id: int) -> ResponseReturnValue:
    """Show a question: how far the worker is, or the answer."""
    run = queries.visible_run(guard.actor(), plan_run_id)
    row = asking.question(plan_run_id, plan_question_id)
    problem = queries.made(run).problem
    shown = {"run": run, "campaign": events.campaign(run.campaign_id), "row": row, "is_open": row.state in OPEN}
    if row.kind is QuestionKind.PRICES:
        return render_template("plans/prices.html", prices=_prices(row, problem), **shown)
    return render_template("plans/why.html", **shown, **_why(run, row, problem))


@blueprint.get("/<int:plan_run_id>/questions/<int:plan_question_id>/state")
def state(plan_run_id: int, plan_question_id: int) -> ResponseReturnValue:
    """Answer how far a question is, for the page that waits."""
    queries.visible_run(guard.actor(), plan_run_id)
    row = asking.question(plan_run_id, plan_question_id)
    return jsonify({"state": row.state.value, "is_open": row.state in OPEN, "done": row.done, "total": row.total})


def _address(row: PlanQuestion) -> str:
    return url_for("plan_questions.page", plan_run_id=row.plan_run_id, plan_question_id=row.plan_question_id)


def _prices(row: PlanQuestion, problem: Problem) -> list[Price]:
    found = []
    for price in (row.answer or {}).get("prices", ()):
        first, second, third, fourth = (
            after - before for after, before in zip(price["reached"], price["before"], strict=True)
        )
        found.append(Price(change_in_words(price["change"], problem), (first, second, third, fourth)))
    return sorted(
        found, key=lambda one: (-one.difference[0], -one.difference[1], -one.difference[2], one.difference[3])
    )


def _why(run: PlanRun, row: PlanQuestion, problem: Problem) -> dict[str, object]:
    answer = row.answer or {}
    reason = answer.get("reason")
    return {
        "group": group_name(problem, row.candidate_group or ""),
        "reason": i18n.word(reason, "Reason") if reason else None,
        "answer": answer,
        "shortages": [
            (problem.item[short["item"]].name, problem.item[short["item"]].unit, short)
            for short in answer.get("shortages", ())
        ],
        "helps": [(change_in_words(one["change"], problem), one["served"]) for one in answer.get("helps", ())],
        "places": [problem.facility[key].name for key in answer.get("facilities", ())],
    }
