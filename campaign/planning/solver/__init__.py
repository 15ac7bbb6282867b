"""The planner: solve(problem, limits) is the one entry; solve_in_process() puts a wall around it.

OR-Tools is loaded by the first solve() and not by this import: who only starts the child process never needs it.
"""

from __future__ import annotations

from collections.abc import Callable

from campaign.planning.plan import Plan
from campaign.planning.problem import Problem
from campaign.planning.solver.outcome import LEVELS, Level, Limits, Outcome, Progress, SolveStatus
from campaign.planning.solver.pins import Pins, UnreadablePins
from campaign.planning.solver.process import solve_in_process

__all__ = [
    "LEVELS",
    "Level",
    "Limits",
    "Outcome",
    "Pins",
    "Progress",
    "SolveStatus",
    "UnreadablePins",
    "solve",
    "solve_in_process",
]


def solve(
    problem: Problem,
    limits: Limits | None = None,
    *,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    previous: Plan | None = None,
    pins: Pins | None = None,
    start: Plan | None = None,
) -> Outcome:
    """The best plan found within the limits, with proven bounds at all four levels.

    With `previous`, who can keep facility and date keeps them, before cost is looked at; `pins` are kept exactly,
    and the outcome is infeasible, with the clashes, where they cannot be. A `start` is a plan of this or a like
    problem to begin from, repaired where it no longer holds. Limit seconds are soft here: one call of a
    solver may overrun them; solve_in_process() holds them.
    """
    from campaign.planning.solver import engine

    return engine.solve(problem, limits, progress=progress, stop=stop, previous=previous, pins=pins, start=start)
