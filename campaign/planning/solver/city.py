"""Large campaigns: ceilings from the outline, a plan drawn from it, then neighbourhoods until time is up.

With two workers the ceilings are sought beside the plan; solvers leave the interpreter free meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from campaign.planning.solver.building import build
from campaign.planning.solver.ceilings import Ceilings, cost_floor
from campaign.planning.solver.model import Model
from campaign.planning.solver.neighbourhood import improve_around
from campaign.planning.solver.outline import Season, build_outline
from campaign.planning.solver.search import Search
from campaign.planning.solver.sketch import Sketch, both_levels, draw, fill_in, near_pools

_MARGINS = (10, 0)  # minutes left idle: the second promises more, the first seats better
_RESERVE = 0.2  # of the limit, for the last bounds
_CEILING_SECONDS = 0.1  # of the limit, for each of the first three levels


def solve_city(search: Search) -> None:
    """Ceilings and plans side by side; the levels are then improved around a few facilities at a time."""
    search.seating.effort = 0.0  # hundreds of sessions: no time for CP-SAT on each
    search.repairs = 1
    season = Season(search.layout.problem)
    ceilings = Ceilings(search, season)
    outline = build_outline(season, season.single_pools(), thorough=False)
    wanted = ceilings.linear_wishes()
    sketch: list[Sketch] = []

    def plan() -> None:
        drawn = draw(search, outline, wanted, search.clock.spent + search.clock.left * 0.3)
        if drawn is not None:
            fill_in(search, drawn, wanted, search.clock.spent + search.clock.left * 0.4)
            sketch.append(drawn)

    def prove() -> None:
        ceilings.seek(search.limits.seconds * _CEILING_SECONDS)

    beside(search, prove, plan)
    ceilings.apply()
    _improve(search, ceilings, outline, sketch[0] if sketch else Sketch(outline, []))


def beside(search: Search, first: Callable[[], None], second: Callable[[], None]) -> None:
    """Both, at the same time where there is a second worker and time decides; else one after the other."""
    if search.limits.workers < 2 or search.limits.deterministic:
        first()
        second()
        return
    thread = threading.Thread(target=first)
    thread.start()
    second()
    thread.join()  # a thread left inside a solver would bring the interpreter down at its end


def _improve(search: Search, ceilings: Ceilings, outline: Model, sketch: Sketch) -> None:
    """Level by level around a few facilities; the last seconds belong to the bounds."""
    layout, clock = search.layout, search.clock
    reserve = search.limits.seconds * _RESERVE
    pools = near_pools(search, sketch)
    near = tuple(build(layout, pools, margin=margin) for margin in _MARGINS)

    def seconds(share: float) -> float:
        ceilings.apply()
        return max(0.0, (clock.left - reserve) * share)

    def plan() -> None:
        improve_around(search, near, 1, seconds(0.5), both_levels(near[0]))
        improve_around(search, near, 2, seconds(0.4))
        improve_around(search, near, 3, seconds(1.0))

    def prove() -> None:
        search.tighten(3, cost_floor(search, outline, max(1.0, clock.left), whole=False))
        if clock.left > 5.0:
            search.tighten(3, cost_floor(search, outline, clock.left - 4.5, whole=True))

    plan()
    if not clock.over:
        ceilings.apply()
        beside(search, prove, lambda: ceilings.close(search.limits.seconds * 0.03))
        ceilings.apply()
