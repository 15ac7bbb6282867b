"""Problems as documents: the inverse of reading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from campaign.planning.problem import (
    FORMAT,
    CandidateGroup,
    Facility,
    Lot,
    Method,
    Problem,
    Provider,
    Warehouse,
    Window,
)


def clock(minutes: int) -> str:
    """Minutes after midnight as HH:MM."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def problem_document(problem: Problem) -> dict[str, Any]:
    """The campaign-problem/1 document of a problem."""
    return {
        "format": FORMAT,
        "name": problem.name,
        "dates": _dates(problem.dates),
        "items": [asdict(row) for row in problem.items],
        "methods": [_method(row) for row in problem.methods],
        "kecamatan": [{"id": row.id, "name": row.name, "target": dict(row.target)} for row in problem.kecamatan],
        "kelurahan": [asdict(row) for row in problem.kelurahan],
        "candidates": [_group(row) for row in problem.candidates],
        "facilities": [_facility(row) for row in problem.facilities],
        "providers": [_provider(row) for row in problem.providers],
        "warehouses": [_warehouse(row) for row in problem.warehouses],
        "outreach": [
            {"id": row.id, "dates": _dates(row.dates), "stops_per_day": row.stops_per_day} for row in problem.outreach
        ],
        "travel": [asdict(row) for row in problem.travel],
        "rules": asdict(problem.rules),
    }


def _dates(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in days]


def _method(row: Method) -> dict[str, Any]:
    steps = [{key: value for key, value in asdict(step).items() if value is not None} for step in row.steps]
    return {"id": row.id, "name": row.name, "steps": steps, "uses": dict(row.uses)}


def _group(row: CandidateGroup) -> dict[str, Any]:
    document: dict[str, Any] = {f.name: getattr(row, f.name) for f in fields(row) if f.name != "dates"}
    if row.dates is not None:
        document["dates"] = _dates(row.dates)
    return document


def _stock(lots: Iterable[Lot]) -> list[dict[str, Any]]:
    return [{**asdict(lot), "expiry": lot.expiry.isoformat()} for lot in lots]


def _hours(windows: Iterable[Window]) -> list[list[str]]:
    return [[clock(start), clock(end)] for start, end in windows]


def _facility(row: Facility) -> dict[str, Any]:
    return {
        **{key: getattr(row, key) for key in ("id", "name", "kecamatan", "lat", "lon")},
        "stations": dict(row.stations),
        "hours": {day.isoformat(): _hours(windows) for day, windows in row.hours.items()},
        "session_cost": row.session_cost,
        "stock": _stock(row.stock),
    }


def _provider(row: Provider) -> dict[str, Any]:
    return {**asdict(row), "skills": list(row.skills), "dates": _dates(row.dates)}


def _warehouse(row: Warehouse) -> dict[str, Any]:
    return {
        **{key: getattr(row, key) for key in ("id", "name", "lat", "lon")},
        "stock": _stock(row.stock),
        "keep": dict(row.keep),
        "dates": _dates(row.dates),
        "trips_per_day": row.trips_per_day,
        "trip_cost": row.trip_cost,
    }
