"""campaign-plan-set/1: what was moved, and what all districts reach together."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from campaign.planning.plan import Bounds, Objective, Plan, UnreadablePlan
from campaign.planning.problem import Lot, Problem
from campaign.planning.sets.document import ProblemSet

FORMAT = "campaign-plan-set/1"
_LEVELS = ("served_priority", "served", "min_coverage", "cost")


@dataclass(frozen=True, slots=True)
class Move:
    """Units of a lot that go from a depot to a district's warehouse before the campaign."""

    depot: str
    district: str
    warehouse: str
    item: str
    lot: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PlanSet:
    """A plan for each district, by its id, and the moves that make them possible."""

    moves: tuple[Move, ...]
    plans: dict[str, Plan]
    objective: Objective
    bounds: Bounds

    def to_json(self) -> dict[str, Any]:
        """The campaign-plan-set/1 document; the plans are files of their own."""
        return {
            "format": FORMAT,
            "moves": [asdict(row) for row in self.moves],
            "objective": asdict(self.objective),
            "bounds": asdict(self.bounds),
        }


def together(rows: Iterable[Objective]) -> Objective:
    """The four levels over districts: sums, and the least coverage of all."""
    levels = [row.levels for row in rows]
    if not levels:
        return Objective(0, 0, 1.0, 0)
    first, second, third, fourth = zip(*levels, strict=True)
    return Objective(sum(first), sum(second), min(third), sum(fourth))


def with_moves(given: ProblemSet, district: str, moves: Iterable[Move]) -> Problem:
    """A district's problem with the moved lots on its warehouses' shelves; its hash stays that of the file."""
    problem = given.district(district).problem
    expiry = {(depot.id, lot.item, lot.lot): lot.expiry for depot in given.depots for lot in depot.stock}
    coming: dict[str, Counter[tuple[str, str, Any]]] = {row.id: Counter() for row in problem.warehouses}
    for row in moves:
        if row.district == district and row.quantity:
            coming[row.warehouse][row.item, row.lot, expiry[row.depot, row.item, row.lot]] += row.quantity
    houses = []
    for house in problem.warehouses:
        more = coming[house.id]
        lots = [
            replace(lot, quantity=lot.quantity + more.pop((lot.item, lot.lot, lot.expiry), 0)) for lot in house.stock
        ]
        lots += [Lot(item, lot, day, quantity) for (item, lot, day), quantity in sorted(more.items())]
        houses.append(replace(house, stock=tuple(lots)))
    return replace(problem, warehouses=tuple(houses))


def write_answer(answer: PlanSet, folder: Path) -> None:
    """Write `<id>.json` for each district and `set.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    for key, plan in answer.plans.items():
        _write(folder / f"{key}.json", plan.to_json())
    _write(folder / "set.json", answer.to_json())


def _write(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_answer(given: ProblemSet, folder: Path) -> PlanSet:
    """Read a directory that `write_answer` wrote; raises UnreadablePlan."""
    try:
        raw = json.loads((folder / "set.json").read_text(encoding="utf-8"))
        if raw["format"] != FORMAT:
            raise UnreadablePlan(f"set.json: format is not {FORMAT}")
        moves = tuple(_move(row) for row in raw["moves"])
        levels = [{name: _number(raw[part][name]) for name in _LEVELS} for part in ("objective", "bounds")]
        plans = {}
        for district in given.districts:
            path = folder / f"{district.id}.json"
            plans[district.id] = Plan.from_json(json.loads(path.read_text(encoding="utf-8")))
    except UnreadablePlan:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadablePlan(f"{type(error).__name__}: {error}") from error
    return PlanSet(moves, plans, Objective(**levels[0]), Bounds(**levels[1]))


def _move(row: Any) -> Move:
    texts = [row[key] for key in ("depot", "district", "warehouse", "item", "lot")]
    quantity = row["quantity"]
    if not all(isinstance(text, str) for text in texts) or isinstance(quantity, bool) or not isinstance(quantity, int):
        raise UnreadablePlan("a move is not of the documented form")
    depot, district, warehouse, item, lot = texts
    return Move(depot, district, warehouse, item, lot, quantity)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnreadablePlan(f"{value!r} is not a number")
    return value
