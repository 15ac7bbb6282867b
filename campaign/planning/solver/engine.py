"""solve(): problem in, outcome out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from typing import Any

from campaign.planning.plan import Plan
from campaign.planning.problem import Problem
from campaign.planning.solver.building import build
from campaign.planning.solver.city import solve_city
from campaign.planning.solver.frozen import Past
from campaign.planning.solver.greedy import Greedy
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.outcome import LEVELS, Level, Limits, Outcome, Progress, SolveStatus
from campaign.planning.solver.pins import Pins
from campaign.planning.solver.reasons import with_reasons
from campaign.planning.solver.replan import Held
from campaign.planning.solver.search import Clock, Search, replace_bounds
from campaign.planning.solver.start import start_from
from campaign.planning.solver.whole import keep_pins, solve_whole

_TOGETHER = "together the pins break a rule or cannot be timetabled"
_LARGE = 6_000  # pairs of kelurahan and facility, times dates, up to which one solver takes the whole model


def solve(
    problem: Problem,
    limits: Limits | None = None,
    *,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    publish: Callable[[Plan], None] | None = None,
    previous: Plan | None = None,
    pins: Pins | None = None,
    start: Plan | None = None,
) -> Outcome:
    """The best plan found within the limits, with proven bounds at all four levels.

    With `previous`, who can keep facility and date keeps them, before cost is looked at; `pins` are kept exactly,
    and the outcome is infeasible, with the clashes, where they cannot be. A `start` is a plan to begin from.
    """
    limits = limits or Limits()
    clock = Clock(limits, stop)
    if previous is not None and pins is not None and pins.frozen_before is not None:
        return from_date(problem, (previous, pins), clock, progress, publish)
    search = Search(Layout(problem), limits, clock, progress, publish)
    if previous is not None or pins is not None:
        return resolve(search, previous, pins or Pins())
    if start is None or not start_from(search, start):
        first_plan(search)
    if sum(len(near) for near in search.layout.km) * len(problem.dates) > _LARGE:
        solve_city(search)
    else:
        fine = build(search.layout, search.layout.single_pools())
        # who is visited in time is decided by kelurahan: where that binds, they stay apart
        apart = any(phase.visits is not None for phase in search.layout.phases)
        solve_whole(search, fine, fine if apart else build(search.layout, search.layout.merged_pools(by_reach=True)))
    return finish(search)


def first_plan(search: Search) -> None:
    """A plan within seconds, whatever the size."""
    greedy = Greedy(search.layout)
    greedy.run()
    search.take_over(greedy.choice, greedy.seats)


def from_date(
    problem: Problem,
    given: tuple[Plan, Pins],
    clock: Clock,
    progress: Callable[[Progress], None] | None,
    publish: Callable[[Plan], None] | None,
) -> Outcome:
    """Plan again from a date on; what the previous plan has before it stays as it was."""
    previous, pins = given
    past = Past.of(problem, previous, pins.frozen_before or date.min)
    clashes = past.clashes()
    if clashes:
        return Outcome(SolveStatus.INFEASIBLE, clashes=tuple(dict.fromkeys(map(str, clashes))), seconds=clock.spent)

    def tell(plan: Plan) -> None:
        whole = past.whole(plan)
        if publish is not None and whole is not None:
            publish(whole)

    search = Search(Layout(past.ahead()), clock.limits, clock, progress, tell)
    rest = tuple(row for row in previous.deliveries if row.date >= past.before)
    ahead = resolve(search, replace(previous, deliveries=rest, outreach=()), past.pins(pins), past)
    return past.outcome(ahead, previous)


def resolve(search: Search, previous: Plan | None, pins: Pins, past: Past | None = None) -> Outcome:
    """Plan again around what must stay. The whole model at any size, arcs by single day: most of it is held."""
    held = Held(search.layout, previous, pins)
    clashes = held.clashes or held.broken_rules()
    if clashes:
        return Outcome(SolveStatus.INFEASIBLE, clashes=clashes, seconds=search.clock.spent)
    model = build(search.layout, search.layout.single_pools(), split_days=True)
    held.write(model)
    if past is not None:
        past.write(model)
    search.held = held
    if not pins.anything:
        first_plan(search)
    elif previous is not None:
        keep_previous(search, previous, held)
    if pins.anything and not search.planned and not keep_pins(search, model):
        ahead = search.clock.over
        note = "no plan that keeps the pins was found in time" if ahead else _TOGETHER
        status = SolveStatus.UNDECIDED if ahead else SolveStatus.INFEASIBLE
        return Outcome(status, clashes=(note,), seconds=search.clock.spent)
    solve_whole(search, model)
    return finish(search)


def keep_previous(search: Search, previous: Plan, held: Held) -> None:
    """Begin with the previous plan where it keeps every pin."""
    trial = Search(search.layout, search.limits, search.clock)
    trial.held = held
    if start_from(trial, previous) and held.keeps(trial.plan):
        search.take_over(trial.choice, trial.seats)


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
    plan = replace(with_reasons(search.layout, replace_bounds(search.plan, search.bounds)), solver=papers)
    return Outcome(status, plan, levels, search.clock.spent)


def _version(package: str) -> str:
    try:
        return version(package)
    except ModuleNotFoundError:
        return "unknown"
