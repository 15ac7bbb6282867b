"""Large campaigns: bounds from linear programs over kecamatan, plans from CP-SAT on what these programs use.

Levels 1 to 3 do not care for distance, so that the kelurahan of a kecamatan are pooled (with everything that one of
them reaches: a relaxation, whose bounds hold); what is found is then carried to single kelurahan.
"""

from __future__ import annotations

from campaign.planning.solver.bridge import fix_decisions, values_of
from campaign.planning.solver.model import Model, build
from campaign.planning.solver.outcome import LEVELS
from campaign.planning.solver.program import Answer, Effort, Program, Row, solve_program
from campaign.planning.solver.sat import improve_by_sat
from campaign.planning.solver.search import Search, held_rows, whole_flows
from campaign.planning.solver.whole import settle

_NEAREST = 8
_PRIORITY_WEIGHT = 10  # while levels 1 and 2 are sought together
_UNUSED = 1e-7


def solve_city(search: Search) -> None:
    layout = search.layout
    pooled = build(layout, layout.merged_pools(by_reach=False), thorough=False)
    relaxed = bound(search, pooled, 0)
    bound(search, pooled, 1, held=False)
    fine = build(layout, layout.single_pools(_NEAREST))
    if relaxed is not None and not search.clock.over:
        _serve_many(search, pooled, fine)
    if not search.clock.over:
        bound(search, pooled, 2)
        cheaper(search, fine, search.clock.left * 0.5)
    if not search.clock.over:
        bound_cost(search)


def bound(search: Search, model: Model, level: int, *, held: bool = True) -> Answer | None:
    """The linear program's bound on a level, the plan's levels before it held."""
    program = held_rows(model.program, model, search.plan.objective, level if held else 0)
    objective = model.objectives[LEVELS[level]]
    effort = Effort(max(1.0, search.clock.left), seed=search.limits.seed)
    answer = solve_program(program, objective, effort, maximise=level < 3, relaxed=True)
    if answer.values is None:
        return None
    search.tighten(level, answer.bound)
    return answer


def bound_cost(search: Search) -> None:
    """Level 4's bound needs every kelurahan with its own distances."""
    model = build(search.layout, search.layout.single_pools(), thorough=False)
    bound(search, model, 3)


def _serve_many(search: Search, pooled: Model, fine: Model) -> None:
    """Levels 1 and 2 together: the linear program says which columns matter, CP-SAT chooses among them."""
    objective = dict(pooled.objectives["served"])
    for column, value in pooled.objectives["served_priority"].items():
        objective[column] = objective.get(column, 0.0) + _PRIORITY_WEIGHT * value
    guide = solve_program(
        pooled.program, objective, Effort(search.clock.left, seed=search.limits.seed), maximise=True, relaxed=True
    )
    hint = values_of(pooled, search.choice)
    if guide.values is None or search.clock.over:
        return
    kernel, kept = _kernel(pooled, guide, hint)
    found = improve_by_sat(
        kernel,
        {kept[c]: v for c, v in objective.items() if c in kept},
        maximise=True,
        hint=None if hint is None else [hint[c] for c in kept],
        shares=frozenset({kept[pooled.coverage]}),
        seconds=search.clock.left * 0.4,
        workers=search.limits.workers,
        seed=search.limits.seed,
        deterministic=search.limits.deterministic,
    )
    if found is not None:
        values = [0.0] * len(pooled.program.least)
        for column, number in kept.items():
            values[column] = found[number]
        _carry(search, pooled, values, fine)


def _kernel(model: Model, guide: Answer, hint: list[float] | None) -> tuple[Program, dict[int, int]]:
    """The program without the columns that neither the linear program nor the plan at hand uses."""
    values = guide.values or []
    optional = {*model.works.values(), *model.spread.values(), *model.arcs.values()}
    kept: dict[int, int] = {}
    small = Program()
    for column, most in enumerate(model.program.most):
        used = values[column] > _UNUSED or (hint is not None and hint[column] > _UNUSED)
        free = guide.reduced and abs(guide.reduced[column]) <= _UNUSED
        if column in optional and not used and not free:
            continue
        kept[column] = small.column(most, least=model.program.least[column], whole=model.program.whole[column])
    for row in model.program.rows:
        terms = {kept[c]: v for c, v in row.terms.items() if c in kept}
        if terms:
            small.rows.append(Row(row.least, row.most, terms))
    return small, kept


def _carry(search: Search, pooled: Model, values: list[float], fine: Model) -> None:
    """Take a pooled solution to single kelurahan: same teams and packs, as many served as their distances allow."""
    program = fine.program.copy()
    fix_decisions(pooled, values, fine, program, ("works", "packs", "trips"))
    for key, column in fine.load.items():
        theirs = pooled.load.get(key)
        program.most[column] = min(program.most[column], round(values[theirs]) if theirs is not None else 0)
    objective = dict(fine.objectives["served"])
    for column, value in fine.objectives["served_priority"].items():
        objective[column] = objective.get(column, 0.0) + _PRIORITY_WEIGHT * value
    for column, value in fine.objectives["cost"].items():
        objective[column] = objective.get(column, 0.0) - value * 1e-9
    effort = Effort(max(1.0, min(20.0, search.clock.left / 2)), seed=search.limits.seed, relative_gap=1e-4)
    answer = solve_program(program, objective, effort, maximise=True)
    if answer.values is not None:
        whole = whole_flows(fine, program, answer.values, objective, maximise=True)
        if whole is not None:
            settle(search, fine, program, whole, 1)


def cheaper(search: Search, fine: Model, seconds: float) -> None:
    """Level 4 by CP-SAT from the plan at hand."""
    hint = values_of(fine, search.choice)
    program = held_rows(fine.program, fine, search.plan.objective, 3)
    found = improve_by_sat(
        program,
        fine.objectives["cost"],
        maximise=False,
        hint=hint,
        shares=frozenset({fine.coverage}),
        seconds=seconds,
        workers=search.limits.workers,
        seed=search.limits.seed,
        deterministic=search.limits.deterministic,
    )
    if found is not None:
        settle(search, fine, program, found, 3)
