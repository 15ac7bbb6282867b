"""A plan seen as one of another problem: its figures, its unserved and its hash are that problem's."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from campaign.planning.check import achieved
from campaign.planning.plan import Bounds, Objective, Plan, Reason, Unserved
from campaign.planning.problem import Problem


def adapted(problem: Problem, plan: Plan) -> Plan:
    """The plan as one of this problem. Whether it is valid is for the checker; its bounds promise nothing."""
    served = Counter(who.candidate for session in plan.sessions for who in session.appointments)
    unserved = tuple(
        Unserved(group.id, group.count - served[group.id], Reason.NO_CAPACITY)
        for group in problem.candidates
        if served[group.id] < group.count
    )
    plan = replace(plan, problem=problem.sha256, unserved=unserved)
    real = achieved(problem, plan)
    return replace(plan, objective=real, bounds=Bounds(*real.levels))


def empty_plan(problem: Problem) -> Plan:
    """Nobody served: always valid."""
    return adapted(problem, Plan("", (), (), (), (), Objective(0, 0, 0, 0), Bounds(0, 0, 0, 0), {}))
