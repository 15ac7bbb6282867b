"""The problem: what a campaign has to work with (campaign-problem/1).

Every part is frozen. Money is rupiah, distance km, duration minutes, clock times minutes after midnight.
A Problem that exists is sound: identifiers are unique and found, windows end after they start.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

FORMAT = "campaign-problem/1"
EARTH_RADIUS_KM = 6371.0088

Window = tuple[int, int]  # open and close, minutes after midnight


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong with a problem document: where (JSON path) and why."""

    path: str
    reason: str


class InvalidProblem(ValueError):
    """The document is not a problem; `mistakes` lists everything that is wrong with it."""

    code = "invalid-problem"

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("; ".join(f"{m.path}: {m.reason}" for m in mistakes[:3]))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Item:
    """Something that methods use up, counted in its unit."""

    id: str
    name: str
    unit: str
    pack: int  # a delivery moves whole packs of this many units


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a method: its station type, its minutes (0: skipped) and the skill it needs, if any."""

    name: str
    station: str
    minutes: int
    skill: str | None = None


@dataclass(frozen=True, slots=True)
class Method:
    """A contraceptive method: the steps of one acceptor, in order, and what they use up."""

    id: str
    name: str
    steps: tuple[Step, ...]
    uses: Mapping[str, int]  # item id -> units per acceptor

    @property
    def timed_steps(self) -> tuple[Step, ...]:
        """The steps that take time; the others are skipped everywhere."""
        return tuple(step for step in self.steps if step.minutes > 0)


@dataclass(frozen=True, slots=True)
class Kecamatan:
    """A subdistrict and its targets."""

    id: str
    name: str
    target: Mapping[str, int]  # method id -> acceptors aimed at


@dataclass(frozen=True, slots=True)
class Kelurahan:
    """A village or ward where candidates live; latitude and longitude in degrees."""

    id: str
    kecamatan: str
    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class CandidateGroup:
    """`count` persons alike in kelurahan, method, priority and dates."""

    id: str
    kelurahan: str
    method: str
    priority: bool
    count: int
    dates: tuple[date, ...] | None = None  # the only dates they can come; None: any


@dataclass(frozen=True, slots=True)
class Lot:
    """Units of an item that expire together, usable up to and on the expiry date; (item, lot) names it everywhere."""

    item: str
    lot: str
    expiry: date
    quantity: int


@dataclass(frozen=True, slots=True)
class Facility:
    """A place where sessions are held: stations by type, hours by date, rupiah a session, lots on its shelf."""

    id: str
    name: str
    kecamatan: str
    lat: float
    lon: float
    stations: Mapping[str, int]
    hours: Mapping[date, tuple[Window, ...]]  # no entry: closed
    session_cost: float
    stock: tuple[Lot, ...]


@dataclass(frozen=True, slots=True)
class Provider:
    """Somebody with skills: at most `max_days` days, `minutes_per_day` minutes and `day_cost` rupiah a day."""

    id: str
    name: str
    skills: tuple[str, ...]
    base: str
    mobile: bool
    dates: tuple[date, ...]
    max_days: int
    minutes_per_day: int
    day_cost: float


@dataclass(frozen=True, slots=True)
class Warehouse:
    """Where deliveries leave from, on dispatch `dates`; `keep` is the units of each item that must stay."""

    id: str
    name: str
    lat: float
    lon: float
    stock: tuple[Lot, ...]
    keep: Mapping[str, int]
    dates: tuple[date, ...]
    trips_per_day: int
    trip_cost: float


@dataclass(frozen=True, slots=True)
class OutreachUnit:
    """An information vehicle: at most `stops_per_day` kelurahan on each of its dates."""

    id: str
    dates: tuple[date, ...]
    stops_per_day: int


@dataclass(frozen=True, slots=True)
class Travel:
    """A one-way distance in km, given by the user and taken as it is, without road factor."""

    kelurahan: str
    facility: str
    km: float


@dataclass(frozen=True, slots=True)
class Rules:
    """The campaign's rules; days are calendar days, a limit of None does not apply."""

    max_travel_km: float = 25
    cross_kecamatan: bool = True
    road_factor: float = 1.3
    cost_per_km_person: float = 2000
    cost_per_km_vehicle: float = 5000
    provider_radius_km: float = 60
    min_session: int = 1
    max_sessions_per_day: int | None = None
    max_dates_per_kecamatan: int | None = None
    max_wait_minutes: int = 60
    delivery_lead_days: int = 1
    min_shelf_days: int = 30
    outreach_lead_days: int = 1


def shifted(day: date, days: int) -> date:
    """The date so many days later, held inside the calendar's end."""
    try:
        return day + timedelta(days)
    except OverflowError:
        return date.max if days > 0 else date.min


def great_circle_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Distance over the earth's surface by the haversine formula."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half_phi, half_lambda = (phi2 - phi1) / 2, math.radians(lon2 - lon1) / 2
    chord = math.sin(half_phi) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


@dataclass(frozen=True)
class Problem:
    """A whole problem. `sha256` is of the file's bytes; "" when it was not read from bytes."""

    name: str
    dates: tuple[date, ...]
    items: tuple[Item, ...]
    methods: tuple[Method, ...]
    kecamatan: tuple[Kecamatan, ...]
    kelurahan: tuple[Kelurahan, ...]
    candidates: tuple[CandidateGroup, ...]
    facilities: tuple[Facility, ...]
    providers: tuple[Provider, ...]
    warehouses: tuple[Warehouse, ...]
    outreach: tuple[OutreachUnit, ...]
    travel: tuple[Travel, ...] = ()
    rules: Rules = field(default_factory=Rules)
    sha256: str = ""

    @staticmethod
    def from_json(raw: Any, sha256: str = "") -> Problem:
        """Build a problem from decoded JSON; raises InvalidProblem with every mistake."""
        from campaign.planning.reading import read_problem  # the reader builds these classes

        return read_problem(raw, sha256)

    def to_json(self) -> dict[str, Any]:
        """The document this problem would be read from."""
        from campaign.planning.writing import problem_document

        return problem_document(self)

    def to_bytes(self) -> bytes:
        """The canonical file: what `sha256` of a problem built in memory should be taken of."""
        return json.dumps(self.to_json(), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()

    @cached_property
    def method(self) -> dict[str, Method]:
        """Methods by id."""
        return {row.id: row for row in self.methods}

    @cached_property
    def item(self) -> dict[str, Item]:
        """Items by id."""
        return {row.id: row for row in self.items}

    @cached_property
    def kelurahan_by_id(self) -> dict[str, Kelurahan]:
        """Kelurahan by id."""
        return {row.id: row for row in self.kelurahan}

    @cached_property
    def facility(self) -> dict[str, Facility]:
        """Facilities by id."""
        return {row.id: row for row in self.facilities}

    @cached_property
    def provider(self) -> dict[str, Provider]:
        """Providers by id."""
        return {row.id: row for row in self.providers}

    @cached_property
    def warehouse(self) -> dict[str, Warehouse]:
        """Warehouses by id."""
        return {row.id: row for row in self.warehouses}

    @cached_property
    def group(self) -> dict[str, CandidateGroup]:
        """Candidate groups by id."""
        return {row.id: row for row in self.candidates}

    @cached_property
    def expiry(self) -> dict[tuple[str, str], date]:
        """Expiry date of each (item, lot); reading a problem has made sure that all shelves agree."""
        found: dict[tuple[str, str], date] = {}
        shelves = [row.stock for row in self.facilities] + [row.stock for row in self.warehouses]
        for lot in (lot for shelf in shelves for lot in shelf):
            found.setdefault((lot.item, lot.lot), lot.expiry)
        return found

    @cached_property
    def _given_km(self) -> dict[tuple[str, str], float]:
        return {(row.kelurahan, row.facility): row.km for row in self.travel}

    def road_km(self, a: Kelurahan | Facility | Warehouse, b: Kelurahan | Facility | Warehouse) -> float:
        """Road distance: the great circle times the road factor, to the metre."""
        return round(great_circle_km(a.lat, a.lon, b.lat, b.lon) * self.rules.road_factor, 3)

    def travel_km(self, kelurahan: str, facility: str) -> float:
        """How far a candidate of the kelurahan travels to the facility, one way."""
        given = self._given_km.get((kelurahan, facility))
        if given is not None:
            return given
        return self.road_km(self.kelurahan_by_id[kelurahan], self.facility[facility])


def able_places(problem: Problem, group: CandidateGroup) -> list[int]:
    """Facilities with every station that the group's method needs."""
    stations = {step.station for step in problem.method[group.method].timed_steps}
    return [f for f, row in enumerate(problem.facilities) if all(row.stations.get(name) for name in stations)]


def load(document: bytes) -> Problem:
    """Read a problem file; raises InvalidProblem with every mistake, and carries the bytes' SHA-256."""
    from campaign.planning.reading import decode

    return Problem.from_json(decode(document), hashlib.sha256(document).hexdigest())
