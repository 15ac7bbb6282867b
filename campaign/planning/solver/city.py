"""Large campaigns: bounds from linear programs over kecamatan, plans from a dive that these programs guide.

Levels 1 to 3 do not care for distance, so that the kelurahan of a kecamatan are pooled (with everything that one of
them reaches: a relaxation, whose bounds hold); what is found is then carried to single kelurahan.
"""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from dataclasses import replace

from campaign.planning.solver.building import build
from campaign.planning.solver.dive import teams_by_diving
from campaign.planning.solver.layout import Pool
from campaign.planning.solver.model import Model
from campaign.planning.solver.neighbourhood import improve_around
from campaign.planning.solver.outcome import LEVELS
from campaign.planning.solver.program import Answer, Effort, Program, solve_program
from campaign.planning.solver.search import Search, held_rows, whole_flows
from campaign.planning.solver.whole import settle

_NEAREST = 8
_PRIORITY_WEIGHT = 10  # while levels 1 and 2 are sought together
_UNUSED = 1e-7
_MARGIN = 10  # minutes left idle in a session's stretches, so that it can be seated
_MORE = 3  # people above the linear program's that a session may serve of a method
_CHEAP = 5e-8  # of a person, for a rupiah: a person is worth 20 million, so cost only decides among equals


def solve_city(search: Search) -> None:
    """Bounds and plans in turn; the levels are then improved around a few facilities at a time."""
    layout, clock = search.layout, search.clock
    search.seating.effort = 0.0  # hundreds of sessions: no time for CP-SAT on each
    search.repairs = 1
    pooled = build(layout, layout.merged_pools(by_reach=False), thorough=False)
    bound(search, pooled, 0)
    bound(search, pooled, 1)
    fine = build(layout, layout.single_pools(), thorough=False)
    if not clock.over:
        _serve_many(search, pooled, fine)
    pools = _near_pools(search)
    near = tuple(build(layout, pools, margin=margin) for margin in (_MARGIN, 0))
    weight = 1 + sum(group.count for group in layout.problem.candidates)
    improve_around(search, near, 1, clock.left * 0.3, _weighed(near[0], weight))
    if not clock.over:
        bound(search, pooled, 1)
        bound(search, pooled, 2)
        improve_around(search, near, 2, clock.left * 0.15)
    if not clock.over:
        _cheaper(search, near, fine)


def _cheaper(search: Search, near: tuple[Model, ...], fine: Model) -> None:
    """Level 4: its bound needs every kelurahan with its own distances; with two workers it is sought on the side."""
    if search.limits.workers < 2 or search.limits.deterministic:
        bound(search, fine, 3)
        improve_around(search, near, 3, search.clock.left * 0.9)
        return
    program = held_rows(fine.program, fine, search.plan.objective, 3)
    found: list[Answer] = []
    effort = Effort(max(1.0, search.clock.left * 0.8), seed=search.limits.seed)

    def seek() -> None:
        found.append(solve_program(program, fine.objectives["cost"], effort, maximise=False, relaxed=True))

    beside = threading.Thread(target=seek)
    beside.start()
    improve_around(search, near, 3, search.clock.left * 0.9)
    beside.join()  # a thread left inside the solver would bring the interpreter down at its end
    if found and found[0].optimal:
        search.tighten(3, found[0].bound)


def bound(search: Search, model: Model, level: int) -> Answer | None:
    """The linear program's bound on a level, the plan's levels before it held."""
    program = held_rows(model.program, model, search.plan.objective, level)
    objective = model.objectives[LEVELS[level]]
    answer = search.run(program, objective, max(1.0, search.clock.left), maximise=level < 3, relaxed=True)
    if answer.values is None:
        return None
    search.tighten(level, answer.bound)
    return answer


def _weighed(model: Model, weight: float) -> dict[int, float]:
    """Levels 1 and 2 as one objective, with a breath of cost."""
    objective = dict(model.objectives["served"])
    for column, value in model.objectives["served_priority"].items():
        objective[column] = objective.get(column, 0.0) + weight * value
    for column, value in model.objectives["cost"].items():
        objective[column] = objective.get(column, 0.0) - value * _CHEAP
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
    """Levels 1 and 2 together: a dive says where teams go; with teams and packs fixed the rest is nearly a flow."""
    objective = _weighed(pooled, _PRIORITY_WEIGHT)
    guide = search.run(pooled.program, objective, search.clock.left, maximise=True, relaxed=True)
    if guide.values is None or search.clock.over:
        return
    chosen = teams_by_diving(search, pooled, guide.values, objective, search.clock.left * 0.38)
    program = fine.program.copy()
    for family in ("works", "dated"):
        mine, theirs = getattr(fine, family), getattr(pooled, family)
        for key, column in mine.items():
            if theirs.get(key) not in chosen:
                program.most[column] = 0.0
    wanted = _weighed(fine, _PRIORITY_WEIGHT)
    relaxed = search.run(program, wanted, search.clock.left * 0.4, maximise=True, relaxed=True)
    if relaxed.values is None or search.clock.over:
        return
    _round_packs(fine, program, relaxed.values)
    _cap_sessions(fine, program, relaxed.values)
    answer = search.run(program, wanted, search.clock.left * 0.3, maximise=True, gaps=(2e-3, 0.0))
    if answer.values is not None:
        whole = whole_flows(search, fine, program, answer.values, wanted, maximise=True)
        if whole is not None:
            settle(search, fine, program, whole, 1, wanted)


def _round_packs(model: Model, program: Program, values: list[float]) -> None:
    """Whole packs near the linear program's: down, then up again where most was cut, while the warehouse has them."""
    layout = model.layout
    by_item: dict[tuple[int, str], list[tuple[float, int]]] = defaultdict(list)
    for (slot, _, item), column in model.packs.items():
        if program.whole[column]:
            by_item[layout.slots[slot].warehouse, item].append((values[column] % 1, column))
    for (warehouse, item), rows in by_item.items():
        free = layout.may_leave[warehouse].get(item, 0) // layout.problem.item[item].pack
        free -= sum(math.floor(values[column] + _UNUSED) for _, column in rows)
        for part, column in sorted(rows, reverse=True):
            packs = math.floor(values[column] + _UNUSED)
            if free > 0 and part > 0.2 and part < 1 - _UNUSED and packs < program.most[column]:
                packs, free = packs + 1, free - 1
            program.most[column] = packs
    for (slot, facility), column in model.trips.items():
        if values[column] < _UNUSED:
            program.most[column] = 0.0
            for (other, place, _), packs_column in model.packs.items():
                if (other, place) == (slot, facility):
                    program.most[packs_column] = 0.0


def _cap_sessions(model: Model, program: Program, values: list[float]) -> None:
    """No session does much more than the linear program's: what is left is nearly a flow."""
    for column in model.load.values():
        more = _MORE if values[column] > _UNUSED else 0
        program.most[column] = min(program.most[column], math.ceil(values[column] - 1e-6) + more)
    for column in model.held.values():
        if values[column] < _UNUSED:
            program.most[column] = 0.0
