"""Building the model: its columns, then the rows of every rule."""

from __future__ import annotations

from collections import defaultdict

from campaign.planning.solver import levels, session_rows, stock_rows
from campaign.planning.solver.capacity import Place, Timing
from campaign.planning.solver.crowding import most_of_shape
from campaign.planning.solver.layout import Layout, Pool
from campaign.planning.solver.model import Arc, Model, place_of


def build(
    layout: Layout, pools: list[Pool], *, thorough: bool = True, margin: int = 0, split_days: bool = False
) -> Model:
    """The model of a problem whose candidates are treated by pools."""
    model = prepare(layout, pools, thorough=thorough, margin=margin, split_days=split_days)
    session_rows.loads_are_arrivals(model)
    session_rows.sessions_have_room(model)
    session_rows.sessions_seat_people_alike(model)
    session_rows.providers_do_the_skilled_work(model)
    session_rows.providers_are_in_one_place(model)
    session_rows.sessions_are_limited(model)
    stock_rows.shelves_suffice(model)
    stock_rows.warehouses_suffice(model)
    session_rows.kelurahan_are_visited_first(model)
    levels.set_levels(model)
    return model


def prepare(
    layout: Layout, pools: list[Pool], *, thorough: bool = True, margin: int = 0, split_days: bool = False
) -> Model:
    """A model with its columns and no rows yet."""
    model = Model(layout, pools, thorough, margin, split_days)
    _timings(model)
    _columns(model)
    return model


def _timings(model: Model) -> None:
    known: dict[Place, Timing] = {}
    layout = model.layout
    wait = layout.problem.rules.max_wait_minutes
    for cell in range(len(layout.cells)):
        place = place_of(layout, cell)
        if place not in known:
            known[place] = Timing(place, list(layout.problem.methods), wait, model.margin)
        model.timing.append(known[place])


def _can_be_done(model: Model, cell: int, method: int) -> bool:
    """Rooms, hours and, for each skill, somebody who may be there."""
    layout = model.layout
    if method not in model.timing[cell].possible:
        return False
    skills = {step.skill for step in layout.problem.methods[method].timed_steps if step.skill is not None}
    present = {skill for p in layout.workers[cell] for skill in layout.problem.providers[p].skills}
    return skills <= present


def _columns(model: Model) -> None:
    layout, program = model.layout, model.program
    cells = range(len(layout.cells))
    doable = {
        (cell, method)
        for cell in cells
        for method in range(len(layout.problem.methods))
        if _can_be_done(model, cell, method)
    }
    direct, shared = _arc_plan(model, doable)
    for arc in (*direct, *shared):
        model.arcs[arc] = program.column(model.pools[arc.pool].count)
    supply: dict[tuple[int, int], int] = defaultdict(int)
    for arc in direct:
        pool = model.pools[arc.pool]
        supply[layout.cell_number[arc.facility, arc.days[0]], pool.method] += pool.count
    pools: dict[tuple[int, int, tuple[int, ...], tuple[int, ...]], int] = defaultdict(int)
    for arc in shared:
        pool = model.pools[arc.pool]
        pools[arc.facility, pool.method, pool.days, arc.days] += pool.count
    for (facility, method, days, part), people in pools.items():
        for day in part:
            cell = layout.cell_number[facility, day]
            model.spread[facility, method, days, part, day] = program.column(people)
            supply[cell, method] += people
    for (cell, method), people in sorted(supply.items()):
        alone = min(people, _most_alone(model, cell, method))
        model.alone[cell, method] = alone
        model.load[cell, method] = program.column(min(people, alone * layout.often[cell]), whole=True)
    for cell in sorted({cell for cell, _ in model.load}):
        model.held[cell] = program.column(layout.often[cell], whole=True)
        useful = {m for c, m in model.load if c == cell}
        skills = {s.skill for m in useful for s in layout.problem.methods[m].timed_steps}
        for provider in layout.workers[cell]:
            if skills & set(layout.problem.providers[provider].skills):
                model.works[provider, cell] = program.column(layout.days_at(provider, cell), whole=True)


def _arc_plan(model: Model, doable: set[tuple[int, int]]) -> tuple[list[Arc], list[Arc]]:
    """Arcs by single day where that is small, by set of days where many nodes share the days."""
    layout = model.layout
    phase_of = {day: number for number, phase in enumerate(layout.phases) for day in phase.days}
    parts: dict[tuple[int, int, tuple[int, ...], tuple[int, ...]], list[int]] = defaultdict(list)
    for number, pool in enumerate(model.pools):
        for facility in pool.km:
            open_days = [d for d in pool.days if (layout.cell_number.get((facility, d), -1), pool.method) in doable]
            by_phase: dict[int, list[int]] = defaultdict(list)
            for day in open_days:
                if layout.phases[phase_of[day]].visits != 0:
                    by_phase[phase_of[day]].append(day)
            for days in by_phase.values():
                parts[facility, pool.method, pool.days, tuple(days)].append(number)
    direct: list[Arc] = []
    shared: list[Arc] = []
    for (facility, _, _, part), members in parts.items():
        if model.split_days or len(part) == 1 or len(members) * len(part) <= len(members) + len(part):
            direct.extend(Arc(pool, facility, (day,)) for pool in members for day in part)
        else:
            shared.extend(Arc(pool, facility, part) for pool in members)
    return direct, shared


def _most_alone(model: Model, cell: int, method: int) -> int:
    """How many candidates of one method a session can serve at most, with everybody who may work there."""
    layout, timing = model.layout, model.timing[cell]
    shape = tuple((step.station, step.minutes) for step in timing.steps[method])
    most = most_of_shape(timing.place, shape, layout.problem.rules.max_wait_minutes) if shape else 10**9
    for position, step in enumerate(layout.problem.methods[method].timed_steps):
        works = [(method, position)]
        for span in timing.spans(works):
            units = timing.place.station(step.station)
            most = min(most, units * timing.room(span) // step.minutes)
            if step.skill is not None:
                minutes = sum(
                    timing.room(span, layout.problem.providers[p].minutes_per_day)
                    for p in layout.workers[cell]
                    if step.skill in layout.problem.providers[p].skills
                )
                most = min(most, minutes // step.minutes)
    return most
