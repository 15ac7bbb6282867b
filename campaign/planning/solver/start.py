"""A plan as the start of a search: taken over where it still holds, else repaired and the rest of it kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from campaign.planning.adapting import adapted
from campaign.planning.check import violations
from campaign.planning.plan import Plan, Session
from campaign.planning.problem import shifted
from campaign.planning.solver.building import build
from campaign.planning.solver.capacity import Place, Timing
from campaign.planning.solver.choice import Choice
from campaign.planning.solver.dealing import team_of
from campaign.planning.solver.layout import Layout, Pool
from campaign.planning.solver.model import Model, place_of
from campaign.planning.solver.program import Program
from campaign.planning.solver.search import Search
from campaign.planning.solver.timetable import Team, Visit
from campaign.planning.solver.whole import settle

Seats = dict[int, tuple[Team, list[Visit]]]
_REPAIR_SECONDS = 20.0
_BREATH = 1e-9  # of a person, for a rupiah
_DEALT_ANEW = frozenset(  # lots, trips and visits are dealt out anew: what breaks there breaks no session by itself
    {"usage", "not-on-shelf", "expired", "not-first-expired", "delivery", "delivery-twice", "delivery-line"}
    | {"broken-pack", "too-many-trips", "may-not-leave", "not-first-expired-shipped"}
    | {"visited-twice", "not-visited-in-time", "outreach-visit", "too-many-stops"}
)


@dataclass
class Start:
    """A plan in the numbers of a layout; `broken` are the cells whose session cannot stay as it is."""

    choice: Choice
    seats: Seats
    broken: set[int]


def start_from(search: Search, plan: Plan) -> bool:
    """Make the plan, repaired where it must be, the best one so far; whether any came of it."""
    start = read_start(search.layout, plan)
    if not start.broken:
        search.take_over(start.choice, start.seats)
    if search.planned:
        return True
    search.seats = {cell: seat for cell, seat in start.seats.items() if cell not in start.broken}
    model = build(search.layout, reached_pools(search.layout, start.choice, set()), thorough=False)
    program = model.program.copy()
    _only_what_was(model, program, start)
    weight = 1.0 + sum(group.count for group in search.layout.problem.candidates)
    objective = dict(model.objectives["served"])
    for column, value in model.objectives["served_priority"].items():
        objective[column] = objective.get(column, 0.0) + weight * value
    for column, value in model.objectives["cost"].items():
        objective[column] = objective.get(column, 0.0) - value * _BREATH
    seconds = max(1.0, min(_REPAIR_SECONDS, search.clock.left * 0.2))
    answer = search.run(program, objective, seconds, maximise=True, gaps=(2e-3, 0.0))
    if answer.values is not None:
        settle(search, model, program, answer.values, 1, objective)
    return search.planned


def read_start(layout: Layout, plan: Plan) -> Start:
    """Flows, teams, packs and timetables of a plan, without the people and providers that the problem lacks."""
    start = Start(Choice(), {}, _broken_cells(layout, plan))
    timings: dict[Place, Timing] = {}
    node_of = {key: number for number, key in enumerate(layout.groups_of)}
    flows: Counter[tuple[int, int]] = Counter()
    urgent: Counter[int] = Counter()
    for session in plan.sessions:
        cell = cell_of(layout, session)
        if cell is None:
            continue
        known = [who for who in session.appointments if who.candidate in layout.problem.group]
        for who in known:
            group = layout.problem.group[who.candidate]
            node = node_of[layout.node_key(group.id)]
            flows[node, cell] += 1
            urgent[node] += group.priority
        place = place_of(layout, cell)
        if place not in timings:
            timings[place] = Timing(place, list(layout.problem.methods), layout.problem.rules.max_wait_minutes)
        _read_session(layout, start, (cell, session), timings[place])
    start.choice.flows = dict(flows)
    start.choice.priority = {node: urgent[node] for node, _ in flows}
    start.choice.packs = _packs(layout, plan)
    return start


def cell_of(layout: Layout, session: Session) -> int | None:
    """The cell of a session; None where the problem has no such facility, or it is closed that day."""
    days = {day: number for number, day in enumerate(layout.problem.dates)}
    return layout.cell_number.get((layout.facility_number.get(session.facility, -1), days.get(session.date, -1)))


def _read_session(layout: Layout, start: Start, where: tuple[int, Session], timing: Timing) -> None:
    cell, session = where
    numbers = {row.id: n for n, row in enumerate(layout.problem.providers)}
    able = set(layout.workers[cell])
    here = sorted({numbers[who] for who in session.providers if numbers.get(who, -1) in able})
    start.choice.teams[cell] = tuple(here)
    if len(here) < len(session.providers):
        start.broken.add(cell)
    if cell in start.broken:
        return
    order = {layout.problem.providers[p].id: n for n, p in enumerate(here)}
    visits: list[Visit] = [
        (
            layout.method_number[layout.problem.group[who.candidate].method],
            [slot.start for slot in who.steps],
            [None if slot.provider is None else order[slot.provider] for slot in who.steps],
        )
        for who in session.appointments
    ]
    start.seats[cell] = (team_of(layout, cell, timing, tuple(here)), visits)


def _broken_cells(layout: Layout, plan: Plan) -> set[int]:
    """Cells named by what the checker holds against the sessions; all cells where it names none."""
    days = {day: number for number, day in enumerate(layout.problem.dates)}
    found: set[int] = set()
    everything = set(range(len(layout.cells)))
    for row in violations(layout.problem, adapted(layout.problem, plan)):
        if row.code in _DEALT_ANEW:
            continue
        where = (layout.facility_number.get(str(row.facts.get("facility")), -1), days.get(row.facts.get("date"), -1))  # type: ignore[arg-type]
        found |= {layout.cell_number[where]} if where in layout.cell_number else everything
    return found


def _packs(layout: Layout, plan: Plan) -> dict[tuple[int, int, str], int]:
    """Packs by slot: each delivery in the latest slot of its warehouse that is no later than its arrival."""
    problem, lead = layout.problem, layout.problem.rules.delivery_lead_days
    units: Counter[tuple[int, int, str]] = Counter()
    house = {row.id: number for number, row in enumerate(problem.warehouses)}
    for row in plan.deliveries:
        usable = shifted(row.date, lead)
        slots = [
            number
            for number, slot in enumerate(layout.slots)
            if slot.warehouse == house.get(row.warehouse, -1) and problem.dates[slot.day] <= usable
        ] or [n for n, slot in enumerate(layout.slots) if slot.warehouse == house.get(row.warehouse, -1)][:1]
        if slots and row.facility in layout.facility_number:
            for line in row.lines:
                if line.item in problem.item:
                    units[slots[-1], layout.facility_number[row.facility], line.item] += line.quantity
    return {key: -(-number // problem.item[key[2]].pack) for key, number in units.items()}


def reached_pools(layout: Layout, choice: Choice, facilities: set[int]) -> list[Pool]:
    """Every node by itself with the facilities to which the choice sends it, and these."""
    used: dict[int, set[int]] = defaultdict(set)
    for (node, cell), people in choice.flows.items():
        if people:
            used[node].add(layout.cells[cell].facility)
    return [
        replace(pool, km={f: km for f, km in pool.km.items() if f in facilities or f in used[pool.members[0]]})
        for pool in layout.single_pools()
    ]


def _only_what_was(model: Model, program: Program, start: Start) -> None:
    """Nobody new is served, and nobody elsewhere; where nothing is broken, nobody new works: nearly a flow."""
    layout = model.layout
    loads = start.choice.loads(layout)
    sent: Counter[tuple[int, int, int]] = Counter()
    for (node, cell), people in start.choice.flows.items():
        sent[node, layout.cells[cell].facility, layout.cells[cell].day] += people
    for arc, column in model.arcs.items():
        node = model.pools[arc.pool].members[0]
        program.most[column] = sum(sent[node, arc.facility, day] for day in arc.days)
    for (cell, method), column in model.load.items():
        program.most[column] = min(program.most[column], loads.get(cell, {}).get(method, 0))
    for (provider, cell), column in model.works.items():
        if cell not in start.broken and provider not in start.choice.teams.get(cell, ()):
            program.most[column] = 0.0
