"""Changes to a problem, as a planner would name them: one more team, an hour more, fifty sets, a doctor ill."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from campaign.planning.problem import InvalidProblem, Mistake, Problem

Document = dict[str, Any]


class UnknownChange(ValueError):
    """A change that is not one of those known, or that names what is not there."""

    code = "unknown-change"


def changed(problem: Problem, change: Mapping[str, Any]) -> Problem:
    """The problem with one change made; raises UnknownChange, or InvalidProblem when the result makes no sense."""
    make = _MAKERS.get(str(change.get("change")))
    if make is None:
        raise UnknownChange(f"unknown change {change.get('change')!r}; known: {', '.join(sorted(_MAKERS))}")
    document = copy.deepcopy(problem.to_json())
    try:
        make(document, change)
    except (KeyError, TypeError, AttributeError) as error:
        raise UnknownChange(f"{change.get('change')}: {error}") from error
    return Problem.from_json(document)


def _row(document: Document, kind: str, key: Any) -> Document:
    for row in document[kind]:
        if row["id"] == key:
            found: Document = row
            return found
    raise UnknownChange(f"no such {kind}: {key}")


def _number(change: Mapping[str, Any], key: str) -> int:
    value = change[key]
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidProblem((Mistake(f"$.{key}", "is not a whole number"),))
    return value


def _team(document: Document, change: Mapping[str, Any]) -> None:
    """One more provider like `provider`, or at `facility` with `skills`."""
    if "provider" in change:
        extra = copy.deepcopy(_row(document, "providers", change["provider"]))
    else:
        place = _row(document, "facilities", change["facility"])
        extra = {
            "skills": list(change["skills"]),
            "base": place["id"],
            "mobile": False,
            "dates": document["dates"],
            "max_days": len(document["dates"]),
            "minutes_per_day": 360,
            "day_cost": 0,
        }
    taken = {row["id"] for row in document["providers"]}
    name = next(f"+{n}" for n in range(1, len(taken) + 2) if f"+{n}" not in taken)
    document["providers"].append({**extra, "id": name, "name": name})


def _hours(document: Document, change: Mapping[str, Any]) -> None:
    """`minutes` more at the end of each day of `facility`, or of all."""
    minutes = _number(change, "minutes")
    for row in document["facilities"]:
        if change.get("facility") in (None, row["id"]):
            for windows in row["hours"].values():
                if windows:
                    hours, rest = windows[-1][1].split(":")
                    end = min(24 * 60, int(hours) * 60 + int(rest) + minutes)
                    windows[-1][1] = f"{end // 60:02d}:{end % 60:02d}"


def _stock(document: Document, change: Mapping[str, Any]) -> None:
    """`quantity` more of `item` at `warehouse` or on the shelf of `facility`, in a lot that outlasts the campaign."""
    kind = "warehouses" if "warehouse" in change else "facilities"
    place = _row(document, kind, change["warehouse" if "warehouse" in change else "facility"])
    lot = {"item": change["item"], "lot": "+", "expiry": "2099-12-31", "quantity": _number(change, "quantity")}
    place["stock"].append(lot)


def _travel(document: Document, change: Mapping[str, Any]) -> None:
    """`km` more for candidates; with `cross_kecamatan` also over the border."""
    document["rules"]["max_travel_km"] += change.get("km", 0)
    if change.get("cross_kecamatan"):
        document["rules"]["cross_kecamatan"] = True


def _date(document: Document, change: Mapping[str, Any]) -> None:
    """Another service date `date`, with the hours and providers of the date `like`."""
    new, like = date.fromisoformat(change["date"]).isoformat(), change["like"]
    if new in document["dates"] or like not in document["dates"]:
        raise UnknownChange(f"date {new} like {like}")
    document["dates"] = sorted([*document["dates"], new])
    for row in document["facilities"]:
        if like in row["hours"]:
            row["hours"][new] = copy.deepcopy(row["hours"][like])
    for row in document["providers"]:
        if like in row["dates"]:
            row["dates"].append(new)


def _ill(document: Document, change: Mapping[str, Any]) -> None:
    """`provider` is away, on `dates` or altogether."""
    row = _row(document, "providers", change["provider"])
    away = set(change.get("dates", row["dates"]))
    row["dates"] = [day for day in row["dates"] if day not in away]


def _trips(document: Document, change: Mapping[str, Any]) -> None:
    """`trips` more a day from `warehouse`."""
    _row(document, "warehouses", change["warehouse"])["trips_per_day"] += _number(change, "trips")


def _stops(document: Document, change: Mapping[str, Any]) -> None:
    """`stops` more a day for each outreach unit."""
    for row in document["outreach"]:
        row["stops_per_day"] += _number(change, "stops")


def _station(document: Document, change: Mapping[str, Any]) -> None:
    """`units` more of `station` at `facility`."""
    stations = _row(document, "facilities", change["facility"])["stations"]
    stations[change["station"]] = stations.get(change["station"], 0) + _number(change, "units")


def _rule(document: Document, change: Mapping[str, Any]) -> None:
    """Another `value` for `rule`."""
    document["rules"][change["rule"]] = change["value"]


_MAKERS: dict[str, Callable[[Document, Mapping[str, Any]], None]] = {
    "team": _team,
    "hours": _hours,
    "stock": _stock,
    "travel": _travel,
    "date": _date,
    "ill": _ill,
    "trips": _trips,
    "stops": _stops,
    "station": _station,
    "rule": _rule,
}
