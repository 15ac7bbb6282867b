"""Other ways to plan, for comparison: the aggregated model given whole to one solver, and a spreadsheet's greedy.

What a solver answers is seated by our own timetable; where a session cannot hold everybody, fewer are served.
"""

from __future__ import annotations

import math

from campaign.planning.plan import Plan
from campaign.planning.problem import Problem, load
from campaign.planning.solver import LEVELS, Limits
from campaign.planning.solver.building import build
from campaign.planning.solver.choice import read_choice, trimmed
from campaign.planning.solver.greedy import Greedy
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.model import Model
from campaign.planning.solver.program import Effort, Engine, Program, solve_program
from campaign.planning.solver.reasons import with_reasons
from campaign.planning.solver.sat import improve_by_sat
from campaign.planning.solver.search import Clock, Search, held_rows, replace_bounds, whole_flows

_TRIMS = 6


def greedy(document: bytes, seconds: float, workers: int) -> Plan:
    """Day by day, facility by facility: the nearest first, the poor before the others, until the session is full."""
    search = _search(load(document), seconds, workers)
    first = Greedy(search.layout)
    first.run()
    search.take_over(first.choice, first.seats)
    return _finished(search)


def whole(document: bytes, seconds: float, workers: int, engine: str) -> Plan:
    """The whole model level by level to one solver, each level held while the next is sought, time shared equally."""
    search = _search(load(document), seconds, workers)
    model = build(search.layout, search.layout.single_pools())
    for level, name in enumerate(LEVELS):
        program = held_rows(model.program, model, search.plan.objective, level)
        share = max(1.0, search.clock.left / (len(LEVELS) - level))
        effort = Effort(share, threads=workers, absolute_gap=0.999 if level < 2 else 0.0)
        values = _send(engine, program, model, (level, name), effort, search)
        if values is not None:
            _seat(search, model, program, values, level)
    return _finished(search)


def _send(
    engine: str, program: Program, model: Model, aim: tuple[int, str], effort: Effort, search: Search
) -> list[float] | None:
    level, name = aim
    objective = model.objectives[name]
    if engine == "cpsat":
        return improve_by_sat(
            program,
            objective,
            maximise=level < 3,
            hint=None,
            shares=frozenset({model.coverage}),
            seconds=effort.seconds,
            workers=effort.threads,
            seed=1,
        )
    kind = Engine.HIGHS if engine == "highs" else Engine.SCIP
    answer = solve_program(program, objective, effort, maximise=level < 3, engine=kind)
    if not answer.infeasible and math.isfinite(answer.bound):
        search.tighten(level, answer.bound)
    return answer.values


def _seat(search: Search, model: Model, program: Program, values: list[float], level: int) -> None:
    flows = whole_flows(search, model, program, values, model.objectives[LEVELS[level]], maximise=level < 3)
    if flows is None:
        return
    choice = read_choice(model, flows)
    for _ in range(_TRIMS):
        overfull = search.adopt(model, choice)
        if not overfull:
            return
        choice = trimmed(search.layout, choice, {cell: full.fits for cell, full in overfull.items()})


def _search(problem: Problem, seconds: float, workers: int) -> Search:
    limits = Limits(seconds, workers)
    return Search(Layout(problem), limits, Clock(limits))


def _finished(search: Search) -> Plan:
    return with_reasons(search.layout, replace_bounds(search.plan, search.bounds))
