"""Whether a plan is valid: the nine rules of the format, written apart from the solver.

Every rule is a function that yields Violations: a stable code and typed facts. Sentences belong to templates.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

from campaign.planning import check_sessions, check_stock
from campaign.planning.check_case import Case, Violation, broken
from campaign.planning.plan import Objective, Plan
from campaign.planning.problem import Problem

__all__ = ["Violation", "achieved", "violations"]

_RELATIVE_SLACK = 1e-6

# Rule 8: outreach


def kelurahan_is_visited_in_time(case: Case) -> Iterator[Violation]:
    """A kelurahan is visited at most once, at least `outreach_lead_days` before its first candidate is served."""
    problem = case.problem
    if not problem.outreach:
        return
    visited: dict[str, date] = {}
    for visit in case.plan.outreach:
        if visit.kelurahan in visited:
            yield broken("visited-twice", kelurahan=visit.kelurahan)
        visited[visit.kelurahan] = visit.date
    first: dict[str, date] = {}
    for session, _, _, group in case.appointments:
        first[group.kelurahan] = min(session.date, first.get(group.kelurahan, session.date))
    for kelurahan, day in sorted(first.items()):
        seen = visited.get(kelurahan)
        if seen is None or (day - seen).days < problem.rules.outreach_lead_days:
            yield broken("not-visited-in-time", kelurahan=kelurahan, visited=seen, first=day)


def outreach_unit_makes_its_stops(case: Case) -> Iterator[Violation]:
    """A unit visits known kelurahan on its dates, at most `stops_per_day` a date."""
    units = {unit.id: unit for unit in case.problem.outreach}
    stops: Counter[tuple[str, date]] = Counter()
    if not units:
        return
    for visit in case.plan.outreach:
        unit = units.get(visit.unit)
        if unit is None or visit.date not in unit.dates or visit.kelurahan not in case.problem.kelurahan_by_id:
            yield broken("outreach-visit", unit=visit.unit, date=visit.date, kelurahan=visit.kelurahan)
            continue
        stops[visit.unit, visit.date] += 1
    for (key, day), number in stops.items():
        if number > units[key].stops_per_day:
            yield broken("too-many-stops", unit=key, date=day, stops=number)


# Rule 9: the objective and its bounds


def achieved(problem: Problem, plan: Plan) -> Objective:
    """What the plan really achieves at the four levels."""
    case = Case(problem, plan)
    served: Counter[tuple[str, str]] = Counter()
    priority = 0
    for _, _, _, group in case.appointments:
        served[problem.kelurahan_by_id[group.kelurahan].kecamatan, group.method] += 1
        priority += group.priority
    coverage = [
        sum(min(served[row.id, method], target) for method, target in row.target.items()) / sum(row.target.values())
        for row in problem.kecamatan
        if sum(row.target.values())
    ]
    return Objective(priority, sum(served.values()), min(coverage, default=1.0), _cost(case))


def _cost(case: Case) -> float:
    problem, rules = case.problem, case.problem.rules
    parts = [
        problem.travel_km(group.kelurahan, place.id) * rules.cost_per_km_person
        for _, place, _, group in case.appointments
    ]
    for session, facility in case.sessions:
        parts.append(facility.session_cost)
        for key in session.providers:
            provider = problem.provider.get(key)
            if provider is None:
                continue
            parts.append(provider.day_cost)
            if provider.base != facility.id:
                parts.append(problem.road_km(problem.facility[provider.base], facility) * rules.cost_per_km_vehicle)
    for delivery in case.plan.deliveries:
        source, place = problem.warehouse.get(delivery.warehouse), problem.facility.get(delivery.facility)
        if source is not None and place is not None:
            parts.append(source.trip_cost + problem.road_km(source, place) * rules.cost_per_km_vehicle)
    return math.fsum(parts)


def figures_are_true(case: Case) -> Iterator[Violation]:
    """The objective is what the plan achieves, and no bound is on the wrong side of it (slack: a millionth)."""
    real = achieved(case.problem, case.plan)
    names = ("served_priority", "served", "min_coverage", "cost")
    signs = (1, 1, 1, -1)
    rows = zip(names, signs, real.levels, case.plan.objective.levels, case.plan.bounds.levels, strict=True)
    for name, sign, value, told, bound in rows:
        slack = _RELATIVE_SLACK * max(1.0, abs(value))
        if not math.isfinite(told) or abs(told - value) > slack:
            yield broken("objective", level=name, told=told, real=value)
        if not math.isfinite(bound) or sign * (bound - value) < -slack:
            yield broken("bound", level=name, told=bound, real=value)


def plan_is_for_this_problem(case: Case) -> Iterator[Violation]:
    """The plan names the SHA-256 of this problem; not asked where the problem was not read from bytes."""
    if case.problem.sha256 and case.plan.problem != case.problem.sha256:
        yield broken("other-problem", told=case.plan.problem, real=case.problem.sha256)


_RULES: tuple[Callable[[Case], Iterator[Violation]], ...] = (
    plan_is_for_this_problem,
    check_sessions.session_is_held_once_where_and_when_it_can_be,
    check_sessions.session_is_large_enough,
    check_sessions.sessions_a_day_are_limited,
    check_sessions.dates_of_a_kecamatan_are_limited,
    check_sessions.everybody_is_counted_once,
    check_sessions.candidate_can_come,
    check_sessions.appointment_has_its_steps_in_order,
    check_sessions.step_lies_in_opening_hours,
    check_sessions.station_serves_one_at_a_time,
    check_sessions.step_has_its_provider,
    check_sessions.provider_serves_one_at_a_time_within_the_day,
    check_sessions.provider_works_where_and_when_allowed,
    check_sessions.provider_days_are_limited,
    check_stock.session_uses_what_its_methods_need,
    check_stock.shelf_holds_what_is_used_first_expired_first,
    check_stock.delivery_is_one_trip_of_whole_packs,
    check_stock.trips_a_day_are_limited,
    check_stock.warehouse_ships_first_expired_first_and_keeps_its_reserve,
    kelurahan_is_visited_in_time,
    outreach_unit_makes_its_stops,
    figures_are_true,
)


def violations(problem: Problem, plan: Plan) -> list[Violation]:
    """Everything that is wrong with the plan, in the order of the rules; empty: the plan is valid."""
    case = Case(problem, plan)
    return [violation for rule in _RULES for violation in rule(case)]
