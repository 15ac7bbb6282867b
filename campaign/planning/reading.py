"""Reading a problem document: everything that is wrong with it is told at once, by JSON path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, TypeVar

from campaign.planning.problem import (
    FORMAT,
    CandidateGroup,
    Facility,
    InvalidProblem,
    Item,
    Kecamatan,
    Kelurahan,
    Lot,
    Method,
    OutreachUnit,
    Problem,
    Provider,
    Rules,
    Step,
    Travel,
    Warehouse,
    Window,
)
from campaign.planning.values import LONGEST_DAYS, MINUTES_A_DAY, Reader, decode, printable

__all__ = ["decode", "read_problem"]

T = TypeVar("T")

_DAY_RULES = ("delivery_lead_days", "min_shelf_days", "outreach_lead_days")
_COUNT_RULES = ("min_session", "max_wait_minutes")
_LIMIT_RULES = ("max_sessions_per_day", "max_dates_per_kecamatan")


class _Parts:
    """Builds the parts of one document; knows the identifiers of its lists."""

    def __init__(self, raw: Mapping[str, Any], reader: Reader) -> None:
        self.read = reader
        lists = ("items", "methods", "kecamatan", "kelurahan", "candidates", "facilities", "providers", "warehouses")
        self.ids = {name: reader.identifiers(raw.get(name), f"$.{name}") for name in (*lists, "outreach")}

    def _row(self, value: Any, at: str, keys: str, optional: str = "") -> Mapping[str, Any]:
        row = self.read.record(value, at, keys.split(), optional.split())
        for key in keys.split():
            if key in row and row[key] is None:
                self.read.wrong(f"{at}.{key}", "is null")
        return row

    def item(self, value: Any, at: str) -> Item:
        """Read an item; its pack is at least 1 unit."""
        row = self._row(value, at, "id name unit pack")
        read = self.read
        names = [read.text(row.get(key), f"{at}.{key}") for key in ("id", "name", "unit")]
        return Item(names[0], names[1], names[2], read.count(row.get("pack"), f"{at}.pack", least=1))

    def method(self, value: Any, at: str) -> Method:
        """Read a method; what it uses must be items."""
        row = self._row(value, at, "id name steps", "uses")
        read = self.read
        steps = tuple(self._step(step, where) for where, step in read.rows(row.get("steps"), f"{at}.steps"))
        uses = read.quantities(row.get("uses"), f"{at}.uses", self.ids["items"], "item")
        return Method(read.text(row.get("id"), f"{at}.id"), read.text(row.get("name"), f"{at}.name"), steps, uses)

    def _step(self, value: Any, at: str) -> Step:
        row = self._row(value, at, "name station minutes", "skill")
        read = self.read
        skill = row.get("skill")
        return Step(
            read.text(row.get("name"), f"{at}.name"),
            read.text(row.get("station"), f"{at}.station", empty=False),
            read.count(row.get("minutes"), f"{at}.minutes", most=MINUTES_A_DAY),
            None if skill is None else read.text(skill, f"{at}.skill", empty=False),
        )

    def kecamatan(self, value: Any, at: str) -> Kecamatan:
        """Read a kecamatan; its targets are counts by known method."""
        row = self._row(value, at, "id name", "target")
        read = self.read
        target = read.quantities(row.get("target"), f"{at}.target", self.ids["methods"], "method")
        return Kecamatan(read.text(row.get("id"), f"{at}.id"), read.text(row.get("name"), f"{at}.name"), target)

    def kelurahan(self, value: Any, at: str) -> Kelurahan:
        """Read a kelurahan of a known kecamatan; its place is in degrees."""
        row = self._row(value, at, "id kecamatan name lat lon")
        read = self.read
        return Kelurahan(
            read.text(row.get("id"), f"{at}.id"),
            read.reference(row.get("kecamatan"), f"{at}.kecamatan", self.ids["kecamatan"], "kecamatan"),
            read.text(row.get("name"), f"{at}.name"),
            *self._place(row, at),
        )

    def _place(self, row: Mapping[str, Any], at: str) -> tuple[float, float]:
        lat = self.read.number(row.get("lat"), f"{at}.lat", -90, 90)
        return lat, self.read.number(row.get("lon"), f"{at}.lon", -180, 180)

    def group(self, value: Any, at: str) -> CandidateGroup:
        """Read a candidate group of at least 1 person; without `dates` they can come on any."""
        row = self._row(value, at, "id kelurahan method priority count", "dates")
        read = self.read
        days = row.get("dates")
        return CandidateGroup(
            read.text(row.get("id"), f"{at}.id"),
            read.reference(row.get("kelurahan"), f"{at}.kelurahan", self.ids["kelurahan"], "kelurahan"),
            read.reference(row.get("method"), f"{at}.method", self.ids["methods"], "method"),
            read.truth(row.get("priority"), f"{at}.priority"),
            read.count(row.get("count"), f"{at}.count", least=1),
            None if days is None else read.days(days, f"{at}.dates"),
        )

    def _stock(self, value: Any, at: str) -> tuple[Lot, ...]:
        seen: set[tuple[str, str]] = set()
        lots = []
        for where, entry in self.read.rows(value, at):
            lot = self._lot(entry, where)
            key = (lot.item, lot.lot)
            if key in seen:
                self.read.wrong(where, f"lot {printable(lot.lot)} of {printable(lot.item)} is listed twice")
            seen.add(key)
            lots.append(lot)
        return tuple(lots)

    def _lot(self, value: Any, at: str) -> Lot:
        row = self._row(value, at, "item lot expiry quantity")
        read = self.read
        return Lot(
            read.reference(row.get("item"), f"{at}.item", self.ids["items"], "item"),
            read.text(row.get("lot"), f"{at}.lot", empty=False),
            read.day(row.get("expiry"), f"{at}.expiry"),
            read.count(row.get("quantity"), f"{at}.quantity"),
        )

    def facility(self, value: Any, at: str) -> Facility:
        """Read a facility; its hours become minutes after midnight, by date."""
        row = self._row(value, at, "id name kecamatan lat lon stations hours session_cost", "stock")
        read = self.read
        lat, lon = self._place(row, at)
        stations = {
            key: read.present(entry, where, read.count)
            for where, key, entry in read.pairs(row.get("stations"), f"{at}.stations")
        }
        return Facility(
            read.text(row.get("id"), f"{at}.id"),
            read.text(row.get("name"), f"{at}.name"),
            read.reference(row.get("kecamatan"), f"{at}.kecamatan", self.ids["kecamatan"], "kecamatan"),
            lat,
            lon,
            stations,
            {
                read.day(key, where): self._windows(entry, where)
                for where, key, entry in read.pairs(row.get("hours"), f"{at}.hours")
            },
            read.number(row.get("session_cost"), f"{at}.session_cost"),
            self._stock(row.get("stock"), f"{at}.stock"),
        )

    def _windows(self, value: Any, at: str) -> tuple[Window, ...]:
        if value is None:
            self.read.wrong(at, "is null")
        found = []
        for where, row in self.read.rows(value, at):
            if not isinstance(row, list) or len(row) != 2:
                self.read.wrong(where, "is not a pair of open and close")
                continue
            start, end = (self.read.minute(clock, f"{where}[{side}]") for side, clock in enumerate(row))
            if end < start:
                self.read.wrong(where, "ends before it starts")
            found.append((start, end))
        return tuple(found)

    def provider(self, value: Any, at: str) -> Provider:
        """Read a provider, based at a known facility."""
        row = self._row(value, at, "id name skills base mobile dates max_days minutes_per_day day_cost")
        read = self.read
        skills = read.rows(row.get("skills"), f"{at}.skills")
        return Provider(
            read.text(row.get("id"), f"{at}.id"),
            read.text(row.get("name"), f"{at}.name"),
            tuple(read.present(skill, where, lambda v, p: read.text(v, p, empty=False)) for where, skill in skills),
            read.reference(row.get("base"), f"{at}.base", self.ids["facilities"], "facility"),
            read.truth(row.get("mobile"), f"{at}.mobile"),
            read.days(row.get("dates"), f"{at}.dates"),
            read.count(row.get("max_days"), f"{at}.max_days"),
            read.count(row.get("minutes_per_day"), f"{at}.minutes_per_day"),
            read.number(row.get("day_cost"), f"{at}.day_cost"),
        )

    def warehouse(self, value: Any, at: str) -> Warehouse:
        """Read a warehouse; without `keep` nothing must stay."""
        row = self._row(value, at, "id name lat lon dates trips_per_day trip_cost", "stock keep")
        read = self.read
        lat, lon = self._place(row, at)
        return Warehouse(
            read.text(row.get("id"), f"{at}.id"),
            read.text(row.get("name"), f"{at}.name"),
            lat,
            lon,
            self._stock(row.get("stock"), f"{at}.stock"),
            read.quantities(row.get("keep"), f"{at}.keep", self.ids["items"], "item"),
            read.days(row.get("dates"), f"{at}.dates"),
            read.count(row.get("trips_per_day"), f"{at}.trips_per_day"),
            read.number(row.get("trip_cost"), f"{at}.trip_cost"),
        )

    def unit(self, value: Any, at: str) -> OutreachUnit:
        """Read an outreach unit."""
        row = self._row(value, at, "id dates stops_per_day")
        read = self.read
        stops = read.count(row.get("stops_per_day"), f"{at}.stops_per_day")
        return OutreachUnit(read.text(row.get("id"), f"{at}.id"), read.days(row.get("dates"), f"{at}.dates"), stops)

    def travel(self, value: Any, at: str) -> Travel:
        """Read a one-way distance in km between a known kelurahan and facility."""
        row = self._row(value, at, "kelurahan facility km")
        read = self.read
        return Travel(
            read.reference(row.get("kelurahan"), f"{at}.kelurahan", self.ids["kelurahan"], "kelurahan"),
            read.reference(row.get("facility"), f"{at}.facility", self.ids["facilities"], "facility"),
            read.number(row.get("km"), f"{at}.km"),
        )


def _rules(value: Any, read: Reader) -> Rules:
    at = "$.rules"
    defaults = Rules()
    names = Rules.__dataclass_fields__
    row = {} if value is None else read.record(value, at, (), names)
    found: dict[str, Any] = {}
    for key, entry in row.items():
        where = f"{at}.{printable(key)}"
        if key not in names:
            continue
        if key in _LIMIT_RULES:
            found[key] = None if entry is None else read.count(entry, where)
        elif entry is None:
            read.wrong(where, "is null")
        elif key == "cross_kecamatan":
            found[key] = read.truth(entry, where)
        elif key in _DAY_RULES:
            found[key] = read.count(entry, where, most=LONGEST_DAYS)
        elif key in _COUNT_RULES:
            found[key] = read.count(entry, where)
        else:
            found[key] = read.number(entry, where)
    return Rules(**{**{name: getattr(defaults, name) for name in names}, **found})


def _service_dates(value: Any, read: Reader) -> tuple[date, ...]:
    days = read.days(value, "$.dates")
    for number, (earlier, later) in enumerate(pairwise(days)):
        if later <= earlier:
            read.wrong(f"$.dates[{number + 1}]", "is not after the date before it")
    return days


def _pairs_are_distinct(travel: tuple[Travel, ...], read: Reader) -> None:
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(travel):
        if (row.kelurahan, row.facility) in seen:
            read.wrong(f"$.travel[{number}]", "duplicate identifier: this kelurahan and facility were given before")
        seen.add((row.kelurahan, row.facility))


def _lots_agree(facilities: tuple[Facility, ...], warehouses: tuple[Warehouse, ...], read: Reader) -> None:
    """(item, lot) names a lot everywhere: wherever it lies, it expires on one date."""
    seen: dict[tuple[str, str], date] = {}
    held: tuple[tuple[str, tuple[Facility | Warehouse, ...]], ...] = (
        ("facilities", facilities),
        ("warehouses", warehouses),
    )
    for name, places in held:
        for number, place in enumerate(places):
            for position, lot in enumerate(place.stock):
                first = seen.setdefault((lot.item, lot.lot), lot.expiry)
                if first != lot.expiry:
                    at = f"$.{name}[{number}].stock[{position}].expiry"
                    read.wrong(at, f"lot {printable(lot.lot)} of {printable(lot.item)} expires on {first} elsewhere")


def read_problem(raw: Any, sha256: str = "") -> Problem:
    """Build a problem from decoded JSON; raises InvalidProblem with every mistake."""
    read = Reader()
    lists = ["items", "methods", "kecamatan", "kelurahan", "candidates", "facilities", "providers", "warehouses"]
    row = read.record(raw, "$", ("format", "dates", *lists), ("name", "outreach", "travel", "rules"))
    for key in ("dates", *lists):
        if key in row and row[key] is None:
            read.wrong(f"$.{key}", "is null")
    if "format" in row and row["format"] != FORMAT:
        read.wrong("$.format", f"is not {FORMAT}")
    parts = _Parts(row, read)

    def every(name: str, build: Callable[[Any, str], T]) -> tuple[T, ...]:
        return tuple(build(entry, at) for at, entry in read.rows(row.get(name), f"$.{name}"))

    travel = every("travel", parts.travel)
    _pairs_are_distinct(travel, read)
    problem = Problem(
        name=read.text(row.get("name"), "$.name"),
        dates=_service_dates(row.get("dates"), read),
        items=every("items", parts.item),
        methods=every("methods", parts.method),
        kecamatan=every("kecamatan", parts.kecamatan),
        kelurahan=every("kelurahan", parts.kelurahan),
        candidates=every("candidates", parts.group),
        facilities=every("facilities", parts.facility),
        providers=every("providers", parts.provider),
        warehouses=every("warehouses", parts.warehouse),
        outreach=every("outreach", parts.unit),
        travel=travel,
        rules=_rules(row.get("rules"), read),
        sha256=sha256,
    )
    _lots_agree(problem.facilities, problem.warehouses, read)
    if read.mistakes:
        raise InvalidProblem(tuple(read.mistakes))
    return problem
