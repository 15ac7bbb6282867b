"""Change facilities, their stations and opening hours."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import time
from itertools import pairwise

from sqlalchemy import select

from campaign import audit
from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.errors import Invalid, Mistake
from campaign.registry.models import Area, AreaLevel, Facility, FacilityHours, FacilityStation
from campaign.registry.models import FacilityKind as FacilityKind
from campaign.registry.models import Station as Station
from campaign.registry.storing import Change, Counts, Wanted, align, broken, first_of, store


class FacilitiesInvalid(Invalid):
    """Facilities break rules. `where` is the row's position and the field: "3.code", "3.hours.0"."""

    code = "facilities-invalid"


Hours = tuple[int, time, time]  # weekday (0 Monday), opens, closes


@dataclass(frozen=True, slots=True)
class FacilityRow:
    """A facility with its stations and opening hours."""

    code: str  # K/0/KB
    name: str
    kind: FacilityKind
    kecamatan_code: str
    address: str
    lat: float
    lon: float
    session_cost: int
    stations: Mapping[Station, int]
    hours: tuple[Hours, ...]
    is_active: bool = True


def register_facilities(actor: Actor, rows: Sequence[FacilityRow]) -> Counts:
    """Store the facilities; stations and hours of each become exactly those of its row."""
    require(actor, Permission.EDIT_REGISTRY)
    mistakes = _mistakes_of(rows)
    if mistakes:
        raise FacilitiesInvalid(tuple(mistakes))
    found = db.session.scalars(select(Facility).where(Facility.code.in_([row.code for row in rows])))
    known = {facility.code: facility for facility in found}
    counts = Counts.of([_put_facility(row, known.get(row.code)) for row in rows])
    db.session.flush()
    if counts.touched:
        audit.record(actor, "register-facilities", ("facility", "*"), new=counts.new, changed=counts.changed)
    return counts


def _mistakes_of(rows: Sequence[FacilityRow]) -> list[Mistake]:
    wanted = {row.kecamatan_code for row in rows}
    in_registry = select(Area.code).where(Area.level == AreaLevel.KECAMATAN, Area.code.in_(wanted))
    kecamatan = set(db.session.scalars(in_registry))
    codes = Counter(row.code for row in rows)
    mistakes: list[Mistake] = []
    for position, row in enumerate(rows):
        rules = (
            ("code", "facility-code-form", not (row.code.isascii() and row.code.isdigit() and len(row.code) in (7, 9))),
            ("code", "listed-twice", codes[row.code] > 1),
            ("name", "name-missing", not row.name.strip()),
            ("kecamatan_code", "unknown-kecamatan", row.kecamatan_code not in kecamatan),
            ("lat", "latitude-outside", not -12 <= row.lat <= 7),
            ("lon", "longitude-outside", not 94 <= row.lon <= 142),
            ("stations", "no-station", not any(row.stations.values())),
        )
        mistakes += broken(position, (*rules, *_hours_rules(row.hours)))
    return mistakes


def _hours_rules(hours: Sequence[Hours]) -> list[tuple[str, str, bool]]:
    """Return the rules of each window, named by its place in the row: "hours.2"."""
    order = sorted(range(len(hours)), key=lambda index: hours[index])
    overlapping = {
        later
        for before, later in pairwise(order)
        if hours[before][0] == hours[later][0] and hours[later][1] < hours[before][2]
    }
    return [
        rule
        for index, (_, opens, closes) in enumerate(hours)
        for rule in (
            (f"hours.{index}", "closes-before-opening", opens >= closes),
            (f"hours.{index}", "hours-overlap", index in overlapping),
        )
    ]


def _put_facility(row: FacilityRow, known: Facility | None) -> Change:
    columns = {one.name: getattr(row, one.name) for one in fields(row) if one.name not in ("stations", "hours")}
    facility, change = store(Facility, known, columns)
    stations: Wanted = {(station,): {"count": count} for station, count in row.stations.items() if count}
    hours: Wanted = {(weekday, opens): {"closes_at": closes} for weekday, opens, closes in row.hours}
    return first_of(
        change,
        align(facility.stations, FacilityStation, ("station",), stations),
        align(facility.hours, FacilityHours, ("weekday", "opens_at"), hours),
    )
