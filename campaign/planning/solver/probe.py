"""Asking the model one question: how many of a group could be served, if nothing that a plan reaches were lost?

The plan is opened around the group: the facilities it can reach are planned anew, the rest stays. What comes of it
is seated and checked, so the answer is what a real plan serves; that more is impossible is never claimed.
"""

from __future__ import annotations

from collections import Counter

from campaign.planning.check import violations
from campaign.planning.plan import Plan
from campaign.planning.problem import Problem, able_places
from campaign.planning.solver.bridge import values_of
from campaign.planning.solver.building import build
from campaign.planning.solver.choice import Choice, read_choice
from campaign.planning.solver.dealing import deal
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.model import Model
from campaign.planning.solver.outcome import Limits
from campaign.planning.solver.program import Program
from campaign.planning.solver.search import Clock, Search, held_rows, replace_bounds, whole_flows
from campaign.planning.solver.start import reached_pools, read_start
from campaign.planning.solver.timetable import Team, Visit

_NEAREST = 6  # facilities that are planned anew
_TRIES = 4  # times what does not seat is asked for again, with fewer in the sessions that were too full


def most_of_group(problem: Problem, group: str, plan: Plan, limits: Limits) -> tuple[int, Plan | None]:
    """How many of the group a valid plan serves that is no worse than this one at levels 1 and 2, and that plan.

    0 with no plan when none was found in time.
    """
    layout = Layout(problem)
    search = Search(layout, limits, Clock(limits))
    search.seating.effort = 0.2
    start = read_start(layout, plan)
    search.seats = {cell: seat for cell, seat in start.seats.items() if cell not in start.broken}
    node = list(layout.groups_of).index(layout.node_key(group))
    near = layout.km[layout.nodes[node].kelurahan]
    able = set(able_places(problem, problem.group[group]))
    open_ = set(sorted(near, key=lambda f: (f not in able, near[f]))[:_NEAREST])
    open_ |= {layout.cells[cell].facility for cell in start.broken}
    model = build(layout, reached_pools(layout, start.choice, open_), thorough=False)
    values = values_of(model, start.choice)
    if values is None:
        return 0, None
    program = held_rows(model.program, model, plan.objective, 2)
    _close(model, program, values, open_)
    found = _more(search, model, program, (_aim(model, problem, group, node), values))
    return (0, None) if found is None else _counted(search, *found, (group, plan))


def _more(
    search: Search, model: Model, program: Program, wanted: tuple[dict[int, float], list[float]]
) -> tuple[Choice, dict[int, tuple[Team, list[Visit]]]] | None:
    """A seated choice with more of the aim than these values have; None where there is none, or none in time."""
    aim, values = wanted
    served = round(sum(value * values[column] for column, value in aim.items()))
    promised = search.run(program, aim, search.clock.left * 0.5, maximise=True, relaxed=True)
    if promised.values is None or promised.bound < served + 1 - 1e-6:
        return None  # not even on paper
    for _ in range(_TRIES):
        seconds = max(0.5, search.clock.left * 0.5)
        answer = search.run(program, aim, seconds, maximise=True, hint=values, gaps=(0.0, 0.99))
        if answer.values is None or sum(v * answer.values[c] for c, v in aim.items()) < served + 0.5:
            return None
        whole = whole_flows(search, model, program, answer.values, aim, maximise=True)
        if whole is None:
            return None
        choice = read_choice(model, whole)
        seats, overfull = search.seat(model, choice)
        if not overfull:
            return choice, seats
        for cell, full in overfull.items():
            for (where, method), column in model.load.items():
                if where == cell:
                    program.most[column] = min(program.most[column], full.fits.get(method, 0))
    return None


def _counted(
    search: Search, choice: Choice, seats: dict[int, tuple[Team, list[Visit]]], asked: tuple[str, Plan]
) -> tuple[int, Plan | None]:
    """What a seated choice serves of the group, when the checker has nothing against it and nothing is lost."""
    group, before = asked
    found = replace_bounds(deal(search.layout, choice, seats), search.bounds)
    lost = any(found.objective.levels[level] < before.objective.levels[level] for level in (0, 1))
    if lost or violations(search.layout.problem, found):
        return 0, None
    return Counter(who.candidate for session in found.sessions for who in session.appointments)[group], found


def _aim(model: Model, problem: Problem, group: str, node: int) -> dict[int, float]:
    """The group's people: where others share its kelurahan, method and dates, those of its own priority."""
    aim: dict[int, float] = {column: 1.0 for arc, column in model.arcs.items() if arc.pool == node}
    row = model.layout.nodes[node]
    column = model.priority.get(node)
    if row.priority and row.other and column is not None:
        return {column: 1.0} if problem.group[group].priority else {**aim, column: -1.0}
    return aim


def _close(model: Model, program: Program, values: list[float], facilities: set[int]) -> None:
    """Hold everything that happens elsewhere as it is."""
    layout = model.layout
    here = {number for number, cell in enumerate(layout.cells) if cell.facility in facilities}
    kecamatan = {layout.kecamatan_of_facility[facility] for facility in facilities}
    held = [column for arc, column in model.arcs.items() if arc.facility not in facilities]
    held += [column for key, column in model.spread.items() if key[0] not in facilities]
    held += [column for (cell, _), column in model.load.items() if cell not in here]
    held += [column for cell, column in model.held.items() if cell not in here]
    held += [column for (_, cell), column in model.works.items() if cell not in here]
    held += [column for (_, facility, _), column in model.packs.items() if facility not in facilities]
    held += [column for (_, facility), column in model.trips.items() if facility not in facilities]
    held += [column for (number, _), column in model.dated.items() if number not in kecamatan]
    for column in held:
        program.least[column] = program.most[column] = round(values[column])
