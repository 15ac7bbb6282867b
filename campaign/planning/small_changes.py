"""Small single changes that could get a group served, family by family, each from small to large."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from campaign.planning.plan import Plan, Reason
from campaign.planning.problem import CandidateGroup, Problem

Change = dict[str, Any]
_MINUTES = (30, 60, 120)
_KM = (2, 5, 10)


@dataclass(frozen=True)
class Asked:
    """Who is asked about: the plan to start from, the facilities in reach (nearest first), how many wait and why."""

    problem: Problem
    plan: Plan
    group: CandidateGroup
    reach: tuple[str, ...]
    reason: Reason
    missing: int


def small_changes(asked: Asked) -> list[list[Change]]:
    """Families of changes, the likeliest first: those that lift what binds, then the others."""
    families = {
        "stock": _stock(asked),
        "hours": [
            [{"change": "hours", "facility": place, "minutes": m} for m in _MINUTES] for place in asked.reach[:2]
        ],
        "team": _teams(asked),
        "rule": _rules(asked),
        "travel": [_travel(asked)],
        "trips": [
            [{"change": "trips", "warehouse": row.id, "trips": n} for n in (1, 3)] for row in asked.problem.warehouses
        ],
        "stops": [[{"change": "stops", "stops": n} for n in (1, 3)]] if asked.problem.outreach else [],
        "date": _dates(asked),
        "station": _stations(asked),
    }
    order = {
        Reason.NO_STOCK: ["stock", "hours"],
        Reason.NO_DELIVERY: ["trips", "stock", "date"],
        Reason.TOO_FAR: ["travel"],
        Reason.NO_OUTREACH: ["stops", "date"],
        Reason.SESSION_TOO_SMALL: ["rule"],
        Reason.NO_CAPABILITY: ["team", "station", "travel", "date"],
        Reason.NO_CAPACITY: ["hours", "team", "rule", "stock"],
    }[asked.reason]
    rest = [name for name in families if name not in order]
    return [family for name in (*order, *rest) for family in families[name] if family]


def _stock(asked: Asked) -> list[list[Change]]:
    """Enough for one more, then for all who wait: in the warehouse, whole packs; on the nearest shelf, single units."""
    found = []
    for item, units in asked.problem.method[asked.group.method].uses.items():
        if not units:
            continue
        pack = asked.problem.item[item].pack
        people = sorted({1, max(1, asked.missing)})
        for house in asked.problem.warehouses[:1]:
            sizes = sorted({-(-number * units // pack) * pack for number in people})
            found.append([{"change": "stock", "warehouse": house.id, "item": item, "quantity": n} for n in sizes])
        for place in asked.reach[:1]:
            sizes = [number * units for number in people]
            found.append([{"change": "stock", "facility": place, "item": item, "quantity": n} for n in sizes])
    return found


def _teams(asked: Asked) -> list[list[Change]]:
    skills = sorted({s.skill for s in asked.problem.method[asked.group.method].timed_steps if s.skill is not None})
    return [[{"change": "team", "facility": place, "skills": skills}] for place in asked.reach[:2] if skills]


def _rules(asked: Asked) -> list[list[Change]]:
    rules = asked.problem.rules
    found: list[list[Change]] = []
    if rules.min_session > 1:
        sizes = sorted(
            {max(1, rules.min_session - 1), max(1, min(rules.min_session - 1, asked.missing)), 1}, reverse=True
        )
        found.append([{"change": "rule", "rule": "min_session", "value": value} for value in sizes])
    for name, most in (
        ("max_sessions_per_day", rules.max_sessions_per_day),
        ("max_dates_per_kecamatan", rules.max_dates_per_kecamatan),
    ):
        if most is not None:
            found.append([{"change": "rule", "rule": name, "value": most + 1}])
    return found


def _travel(asked: Asked) -> list[Change]:
    """Just as far as the next facility that is too far today, then more."""
    problem, rules = asked.problem, asked.problem.rules
    beyond = sorted(
        km
        for row in problem.facilities
        if (km := problem.travel_km(asked.group.kelurahan, row.id)) > rules.max_travel_km
    )
    sizes = [round(km - rules.max_travel_km + 0.0005, 3) for km in beyond[:1]]
    found: list[Change] = [
        {"change": "travel", "km": km} for km in sorted({*sizes, *_KM}) if not sizes or km >= sizes[0]
    ]
    if not rules.cross_kecamatan:
        found.insert(0, {"change": "travel", "km": 0, "cross_kecamatan": True})
    return found[:3]


def _dates(asked: Asked) -> list[list[Change]]:
    """One more service date right after the last one, for groups that can come on any date."""
    problem = asked.problem
    if not problem.dates or asked.group.dates is not None:
        return []
    last = problem.dates[-1]
    return [[{"change": "date", "date": (last + timedelta(1)).isoformat(), "like": last.isoformat()}]]


def _stations(asked: Asked) -> list[list[Change]]:
    names = dict.fromkeys(step.station for step in asked.problem.method[asked.group.method].timed_steps)
    return [
        [{"change": "station", "facility": place, "station": name, "units": 1}]
        for place in asked.reach[:1]
        for name in names
    ]
