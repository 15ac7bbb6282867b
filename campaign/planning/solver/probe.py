"""Asking the model one question: how many of a group could be served, if nothing that a plan reaches were lost?"""

from __future__ import annotations

from collections import Counter

from campaign.planning.plan import Objective, Plan
from campaign.planning.problem import Problem
from campaign.planning.solver.building import build
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.outcome import Limits
from campaign.planning.solver.search import Clock, Search, held_rows
from campaign.planning.solver.whole import settle


def most_of_group(problem: Problem, group: str, floor: Objective, limits: Limits) -> tuple[int, Plan | None]:
    """How many of the group a valid plan serves that is no worse than the floor at levels 1 and 2, and that plan.

    The number is what a seated and checked plan really serves; 0 with no plan when none was found in time.
    """
    layout = Layout(problem)
    search = Search(layout, limits, Clock(limits))
    search.planned = False
    model = build(layout, layout.single_pools())
    node = list(layout.groups_of).index(layout.node_key(group))
    aim: dict[int, float] = {column: 1.0 for arc, column in model.arcs.items() if arc.pool == node}
    row = layout.nodes[node]
    if row.priority and row.other:
        column = model.priority.get(node)
        if column is not None:
            aim = {column: 1.0} if problem.group[group].priority else {**aim, column: -1.0}
    program = held_rows(model.program, model, floor, 2)
    answer = search.run(program, aim, limits.seconds * 0.7, maximise=True, gaps=(0.0, 0.99))
    if answer.values is None:
        return 0, None
    settle(search, model, program, answer.values, 1, aim)
    plan = search.plan
    if plan.objective.served_priority < floor.served_priority or plan.objective.served < floor.served:
        return 0, None
    served = Counter(who.candidate for session in plan.sessions for who in session.appointments)
    return served[group], plan
