"""solve(): problem in, outcome out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from campaign.planning.plan import Plan
from campaign.planning.problem import Problem
from campaign.planning.solver.city import solve_city
from campaign.planning.solver.greedy import Greedy
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.model import build
from campaign.planning.solver.outcome import LEVELS, Level, Limits, Outcome, Progress, SolveStatus
from campaign.planning.solver.search import Clock, Search, replace_bounds
from campaign.planning.solver.whole import solve_whole

_LARGE = 6_000  # pairs of kelurahan and facility, times dates, up to which one solver takes the whole model


def solve(
    problem: Problem,
    limits: Limits | None = None,
    *,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    publish: Callable[[Plan], None] | None = None,
) -> Outcome:
    """The best plan found within the limits, with proven bounds at all four levels."""
    limits = limits or Limits()
    clock = Clock(limits, stop)
    search = Search(Layout(problem), limits, clock, progress, publish)
    first_plan(search)
    if sum(len(near) for near in search.layout.km) * len(problem.dates) > _LARGE:
        solve_city(search)
    else:
        solve_whole(search, build(search.layout, search.layout.single_pools()))
    return finish(search)


def first_plan(search: Search) -> None:
    """A plan within seconds, whatever the size."""
    greedy = Greedy(search.layout)
    greedy.run()
    search.take_over(greedy.choice, greedy.seats)


def finish(search: Search) -> Outcome:
    """The outcome of a search: status, levels and the plan with its bounds and papers."""
    levels = tuple(
        Level(name, search.value(number), search.bounds[number], search.proven(number))
        for number, name in enumerate(LEVELS)
    )
    status = SolveStatus.OPTIMAL if all(level.proven for level in levels) else SolveStatus.FEASIBLE
    papers: dict[str, Any] = {
        "name": "serempak",
        "status": status.value,
        "proven": {level.name: level.proven for level in levels},
        "seconds": round(search.clock.spent, 3),
        "seed": search.limits.seed,
        "workers": search.limits.workers,
        "limit_seconds": search.limits.seconds,
        "versions": {"serempak": _version("serempak"), "ortools": _version("ortools")},
    }
    plan = replace(replace_bounds(search.plan, search.bounds), solver=papers)
    return Outcome(status, plan, levels, search.clock.spent)


def _version(package: str) -> str:
    try:
        return version(package)
    except ModuleNotFoundError:
        return "unknown"
