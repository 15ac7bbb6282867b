"""campaign-problem-set/1: districts with a problem each, and the depots whose lots they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from campaign.planning.problem import InvalidProblem, Lot, Mistake, Problem, load
from campaign.planning.values import Reader, decode, printable

FORMAT = "campaign-problem-set/1"
_RESERVED = "set"  # set.json is the answer's own file


@dataclass(frozen=True, slots=True)
class Supply:
    """A warehouse of a district that a depot may move lots to."""

    district: str
    warehouse: str


@dataclass(frozen=True, slots=True)
class Depot:
    """A provincial warehouse: its lots leave, before the campaign, for the warehouses it supplies."""

    id: str
    name: str
    stock: tuple[Lot, ...]
    supplies: tuple[Supply, ...]


@dataclass(frozen=True, slots=True)
class District:
    """One problem of the set, as the bytes of its file and as what they say."""

    id: str
    document: bytes
    problem: Problem


@dataclass(frozen=True, slots=True)
class ProblemSet:
    """Districts and depots; one that exists is sound."""

    name: str
    districts: tuple[District, ...]
    depots: tuple[Depot, ...]

    def district(self, key: str) -> District:
        """The district with this id."""
        return next(row for row in self.districts if row.id == key)


def load_set(path: Path) -> ProblemSet:
    """Read a set file and its districts' files; raises InvalidProblem with every mistake."""
    return _Parts(path.parent).problem_set(decode(path.read_bytes()))


class _Parts:
    def __init__(self, folder: Path) -> None:
        self.read = Reader()
        self.folder = folder
        self.problems: dict[str, Problem] = {}

    def problem_set(self, raw: Any) -> ProblemSet:
        """Read the whole set; its districts before its depots, which name them."""
        read = self.read
        row = read.record(raw, "$", ("format", "districts", "depots"), ("name",))
        if "format" in row and row["format"] != FORMAT:
            read.wrong("$.format", f"is not {FORMAT}")
        for key in ("districts", "depots"):
            if key in row and row[key] is None:
                read.wrong(f"$.{key}", "is null")
            read.identifiers(row.get(key), f"$.{key}")
        name = read.text(row.get("name"), "$.name")
        districts = [self._district(value, at) for at, value in read.rows(row.get("districts"), "$.districts")]
        depots = tuple(self._depot(value, at) for at, value in read.rows(row.get("depots"), "$.depots"))
        if read.mistakes:
            raise InvalidProblem(tuple(read.mistakes))
        return ProblemSet(name, tuple(row for row in districts if row is not None), depots)

    def _district(self, value: Any, at: str) -> District | None:
        read = self.read
        row = read.record(value, at, ("id", "problem"))
        key = self._required(row, "id", at)
        if key.lower() == _RESERVED or "/" in key or "\\" in key or "\0" in key or key.startswith("."):
            read.wrong(f"{at}.id", "cannot name a file of the answer")
        where = self._required(row, "problem", at)
        document = self._file(where, f"{at}.problem")
        if document is None:
            return None
        try:
            problem = load(document)
        except InvalidProblem as error:
            for mistake in error.mistakes:
                read.wrong(f"{at}.problem", f"{printable(where)}: {mistake.path}: {mistake.reason}")
            return None
        self.problems[key] = problem
        return District(key, document, problem)

    def _file(self, where: str, at: str) -> bytes | None:
        if not where:
            return None
        if Path(where).is_absolute():
            self.read.wrong(at, "is not a relative path")
            return None
        try:
            return (self.folder / where).read_bytes()
        except (OSError, ValueError):
            self.read.wrong(at, f"no such file: {printable(where)}")
            return None

    def _required(self, row: Mapping[str, Any], key: str, at: str) -> str:
        if key in row and row[key] is None:
            self.read.wrong(f"{at}.{key}", "is null")
        return self.read.text(row.get(key), f"{at}.{key}", empty=key == "id")

    def _depot(self, value: Any, at: str) -> Depot:
        read = self.read
        row = read.record(value, at, ("id", "stock", "supplies"), ("name",))
        for key in ("stock", "supplies"):
            if key in row and row[key] is None:
                read.wrong(f"{at}.{key}", "is null")
        supplies: list[Supply] = []
        for where, entry in read.rows(row.get("supplies"), f"{at}.supplies"):
            found = self._supply(entry, where)
            if found in supplies:
                read.wrong(where, "duplicate identifier: this warehouse was given before")
            supplies.append(found)
        stock = self._stock(row, f"{at}.stock", supplies)
        return Depot(self._required(row, "id", at), read.text(row.get("name"), f"{at}.name"), stock, tuple(supplies))

    def _supply(self, value: Any, at: str) -> Supply:
        read = self.read
        row = read.record(value, at, ("district", "warehouse"))
        district, warehouse = self._required(row, "district", at), self._required(row, "warehouse", at)
        problem = self.problems.get(district)
        if problem is None:
            read.wrong(f"{at}.district", f"no such district: {printable(district)}")
        elif warehouse not in problem.warehouse:
            read.wrong(f"{at}.warehouse", f"no such warehouse: {printable(warehouse)}")
        return Supply(district, warehouse)

    def _stock(self, row: Mapping[str, Any], at: str, supplies: list[Supply]) -> tuple[Lot, ...]:
        lots: list[Lot] = []
        reached = [self.problems[row.district] for row in supplies if row.district in self.problems]
        for where, entry in self.read.rows(row.get("stock"), at):
            lot = self._lot(entry, where)
            if any((lot.item, lot.lot) == (other.item, other.lot) for other in lots):
                self.read.wrong(where, f"lot {printable(lot.lot)} of {printable(lot.item)} is listed twice")
            if reached and not any(lot.item in problem.item for problem in reached):
                self.read.wrong(f"{where}.item", f"no such item: {printable(lot.item)}")
            known = {problem.expiry[lot.item, lot.lot] for problem in reached if (lot.item, lot.lot) in problem.expiry}
            if known - {lot.expiry}:
                self.read.wrong(f"{where}.expiry", f"a district gives this lot another expiry date: {max(known)}")
            lots.append(lot)
        return tuple(lots)

    def _lot(self, value: Any, at: str) -> Lot:
        read = self.read
        row = read.record(value, at, ("item", "lot", "expiry", "quantity"))
        for key in ("item", "lot", "expiry", "quantity"):
            if key in row and row[key] is None:
                read.wrong(f"{at}.{key}", "is null")
        expiry: date = read.day(row.get("expiry"), f"{at}.expiry")
        return Lot(
            read.text(row.get("item"), f"{at}.item", empty=False),
            read.text(row.get("lot"), f"{at}.lot", empty=False),
            expiry,
            read.count(row.get("quantity"), f"{at}.quantity"),
        )


def mistake_lines(error: InvalidProblem) -> list[str]:
    """Each mistake on a line: path and reason."""
    return [f"{row.path}: {row.reason}" for row in error.mistakes]


__all__ = ["Depot", "District", "Mistake", "ProblemSet", "Supply", "load_set", "mistake_lines"]
