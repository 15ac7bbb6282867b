"""Goods for sessions that were changed by hand: what each takes from its shelf, and the trips that bring the rest.

Lots leave a shelf and a warehouse in order of expiry. A trip carries all that a facility lacks, in whole packs, on the
date of the plan before where that is early enough. What cannot be had stays missing: the checker says so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date

from campaign.planning.plan import Delivery, Session, Usage
from campaign.planning.problem import Facility, Problem, Warehouse, shifted

LotKey = tuple[str, str]  # item, lot


def supplied(
    problem: Problem, bare: list[Session], before: tuple[Delivery, ...]
) -> tuple[tuple[Session, ...], tuple[Delivery, ...]]:
    """Return the sessions with what they use, and the deliveries they need."""
    _, missing = _use(problem, bare, ())
    deliveries = _deliveries(problem, missing, before)
    sessions, _ = _use(problem, bare, deliveries)
    return sessions, deliveries


@dataclass(slots=True)
class _Missing:
    """What a facility lacks, and from which day."""

    units: Counter[str] = field(default_factory=Counter)
    first: date = date.max


def _use(
    problem: Problem, bare: list[Session], deliveries: tuple[Delivery, ...]
) -> tuple[tuple[Session, ...], dict[str, _Missing]]:
    shelves: dict[str, Counter[LotKey]] = {row.id: Counter() for row in problem.facilities}
    for facility in problem.facilities:
        for lot in facility.stock:
            shelves[facility.id][lot.item, lot.lot] += lot.quantity
    lead = problem.rules.delivery_lead_days
    coming = sorted(deliveries, key=lambda row: row.date)
    missing: dict[str, _Missing] = defaultdict(_Missing)
    found = []
    for session in sorted(bare, key=lambda row: (row.date, row.facility)):
        while coming and shifted(coming[0].date, lead) <= session.date:
            row = coming.pop(0)
            for line in row.lines:
                shelves[row.facility][line.item, line.lot] += line.quantity
        lines: list[Usage] = []
        for item, units in sorted(needs(problem, session).items()):
            taken = _take(problem, shelves[session.facility], item, (units, session.date))
            lines += taken
            short = units - sum(line.quantity for line in taken)
            if short:
                missing[session.facility].units[item] += short
                missing[session.facility].first = min(missing[session.facility].first, session.date)
        found.append(replace(session, usage=tuple(lines)))
    return tuple(found), missing


def needs(problem: Problem, session: Session) -> dict[str, int]:
    """Return the units of each item that a session's appointments use."""
    found: Counter[str] = Counter()
    for who in session.appointments:
        found.update(problem.method[problem.group[who.candidate].method].uses)
    return {item: units for item, units in found.items() if units}


def _take(problem: Problem, shelf: Counter[LotKey], item: str, wanted: tuple[int, date]) -> list[Usage]:
    """Take units for a day off a shelf, first expired first; fewer where there are not so many."""
    units, day = wanted
    lines = []
    for expiry, key in sorted((problem.expiry[key], key) for key, left in shelf.items() if key[0] == item and left > 0):
        if units and expiry >= day:
            quantity = min(units, shelf[key])
            shelf[key] -= quantity
            units -= quantity
            lines.append(Usage(item, key[1], quantity))
    return lines


def _deliveries(problem: Problem, missing: dict[str, _Missing], before: tuple[Delivery, ...]) -> tuple[Delivery, ...]:
    free = {house.id: _may_leave(problem, house) for house in problem.warehouses}
    left = {key: Counter({item: sum(n for _, n in lots) for item, lots in rows.items()}) for key, rows in free.items()}
    trips: Counter[tuple[str, date]] = Counter()
    wanted: list[tuple[date, Warehouse, str, dict[str, int]]] = []
    for facility_id, lack in sorted(missing.items(), key=lambda entry: (entry[1].first, entry[0])):
        facility = problem.facility[facility_id]
        still = Counter(lack.units)
        for house in sorted(problem.warehouses, key=lambda house: (problem.road_km(house, facility), house.id)):
            load = _load(problem, still, left[house.id])
            day = _dispatch_day(problem, (house, facility), lack.first, (trips, before))
            if not load or day is None:
                continue
            for item, units in load.items():
                left[house.id][item] -= units
                still[item] -= units
            trips[house.id, day] += 1
            wanted.append((day, house, facility_id, load))
    found = []
    for day, house, facility_id, load in sorted(wanted, key=lambda row: (row[0], row[1].id, row[2])):
        lines = [line for item, units in sorted(load.items()) for line in _ship(free[house.id][item], item, units)]
        found.append(Delivery(house.id, facility_id, day, tuple(lines)))
    return tuple(found)


def _load(problem: Problem, still: Counter[str], left: Counter[str]) -> dict[str, int]:
    """Return what a warehouse can send of what is missing, in whole packs."""
    found = {}
    for item, units in still.items():
        pack = problem.item[item].pack
        quantity = min(-(-units // pack), left[item] // pack) * pack if units > 0 else 0
        if quantity > 0:
            found[item] = quantity
    return found


def _dispatch_day(
    problem: Problem,
    pair: tuple[Warehouse, Facility],
    first: date,
    known: tuple[Counter[tuple[str, date]], tuple[Delivery, ...]],
) -> date | None:
    """Return the date of the plan before where it is early enough, or the earliest with a trip left."""
    house, facility = pair
    trips, before = known
    early = [
        day
        for day in sorted(set(house.dates))
        if shifted(day, problem.rules.delivery_lead_days) <= first and trips[house.id, day] < house.trips_per_day
    ]
    used = {row.date for row in before if (row.warehouse, row.facility) == (house.id, facility.id)}
    return next((day for day in early if day in used), early[0] if early else None)


def _may_leave(problem: Problem, house: Warehouse) -> dict[str, list[tuple[str, int]]]:
    """Return the lots that may leave, by item, first expired first; what must stay, stays in the last to expire."""
    last = shifted(problem.dates[-1], problem.rules.min_shelf_days) if problem.dates else date.min
    keep = dict(house.keep)
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    lasting = [lot for lot in house.stock if lot.expiry >= last]
    for lot in sorted(lasting, key=lambda lot: (lot.expiry, lot.lot), reverse=True):
        stays = min(keep.get(lot.item, 0), lot.quantity)
        keep[lot.item] = keep.get(lot.item, 0) - stays
        found[lot.item].insert(0, (lot.lot, lot.quantity - stays))
    return found


def _ship(lots: list[tuple[str, int]], item: str, units: int) -> list[Usage]:
    lines = []
    for number, (lot, quantity) in enumerate(lots):
        taken = min(units, quantity)
        if taken > 0:
            lots[number] = (lot, quantity - taken)
            units -= taken
            lines.append(Usage(item, lot, taken))
    return lines
