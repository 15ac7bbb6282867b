"""Large-neighbourhood search: a few facilities are planned anew, the rest of the plan stays."""

from __future__ import annotations

import random
from collections import Counter

from campaign.planning.solver.bridge import values_of
from campaign.planning.solver.model import Model
from campaign.planning.solver.outcome import LEVELS
from campaign.planning.solver.program import Program, Row
from campaign.planning.solver.search import Search, held_rows
from campaign.planning.solver.whole import settle

_SMALLEST, _LARGEST = 3, 14  # facilities planned anew at once
_ROUND_SECONDS = 6.0


def improve_around(
    search: Search, models: tuple[Model, ...], level: int, seconds: float, aim: dict[int, float] | None = None
) -> None:
    """Better a level, the levels before it held, for so many seconds. An aim replaces the level's objective.

    The models differ only in the margin they leave in sessions and take turns: the one without promises more, the
    others seat better.
    """
    dice = random.Random(search.limits.seed * 7 + level)  # noqa: S311 - repeatable on purpose
    until = search.clock.spent + seconds
    objective = aim or models[0].objectives[LEVELS[level]]
    size, turn = 6, 0
    while search.clock.spent < until and not search.clock.over and not search.proven(level):
        model = models[turn % len(models)]
        turn += 1
        values = values_of(model, search.choice)
        if values is None:
            return
        chosen = _facilities(search, dice, size, level)
        program = held_rows(model.program, model, search.plan.objective, 0 if aim else level)
        free = _free_columns(model, chosen)
        small, kept = _reduced(program, values, free)
        wanted = {kept[c]: v for c, v in objective.items() if c in kept}
        seconds = max(0.5, min(_ROUND_SECONDS, until - search.clock.spent))
        hint = [values[c] for c in kept]
        answer = search.run(small, wanted, seconds, maximise=level < 3, hint=hint, gaps=(1e-4, 0.0))
        size = min(_LARGEST, size + 1) if answer.optimal else max(_SMALLEST, size - 1)
        if answer.values is None or not _gains(answer.values, values, wanted, kept, maximise=level < 3):
            continue
        merged = list(values)
        for column, number in kept.items():
            merged[column] = answer.values[number]
        settle(search, model, program, merged, level, objective)


def _gains(
    found: list[float], before: list[float], wanted: dict[int, float], kept: dict[int, int], *, maximise: bool
) -> bool:
    new = sum(value * found[column] for column, value in wanted.items())
    old = sum(wanted[number] * before[column] for column, number in kept.items() if number in wanted)
    return new > old + 1e-6 if maximise else new < old - 1e-3


def _facilities(search: Search, dice: random.Random, size: int, level: int) -> set[int]:
    """A facility and others near it, with a little chance; for coverage, one that the worst kecamatan can reach."""
    layout = search.layout
    count = len(layout.problem.facilities)
    seeds = list(range(count))
    if level == 2:
        worst = _worst_kecamatan(search)
        homes = [k for k, number in enumerate(layout.kecamatan_of_kelurahan) if number == worst]
        seeds = sorted({f for k in homes for f in layout.km[k]}) or seeds
    seed = dice.choice(seeds)
    home = layout.problem.facilities[seed]
    far = [layout.problem.road_km(home, row) * (0.6 + 0.8 * dice.random()) for row in layout.problem.facilities]
    return {seed, *sorted(range(count), key=far.__getitem__)[: size - 1]}


def _worst_kecamatan(search: Search) -> int:
    """The kecamatan with the least coverage in the plan at hand."""
    layout = search.layout
    served: Counter[tuple[int, str]] = Counter()
    for (node, _), people in search.choice.flows.items():
        row = layout.nodes[node]
        served[layout.kecamatan_of_kelurahan[row.kelurahan], layout.problem.methods[row.method].id] += people
    shares = [
        (sum(min(served[number, m], t) for m, t in row.target.items()) / sum(row.target.values()), number)
        for number, row in enumerate(layout.problem.kecamatan)
        if sum(row.target.values())
    ]
    return min(shares)[1] if shares else 0


def _free_columns(model: Model, facilities: set[int]) -> set[int]:
    """Everything that happens at these facilities, and what belongs to no place."""
    layout = model.layout
    cells = {number for number, cell in enumerate(layout.cells) if cell.facility in facilities}
    free = {column for arc, column in model.arcs.items() if arc.facility in facilities}
    free |= {column for key, column in model.spread.items() if key[0] in facilities}
    free |= {column for (cell, _), column in model.load.items() if cell in cells}
    free |= {column for cell, column in model.held.items() if cell in cells}
    free |= {column for (_, cell), column in model.works.items() if cell in cells}
    free |= {column for (_, facility, _), column in model.packs.items() if facility in facilities}
    free |= {column for (_, facility), column in model.trips.items() if facility in facilities}
    kecamatan = {layout.kecamatan_of_facility[facility] for facility in facilities}
    free |= {column for (number, _), column in model.dated.items() if number in kecamatan}
    return free | {*model.priority.values(), *model.covered.values(), *model.visited.values(), model.coverage}


def _reduced(program: Program, values: list[float], free: set[int]) -> tuple[Program, dict[int, int]]:
    """The program with all other columns at their values; and where the free ones went."""
    kept: dict[int, int] = {}
    small = Program()
    for column in sorted(free):
        kept[column] = small.column(program.most[column], least=program.least[column], whole=program.whole[column])
    for row in program.rows:
        terms: dict[int, float] = {}
        fixed = 0.0
        for column, value in row.terms.items():
            if column in kept:
                terms[kept[column]] = value
            else:
                fixed += value * values[column]
        if terms:
            small.rows.append(Row(row.least - fixed - 1e-9, row.most - fixed + 1e-9, terms))
    return small, kept
