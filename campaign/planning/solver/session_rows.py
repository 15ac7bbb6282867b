"""Rows about sessions: who comes, what rooms and providers can do, how many sessions there may be."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from campaign.planning.solver.capacity import Span, Timing
from campaign.planning.solver.crowding import Shape, most_of_shape
from campaign.planning.solver.model import Model

_MOST_SKILLS_IN_FULL = 5  # above, only single skills, pairs and all together get rows: still a relaxation


def loads_are_arrivals(model: Model) -> None:
    """What a session does is what its groups send; no group sends more than it has."""
    layout, program = model.layout, model.program
    arrivals: dict[tuple[int, int], list[int]] = defaultdict(list)
    pools: dict[tuple[int, int, tuple[int, ...], tuple[int, ...]], list[int]] = defaultdict(list)
    sent: dict[int, list[int]] = defaultdict(list)
    for arc, column in model.arcs.items():
        pool = model.pools[arc.pool]
        sent[arc.pool].append(column)
        key = (arc.facility, pool.method, pool.days, arc.days)
        if (*key, arc.days[0]) in model.spread:
            pools[key].append(column)
        else:
            arrivals[layout.cell_number[arc.facility, arc.days[0]], pool.method].append(column)
    for key, columns in pools.items():
        out = [model.spread[(*key, day)] for day in key[3]]
        program.row([(c, 1) for c in columns] + [(c, -1) for c in out], least=0, most=0)
    for (facility, method, _, _, day), column in model.spread.items():
        arrivals[layout.cell_number[facility, day], method].append(column)
    for key2, columns in arrivals.items():
        program.row([(c, 1) for c in columns] + [(model.load[key2], -1)], least=0, most=0)
    for number, columns in sent.items():
        program.row([(c, 1) for c in columns], most=model.pools[number].count)


def _cell_loads(model: Model) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for (cell, method), column in model.load.items():
        found[cell][method] = column
    return found


def _work_terms(timing: Timing, span: Span, loads: dict[int, int]) -> list[tuple[int, float]]:
    return [(loads[work[0]], timing.minutes(work)) for work in span.works if work[0] in loads]


def _spans(model: Model, timing: Timing, works: list[tuple[int, int]]) -> list[Span]:
    spans = timing.spans(works)
    return spans if model.thorough else [span for span in spans if len(span.works) == len(works)]


def sessions_have_room(model: Model) -> None:
    """No station works longer than the session leaves it."""
    for cell, loads in _cell_loads(model).items():
        timing, program = model.timing[cell], model.program
        for station, units in timing.place.stations:
            works = [work for work in timing.at_station(station) if work[0] in loads]
            for span in _spans(model, timing, works):
                room = units * timing.room(span)
                program.row([*_work_terms(timing, span, loads), (model.held[cell], -room)], most=0)
        for method, column in loads.items():
            program.row([(column, 1), (model.held[cell], -model.alone[cell, method])], most=0)


def sessions_seat_people_alike(model: Model) -> None:
    """Methods with the same steps but for their skills: no more of them than some timetable could hold."""
    wait = model.layout.problem.rules.max_wait_minutes
    for cell, loads in _cell_loads(model).items():
        timing = model.timing[cell]
        alike: dict[Shape, list[int]] = defaultdict(list)
        for method, column in loads.items():
            shape = tuple((step.station, step.minutes) for step in timing.steps[method])
            alike[shape].append(column)
        for shape, columns in alike.items():
            if shape and len(columns) > 1:
                most = most_of_shape(timing.place, shape, wait)
                model.program.row([*((c, 1.0) for c in columns), (model.held[cell], -most)], most=0)


def _skill_sets(skills: list[str]) -> list[frozenset[str]]:
    sizes = list(range(1, len(skills) + 1)) if len(skills) <= _MOST_SKILLS_IN_FULL else [1, 2, len(skills)]
    return [frozenset(chosen) for size in sizes for chosen in combinations(skills, size)]


def _team_sets(model: Model, present: list[int], needed: set[str]) -> list[frozenset[str]]:
    """Single skills, what each provider has, and all together."""
    found = {frozenset({skill}) for skill in needed}
    for provider in present:
        found.add(frozenset(model.layout.problem.providers[provider].skills) & needed)
    return list((found | {frozenset(needed)}) - {frozenset()})


def providers_do_the_skilled_work(model: Model) -> None:
    """For every set of skills: its minutes fit into those of the providers who have one of them."""
    layout, program = model.layout, model.program
    present: dict[int, list[int]] = defaultdict(list)
    for provider, cell in model.works:
        present[cell].append(provider)
    for cell, loads in _cell_loads(model).items():
        timing = model.timing[cell]
        needed = {s.skill for m in loads for s in layout.problem.methods[m].timed_steps if s.skill is not None}
        seen: set[tuple[frozenset[tuple[int, int]], frozenset[int]]] = set()
        sets = _skill_sets(sorted(needed)) if model.thorough else _team_sets(model, present[cell], needed)
        for skills in sorted(sets, key=lambda chosen: (-len(chosen), sorted(chosen))):
            able = [p for p in present[cell] if skills & set(layout.problem.providers[p].skills)]
            works = [work for work in timing.skilled(skills) if work[0] in loads]
            for span in _spans(model, timing, works):
                if any(span.works <= other and set(able) == set(who) for other, who in seen if span.works == other):
                    continue
                seen.add((span.works, frozenset(able)))
                terms = _work_terms(timing, span, loads)
                for provider in able:
                    own = set(layout.problem.providers[provider].skills)
                    doable = frozenset(w for w in span.works if _skill(model, w) in own)
                    if doable:
                        room = timing.room(
                            Span(doable, span.stretches), layout.problem.providers[provider].minutes_per_day
                        )
                        terms.append((model.works[provider, cell], -room))
                program.row(terms, most=0)
    for (_, cell), column in model.works.items():
        program.row([(column, 1), (model.held[cell], -1)], most=0)


def _skill(model: Model, work: tuple[int, int]) -> str | None:
    skill: str | None = model.layout.problem.methods[work[0]].timed_steps[work[1]].skill
    return skill


def providers_are_in_one_place(model: Model) -> None:
    """A provider works in one cell a day, on at most `max_days` days."""
    layout, program = model.layout, model.program
    by_day: dict[tuple[int, int], list[int]] = defaultdict(list)
    for (provider, cell), column in model.works.items():
        by_day[provider, layout.cells[cell].day].append(column)
    total: dict[int, list[int]] = defaultdict(list)
    for (provider, _), columns in by_day.items():
        total[provider].extend(columns)
        if len(columns) > 1:
            program.row([(c, 1) for c in columns], most=1)
    for provider, columns in total.items():
        days = len({layout.cells[cell].day for p, cell in model.works if p == provider})
        if layout.problem.providers[provider].max_days < days:
            program.row([(c, 1) for c in columns], most=layout.problem.providers[provider].max_days)


def sessions_are_limited(model: Model) -> None:
    """min_session, max_sessions_per_day and max_dates_per_kecamatan."""
    layout, program, rules = model.layout, model.program, model.layout.problem.rules
    loads = _cell_loads(model)
    by_day: dict[int, list[int]] = defaultdict(list)
    for cell, column in model.held.items():
        where = layout.cells[cell]
        by_day[where.day].append(column)
        if rules.min_session > 0:
            program.row([(c, 1) for c in loads[cell].values()] + [(column, -rules.min_session)], least=0)
        if rules.max_dates_per_kecamatan is not None:
            key = (layout.kecamatan_of_facility[where.facility], where.day)
            if key not in model.dated:
                model.dated[key] = program.column(1, whole=True)
            program.row([(column, 1), (model.dated[key], -1)], most=0)
    if rules.max_sessions_per_day is not None:
        for columns in by_day.values():
            program.row([(c, 1) for c in columns], most=rules.max_sessions_per_day)
    per_kecamatan: dict[int, list[int]] = defaultdict(list)
    for (kecamatan, _), column in model.dated.items():
        per_kecamatan[kecamatan].append(column)
    for columns in per_kecamatan.values():
        program.row([(c, 1) for c in columns], most=rules.max_dates_per_kecamatan or 0)


def kelurahan_are_visited_first(model: Model) -> None:
    """A kelurahan sends people in a phase only when visited before it, and visits are limited."""
    layout, program = model.layout, model.program
    phase_of = {day: number for number, phase in enumerate(layout.phases) for day in phase.days}
    limited = [number for number, phase in enumerate(layout.phases) if phase.visits is not None]
    sent: dict[tuple[int, int], list[int]] = defaultdict(list)
    for arc, column in model.arcs.items():
        if phase_of[arc.days[0]] in limited:
            sent[arc.pool, phase_of[arc.days[0]]].append(column)
    for (pool, phase), columns in sent.items():
        terms: list[tuple[int, float]] = [(c, 1) for c in columns]
        for kelurahan, people in model.pools[pool].people.items():
            key = (kelurahan, phase)
            if key not in model.visited:
                model.visited[key] = program.column(1, whole=len(model.pools[pool].people) == 1)
            terms.append((model.visited[key], -people))
        program.row(terms, most=0)
    for number in limited:
        columns = [column for (_, phase), column in model.visited.items() if phase == number]
        program.row([(c, 1) for c in columns], most=layout.phases[number].visits or 0)
    for (kelurahan, phase), column in model.visited.items():
        later = model.visited.get((kelurahan, phase + 1))
        if later is not None:
            program.row([(column, 1), (later, -1)], most=0)
