"""Large campaigns: bounds from linear programs over kecamatan, plans from CP-SAT on what these programs use.

Levels 1 to 3 do not care for distance, so that the kelurahan of a kecamatan are pooled (with everything that one of
them reaches: a relaxation, whose bounds hold); what is found is then carried to single kelurahan.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from campaign.planning.solver.bridge import fix_decisions, values_of
from campaign.planning.solver.dive import teams_by_diving
from campaign.planning.solver.layout import Pool
from campaign.planning.solver.model import Model, build
from campaign.planning.solver.neighbourhood import improve_around
from campaign.planning.solver.outcome import LEVELS
from campaign.planning.solver.program import Answer, Program, Row
from campaign.planning.solver.sat import improve_by_sat
from campaign.planning.solver.search import Search, held_rows, whole_flows
from campaign.planning.solver.whole import settle

_NEAREST = 8
_PRIORITY_WEIGHT = 10  # while levels 1 and 2 are sought together
_UNUSED = 1e-7


def solve_city(search: Search) -> None:
    """Bounds and plans in turn; the levels are then improved around a few facilities at a time."""
    layout, clock = search.layout, search.clock
    search.seating.effort = 0.1  # hundreds of sessions: CP-SAT only has a moment for each
    pooled = build(layout, layout.merged_pools(by_reach=False), thorough=False)
    bound(search, pooled, 0)
    bound(search, pooled, 1, held=False)
    fine = build(layout, layout.single_pools(), thorough=False)
    if not clock.over:
        _serve_many(search, pooled, fine)
    near = build(layout, _near_pools(search))
    weight = 1 + sum(group.count for group in layout.problem.candidates)
    if not search.proven(1):
        improve_around(search, near, 1, clock.left * 0.35, _weighed(near, weight))
    if not clock.over:
        bound(search, pooled, 1)
        bound(search, pooled, 2)
        improve_around(search, near, 2, clock.left * 0.25)
    if not clock.over:
        bound(search, fine, 3)
        improve_around(search, near, 3, clock.left * 0.9)


def bound(search: Search, model: Model, level: int, *, held: bool = True) -> Answer | None:
    """The linear program's bound on a level, the plan's levels before it held."""
    program = held_rows(model.program, model, search.plan.objective, level if held else 0)
    objective = model.objectives[LEVELS[level]]
    answer = search.run(program, objective, max(1.0, search.clock.left), maximise=level < 3, relaxed=True)
    if answer.values is None:
        return None
    search.tighten(level, answer.bound)
    return answer


def _weighed(model: Model, weight: float) -> dict[int, float]:
    """Levels 1 and 2 as one objective."""
    objective = dict(model.objectives["served"])
    for column, value in model.objectives["served_priority"].items():
        objective[column] = objective.get(column, 0.0) + weight * value
    return objective


def _near_pools(search: Search) -> list[Pool]:
    """Every node by itself with its nearest facilities and those to which the plan sends it."""
    layout = search.layout
    used: dict[int, set[int]] = defaultdict(set)
    for (node, cell), people in search.choice.flows.items():
        if people:
            used[node].add(layout.cells[cell].facility)
    pools = []
    for pool in layout.single_pools():
        nearest = sorted(pool.km, key=lambda facility: pool.km[facility])[:_NEAREST]
        keep = {*nearest, *used[pool.members[0]]}
        pools.append(replace(pool, km={f: km for f, km in pool.km.items() if f in keep}))
    return pools


def _serve_many(search: Search, pooled: Model, fine: Model) -> None:
    """Levels 1 and 2 together: the linear program says where teams go, CP-SAT does the rest, then moves teams too."""
    objective = _weighed(pooled, _PRIORITY_WEIGHT)
    guide = search.run(pooled.program, objective, search.clock.left, maximise=True, relaxed=True)
    if guide.values is None or search.clock.over:
        return
    best = values_of(pooled, search.choice)
    teams = teams_by_diving(search, pooled, guide.values, objective, search.clock.left * 0.3)
    for fixed, share in ((True, 0.15), (False, 0.35)):
        kernel, kept = _kernel(pooled, guide.values, best, teams)
        if fixed:
            for column in (*pooled.works.values(), *pooled.dated.values()):
                if column in kept:
                    kernel.most[kept[column]] = float(column in teams)
        found = improve_by_sat(
            kernel,
            {kept[c]: v for c, v in objective.items() if c in kept},
            maximise=True,
            hint=[(guide.values if fixed or best is None else best)[c] for c in kept],
            shares=frozenset({kept[pooled.coverage]}),
            seconds=search.clock.left * share,
            workers=search.limits.workers,
            seed=search.limits.seed,
            deterministic=search.limits.deterministic,
        )
        if search.limits.deterministic:
            search.clock.charge(search.clock.left * share, finished=False)
        if found is not None:
            best = [0.0] * len(pooled.program.least)
            for column, number in kept.items():
                best[column] = found[number]
    if best is not None:
        _carry(search, pooled, best, fine)


def _kernel(
    model: Model, guide: list[float], plan: list[float] | None, teams: set[int]
) -> tuple[Program, dict[int, int]]:
    """The program without the columns that neither the linear program nor the plan at hand uses."""
    optional = {*model.works.values(), *model.spread.values(), *model.arcs.values()}
    kept: dict[int, int] = {}
    small = Program()
    for column, most in enumerate(model.program.most):
        used = guide[column] > _UNUSED or (plan is not None and plan[column] > _UNUSED)
        if column in optional and not used and column not in teams:
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
    for arc, column in fine.arcs.items():
        method = fine.pools[arc.pool].method
        cells = [search.layout.cell_number[arc.facility, day] for day in arc.days]
        if not any(program.most[fine.load[cell, method]] for cell in cells):
            program.most[column] = 0
    objective = _weighed(fine, _PRIORITY_WEIGHT)
    for column, value in fine.objectives["cost"].items():
        objective[column] = objective.get(column, 0.0) - value * 1e-9
    seconds = max(1.0, min(20.0, search.clock.left / 2))
    answer = search.run(program, objective, seconds, maximise=True, gaps=(1e-4, 0.0))
    if answer.values is not None:
        whole = whole_flows(search, fine, program, answer.values, objective, maximise=True)
        if whole is not None:
            settle(search, fine, program, whole, 1, objective)
