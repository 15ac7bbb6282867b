"""A plan on a map: kelurahan, facilities, and who goes where, in the units of a drawing. Pure."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from campaign.planning.plan import Plan
from campaign.planning.problem import Problem

WIDTH, MARGIN = 800, 40
LARGEST_RADIUS, WIDEST_FLOW = 26, 12


@dataclass(frozen=True, slots=True)
class Spot:
    """A kelurahan: its circle's area follows how many candidates it has."""

    name: str
    x: float
    y: float
    radius: float
    listed: int
    served: int

    @property
    def share(self) -> str:
        """Return how much of it is served: all, most (half or more), part or none."""
        if self.served >= self.listed:
            return "all"
        if 2 * self.served >= self.listed:
            return "most"
        return "part" if self.served else "none"


@dataclass(frozen=True, slots=True)
class Site:
    """A facility that holds sessions, or none."""

    name: str
    x: float
    y: float
    served: int


@dataclass(frozen=True, slots=True)
class Flow:
    """People of a kelurahan who go to a facility."""

    kelurahan: str
    kecamatan: str
    facility: str
    count: int
    km: float
    start: tuple[float, float]
    end: tuple[float, float]
    width: float


@dataclass(frozen=True, slots=True)
class Map:
    """The whole drawing."""

    height: float
    spots: tuple[Spot, ...]
    sites: tuple[Site, ...]
    flows: tuple[Flow, ...]  # the most people first
    km_bar: tuple[float, int]  # length of the scale in the drawing, and the km it stands for


def draw(problem: Problem, plan: Plan, kecamatan: str | None = None) -> Map:
    """Return a plan as a map, north up; of one kecamatan only its kelurahan and where they go."""
    homes = [(row.lat, row.lon) for row in problem.kelurahan]
    sheet = _Sheet.around([*homes, *((row.lat, row.lon) for row in problem.facilities)])
    listed: Counter[str] = Counter()
    for group in problem.candidates:
        listed[group.kelurahan] += group.count
    going: Counter[tuple[str, str]] = Counter()
    for session in plan.sessions:
        for who in session.appointments:
            home = problem.kelurahan_by_id[problem.group[who.candidate].kelurahan]
            if kecamatan in (None, home.kecamatan):
                going[home.id, session.facility] += 1
    served: Counter[str] = Counter()
    at: Counter[str] = Counter()
    for (kelurahan, facility), number in going.items():
        served[kelurahan] += number
        at[facility] += number
    most = max(listed.values(), default=1) or 1
    spots = tuple(
        Spot(
            row.name,
            *sheet.place(row.lat, row.lon),
            round(max(4.0, LARGEST_RADIUS * math.sqrt(listed[row.id] / most)), 1),
            listed[row.id],
            served[row.id],
        )
        for row in problem.kelurahan
        if listed[row.id] and kecamatan in (None, row.kecamatan)
    )
    sites = tuple(Site(row.name, *sheet.place(row.lat, row.lon), at[row.id]) for row in problem.facilities)
    return Map(sheet.height, spots, sites, _flows(problem, going, sheet), sheet.scale())


def _flows(problem: Problem, going: Counter[tuple[str, str]], sheet: _Sheet) -> tuple[Flow, ...]:
    names = {row.id: row.name for row in problem.kecamatan}
    most = max(going.values(), default=1)
    rows = []
    for (kelurahan, facility), number in sorted(going.items(), key=lambda entry: (-entry[1], entry[0])):
        home, place = problem.kelurahan_by_id[kelurahan], problem.facility[facility]
        rows.append(
            Flow(
                home.name,
                names[home.kecamatan],
                place.name,
                number,
                problem.travel_km(kelurahan, facility),
                sheet.place(home.lat, home.lon),
                sheet.place(place.lat, place.lon),
                round(max(1.0, WIDEST_FLOW * number / most), 1),
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Turns degrees into the drawing's units; a degree of longitude is as long as it is at this latitude."""

    north: float
    west: float
    squeeze: float
    unit: float  # drawing units for one degree of latitude
    height: float

    @classmethod
    def around(cls, points: list[tuple[float, float]]) -> _Sheet:
        """Return a sheet that holds all points."""
        north, south = max(lat for lat, _ in points), min(lat for lat, _ in points)
        west, east = min(lon for _, lon in points), max(lon for _, lon in points)
        squeeze = math.cos(math.radians((north + south) / 2))
        tall, wide = max(north - south, 1e-3), max((east - west) * squeeze, 1e-3)
        inner = WIDTH - 2 * MARGIN
        unit = min(inner / wide, inner / tall)
        return cls(north, west, squeeze, unit, round(tall * unit + 2 * MARGIN + 30, 1))

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        """Return x and y of a point."""
        x = MARGIN + (lon - self.west) * self.squeeze * self.unit
        return round(x, 1), round(MARGIN + (self.north - lat) * self.unit, 1)

    def scale(self) -> tuple[float, int]:
        """Return a bar of whole km that is not longer than a quarter of the drawing."""
        per_km = self.unit / 111.2
        km = next((km for km in (50, 20, 10, 5, 2) if km * per_km <= WIDTH / 4), 1)
        return round(km * per_km, 1), km
