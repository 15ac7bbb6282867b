"""What a change would be worth: the difference at all four levels, by real solves of the changed problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaign.planning.changes import changed
from campaign.planning.plan import Objective, Plan
from campaign.planning.problem import Problem
from campaign.planning.solver import Limits, Outcome, solve

Solve = Callable[[Problem, Limits], Outcome]


@dataclass(frozen=True)
class Worth:
    """A change, what the plan of the changed problem reaches, and its proven limits."""

    change: Mapping[str, Any]
    reached: Objective
    limits: Objective
    before: Objective

    @property
    def difference(self) -> tuple[float, float, float, float]:
        """Priority served, served, coverage, rupiah: after less before."""
        pairs = zip(self.reached.levels, self.before.levels, strict=True)
        first, second, third, fourth = (after - before for after, before in pairs)
        return first, second, third, fourth


def what_if(
    problem: Problem, plan: Plan, changes: Sequence[Mapping[str, Any]], limits: Limits, run: Solve = solve
) -> list[Worth]:
    """The worth of each change by itself. Raises UnknownChange or InvalidProblem for a change that cannot be made.

    Both sides are solved with the same limits and the better of plan and new solve counts as before, so that a
    difference is never only the longer search.
    """
    fresh = run(problem, limits).plan
    before = plan.objective
    if fresh is not None and fresh.objective.better_than(before):
        before = fresh.objective
    found = []
    for change in changes:
        after = run(changed(problem, change), limits).plan
        if after is not None:
            found.append(Worth(change, after.objective, after.bounds, before))
    return found


def standard_changes(problem: Problem) -> list[dict[str, Any]]:
    """The usual questions: a team more, an hour more, fifty sets more of each item, wider travel, a doctor ill."""
    found: list[dict[str, Any]] = []
    mobile = next((row for row in problem.providers if row.mobile), None)
    if mobile is not None:
        found.append({"change": "team", "provider": mobile.id})
    found.append({"change": "hours", "minutes": 60})
    for house in problem.warehouses[:1]:
        for item in problem.items:
            quantity = -(-50 // item.pack) * item.pack
            found.append({"change": "stock", "warehouse": house.id, "item": item.id, "quantity": quantity})
        found.append({"change": "trips", "warehouse": house.id, "trips": 2})
    found.append({"change": "travel", "km": 5})
    if problem.outreach:
        found.append({"change": "stops", "stops": 2})
    busiest = max(problem.providers, key=lambda row: (len(row.skills), row.id), default=None)
    if busiest is not None:
        found.append({"change": "ill", "provider": busiest.id})
    return found
