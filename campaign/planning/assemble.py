"""From rows to the planner's problem document; the only file that knows which row stands behind which identifier.

Identifiers in the document are codes that people know (K/0/KB code, batch number), and every list is sorted by them:
the same rows give the same bytes, and therefore the same hash.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from campaign import clock
from campaign.errors import Invalid, Mistake
from campaign.events import queries as events
from campaign.events.models import Campaign
from campaign.outreach import queries as outreach
from campaign.planning import stock
from campaign.planning.estimates import estimated_groups
from campaign.planning.problem import FORMAT, Problem
from campaign.registry import calendar
from campaign.registry import queries as registry
from campaign.registry.calendar import Closure
from campaign.registry.models import Area, Facility, Method, Provider

# Goods leave the warehouse at most this long before the first service date (domain: 1 to 7 days before).
DISPATCH_DAYS = 7


class CampaignNotReady(Invalid):
    """Something is missing that a plan needs; every gap is listed."""

    code = "campaign-not-ready"


@dataclass(frozen=True, slots=True)
class _Materials:
    """What was read from the rows, before it is written down."""

    campaign: Campaign
    days: tuple[date, ...]
    dispatch: tuple[date, ...]  # on which goods may leave the warehouse, days off not yet taken out
    facilities: Sequence[Facility]
    closures: tuple[Closure, ...]  # of the service dates and the dispatch dates


def assemble(campaign_id: int) -> Problem:
    """Build the problem of a campaign from its rows as they are now; raises CampaignNotReady with every gap."""
    campaign = events.campaign(campaign_id)
    days = tuple(row.held_on for row in campaign.dates if row.held_on >= clock.today())
    dispatch = _span(max(clock.today(), days[0] - timedelta(DISPATCH_DAYS)), days[-1]) if days else ()
    materials = _Materials(
        campaign,
        days,
        dispatch,
        registry.facilities(events.facility_ids_of(campaign_id)),
        calendar.closures(campaign.district_code, {*days, *dispatch}),
    )
    areas = registry.kelurahan_of(campaign.district_code)
    groups = [_group(row) for row in outreach.candidate_groups(campaign_id)] or _estimates(campaign)
    _require_ready(materials, areas, groups)
    return Problem.from_json(
        {
            "format": FORMAT,
            "name": campaign.name,
            "dates": _dates(days),
            "items": _items(),
            "methods": [_method(row) for row in registry.methods()],
            "kecamatan": _kecamatan(campaign),
            "kelurahan": [_kelurahan(row) for row in areas if row.lat is not None],
            "candidates": groups,
            **_places(materials),
            "providers": _providers(materials),
            "outreach": [],
            "rules": _rules(campaign),
        }
    )


def _items() -> list[dict[str, Any]]:
    rows = sorted(registry.items(), key=lambda row: row.code)
    return [{"id": row.code, "name": row.name, "unit": row.unit, "pack": row.pack} for row in rows]


def _places(materials: _Materials) -> dict[str, Any]:
    """Return facilities and warehouses, each with what it can give."""
    held = stock.read([row.facility_id for row in materials.facilities], materials.campaign.district_code)
    return {
        "facilities": [
            _facility(row, materials) | {"stock": held.lots(held.shelves.get(row.facility_id, ()))}
            for row in materials.facilities
        ],
        "warehouses": [
            _warehouse(row, materials) | {"stock": held.lots(row.lots), "keep": held.keep(row)}
            for row in held.warehouses
        ],
    }


def _estimates(campaign: Campaign) -> list[dict[str, Any]]:
    """Return groups of estimated persons, as long as nobody is on the lists."""
    figures = registry.area_figures(campaign.district_code)
    shares = {row.area_code: (row.poor_couples, row.couples) for row in figures}
    return estimated_groups(events.kelurahan_targets(campaign.campaign_id), shares)


def _require_ready(materials: _Materials, areas: Sequence[Area], groups: Sequence[dict[str, Any]]) -> None:
    """Refuse what no plan can be made of; a plan that serves few is an answer, one of nothing is not."""
    mistakes = []
    if not materials.days:
        mistakes.append(Mistake("dates", "dates-are-past" if materials.campaign.dates else "no-dates"))
    if not materials.facilities:
        mistakes.append(Mistake("facilities", "no-facilities"))
    if not groups:
        mistakes.append(Mistake("candidates", "no-candidates"))
    known = {row.code for row in areas if row.lat is not None}
    missing = sorted({row["kelurahan"] for row in groups} - known)
    mistakes += [Mistake(f"kelurahan.{code}", "kelurahan-without-point", {"area": code}) for code in missing]
    if mistakes:
        raise CampaignNotReady(tuple(mistakes))


def _method(row: Method) -> dict[str, Any]:
    steps = [
        {"name": step.name, "station": step.station.value, "minutes": step.minutes}
        | ({"skill": step.skill} if step.skill else {})
        for step in row.steps
    ]
    uses = {use.item.code: use.quantity for use in sorted(row.uses, key=lambda use: use.item.code)}
    return {"id": row.code, "name": row.name, "steps": steps, "uses": uses}


def _kecamatan(campaign: Campaign) -> list[dict[str, Any]]:
    targets = events.targets(campaign.campaign_id)
    order = [method.code for method in registry.methods()]
    return [
        {
            "id": area.code,
            "name": area.name,
            "target": {method: targets[area.code, method] for method in order if (area.code, method) in targets},
        }
        for area in registry.kecamatan_of(campaign.district_code)
    ]


def _kelurahan(area: Area) -> dict[str, Any]:
    return {"id": area.code, "kecamatan": area.parent_code, "name": area.name, "lat": area.lat, "lon": area.lon}


def _group(row: outreach.CandidateGroup) -> dict[str, Any]:
    document = {
        "id": row.group_id,
        "kelurahan": row.kelurahan_code,
        "method": row.method_code,
        "priority": row.is_poor,
        "count": len(row.candidate_ids),
    }
    return document if row.free_dates is None else document | {"dates": _dates(row.free_dates)}


def _facility(row: Facility, materials: _Materials) -> dict[str, Any]:
    windows = {day: calendar.opening_windows(row, day, materials.closures) for day in materials.days}
    return {
        "id": row.code,
        "name": row.name,
        "kecamatan": row.kecamatan_code,
        "lat": row.lat,
        "lon": row.lon,
        "stations": {s.station.value: s.count for s in sorted(row.stations, key=lambda s: s.station.value)},
        "hours": {
            day.isoformat(): [[_clock(opens), _clock(closes)] for opens, closes in found]
            for day, found in windows.items()
            if found and row.is_active
        },
        "session_cost": row.session_cost,
    }


def _providers(materials: _Materials) -> list[dict[str, Any]]:
    """Whoever is based at a facility of the campaign, less the days on which another campaign has them."""
    base = {row.facility_id: row.code for row in materials.facilities}
    taken = events.provider_days_taken(materials.days, materials.campaign.campaign_id)
    return [
        {
            "id": row.code,
            "name": row.name,
            # A certificate must hold on the last date: one that lapses half-way would need a plan of two halves.
            "skills": list(calendar.skills_on(row, materials.days[-1])),
            "base": base[row.base_facility_id],
            "mobile": row.is_mobile,
            "dates": _dates(
                day for day in calendar.provider_dates(row, materials.days) if (row.provider_id, day) not in taken
            ),
            "max_days": row.max_days,
            "minutes_per_day": row.minutes_per_day,
            "day_cost": row.day_cost,
        }
        for row in _based_at(list(base))
    ]


def _based_at(facility_ids: list[int]) -> list[Provider]:
    return registry.providers(facility_ids)


def _warehouse(row: stock.Warehouse, materials: _Materials) -> dict[str, Any]:
    off = {closure.day for closure in materials.closures if closure.covers(materials.campaign.district_code)}
    return {
        "id": row.code,
        "name": row.name,
        "lat": row.lat,
        "lon": row.lon,
        "dates": _dates(day for day in materials.dispatch if day.weekday() < 5 and day not in off),
        "trips_per_day": materials.campaign.trips_per_day,
        "trip_cost": materials.campaign.trip_cost,
    }


def _rules(campaign: Campaign) -> dict[str, Any]:
    return {
        "max_travel_km": float(campaign.max_travel_km),
        "cross_kecamatan": campaign.cross_kecamatan,
        "min_session": campaign.min_session,
        "max_sessions_per_day": campaign.max_sessions_per_day,
        "max_dates_per_kecamatan": campaign.max_dates_per_kecamatan,
    }


def _span(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days) for days in range((last - first).days + 1))


def _dates(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in days]


def _clock(at: time) -> str:
    return at.strftime("%H:%M")
