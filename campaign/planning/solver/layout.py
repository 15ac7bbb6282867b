"""The problem in numbers: what can be done where and when, before any choice is made."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from campaign.planning.problem import Facility, Problem, Provider, Window, shifted

_KM_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Cell:
    """A facility on one service date on which it is open: where a session may be held."""

    facility: int
    day: int
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """Candidates who differ only in priority: same kelurahan, method and dates."""

    kelurahan: int
    method: int
    days: tuple[int, ...]
    priority: int
    other: int

    @property
    def count(self) -> int:
        """People, with priority or without."""
        return self.priority + self.other


@dataclass(frozen=True, slots=True)
class Pool:
    """Nodes treated as one in a model: same method, days and kecamatan; `km` are the facilities they may go to."""

    members: tuple[int, ...]
    kecamatan: int
    method: int
    days: tuple[int, ...]
    km: dict[int, float]
    priority: int
    other: int
    people: dict[int, int]  # by kelurahan

    @property
    def count(self) -> int:
        """People, with priority or without."""
        return self.priority + self.other


@dataclass(frozen=True, slots=True)
class Phase:
    """Days before which the same number of kelurahan can have been visited; None: all of them."""

    days: tuple[int, ...]
    visits: int | None


@dataclass(frozen=True, slots=True)
class Slot:
    """A day index from which a delivery can be used, and how many trips of the warehouse arrive for it."""

    warehouse: int
    day: int
    trips: int


@dataclass(frozen=True)
class Layout:
    """A problem's parts by number; each table is made once, when first asked for."""

    problem: Problem

    @cached_property
    def cells(self) -> list[Cell]:
        """Every facility on every service date on which it is open, by facility and then day."""
        return [
            Cell(f, d, tuple(sorted(facility.hours[day])))
            for f, facility in enumerate(self.problem.facilities)
            for d, day in enumerate(self.problem.dates)
            if day in facility.hours
        ]

    @cached_property
    def cell_number(self) -> dict[tuple[int, int], int]:
        """Cell numbers by (facility number, day index)."""
        return {(cell.facility, cell.day): number for number, cell in enumerate(self.cells)}

    @cached_property
    def cells_of(self) -> list[list[int]]:
        """Cell numbers of each facility, by day."""
        found: list[list[int]] = [[] for _ in self.problem.facilities]
        for number, cell in enumerate(self.cells):
            found[cell.facility].append(number)
        return found

    @cached_property
    def often(self) -> list[int]:
        """How many sessions a cell stands for: one, but where days are joined."""
        return [1] * len(self.cells)

    def days_at(self, provider: int, cell: int) -> int:
        """How many days of the cell a provider who may work there has."""
        return int(provider in self.workers[cell])

    @cached_property
    def kelurahan_number(self) -> dict[str, int]:
        """Kelurahan numbers by id."""
        return {row.id: number for number, row in enumerate(self.problem.kelurahan)}

    @cached_property
    def method_number(self) -> dict[str, int]:
        """Method numbers by id."""
        return {row.id: number for number, row in enumerate(self.problem.methods)}

    @cached_property
    def kecamatan_number(self) -> dict[str, int]:
        """Kecamatan numbers by id."""
        return {row.id: number for number, row in enumerate(self.problem.kecamatan)}

    @cached_property
    def kecamatan_of_facility(self) -> list[int]:
        """Kecamatan numbers by facility number."""
        return [self.kecamatan_number[row.kecamatan] for row in self.problem.facilities]

    @cached_property
    def kecamatan_of_kelurahan(self) -> list[int]:
        """Kecamatan numbers by kelurahan number."""
        return [self.kecamatan_number[row.kecamatan] for row in self.problem.kelurahan]

    @cached_property
    def facility_number(self) -> dict[str, int]:
        """Facility numbers by id."""
        return {row.id: number for number, row in enumerate(self.problem.facilities)}

    def node_key(self, group_id: str) -> tuple[int, int, tuple[int, ...]]:
        """Kelurahan number, method number and possible day indices; raises KeyError for an unknown group."""
        group = self.problem.group[group_id]
        allowed = None if group.dates is None else set(group.dates)
        days = tuple(d for d, day in enumerate(self.problem.dates) if allowed is None or day in allowed)
        return self.kelurahan_number[group.kelurahan], self.method_number[group.method], days

    @cached_property
    def groups_of(self) -> dict[tuple[int, int, tuple[int, ...]], list[str]]:
        """Group ids by node key, in the problem's order."""
        found: dict[tuple[int, int, tuple[int, ...]], list[str]] = defaultdict(list)
        for group in self.problem.candidates:
            found[self.node_key(group.id)].append(group.id)
        return dict(found)

    @cached_property
    def nodes(self) -> list[Node]:
        """The groups joined where only priority tells them apart, in the order of `groups_of`."""
        rows = []
        for (kelurahan, method, days), members in self.groups_of.items():
            groups = [self.problem.group[key] for key in members]
            priority = sum(group.count for group in groups if group.priority)
            other = sum(group.count for group in groups if not group.priority)
            rows.append(Node(kelurahan, method, days, priority, other))
        return rows

    @cached_property
    def km(self) -> list[dict[int, float]]:
        """For each kelurahan, the facilities it may send candidates to and how far they are."""
        problem, rules = self.problem, self.problem.rules
        found: list[dict[int, float]] = []
        for kelurahan in problem.kelurahan:
            near: dict[int, float] = {}
            for f, facility in enumerate(problem.facilities):
                if rules.cross_kecamatan or kelurahan.kecamatan == facility.kecamatan:
                    km = problem.travel_km(kelurahan.id, facility.id)
                    if km <= rules.max_travel_km + _KM_SLACK:
                        near[f] = km
            found.append(near)
        return found

    def _pool(self, members: list[int], km: dict[int, float]) -> Pool:
        rows = [self.nodes[number] for number in members]
        people: dict[int, int] = defaultdict(int)
        for row in rows:
            people[row.kelurahan] += row.count
        first = rows[0]
        return Pool(
            tuple(members),
            self.kecamatan_of_kelurahan[first.kelurahan],
            first.method,
            first.days,
            km,
            sum(row.priority for row in rows),
            sum(row.other for row in rows),
            dict(people),
        )

    def single_pools(self, nearest: int | None = None) -> list[Pool]:
        """Every node by itself; with `nearest`, only so many of the facilities it may go to."""
        found = []
        for number, node in enumerate(self.nodes):
            km = self.km[node.kelurahan]
            if nearest is not None:
                km = dict(sorted(km.items(), key=lambda entry: entry[1])[:nearest])
            found.append(self._pool([number], km))
        return found

    def merged_pools(self, *, by_reach: bool) -> list[Pool]:
        """Nodes of a kecamatan together: where they reach the same facilities (exact as long as distance does not
        matter), or all of them with everything that one of them reaches (a relaxation)."""
        merged: dict[tuple[int, int, tuple[int, ...], frozenset[int]], list[int]] = defaultdict(list)
        for number, node in enumerate(self.nodes):
            reach = frozenset(self.km[node.kelurahan]) if by_reach else frozenset()
            key = (self.kecamatan_of_kelurahan[node.kelurahan], node.method, node.days, reach)
            merged[key].append(number)
        pools = []
        for members in merged.values():
            km: dict[int, float] = {}
            for number in members:
                for facility, distance in self.km[self.nodes[number].kelurahan].items():
                    km[facility] = min(distance, km.get(facility, distance))
            pools.append(self._pool(members, km))
        return pools

    @cached_property
    def workers(self) -> list[list[int]]:
        """For each cell the providers who may work there."""
        by_day = [[p for p, row in enumerate(self.problem.providers) if day in row.dates] for day in self.problem.dates]
        return [
            [p for p in by_day[cell.day] if cell.facility in self.places[p] and self.problem.providers[p].max_days > 0]
            for cell in self.cells
        ]

    @cached_property
    def places(self) -> list[dict[int, float]]:
        """For each provider the facilities they may work at, and the rupiah a day there costs."""
        return [self._places(provider) for provider in self.problem.providers]

    def _places(self, provider: Provider) -> dict[int, float]:
        problem, rules = self.problem, self.problem.rules
        base = problem.facility[provider.base]
        found = {self.facility_number[provider.base]: float(provider.day_cost)}
        if provider.mobile:
            for f, facility in enumerate(problem.facilities):
                km = problem.road_km(base, facility)
                if facility.id != provider.base and km <= rules.provider_radius_km + _KM_SLACK:
                    found[f] = provider.day_cost + km * rules.cost_per_km_vehicle
        return found

    @cached_property
    def phases(self) -> list[Phase]:
        """The service days by how many kelurahan can have been visited in time."""
        problem = self.problem
        everybody = len({node.kelurahan for node in self.nodes})
        if not problem.outreach:
            return [Phase(tuple(range(len(problem.dates))), None)]
        found: dict[int, list[int]] = defaultdict(list)
        for d in range(len(problem.dates)):
            found[min(everybody, self.visits_before(d))].append(d)
        return [Phase(tuple(days), None if visits >= everybody else visits) for visits, days in sorted(found.items())]

    def visits_before(self, day: int) -> int:
        """Outreach stops that can be made in time for a service day."""
        problem, lead = self.problem, self.problem.rules.outreach_lead_days
        return sum(
            unit.stops_per_day
            for unit in problem.outreach
            for when in set(unit.dates)
            if shifted(when, lead) <= problem.dates[day]
        )

    @cached_property
    def slots(self) -> list[Slot]:
        """When deliveries can arrive. One trip to a facility carries all it needs, so earlier is never worse."""
        problem, lead = self.problem, self.problem.rules.delivery_lead_days
        found: list[Slot] = []
        for w, warehouse in enumerate(problem.warehouses):
            trips: dict[int, int] = defaultdict(int)
            for when in set(warehouse.dates):
                usable = shifted(when, lead)
                day = next((d for d, service in enumerate(problem.dates) if service >= usable), None)
                if day is not None:
                    trips[day] += warehouse.trips_per_day
            enough = 0
            for day in sorted(trips):
                if trips[day] and enough < len(problem.facilities):
                    found.append(Slot(w, day, trips[day]))
                    enough += trips[day]
        return found

    @cached_property
    def may_leave(self) -> list[dict[str, int]]:
        """For each warehouse the units of each item that can be shipped: lasting lots less what must stay."""
        problem = self.problem
        if not problem.dates:
            return [{} for _ in problem.warehouses]
        last = shifted(problem.dates[-1], problem.rules.min_shelf_days)
        found = []
        for warehouse in problem.warehouses:
            free: dict[str, int] = defaultdict(int)
            for lot in warehouse.stock:
                if lot.expiry >= last:
                    free[lot.item] += lot.quantity
            found.append({item: max(0, units - warehouse.keep.get(item, 0)) for item, units in free.items()})
        return found

    def opening(self, facility: Facility, item: str, day: int) -> int:
        """Units on the facility's own shelf that can still be used on the day."""
        expiry, when = self.problem.expiry, self.problem.dates[day]
        return sum(lot.quantity for lot in facility.stock if lot.item == item and expiry[item, lot.lot] >= when)

    def trip_cost(self, warehouse: int, facility: int) -> float:
        """Rupiah of one delivery trip: a fixed part and the one-way road km."""
        row = self.problem.warehouses[warehouse]
        km = self.problem.road_km(row, self.problem.facilities[facility])
        return row.trip_cost + km * self.problem.rules.cost_per_km_vehicle
