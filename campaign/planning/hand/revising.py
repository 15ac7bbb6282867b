"""A plan and a change give a new plan: seated, supplied, with its figures and with the limits that still hold. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from campaign.planning.check import Violation, achieved, violations
from campaign.planning.hand.edits import Edit, Place, Roster, apply, roster_of
from campaign.planning.hand.seating import seated
from campaign.planning.hand.supply import supplied
from campaign.planning.plan import Bounds, Objective, Plan, Reason, Unserved
from campaign.planning.problem import Problem


def revised(problem: Problem, plan: Plan, edit: Edit) -> Plan:
    """Return the plan after a change, valid or not; raises ImpossibleEdit where the change itself is nonsense."""
    roster = roster_of(plan)
    apply(problem, roster, edit)
    return rebuilt(problem, plan, roster)


def rebuilt(problem: Problem, plan: Plan, roster: Roster) -> Plan:
    """Return a plan with the people and teams of a roster, and with the limits of `plan` that still hold."""
    before = {Place(row.facility, row.date): row for row in plan.sessions}
    bare = [seated(problem, place, roster[place], before.get(place)) for place in sorted(roster)]
    sessions, deliveries = supplied(problem, bare, plan.deliveries)
    served = Counter(who.candidate for session in sessions for who in session.appointments)
    known = {row.candidate: row for row in plan.unserved}
    unserved = tuple(
        Unserved(group.id, group.count - served[group.id], known[group.id].reason if group.id in known else _UNKNOWN)
        for group in problem.candidates
        if served[group.id] < group.count
    )
    new = replace(
        plan, sessions=sessions, deliveries=deliveries, unserved=unserved, solver=_papers(plan, unserved, known)
    )
    objective = achieved(problem, new)
    return replace(new, objective=objective, bounds=bounds_that_hold(problem, plan, objective))


def empty_plan(problem: Problem) -> Plan:
    """Return the plan in which nobody is served: what a plan by hand starts from."""
    unserved = tuple(Unserved(group.id, group.count, _UNKNOWN) for group in problem.candidates if group.count)
    nothing = Objective(0, 0, 0, 0)
    unchecked = [row.candidate for row in unserved]
    plan = Plan(
        problem.sha256, (), (), (), unserved, nothing, Bounds(0, 0, 0, 0), {"name": "hand", "unchecked": unchecked}
    )
    objective = achieved(problem, plan)
    return replace(plan, objective=objective, bounds=_limits_by_counting(problem))


def broken_rules(problem: Problem, plan: Plan) -> list[Violation]:
    """Return every rule that a plan breaks, in the order of the rules."""
    return violations(problem, plan)


# Nobody has looked why: the format asks for a reason, the papers say that it is not one.
_UNKNOWN = Reason.NO_CAPACITY


def _papers(plan: Plan, unserved: tuple[Unserved, ...], known: dict[str, Unserved]) -> dict[str, Any]:
    """Return the account of a plan by hand: on which solve it rests, and whose reason nobody has looked for."""
    old = set(plan.solver.get("unchecked", ()))
    unchecked = [
        row.candidate
        for row in unserved
        if row.candidate in old or row.candidate not in known or known[row.candidate].count != row.count
    ]
    return {**plan.solver, "name": "hand", "unchecked": unchecked}


def bounds_that_hold(problem: Problem, plan: Plan, objective: Objective) -> Bounds:
    """Return what is proven of any plan that equals `objective` on the levels before.

    The limit of a level was proven for plans as good as `plan` on the levels before it: while the new plan is as good
    there, the limit still holds. Beyond that only counting is left.
    """
    counted = _limits_by_counting(problem)
    rows = []
    is_equal = True
    for number, (mine, theirs) in enumerate(zip(objective.levels, plan.objective.levels, strict=True)):
        limit = plan.bounds.levels[number] if is_equal else counted.levels[number]
        rows.append(min(limit, mine) if number == 3 else max(limit, mine))  # a plan that breaks rules can be beyond
        is_equal = is_equal and abs(mine - theirs) <= 1e-9 * max(1.0, abs(theirs))
    return Bounds(*rows)


def _limits_by_counting(problem: Problem) -> Bounds:
    priority = sum(group.count for group in problem.candidates if group.priority)
    return Bounds(priority, sum(group.count for group in problem.candidates), 1.0, 0.0)
