"""Two plans side by side: each level, who gains, who moves, and what it costs. Pure."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from campaign.planning.plan import Plan
from campaign.planning.problem import Problem

COST_PARTS = ("sessions", "providers", "provider_travel", "candidate_travel", "deliveries")


@dataclass(frozen=True, slots=True)
class Made:
    """A plan with the problem it was made for."""

    problem: Problem
    plan: Plan


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure in the first and in the second plan."""

    code: str
    before: float
    after: float

    @property
    def change(self) -> float:
        """Return the second less the first."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class AreaChange:
    """A kelurahan: served in both plans, and how many of those served in both go elsewhere or on another date."""

    kecamatan: str
    name: str
    before: int
    after: int
    moved: int


@dataclass(frozen=True, slots=True)
class FacilityChange:
    """A facility: served and days of service in both plans."""

    name: str
    before: int
    after: int
    days_before: int
    days_after: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two plans; equal rows are left out."""

    is_same_problem: bool
    levels: tuple[Pair, ...]
    costs: tuple[Pair, ...]
    areas: tuple[AreaChange, ...]
    facilities: tuple[FacilityChange, ...]
    moved: int
    gained: int
    lost: int


def compare(first: Made, second: Made) -> Comparison:
    """Return what changes from the first plan to the second."""
    names = ("served_priority", "served", "min_coverage", "cost")
    areas, (moved, gained, lost) = _areas(first, second)
    before, after = costs(first.problem, first.plan), costs(second.problem, second.plan)
    return Comparison(
        is_same_problem=first.plan.problem == second.plan.problem,
        levels=tuple(
            Pair(name, old, new)
            for name, old, new in zip(names, first.plan.objective.levels, second.plan.objective.levels, strict=True)
        ),
        costs=tuple(Pair(part, before[part], after[part]) for part in COST_PARTS),
        areas=areas,
        facilities=_facilities(first, second),
        moved=moved,
        gained=gained,
        lost=lost,
    )


def costs(problem: Problem, plan: Plan) -> dict[str, float]:
    """Return what a plan costs, by what for; a part for each term of the format's cost."""
    rules = problem.rules
    parts: dict[str, list[float]] = {part: [] for part in COST_PARTS}
    for session in plan.sessions:
        place = problem.facility[session.facility]
        parts["sessions"].append(place.session_cost)
        for key in session.providers:
            provider = problem.provider[key]
            parts["providers"].append(provider.day_cost)
            if provider.base != place.id:
                km = problem.road_km(problem.facility[provider.base], place)
                parts["provider_travel"].append(km * rules.cost_per_km_vehicle)
        for who in session.appointments:
            km = problem.travel_km(problem.group[who.candidate].kelurahan, place.id)
            parts["candidate_travel"].append(km * rules.cost_per_km_person)
    for row in plan.deliveries:
        house = problem.warehouse[row.warehouse]
        km = problem.road_km(house, problem.facility[row.facility])
        parts["deliveries"].append(house.trip_cost + km * rules.cost_per_km_vehicle)
    return {part: math.fsum(rows) for part, rows in parts.items()}


Seats = dict[str, Counter[tuple[str, date]]]  # group -> people by facility and date


def _seats(plan: Plan) -> Seats:
    found: Seats = defaultdict(Counter)
    for session in plan.sessions:
        for who in session.appointments:
            found[who.candidate][session.facility, session.date] += 1
    return found


def _areas(first: Made, second: Made) -> tuple[tuple[AreaChange, ...], tuple[int, int, int]]:
    one, two = _seats(first.plan), _seats(second.plan)
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    moved: Counter[str] = Counter()
    gained = lost = 0
    for key in sorted({*one, *two}):
        group = first.problem.group.get(key) or second.problem.group[key]
        old, new = one[key].total(), two[key].total()
        before[group.kelurahan] += old
        after[group.kelurahan] += new
        moved[group.kelurahan] += min(old, new) - (one[key] & two[key]).total()
        gained += max(0, new - old)
        lost += max(0, old - new)
    kecamatan = {row.id: row.name for row in (*first.problem.kecamatan, *second.problem.kecamatan)}
    places = {row.id: row for row in (*first.problem.kelurahan, *second.problem.kelurahan)}
    rows = [
        AreaChange(kecamatan[places[key].kecamatan], places[key].name, before[key], after[key], moved[key])
        for key in {*before, *after}
        if before[key] != after[key] or moved[key]
    ]
    rows.sort(key=lambda row: (row.before - row.after, row.kecamatan, row.name))  # who gains most comes first
    return tuple(rows), (moved.total(), gained, lost)


def _facilities(first: Made, second: Made) -> tuple[FacilityChange, ...]:
    names = {row.id: row.name for row in (*first.problem.facilities, *second.problem.facilities)}
    served: list[Counter[str]] = []
    days: list[Counter[str]] = []
    for made in (first, second):
        served.append(Counter({}))
        days.append(Counter({}))
        for session in made.plan.sessions:
            served[-1][session.facility] += len(session.appointments)
            days[-1][session.facility] += 1
    rows = [
        FacilityChange(names[key], served[0][key], served[1][key], days[0][key], days[1][key])
        for key in names
        if (served[0][key], days[0][key]) != (served[1][key], days[1][key])
    ]
    return tuple(sorted(rows, key=lambda row: (row.before - row.after, row.name)))
