"""Programs in which the first three levels may be missed at a price, and how their columns are made whole in turn."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from campaign.planning.solver.model import Model
from campaign.planning.solver.outcome import LEVELS
from campaign.planning.solver.program import Program, Row
from campaign.planning.solver.search import Search

_UNIT = 1e6  # rupiah: solvers like small numbers
_PRICES = (40.0, 12.0)  # units for a person missed at level 1, at level 2
_COVERAGE_PRICE = 2.5  # units for what one person is of a middling kecamatan's coverage
_NOTHING = 1e-6
_DETOUR = 0.004  # units: a way that costs more than this above the best is left out
_SPARE = 0.15  # the same for a session or a provider's day


@dataclass
class Elastic:
    """The program, and cost plus the price of what is missed as its objective (to be minimised)."""

    program: Program
    objective: dict[int, float]
    missed: list[int]  # columns, by level


def elastic(model: Model, wanted: list[float]) -> Elastic:
    """The model with levels 1 to 3 wanted, and paid for where they are missed."""
    program = model.program.copy()
    objective = {column: value / _UNIT for column, value in model.objectives["cost"].items()}
    totals = sorted(sum(row.target.values()) for row in model.layout.problem.kecamatan) or [1]
    prices = (*_PRICES, _COVERAGE_PRICE * max(1, totals[len(totals) // 2]))
    missed = []
    for level, (least, price) in enumerate(zip(wanted, prices, strict=True)):
        column = program.column(max(0.0, least))
        program.row([*model.objectives[LEVELS[level]].items(), (column, 1)], least=least - _NOTHING)
        objective[column] = price
        missed.append(column)
    return Elastic(program, objective, missed)


def narrowed(aim: Elastic, keep: Collection[int]) -> tuple[Elastic, dict[int, int]]:
    """The same with only these columns, the others 0; and where the kept ones went."""
    kept: dict[int, int] = {}
    program, small = aim.program, Program()
    for column in sorted(keep):
        kept[column] = small.column(program.most[column], least=program.least[column], whole=program.whole[column])
    for row in program.rows:
        terms = {kept[column]: value for column, value in row.terms.items() if column in kept}
        if terms:
            small.rows.append(Row(row.least, row.most, terms))
    objective = {kept[column]: value for column, value in aim.objective.items() if column in kept}
    return Elastic(small, objective, [kept[column] for column in aim.missed]), kept


def worthwhile(model: Model, values: list[float], reduced: list[float]) -> set[int]:
    """The columns that a good solution may use, judged by the linear program's values and reduced costs."""
    far = {c for c in model.arcs.values() if values[c] < _NOTHING and reduced[c] > _DETOUR}
    idle = {c for c in (*model.held.values(), *model.works.values()) if values[c] < _NOTHING and reduced[c] > _SPARE}
    return set(range(len(values))) - far - idle


def made_whole(
    search: Search, aim: Elastic, families: Iterable[Iterable[int]], seconds: Iterable[float]
) -> list[float] | None:
    """Decide the families of columns one after the other: each whole in its turn, then held; None when none is found.

    Programs in which all is whole at once are hopeless at city size, while each of these is nearly a linear program.
    """
    program = aim.program.copy()
    wish = list(program.whole)
    program.whole = [False] * len(wish)
    values = None
    for family, most in zip(families, seconds, strict=True):
        mine = [column for column in family if wish[column]]
        for column in mine:
            program.whole[column] = True
        found = search.run(program, aim.objective, most, maximise=False, gaps=(2e-3, 0.0)).values
        if found is None:
            return values
        values = found
        for column in mine:
            program.whole[column] = False
            program.least[column] = program.most[column] = round(values[column])
    return values


def hold_packs(search: Search, model: Model, aim: Elastic, values: list[float], place: Mapping[int, int]) -> None:
    """Hold packs to whole numbers near these values: down, then up where most was cut, while the warehouse has them."""
    layout, problem = model.layout, model.layout.problem
    by_item: dict[tuple[int, str], list[tuple[float, int]]] = defaultdict(list)
    for (slot, _, item), column in model.packs.items():
        if column in place and model.program.whole[column]:
            by_item[layout.slots[slot].warehouse, item].append((values[place[column]] % 1, place[column]))
    for (warehouse, item), rows in by_item.items():
        free = layout.may_leave[warehouse].get(item, 0) // problem.item[item].pack
        free -= sum(math.floor(values[column] + _NOTHING) for _, column in rows)
        for part, column in sorted(rows, reverse=True):
            packs = math.floor(values[column] + _NOTHING)
            if free > 0 and 0.05 < part < 1 - _NOTHING and packs < aim.program.most[column]:
                packs, free = packs + 1, free - 1
            aim.program.most[column] = packs
