"""Why (some of) a group is not served: what binds, with numbers, and which single changes would help.

Every help is verified: the changed problem is solved, seated and checked, and the plan found serves more of the
group without serving fewer at levels 1 and 2. What a solver says about infeasibility is never repeated here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from campaign.planning.changes import changed
from campaign.planning.plan import Plan, Reason
from campaign.planning.problem import CandidateGroup, InvalidProblem, Problem
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.outcome import Limits
from campaign.planning.solver.probe import most_of_group
from campaign.planning.solver.reasons import Leftovers, reason_of


@dataclass(frozen=True)
class Shortage:
    """Units of an item that the group's facilities end with, beside what the group still needs."""

    item: str
    needed: int
    on_shelves: int
    in_warehouses: int


@dataclass(frozen=True)
class Help:
    """A single change and how many of the group a checked plan then serves."""

    change: Mapping[str, Any]
    served: int


@dataclass(frozen=True)
class Why:
    """What keeps part of a group unserved, what is short, and what would help; counts are people."""

    group: str
    count: int
    served: int
    reason: Reason | None  # None: all are served
    could_be_served: int  # without any change, at no loss at levels 1 and 2: the plan's choice among equals
    facilities: tuple[str, ...]  # in reach
    shortages: tuple[Shortage, ...]
    helps: tuple[Help, ...]


def why(problem: Problem, plan: Plan, group_id: str, limits: Limits) -> Why:
    """Explain a group; raises KeyError where there is no such group. `limits` are for each single solve."""
    group = problem.group[group_id]
    layout = Layout(problem)
    served = Counter(who.candidate for session in plan.sessions for who in session.appointments)[group_id]
    near = layout.km[layout.kelurahan_number[group.kelurahan]]
    reach = tuple(problem.facilities[f].id for f in sorted(near, key=near.__getitem__))
    if served >= group.count:
        return Why(group_id, group.count, served, None, served, reach, (), ())
    left = Leftovers(layout, plan)
    waiting = Counter({row.candidate: row.count for row in plan.unserved})
    reason = reason_of(left, group, waiting)
    now, _ = most_of_group(problem, group_id, plan.objective, limits)
    helps = []
    for change in _candidates(problem, group, reach, reason, group.count - served):
        try:
            other = changed(problem, change)
        except InvalidProblem:
            continue
        number, _ = most_of_group(other, group_id, plan.objective, limits)
        if number > max(now, served):
            helps.append(Help(change, number))
    shortages = _shortages(problem, left, group, reach, group.count - served)
    return Why(group_id, group.count, served, reason, max(now, served), reach, shortages, tuple(helps))


def _shortages(
    problem: Problem, left: Leftovers, group: CandidateGroup, reach: tuple[str, ...], missing: int
) -> tuple[Shortage, ...]:
    rows = []
    for item, units in problem.method[group.method].uses.items():
        if not units or not problem.dates:
            continue
        shelf = sum(left.on_shelf(place, item, problem.dates[0]) for place in reach)
        house = sum(max(0, free[item]) for free in left.free)
        rows.append(Shortage(item, missing * units, shelf, house))
    return tuple(rows)


def _candidates(
    problem: Problem, group: CandidateGroup, reach: tuple[str, ...], reason: Reason, missing: int
) -> list[dict[str, Any]]:
    """Single changes that could help, the likeliest first; each is small: for one more, or for all who wait."""
    method = problem.method[group.method]
    skills = sorted({step.skill for step in method.timed_steps if step.skill is not None})
    stock: list[dict[str, Any]] = []
    for item, units in method.uses.items():
        if units:
            pack = problem.item[item].pack
            for people in sorted({1, missing}):
                quantity = -(-people * units // pack) * pack
                stock += [
                    {"change": "stock", "warehouse": house.id, "item": item, "quantity": quantity}
                    for house in problem.warehouses[:1]
                ]
                stock += [
                    {"change": "stock", "facility": place, "item": item, "quantity": people * units}
                    for place in reach[:1]
                ]
    room: list[dict[str, Any]] = [{"change": "hours", "facility": place, "minutes": 60} for place in reach[:2]]
    room += [{"change": "team", "facility": place, "skills": skills} for place in reach[:2] if skills]
    room += [{"change": "rule", "rule": "min_session", "value": 1}] if problem.rules.min_session > 1 else []
    travel: list[dict[str, Any]] = [{"change": "travel", "km": km} for km in (2, 10)]
    if not problem.rules.cross_kecamatan:
        travel.append({"change": "travel", "km": 0, "cross_kecamatan": True})
    trips: list[dict[str, Any]] = [{"change": "trips", "warehouse": row.id, "trips": 1} for row in problem.warehouses]
    stops: list[dict[str, Any]] = [{"change": "stops", "stops": 1}] if problem.outreach else []
    first = {
        Reason.NO_STOCK: stock,
        Reason.NO_DELIVERY: trips + stock,
        Reason.TOO_FAR: travel,
        Reason.NO_OUTREACH: stops,
    }.get(reason, room)
    rest = [row for part in (room, stock, travel, trips, stops) for row in part if row not in first]
    return (first + rest)[:12]
