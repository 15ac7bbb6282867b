"""Small campaigns: the whole model, level by level, to one solver; what does not seat is repaired."""

from __future__ import annotations

from dataclasses import replace

from campaign.planning.solver.choice import Choice, read_choice, trimmed
from campaign.planning.solver.model import Model
from campaign.planning.solver.outcome import LEVELS
from campaign.planning.solver.program import Program
from campaign.planning.solver.search import Search, held_rows, whole_flows
from campaign.planning.solver.seating import Overfull

_TRIMS = 5
_SHARES = (0.3, 0.45, 0.45, 0.9)  # of the time left, by level
_RELATIVE_GAPS = (0.0, 0.0, 1e-6, 1e-5)


def solve_whole(search: Search, model: Model) -> None:
    """Go through the levels; each leaves its bound and the best plan behind."""
    settled = search.proven(0) and search.proven(1)
    first = 2 if settled or _both_first_levels(search, model) else 0
    for level in range(first, 4):
        if search.clock.over:
            return
        if level == 3 and model.staying:
            _keep_places(search, model)
        if not search.proven(level):
            improve_level(search, model, level, search.clock.left * _SHARES[level])


def _both_first_levels(search: Search, model: Model) -> bool:
    """Often all that the linear program promises at level 1 can be kept: then level 2 settles both.

    Returns whether it did, so that looking again would only be more of the same.
    """
    relaxed = search.run(
        model.program, model.objectives[LEVELS[0]], search.clock.left * 0.2, maximise=True, relaxed=True
    )
    if relaxed.values is None:
        return False
    search.tighten(0, relaxed.bound)
    hoped = replace(search.plan.objective, served_priority=search.bounds[0])
    program = held_rows(model.program, model, hoped, 1)
    seconds = search.clock.left * _SHARES[1]
    answer = search.run(program, model.objectives[LEVELS[1]], seconds, maximise=True, gaps=(0.0, 0.999))
    if answer.values is not None:
        settle(search, model, program, answer.values, 1)
    if search.value(0) < search.bounds[0] or answer.infeasible:
        return False
    search.tighten(1, answer.bound)
    return True


def _keep_places(search: Search, model: Model) -> None:
    """Between levels 3 and 4: as many as possible keep facility and date; what is reached is held from here on."""
    program = held_rows(model.program, model, search.plan.objective, 3)
    answer = search.run(program, model.staying, search.clock.left * 0.5, maximise=True, gaps=(0.0, 0.999))
    if answer.values is not None:
        settle(search, model, program, answer.values, 2, model.staying)
    model.program.row(model.staying.items(), least=search.staying(search.plan))


def keep_pins(search: Search, model: Model) -> bool:
    """A first plan that keeps every pin; False when there is none."""
    objective = model.objectives["served"]
    answer = search.run(model.program, objective, search.clock.left * 0.3, maximise=True, gaps=(0.02, 0.0))
    if answer.values is not None:
        settle(search, model, model.program, answer.values, 1)
    return search.planned


def improve_level(search: Search, model: Model, level: int, seconds: float) -> None:
    """One level to one solver: a bound, and a plan when what it finds can be seated."""
    program = held_rows(model.program, model, search.plan.objective, level)
    objective = model.objectives[LEVELS[level]]
    gaps = (_RELATIVE_GAPS[level], 0.999 if level < 2 else 0.0)
    answer = search.run(program, objective, seconds, maximise=level < 3, gaps=gaps)
    if not answer.infeasible:
        search.tighten(level, answer.bound)
    if answer.values is not None:
        settle(search, model, program, answer.values, level)


def settle(
    search: Search,
    model: Model,
    program: Program,
    values: list[float],
    level: int,
    aim: dict[int, float] | None = None,
) -> None:
    """Turn a solution into a plan: seat it; where a session is overfull, serve fewer there and ask again."""
    objective = aim or model.objectives[LEVELS[level]]
    limited = program.copy()
    for _ in range(search.repairs):
        whole = whole_flows(search, model, limited, values, objective, maximise=level < 3)
        if whole is None:
            return
        choice = read_choice(model, whole)
        overfull = search.adopt(model, choice)
        if not overfull:
            return
        _adopt_trimmed(search, model, choice, overfull)
        if search.clock.over or search.repairs == 1:
            return
        again = _with_fewer(search, model, limited, whole, overfull, objective, maximise=level < 3)
        if again is None:
            return
        values = again


def _adopt_trimmed(search: Search, model: Model, choice: Choice, overfull: dict[int, Overfull]) -> None:
    """Serve fewer where it must be, so that a plan comes of it in any case; smaller teams may need a second look."""
    for _ in range(_TRIMS):
        choice = trimmed(search.layout, choice, {cell: full.fits for cell, full in overfull.items()})
        overfull = search.adopt(model, choice)
        if not overfull:
            return


def _with_fewer(
    search: Search,
    model: Model,
    limited: Program,
    values: list[float],
    overfull: dict[int, Overfull],
    objective: dict[int, float],
    *,
    maximise: bool,
) -> list[float] | None:
    """Solve again with the same teams, the overfull sessions held to what was seated."""
    for cell, full in overfull.items():
        for (where, method), column in model.load.items():
            if where == cell:
                limited.most[column] = min(limited.most[column], full.fits.get(method, 0))
                limited.least[column] = min(limited.least[column], limited.most[column])
    fixed = limited.copy()
    for column in model.works.values():
        fixed.least[column] = fixed.most[column] = round(values[column])
    seconds = max(1.0, min(10.0, search.clock.left / 5))
    return search.run(fixed, objective, seconds, maximise=maximise, gaps=(1e-4, 0.0)).values
