"""Answers questions about plans: why somebody is not served, and what each of the usual changes would be worth."""

import logging
from dataclasses import asdict
from typing import Any

from campaign.planning import asking
from campaign.planning.asking import QuestionClaim
from campaign.planning.explain import why
from campaign.planning.models import QuestionKind
from campaign.planning.plan import Plan
from campaign.planning.problem import Problem
from campaign.planning.services import ClaimLost
from campaign.planning.solver import Limits, Outcome, solve_in_process
from campaign.planning.whatif import standard_changes, what_if
from workers.task import work

log = logging.getLogger(__name__)
_WHY_SOLVES = 6  # times the seconds of one solve, for all solves of an answer together


def answer_question(plan_question_id: int) -> None:
    """Answer one question, unless somebody else is at it."""
    with work():
        claim = asking.claim_question(plan_question_id)
    if claim is None:
        return
    try:
        answer = _why(claim) if claim.kind is QuestionKind.WHY else _prices(claim)
        with work():
            asking.record_answer(claim, answer)
    except ClaimLost:
        log.warning("question was taken over", extra={"plan_question_id": plan_question_id})
        return
    except Exception:
        with work():
            asking.record_question_failure(claim, "plan-crashed")
        raise
    log.info("question answered", extra={"plan_question_id": plan_question_id})


def _why(claim: QuestionClaim) -> dict[str, Any]:
    found = why(claim.problem, claim.plan, claim.group or "", Limits(seconds=_WHY_SOLVES * claim.seconds))
    return asdict(found)


def _prices(claim: QuestionClaim) -> dict[str, Any]:
    changes = standard_changes(claim.problem)
    done = 0

    def solved(problem: Problem, limits: Limits, start: Plan) -> Outcome:
        nonlocal done
        with work():
            asking.record_solves(claim, done, len(changes) + 1)
        done += 1
        return solve_in_process(problem.to_bytes(), limits, start=start)

    found = what_if(claim.problem, claim.plan, changes, Limits(seconds=claim.seconds), solved)
    return {
        "prices": [
            {
                "change": dict(row.change),
                "reached": row.reached.levels,
                "limits": row.limits.levels,
                "before": row.before.levels,
            }
            for row in found
        ]
    }
