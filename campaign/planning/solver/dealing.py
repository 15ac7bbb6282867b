"""From a choice to a plan: names, minutes, lots, dispatch dates and outreach stops."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace

from campaign.planning.check import achieved
from campaign.planning.plan import (
    Appointment,
    Bounds,
    Delivery,
    Objective,
    Plan,
    Reason,
    Session,
    Unserved,
    Usage,
    Visit,
)
from campaign.planning.problem import Lot, Problem, shifted
from campaign.planning.solver.choice import Choice
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.timetable import Team, number_stations
from campaign.planning.solver.timetable import Visit as Seat

LotKey = tuple[str, str]


def team_of(layout: Layout, cell: int, timing: object, providers: tuple[int, ...]) -> Team:
    """The team of a session: the timing of its place, its providers (by number) and the longest wait."""
    rows = tuple(layout.problem.providers[p] for p in providers)
    return Team(timing, rows, layout.problem.rules.max_wait_minutes)  # type: ignore[arg-type]


def deal(
    layout: Layout,
    choice: Choice,
    seats: Mapping[int, tuple[Team, list[Seat]]],
    wishes: Mapping[tuple[str, int], int] | None = None,
) -> Plan:
    """The plan of a choice whose sessions have been seated. Bounds and reasons are filled in by the caller."""
    problem = layout.problem
    people = _names(layout, choice, wishes or {})
    bare = []
    for cell in sorted(seats, key=lambda number: (layout.cells[number].day, layout.cells[number].facility)):
        bare.append(_session(layout, cell, seats[cell], people))
    shelves = Shelves(problem)
    deliveries = _deliveries(layout, choice, bare, shelves)
    sessions = tuple(replace(session, usage=shelves.use(session)) for session in bare)
    served = Counter(who.candidate for session in sessions for who in session.appointments)
    unserved = tuple(
        Unserved(group.id, group.count - served[group.id], Reason.NO_CAPACITY)
        for group in problem.candidates
        if served[group.id] < group.count
    )
    empty = Objective(0, 0, 0, 0)
    plan = Plan(
        problem.sha256, sessions, deliveries, _visits(problem, sessions), unserved, empty, Bounds(0, 0, 0, 0), {}
    )
    return replace(plan, objective=achieved(problem, plan))


def _names(layout: Layout, choice: Choice, wishes: Mapping[tuple[str, int], int]) -> dict[tuple[int, int], list[str]]:
    """Group ids for each (cell, method): wishes (group, cell) first, then earlier days and priority first."""
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    members = list(layout.groups_of.values())
    by_node: dict[int, dict[int, int]] = defaultdict(dict)
    for (node, cell), people in choice.flows.items():
        by_node[node][cell] = people
    for node, places in sorted(by_node.items()):
        method = layout.nodes[node].method
        left = _headcounts(layout, members[node], choice.priority, node, sum(places.values()))
        for cell in sorted(places):
            for key in members[node]:
                number = min(wishes.get((key, cell), 0), left[key], places[cell])
                found[cell, method] += [key] * number
                left[key] -= number
                places[cell] -= number
        names = iter([key for key in members[node] for _ in range(left[key])])
        for cell in sorted(places, key=lambda number: (layout.cells[number].day, number)):
            found[cell, method] += [next(names) for _ in range(places[cell])]
    return found


def _headcounts(
    layout: Layout, members: list[str], priority: Mapping[int, int], node: int, total: int
) -> dict[str, int]:
    """How many of each of a node's groups are served, given how many of its served have priority."""
    first = priority.get(node, min(total, layout.nodes[node].priority))
    left = {True: first, False: total - first}
    found = {}
    for key in sorted(members, key=lambda key: not layout.problem.group[key].priority):
        group = layout.problem.group[key]
        found[key] = min(group.count, left[group.priority])
        left[group.priority] -= found[key]
    return found


def _session(
    layout: Layout, cell: int, seated: tuple[Team, list[Seat]], people: dict[tuple[int, int], list[str]]
) -> Session:
    team, visits = seated
    waiting = {method: iter(people[cell, method]) for method in {visit[0] for visit in visits}}
    table = sorted(number_stations(team, visits), key=lambda row: (row[1][0].start if row[1] else 0, row[0]))
    appointments = tuple(Appointment(next(waiting[method]), slots) for method, slots in table)
    where = layout.cells[cell]
    return Session(
        layout.problem.facilities[where.facility].id,
        layout.problem.dates[where.day],
        tuple(provider.id for provider in team.providers),
        appointments,
        (),
    )


class Shelves:
    """What lies on each facility's shelf as the campaign goes on; lots leave in order of expiry."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.on_shelf: dict[str, Counter[LotKey]] = {row.id: Counter() for row in problem.facilities}
        for row in problem.facilities:
            for lot in row.stock:
                self.on_shelf[row.id][lot.item, lot.lot] += lot.quantity
        self.coming: dict[str, list[tuple[object, LotKey, int]]] = defaultdict(list)

    def expect(self, delivery: Delivery) -> None:
        """Note a delivery: its lots can be used from its date plus the lead days."""
        usable = shifted(delivery.date, self.problem.rules.delivery_lead_days)
        for line in delivery.lines:
            self.coming[delivery.facility].append((usable, (line.item, line.lot), line.quantity))

    def take(self, session: Session) -> None:
        """Take what the session says it used; must be called in order of date."""
        self._arrive(session)
        for line in session.usage:
            self.on_shelf[session.facility][line.item, line.lot] -= line.quantity

    def _arrive(self, session: Session) -> None:
        shelf = self.on_shelf[session.facility]
        for usable, key, quantity in self.coming[session.facility]:
            if usable <= session.date:  # type: ignore[operator]
                shelf[key] += quantity
        self.coming[session.facility] = [row for row in self.coming[session.facility] if row[0] > session.date]  # type: ignore[operator]

    def use(self, session: Session) -> tuple[Usage, ...]:
        """Take what the session needs, first expired first; must be called in order of date."""
        self._arrive(session)
        shelf = self.on_shelf[session.facility]
        lines = []
        for item, units in sorted(needs(self.problem, session).items()):
            wanted = units
            good = sorted((self.problem.expiry[key], key) for key, left in shelf.items() if key[0] == item and left > 0)
            for expiry, key in good:
                if wanted and expiry >= session.date:
                    taken = min(wanted, shelf[key])
                    shelf[key] -= taken
                    wanted -= taken
                    lines.append(Usage(item, key[1], taken))
        return tuple(lines)


def needs(problem: Problem, session: Session) -> Counter[str]:
    """Units of each item that the session's appointments use."""
    found: Counter[str] = Counter()
    for who in session.appointments:
        found.update(problem.method[problem.group[who.candidate].method].uses)
    return Counter({item: units for item, units in found.items() if units})


def _deliveries(layout: Layout, choice: Choice, sessions: list[Session], shelves: Shelves) -> tuple[Delivery, ...]:
    """Trips with the packs that are really needed, on the warehouse's dates, lots in order of expiry."""
    problem = layout.problem
    wanted = _needed_packs(layout, choice, sessions)
    stops: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for (slot, facility, item), packs in sorted(wanted.items()):
        stops[slot, facility][item] = packs * problem.item[item].pack
    dated = []
    for slot_number, arrival in enumerate(layout.slots):
        warehouse = problem.warehouses[arrival.warehouse]
        days = [
            when
            for when in sorted(set(warehouse.dates))
            if _arrives(layout, arrival.warehouse, when) == arrival.day
            for _ in range(min(warehouse.trips_per_day, len(problem.facilities)))
        ]
        here = [(facility, lines) for (number, facility), lines in sorted(stops.items()) if number == slot_number]
        dated += [
            (when, arrival.warehouse, facility, lines) for when, (facility, lines) in zip(days, here, strict=False)
        ]
    leaving = {number: _leaving(problem, number) for number in range(len(problem.warehouses))}
    found = []
    for when, number, facility, lines in sorted(dated, key=lambda row: row[:3]):
        taken: list[Usage] = []
        for item, units in sorted(lines.items()):
            taken += _take(leaving[number], item, units)
        row = Delivery(problem.warehouses[number].id, problem.facilities[facility].id, when, tuple(taken))
        shelves.expect(row)
        found.append(row)
    return tuple(found)


def _arrives(layout: Layout, warehouse: int, when: object) -> int | None:
    usable = shifted(when, layout.problem.rules.delivery_lead_days)  # type: ignore[arg-type]
    return next((d for d, service in enumerate(layout.problem.dates) if service >= usable), None)


def _needed_packs(layout: Layout, choice: Choice, sessions: list[Session]) -> dict[tuple[int, int, str], int]:
    """The chosen packs, less those without which every session still has what it needs."""
    problem = layout.problem
    use: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    for session in sessions:
        facility = layout.facility_number[session.facility]
        day = problem.dates.index(session.date)
        for item, units in needs(problem, session).items():
            use[facility, item].append((day, units))
    left = {key: packs for key, packs in choice.packs.items() if (key[1], key[2]) in use}
    for key in sorted(left, reverse=True):
        _, facility, item = key
        others = [
            (layout.slots[slot].day, packs * problem.item[item].pack)
            for (slot, f, i), packs in left.items()
            if (f, i) == (facility, item) and slot != key[0]
        ]
        pack = problem.item[item].pack
        missing = shortage(layout, facility, item, use[facility, item], others)
        left[key] = min(left[key], -(-missing // pack))
    return {key: packs for key, packs in left.items() if packs > 0}


def shortage(
    layout: Layout, facility: int, item: str, use: list[tuple[int, int]], arrivals: list[tuple[int, int]]
) -> int:
    """Units missing at worst between any two days, used as (day, units), arriving as (day, units)."""
    row = layout.problem.facilities[facility]
    days = sorted({day for day, _ in use})
    worst = 0
    for first in days:
        opening = layout.opening(row, item, first)
        for last in days:
            used = sum(units for day, units in use if first <= day <= last)
            come = sum(units for day, units in arrivals if day <= last)
            worst = max(worst, used - opening - come)
    return worst


def _leaving(problem: Problem, number: int) -> dict[str, list[list[object]]]:
    """Lots of a warehouse that may leave, by item, in order of expiry, with what is left of each."""
    warehouse = problem.warehouses[number]
    last = shifted(problem.dates[-1], problem.rules.min_shelf_days)
    keep = dict(warehouse.keep)
    found: dict[str, list[list[object]]] = defaultdict(list)

    def order(lot: Lot) -> tuple[object, str]:
        return lot.expiry, lot.lot

    for lot in sorted((lot for lot in warehouse.stock if lot.expiry >= last), key=order, reverse=True):
        stays = min(keep.get(lot.item, 0), lot.quantity)
        keep[lot.item] = keep.get(lot.item, 0) - stays
        found[lot.item].insert(0, [lot.lot, lot.quantity - stays])
    return found


def _take(lots: dict[str, list[list[object]]], item: str, units: int) -> list[Usage]:
    lines = []
    for entry in lots[item]:
        taken = min(units, entry[1])  # type: ignore[call-overload]
        if taken > 0:
            entry[1] -= taken
            units -= taken
            lines.append(Usage(item, str(entry[0]), taken))
    return lines


def _visits(problem: Problem, sessions: tuple[Session, ...]) -> tuple[Visit, ...]:
    """Outreach stops: the kelurahan whose candidates come first are visited first."""
    if not problem.outreach:
        return ()
    first: dict[str, object] = {}
    for session in sessions:
        for who in session.appointments:
            first.setdefault(problem.group[who.candidate].kelurahan, session.date)
    stops = sorted(
        (when, unit.id)
        for unit in problem.outreach
        for when in set(unit.dates)
        for _ in range(min(unit.stops_per_day, len(first)))
    )
    order = sorted(first, key=lambda kelurahan: (first[kelurahan], kelurahan))
    return tuple(Visit(unit, when, kelurahan) for (when, unit), kelurahan in zip(stops, order, strict=False))
