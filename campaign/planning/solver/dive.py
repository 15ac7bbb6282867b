"""A dive: the linear program is solved again and again while its teams are fixed, the clearest first."""

from __future__ import annotations

from collections import Counter, defaultdict

from campaign.planning.solver.model import Model
from campaign.planning.solver.program import Program
from campaign.planning.solver.search import Search

_CLEAR = 0.999
_NOTHING = 1e-6
_WORST_ROUND = 0.002  # a round may lose this share of the objective
_SHARE = 0.6  # of the team-days not yet fixed, fixed in one round: what is clear now may not be so later


def teams_by_diving(
    search: Search, model: Model, values: list[float], objective: dict[int, float], seconds: float
) -> set[int]:
    """The columns of `works` (and of `dated`) that may be used after a dive from the linear program's values.

    The dive ends before a round that costs much; each provider then goes where most of them is.
    """
    program = model.program.copy()
    until = search.clock.spent + seconds
    _fix_dates(model, program, values)
    if model.dated:
        values = _again(search, program, objective, until) or values
    deciding = _deciding(model)
    while search.clock.spent < until:
        batch = _clearest(model, program, values, deciding)
        if not batch:
            break
        for column in batch:
            program.least[column] = 1.0
        found = _again(search, program, objective, until)
        if found is None or _value(objective, found) < _value(objective, values) * (1 - _WORST_ROUND):
            for column in batch:
                program.least[column] = 0.0
            break
        values = found
    return _in_use(model, program, values)


def _again(search: Search, program: Program, objective: dict[int, float], until: float) -> list[float] | None:
    seconds = max(1.0, until - search.clock.spent)
    return search.run(program, objective, seconds, maximise=True, relaxed=True).values


def _fix_dates(model: Model, program: Program, values: list[float]) -> None:
    """Where a kecamatan may hold sessions on few dates: those the linear program likes best."""
    most = model.layout.problem.rules.max_dates_per_kecamatan
    by_kecamatan: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for (kecamatan, _), column in model.dated.items():
        by_kecamatan[kecamatan].append((values[column], -column))
    for rows in by_kecamatan.values():
        for _, column in sorted(rows, reverse=True)[most or 0 :]:
            program.most[-column] = 0.0


def _deciding(model: Model) -> set[int]:
    """Columns of providers who have to choose between places or days; the others can simply be there."""
    layout = model.layout
    options: Counter[int] = Counter()
    per_day: Counter[tuple[int, int]] = Counter()
    for provider, cell in model.works:
        options[provider] += 1
        per_day[provider, layout.cells[cell].day] += 1
    choosers = {provider for (provider, _), number in per_day.items() if number > 1}
    choosers |= {p for p, number in options.items() if number > layout.problem.providers[p].max_days}
    return {column for (provider, _), column in model.works.items() if provider in choosers}


def _clearest(model: Model, program: Program, values: list[float], deciding: set[int]) -> list[int]:
    """The next team-days to fix: all that are clear, and of the others those with the largest share."""
    layout = model.layout
    owner = {column: key for key, column in model.works.items()}
    taken = {
        (owner[column][0], layout.cells[owner[column][1]].day) for column in deciding if program.least[column] > 0.5
    }
    worked = Counter(provider for provider, _ in taken)
    open_ = [c for c in deciding if program.least[c] < 0.5 < program.most[c] and values[c] > _NOTHING]
    if all(values[column] >= _CLEAR for column in open_):
        return []
    wanted = max(6, round(sum(values[column] for column in open_) * _SHARE))
    batch: list[int] = []
    for column in sorted(open_, key=lambda c: (-values[c], c)):
        provider, cell = owner[column]
        day = (provider, layout.cells[cell].day)
        if day in taken or worked[provider] >= layout.problem.providers[provider].max_days:
            continue
        taken.add(day)
        worked[provider] += 1
        batch.append(column)
        if len(batch) >= wanted:
            break
    return batch


def _value(objective: dict[int, float], values: list[float]) -> float:
    return sum(value * values[column] for column, value in objective.items())


def _in_use(model: Model, program: Program, values: list[float]) -> set[int]:
    """Fixed team-days; for what is still open, each provider's best place a day, on their best days."""
    layout = model.layout
    best: dict[tuple[int, int], tuple[float, int]] = {}
    for (provider, cell), column in model.works.items():
        key = (provider, layout.cells[cell].day)
        share = 2.0 if program.least[column] > 0.5 else values[column]
        if share > best.get(key, (_NOTHING, -1))[0]:
            best[key] = (share, column)
    chosen: set[int] = set()
    for provider, row in enumerate(layout.problem.providers):
        days = sorted((entry for (p, _), entry in best.items() if p == provider), reverse=True)
        chosen |= {column for _, column in days[: row.max_days]}
    return chosen | {column for column in model.dated.values() if program.most[column] > 0.5}
