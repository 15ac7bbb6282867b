"""A sketch: a whole plan from the outline down, its sessions and teams first, then days, then people."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

from campaign.planning.solver.agenda import Agenda, choose_days, closest
from campaign.planning.solver.building import build
from campaign.planning.solver.choice import read_choice
from campaign.planning.solver.elastic import Elastic, elastic, hold_packs, made_whole, narrowed, worthwhile
from campaign.planning.solver.layout import Pool
from campaign.planning.solver.model import Model
from campaign.planning.solver.outline import Season
from campaign.planning.solver.search import Search, whole_flows
from campaign.planning.solver.whole import adopt_trimmed

_USED = 0.03  # a share of a session or of a provider's day that is worth a whole one
_FIRST = 10.0  # what a person with priority counts while levels 1 and 2 are sought together
_MARGIN = 10  # minutes that stations are left idle, so that sessions can be seated
_SECOND_LOOK = 8.0  # seconds beyond its time that may have passed when what was overfull is solved again


@dataclass
class Sketch:
    """What the outline decided: its solution, and the facilities to which people of each kind may go."""

    outline: Model
    values: list[float]
    near: dict[tuple[int, int], set[int]] = field(default_factory=lambda: defaultdict(set))  # (kelurahan, method)


def draw(search: Search, outline: Model, wanted: list[float], until: float) -> Sketch | None:
    """Counts of sessions and team-days that come close to what is wanted, at little cost; packs are settled first."""
    season = outline.layout
    aim = elastic(outline, wanted)
    guide = search.run(aim.program, aim.objective, until - search.clock.spent, maximise=False, relaxed=True)
    if guide.values is None:
        return None
    small, kept = narrowed(aim, worthwhile(outline, guide.values, guide.reduced))
    hold_packs(search, outline, small, [guide.values[column] for column in sorted(kept)], kept)
    counts = [kept[c] for c in (*outline.works.values(), *outline.held.values(), *outline.trips.values()) if c in kept]
    seconds = max(1.0, (until - search.clock.spent) * 0.9)
    found = made_whole(search, small, [counts], [seconds])
    if found is None:
        return None
    values = [0.0] * len(outline.program.least)
    for column, number in kept.items():
        if column < len(values):
            values[column] = found[number]
    sketch = Sketch(outline, values)
    for arc, column in outline.arcs.items():
        if column in kept:
            node = season.nodes[outline.pools[arc.pool].members[0]]
            sketch.near[node.kelurahan, node.method].add(arc.facility)
    return sketch


def near_pools(search: Search, sketch: Sketch) -> list[Pool]:
    """Every node by itself, with the facilities that the sketch thinks of, the closest, and those of the plan."""
    layout = search.layout
    used: dict[int, set[int]] = defaultdict(set)
    for (node, cell), people in search.choice.flows.items():
        if people:
            used[node].add(layout.cells[cell].facility)
    pools = []
    for pool in layout.single_pools():
        who = layout.nodes[pool.members[0]]
        keep = sketch.near[who.kelurahan, who.method] | closest(pool) | used[pool.members[0]]
        pools.append(replace(pool, km={f: km for f, km in pool.km.items() if f in keep}))
    return pools


def fill_in(search: Search, sketch: Sketch, wanted: list[float], until: float) -> None:
    """Give the sketch days and people; what its days cannot hold opens further sessions. The plan is adopted."""
    layout, season = search.layout, sketch.outline.layout
    assert isinstance(season, Season)
    agenda = choose_days(sketch.outline, sketch.values, search.limits.seed)
    model = build(layout, near_pools(search, sketch), margin=_MARGIN, thorough=False)
    aim = elastic(model, wanted)
    _fix_packs(model, sketch, agenda, aim)
    for cell, column in model.held.items():
        aim.program.least[column] = float(cell in agenda.held)
    for key, column in model.works.items():
        aim.program.least[column] = float(key in agenda.works)
    guide = search.run(aim.program, aim.objective, until - search.clock.spent, maximise=False, relaxed=True).values
    if guide is None:
        return
    _open_more(model, agenda, guide)
    drop = {column for cell, column in model.held.items() if cell not in agenda.held}
    drop |= {column for key, column in model.works.items() if key not in agenda.works}
    drop |= {column for (cell, _), column in model.load.items() if cell not in agenda.held}
    small, kept = narrowed(aim, set(range(len(aim.program.least))) - drop)
    first = (model.held, model.works, model.visited, model.dated, model.trips, model.packs)
    turns = [[column for table in first for column in table.values()], list(model.load.values())]
    families = [[kept[column] for column in turn if column in kept] for turn in turns]
    seconds = max(1.0, (until - search.clock.spent) / 2.2)
    found = made_whole(search, small, families, [seconds, seconds])
    if found is None:
        return
    crowded = _take_over(search, model, kept, found)
    if crowded and search.clock.spent < until + _SECOND_LOOK:
        for number in families[0]:
            if small.program.whole[number]:
                small.program.least[number] = small.program.most[number] = round(found[number])
        for (cell, method), column in model.load.items():
            if cell in crowded and column in kept:
                small.program.most[kept[column]] = crowded[cell].get(method, 0)
        again = made_whole(search, small, [families[1]], [seconds])
        if again is not None:
            _take_over(search, model, kept, again)


def _take_over(search: Search, model: Model, kept: dict[int, int], found: list[float]) -> dict[int, dict[int, int]]:
    """Seat and adopt a solution, with fewer where it must be; by overfull session, the people who fit by method."""
    values = [0.0] * len(model.program.least)
    program = model.program.copy()
    program.most = [0.0 if column not in kept else most for column, most in enumerate(program.most)]
    for column, number in kept.items():
        if column < len(values):
            values[column] = found[number]
    whole = whole_flows(search, model, program, values, both_levels(model), maximise=True)
    if whole is None:
        return {}
    choice = read_choice(model, whole)
    overfull = search.adopt(model, choice)
    if overfull:
        adopt_trimmed(search, model, choice, overfull)
    return {cell: row.fits for cell, row in overfull.items()}


def both_levels(model: Model) -> dict[int, float]:
    """Levels 1 and 2 as one objective."""
    objective = dict(model.objectives["served"])
    for column, value in model.objectives["served_priority"].items():
        objective[column] = objective.get(column, 0.0) + _FIRST * value
    return objective


def _fix_packs(model: Model, sketch: Sketch, agenda: Agenda, aim: Elastic) -> None:
    """The packs that the outline sends, on the first trips for whoever has the first session."""
    layout = model.layout
    first: dict[int, int] = {}
    for cell in agenda.held:
        where = layout.cells[cell]
        first[where.facility] = min(where.day, first.get(where.facility, where.day))
    season = sketch.outline.layout
    sent: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for (slot, facility, item), column in sketch.outline.packs.items():
        if sketch.values[column] > 0.5:
            sent[season.slots[slot].warehouse, facility][item] = int(sketch.values[column] + 0.5)
    left = [slot.trips for slot in layout.slots]
    chosen: dict[tuple[int, int], int] = {}
    for warehouse, facility in sorted(sent, key=lambda pair: (first.get(pair[1], 99), pair)):
        slots = [n for n, slot in enumerate(layout.slots) if slot.warehouse == warehouse and left[n] > 0]
        if slots:
            chosen[warehouse, facility] = slots[0]
            left[slots[0]] -= 1
    for (slot, facility, item), column in model.packs.items():
        warehouse = layout.slots[slot].warehouse
        if chosen.get((warehouse, facility)) != slot:
            aim.program.most[column] = 0.0
        elif model.program.whole[column]:  # single units are left to the people
            aim.program.most[column] = min(aim.program.most[column], sent[warehouse, facility].get(item, 0))
    for (slot, facility), column in model.trips.items():
        aim.program.most[column] = float(chosen.get((layout.slots[slot].warehouse, facility)) == slot)


def _open_more(model: Model, agenda: Agenda, values: list[float]) -> None:
    """Sessions and providers that the linear program wants beyond the agenda, as far as the rules let them."""
    layout, rules = model.layout, model.layout.problem.rules
    busy = {(provider, layout.cells[cell].day) for provider, cell in agenda.works}
    worked = Counter(provider for provider, _ in busy)
    dates: dict[int, set[int]] = defaultdict(set)
    by_day: Counter[int] = Counter()
    for cell in agenda.held:
        where = layout.cells[cell]
        dates[layout.kecamatan_of_facility[where.facility]].add(where.day)
        by_day[where.day] += 1
    most_dates = rules.max_dates_per_kecamatan or len(layout.problem.dates)
    most_sessions = rules.max_sessions_per_day or len(layout.cells)
    for cell, column in sorted(model.held.items(), key=lambda row: -values[row[1]]):
        where = layout.cells[cell]
        mine = dates[layout.kecamatan_of_facility[where.facility]]
        room = (where.day in mine or len(mine) < most_dates) and by_day[where.day] < most_sessions
        if cell not in agenda.held and values[column] > _USED and room:
            agenda.held.add(cell)
            mine.add(where.day)
            by_day[where.day] += 1
    for (provider, cell), column in sorted(model.works.items(), key=lambda row: -values[row[1]]):
        day = layout.cells[cell].day
        free = (provider, day) not in busy and worked[provider] < layout.problem.providers[provider].max_days
        if cell in agenda.held and values[column] > _USED and free:
            agenda.works.add((provider, cell))
            busy.add((provider, day))
            worked[provider] += 1
