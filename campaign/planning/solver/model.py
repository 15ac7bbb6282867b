"""The aggregated model: groups to facilities, method totals to facility and date, and every rule as rows.

It knows no single appointments: a timetable is promised only as far as `capacity` can tell, so that every valid plan
is a solution of the model (its bounds hold for plans) while a solution still has to be timetabled.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from campaign.planning.solver.capacity import Place, Span, Timing
from campaign.planning.solver.layout import Layout, Pool
from campaign.planning.solver.program import Program

_MOST_PACKS_TABULATED = 500
_MOST_SKILLS_IN_FULL = 5  # above, only single skills, pairs and all together get rows: still a relaxation


@dataclass(frozen=True, slots=True)
class Arc:
    """People of a pool sent to a facility, over a set of its days in one phase."""

    pool: int
    facility: int
    days: tuple[int, ...]


@dataclass
class Model:
    layout: Layout
    pools: list[Pool]
    thorough: bool = True  # rows for every span of steps; without, only for all steps of a station or skill set
    margin: int = 0  # minutes a stretch is left idle; above 0 the model is no relaxation, but its sessions seat better
    split_days: bool = False  # every arc a single day, so that people can be held to dates
    program: Program = field(default_factory=Program)
    arcs: dict[Arc, int] = field(default_factory=dict)
    spread: dict[tuple[int, int, tuple[int, ...], tuple[int, ...], int], int] = field(default_factory=dict)
    load: dict[tuple[int, int], int] = field(default_factory=dict)  # (cell, method)
    held: dict[int, int] = field(default_factory=dict)  # cell
    works: dict[tuple[int, int], int] = field(default_factory=dict)  # (provider, cell)
    packs: dict[tuple[int, int, str], int] = field(default_factory=dict)  # (slot, facility, item)
    trips: dict[tuple[int, int], int] = field(default_factory=dict)  # (slot, facility)
    priority: dict[int, int] = field(default_factory=dict)  # pool
    covered: dict[tuple[int, int], int] = field(default_factory=dict)  # (kecamatan, method)
    visited: dict[tuple[int, int], int] = field(default_factory=dict)  # (kelurahan, phase)
    dated: dict[tuple[int, int], int] = field(default_factory=dict)  # (kecamatan, day)
    staying: dict[int, float] = field(default_factory=dict)  # people who keep facility and date
    coverage: int = -1
    timing: list[Timing] = field(default_factory=list)  # by cell
    objectives: dict[str, dict[int, float]] = field(default_factory=dict)


def build(
    layout: Layout, pools: list[Pool], *, thorough: bool = True, margin: int = 0, split_days: bool = False
) -> Model:
    """The model of a problem whose candidates are treated by pools."""
    model = Model(layout, pools, thorough, margin, split_days)
    _timings(model)
    _columns(model)
    _loads_are_arrivals(model)
    _sessions_have_room(model)
    _providers_do_the_skilled_work(model)
    _providers_are_in_one_place(model)
    _sessions_are_limited(model)
    _shelves_suffice(model)
    _warehouses_suffice(model)
    _kelurahan_are_visited_first(model)
    _levels(model)
    return model


def place_of(layout: Layout, cell: int) -> Place:
    where = layout.cells[cell]
    stations = layout.problem.facilities[where.facility].stations
    return Place(where.windows, tuple(sorted(stations.items())))


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
        model.load[cell, method] = program.column(min(people, _most_alone(model, cell, method)), whole=True)
    for cell in sorted({cell for cell, _ in model.load}):
        model.held[cell] = program.column(1, whole=True)
        useful = {m for c, m in model.load if c == cell}
        skills = {s.skill for m in useful for s in layout.problem.methods[m].timed_steps}
        for provider in layout.workers[cell]:
            if skills & set(layout.problem.providers[provider].skills):
                model.works[provider, cell] = program.column(1, whole=True)


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
    most = 10**9
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


def _loads_are_arrivals(model: Model) -> None:
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


def _sessions_have_room(model: Model) -> None:
    """No station works longer than the session leaves it."""
    for cell, loads in _cell_loads(model).items():
        timing, program = model.timing[cell], model.program
        for station, units in timing.place.stations:
            works = [work for work in timing.at_station(station) if work[0] in loads]
            for span in _spans(model, timing, works):
                room = units * timing.room(span)
                program.row([*_work_terms(timing, span, loads), (model.held[cell], -room)], most=0)
        for column in loads.values():
            program.row([(column, 1), (model.held[cell], -program.most[column])], most=0)


def _skill_sets(skills: list[str]) -> list[frozenset[str]]:
    sizes = list(range(1, len(skills) + 1)) if len(skills) <= _MOST_SKILLS_IN_FULL else [1, 2, len(skills)]
    return [frozenset(chosen) for size in sizes for chosen in combinations(skills, size)]


def _team_sets(model: Model, present: list[int], needed: set[str]) -> list[frozenset[str]]:
    """Single skills, what each provider has, and all together."""
    found = {frozenset({skill}) for skill in needed}
    for provider in present:
        found.add(frozenset(model.layout.problem.providers[provider].skills) & needed)
    return list((found | {frozenset(needed)}) - {frozenset()})


def _providers_do_the_skilled_work(model: Model) -> None:
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


def _providers_are_in_one_place(model: Model) -> None:
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


def _sessions_are_limited(model: Model) -> None:
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


def _shelves_suffice(model: Model) -> None:
    """Between any two days a facility uses no more than it can have had by then: exact for first expired first out."""
    layout, problem = model.layout, model.layout.problem
    use: dict[tuple[int, str], list[tuple[int, int, int]]] = defaultdict(list)  # -> (day, column, units)
    for (cell, method), column in model.load.items():
        where = layout.cells[cell]
        for item, units in problem.methods[method].uses.items():
            if units:
                use[where.facility, item].append((where.day, column, units))
    for (f, item), rows in use.items():
        facility = problem.facilities[f]
        days = sorted({day for day, _, _ in rows})
        most = sum(units * int(model.program.most[column]) for _, column, units in rows)
        if layout.opening(facility, item, days[-1]) >= most:
            continue
        _packs(model, f, item, most)
        opening = [layout.opening(facility, item, day) for day in days]
        firsts = [k for k in range(len(days)) if k == 0 or opening[k] < opening[k - 1]]
        arriving = {slot.day for number, slot in enumerate(layout.slots) if (number, f, item) in model.packs}
        # between two arrivals the later day's row implies the earlier one's
        lasts = [k for k in range(len(days)) if k + 1 == len(days) or any(days[k] < a <= days[k + 1] for a in arriving)]
        for first in firsts:
            for last in (k for k in lasts if k >= first):
                _shelf_row(
                    model, (f, item), [row for row in rows if days[first] <= row[0] <= days[last]], opening[first]
                )


def _packs(model: Model, facility: int, item: str, most: int) -> None:
    layout, program = model.layout, model.program
    pack = layout.problem.item[item].pack
    for number, slot in enumerate(layout.slots):
        free = layout.may_leave[slot.warehouse].get(item, 0) // pack
        packs = min(free, -(-most // pack))
        if packs <= 0:
            continue
        if (number, facility) not in model.trips:
            model.trips[number, facility] = program.column(1, whole=True)
        # single units need not be whole here: whole people make what is missing whole, and floors are taken later
        column = program.column(packs, whole=pack > 1)
        model.packs[number, facility, item] = column
        program.row([(column, 1), (model.trips[number, facility], -packs)], most=0)


def _shelf_row(model: Model, key: tuple[int, str], rows: list[tuple[int, int, int]], opening: int) -> None:
    """Units used by the rows' loads come from the shelf or from packs; tightened where all take the same units."""
    facility, item = key
    last = max(day for day, _, _ in rows)
    pack = model.layout.problem.item[item].pack
    columns = [
        column
        for number, slot in enumerate(model.layout.slots)
        if slot.day <= last and (column := model.packs.get((number, facility, item))) is not None
    ]
    units = {used for _, _, used in rows}
    if len(units) > 1:
        terms: list[tuple[int, float]] = [(column, used) for _, column, used in rows]
        model.program.row(terms + [(column, -pack) for column in columns], most=opening)
        return
    most = max((int(model.program.most[column]) for column in columns), default=0)
    for people, persons_per_pack in envelope(opening, pack, units.pop(), most):
        terms = [(column, 1.0) for _, column, _ in rows]
        model.program.row(terms + [(column, -persons_per_pack) for column in columns], most=people)


def envelope(opening: int, pack: int, units: int, most: int) -> list[tuple[float, float]]:
    """Lines (people at no pack, people per pack) over the most people that q packs can serve, q = 0, 1, ... most.

    The number of people is a staircase in q; its upper hull over all q is what whole packs and whole people allow.
    """
    if pack % units == 0 or most > _MOST_PACKS_TABULATED:
        return [(opening // units if pack % units == 0 else opening / units, pack / units)]
    hull: list[tuple[int, int]] = []
    for packs in range(most + 1):
        point = (packs, (opening + pack * packs) // units)
        while len(hull) >= 2 and _turns_up(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    if most == 0:
        return [(hull[0][1], 0.0)]
    slopes = [(q1, n1, (n2 - n1) / (q2 - q1)) for (q1, n1), (q2, n2) in pairwise(hull)]
    return [(n1 - slope * q1, slope) for q1, n1, slope in slopes]


def _turns_up(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    return (b[1] - a[1]) * (c[0] - b[0]) <= (c[1] - b[1]) * (b[0] - a[0])


def _warehouses_suffice(model: Model) -> None:
    layout, program = model.layout, model.program
    shipped: dict[tuple[int, str], list[int]] = defaultdict(list)
    for (slot, _, item), column in model.packs.items():
        shipped[layout.slots[slot].warehouse, item].append(column)
    for (warehouse, item), columns in shipped.items():
        pack = layout.problem.item[item].pack
        program.row([(c, 1) for c in columns], most=layout.may_leave[warehouse].get(item, 0) // pack)
    by_slot: dict[int, list[int]] = defaultdict(list)
    by_pair: dict[tuple[int, int], list[int]] = defaultdict(list)
    for (slot, facility), column in model.trips.items():
        by_slot[slot].append(column)
        by_pair[layout.slots[slot].warehouse, facility].append(column)
    for slot, columns in by_slot.items():
        if layout.slots[slot].trips < len(columns):
            program.row([(c, 1) for c in columns], most=layout.slots[slot].trips)
    for columns in by_pair.values():
        if len(columns) > 1:
            program.row([(c, 1) for c in columns], most=1)


def _kelurahan_are_visited_first(model: Model) -> None:
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


def _levels(model: Model) -> None:
    _served(model)
    _coverage(model)
    _cost(model)


def _served(model: Model) -> None:
    program = model.program
    sent: dict[int, list[int]] = defaultdict(list)
    for arc, column in model.arcs.items():
        sent[arc.pool].append(column)
    first: dict[int, float] = {}
    for number, columns in sent.items():
        pool = model.pools[number]
        if pool.other == 0:
            first.update(dict.fromkeys(columns, 1.0))
        elif pool.priority:
            column = program.column(pool.priority)
            model.priority[number] = column
            first[column] = 1.0
            program.row([(c, 1) for c in columns] + [(column, -1)], least=0, most=pool.other)
    model.objectives["served_priority"] = first
    model.objectives["served"] = dict.fromkeys(model.load.values(), 1.0)


def _coverage(model: Model) -> None:
    layout, program = model.layout, model.program
    arcs: dict[tuple[int, int], list[int]] = defaultdict(list)
    for arc, column in model.arcs.items():
        pool = model.pools[arc.pool]
        arcs[pool.kecamatan, pool.method].append(column)
    model.coverage = program.column(1.0)
    for k, kecamatan in enumerate(layout.problem.kecamatan):
        total = sum(kecamatan.target.values())
        if not total:
            continue
        columns = []
        for method_id, target in kecamatan.target.items():
            served = arcs.get((k, layout.method_number[method_id]), [])
            if target and served:
                column = program.column(target, whole=True)
                model.covered[k, layout.method_number[method_id]] = column
                columns.append(column)
                program.row([(c, 1) for c in served] + [(column, -1)], least=0)
        program.row([(c, 1) for c in columns] + [(model.coverage, -total)], least=0)
    model.objectives["min_coverage"] = {model.coverage: 1.0}


def _cost(model: Model) -> None:
    layout, problem = model.layout, model.layout.problem
    cost: dict[int, float] = {}
    for arc, column in model.arcs.items():
        cost[column] = model.pools[arc.pool].km[arc.facility] * problem.rules.cost_per_km_person
    for cell, column in model.held.items():
        cost[column] = problem.facilities[layout.cells[cell].facility].session_cost
    for (provider, cell), column in model.works.items():
        cost[column] = layout.places[provider][layout.cells[cell].facility]
    for (slot, facility), column in model.trips.items():
        cost[column] = layout.trip_cost(layout.slots[slot].warehouse, facility)
    model.objectives["cost"] = cost
