"""Reading a problem document: everything that is wrong with it is told at once, by JSON path."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, NoReturn, TypeVar

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
    Mistake,
    OutreachUnit,
    Problem,
    Provider,
    Rules,
    Step,
    Travel,
    Warehouse,
    Window,
)

T = TypeVar("T")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_CLOCK = re.compile(r"(\d{2}):(\d{2})\Z", re.ASCII)
_LARGEST_COUNT = 10**9
_LARGEST_NUMBER = 1e15
_LONGEST_DAYS = 36_500
_MINUTES_A_DAY = 24 * 60
_EPOCH = date(1970, 1, 1)  # stands in for an unreadable date until the document is refused

_DAY_RULES = ("delivery_lead_days", "min_shelf_days", "outreach_lead_days")
_COUNT_RULES = ("min_session", "max_wait_minutes")
_LIMIT_RULES = ("max_sessions_per_day", "max_dates_per_kecamatan")


def decode(document: bytes) -> Any:
    """Decode a JSON file strictly; raises InvalidProblem where it is not JSON or repeats a key."""
    try:
        return json.loads(document.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_distinct_keys)
    except UnicodeDecodeError:
        raise InvalidProblem((Mistake("$", "not UTF-8 text"),)) from None
    except RecursionError:
        raise InvalidProblem((Mistake("$", "nested too deeply"),)) from None
    except ValueError as error:
        if isinstance(error, InvalidProblem):
            raise
        raise InvalidProblem((Mistake("$", f"not JSON: {error}"),)) from None


def _no_constant(name: str) -> NoReturn:
    raise InvalidProblem((Mistake("$", f"{name} is not a number in JSON"),))


def _distinct_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        raise InvalidProblem((Mistake("$", f"repeated key {twice[0]!r}"),))
    return found


class _Reader:
    """Reads values at paths and keeps a list of what was wrong; a wrong value becomes a harmless one."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def wrong(self, path: str, reason: str) -> None:
        self.mistakes.append(Mistake(path, reason))

    def record(self, value: Any, path: str, required: Iterable[str], optional: Iterable[str] = ()) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            self.wrong(path, "is not an object")
            return {}
        known = {*required, *optional}
        for key in value:
            if key not in known:
                self.wrong(f"{path}.{_printable(key)}", "unknown key")
        for key in required:
            if key not in value:
                self.wrong(f"{path}.{key}", "is missing")
        return value

    def rows(self, value: Any, path: str) -> list[tuple[str, Any]]:
        if value is None:
            return []  # told as missing by record()
        if not isinstance(value, list):
            self.wrong(path, "is not a list")
            return []
        return [(f"{path}[{number}]", row) for number, row in enumerate(value)]

    def pairs(self, value: Any, path: str) -> list[tuple[str, str, Any]]:
        if value is None:
            return []
        if not isinstance(value, dict):
            self.wrong(path, "is not an object")
            return []
        return [(f"{path}.{_printable(key)}", key, entry) for key, entry in value.items()]

    def text(self, value: Any, path: str, *, empty: bool = True) -> str:
        if not isinstance(value, str):
            if value is not None:
                self.wrong(path, "is not text")
            return ""
        if _printable(value) != value:
            self.wrong(path, "is not valid Unicode text")
        if not value and not empty:
            self.wrong(path, "is empty")
        return str(value)

    def count(self, value: Any, path: str, least: int = 0, most: int = _LARGEST_COUNT) -> int:
        if value is None:
            return least
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(path, "is not a whole number")
            return least
        if not least <= value <= most:
            self.wrong(path, f"is not between {least} and {most}")
            return least
        return value

    def number(self, value: Any, path: str, least: float = 0, most: float = _LARGEST_NUMBER) -> float:
        if value is None:
            return least
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.wrong(path, "is not a number")
            return least
        if not least <= value <= most:
            self.wrong(path, f"is not between {least:g} and {most:g}")
            return least
        return value

    def truth(self, value: Any, path: str) -> bool:
        if value is not None and not isinstance(value, bool):
            self.wrong(path, "is not true or false")
        return value is True

    def day(self, value: Any, path: str) -> date:
        if isinstance(value, str) and _DATE.match(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        if value is not None:
            self.wrong(path, "is not a date YYYY-MM-DD")
        return _EPOCH

    def days(self, value: Any, path: str) -> tuple[date, ...]:
        return tuple(self.day(row, at) if row is not None else self._no_day(at) for at, row in self.rows(value, path))

    def _no_day(self, path: str) -> date:
        self.wrong(path, "is not a date YYYY-MM-DD")
        return _EPOCH

    def minute(self, value: Any, path: str) -> int:
        found = _CLOCK.match(value) if isinstance(value, str) else None
        if found:
            minutes = int(found[1]) * 60 + int(found[2])
            if int(found[2]) < 60 and minutes <= _MINUTES_A_DAY:
                return minutes
        self.wrong(path, "is not a clock time HH:MM")
        return 0

    def reference(self, value: Any, path: str, known: set[str], what: str) -> str:
        key: str = self.text(value, path)
        if value is not None and key not in known:
            self.wrong(path, f"no such {what}: {_printable(key)}")
        return key

    def identifiers(self, value: Any, path: str) -> set[str]:
        """The ids of a list, told where one is missing, empty or used twice."""
        seen: set[str] = set()
        for at, row in self.rows(value, path):
            key = row.get("id") if isinstance(row, dict) else None
            if not isinstance(key, str):
                continue
            if not key:
                self.wrong(f"{at}.id", "is empty")
            if key in seen:
                self.wrong(f"{at}.id", f"duplicate identifier {_printable(key)}")
            seen.add(key)
        return seen

    def quantities(self, value: Any, path: str, known: set[str], what: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for at, key, entry in self.pairs(value, path):
            if key not in known:
                self.wrong(at, f"no such {what}: {_printable(key)}")
            found[key] = self.present(entry, at, self.count)
        return found

    def present(self, value: Any, path: str, read: Callable[[Any, str], T]) -> T:
        """Read a value that must not be null."""
        if value is None:
            self.wrong(path, "is null")
        return read(value, path)


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


class _Parts:
    """Builds the parts of one document; knows the identifiers of its lists."""

    def __init__(self, raw: Mapping[str, Any], reader: _Reader) -> None:
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
        row = self._row(value, at, "id name unit pack")
        read = self.read
        names = [read.text(row.get(key), f"{at}.{key}") for key in ("id", "name", "unit")]
        return Item(names[0], names[1], names[2], read.count(row.get("pack"), f"{at}.pack", least=1))

    def method(self, value: Any, at: str) -> Method:
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
            read.count(row.get("minutes"), f"{at}.minutes", most=_MINUTES_A_DAY),
            None if skill is None else read.text(skill, f"{at}.skill", empty=False),
        )

    def kecamatan(self, value: Any, at: str) -> Kecamatan:
        row = self._row(value, at, "id name", "target")
        read = self.read
        target = read.quantities(row.get("target"), f"{at}.target", self.ids["methods"], "method")
        return Kecamatan(read.text(row.get("id"), f"{at}.id"), read.text(row.get("name"), f"{at}.name"), target)

    def kelurahan(self, value: Any, at: str) -> Kelurahan:
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
                self.read.wrong(where, f"lot {_printable(lot.lot)} of {_printable(lot.item)} is listed twice")
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
        row = self._row(value, at, "id dates stops_per_day")
        read = self.read
        stops = read.count(row.get("stops_per_day"), f"{at}.stops_per_day")
        return OutreachUnit(read.text(row.get("id"), f"{at}.id"), read.days(row.get("dates"), f"{at}.dates"), stops)

    def travel(self, value: Any, at: str) -> Travel:
        row = self._row(value, at, "kelurahan facility km")
        read = self.read
        return Travel(
            read.reference(row.get("kelurahan"), f"{at}.kelurahan", self.ids["kelurahan"], "kelurahan"),
            read.reference(row.get("facility"), f"{at}.facility", self.ids["facilities"], "facility"),
            read.number(row.get("km"), f"{at}.km"),
        )


def _rules(value: Any, read: _Reader) -> Rules:
    at = "$.rules"
    defaults = Rules()
    names = Rules.__dataclass_fields__
    row = {} if value is None else read.record(value, at, (), names)
    found: dict[str, Any] = {}
    for key, entry in row.items():
        where = f"{at}.{_printable(key)}"
        if key not in names:
            continue
        if key in _LIMIT_RULES:
            found[key] = None if entry is None else read.count(entry, where)
        elif entry is None:
            read.wrong(where, "is null")
        elif key == "cross_kecamatan":
            found[key] = read.truth(entry, where)
        elif key in _DAY_RULES:
            found[key] = read.count(entry, where, most=_LONGEST_DAYS)
        elif key in _COUNT_RULES:
            found[key] = read.count(entry, where)
        else:
            found[key] = read.number(entry, where)
    return Rules(**{**{name: getattr(defaults, name) for name in names}, **found})


def _service_dates(value: Any, read: _Reader) -> tuple[date, ...]:
    days = read.days(value, "$.dates")
    for number, (earlier, later) in enumerate(pairwise(days)):
        if later <= earlier:
            read.wrong(f"$.dates[{number + 1}]", "is not after the date before it")
    return days


def _pairs_are_distinct(travel: tuple[Travel, ...], read: _Reader) -> None:
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(travel):
        if (row.kelurahan, row.facility) in seen:
            read.wrong(f"$.travel[{number}]", "duplicate identifier: this kelurahan and facility were given before")
        seen.add((row.kelurahan, row.facility))


def read_problem(raw: Any, sha256: str = "") -> Problem:
    """Build a problem from decoded JSON; raises InvalidProblem with every mistake."""
    read = _Reader()
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
    if read.mistakes:
        raise InvalidProblem(tuple(read.mistakes))
    return problem
