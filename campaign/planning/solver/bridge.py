"""Carrying a solution from one model of a layout to another, by what the columns mean."""

from __future__ import annotations

from collections import defaultdict

from campaign.planning.solver.choice import Choice
from campaign.planning.solver.model import Model
from campaign.planning.solver.program import Program

_FAMILIES = ("load", "held", "works", "packs", "trips")


def fix_decisions(
    source: Model, values: list[float], target: Model, program: Program, families: tuple[str, ...] = _FAMILIES
) -> None:
    """Hold the program's columns of these families to the source's values; what the source lacks is 0."""
    for family in families:
        theirs = getattr(source, family)
        for key, column in getattr(target, family).items():
            value = round(values[theirs[key]]) if key in theirs else 0
            program.least[column] = program.most[column] = max(0, value)


def values_of(model: Model, choice: Choice) -> list[float] | None:
    """The whole solution of a model that a choice is; None where the model lacks an arc that the choice uses."""
    layout = model.layout
    values = [0.0] * len(model.program.least)
    by_arc: dict[tuple[int, int, int], int] = defaultdict(int)
    pool_of = {node: number for number, pool in enumerate(model.pools) for node in pool.members}
    for (node, cell), people in choice.flows.items():
        where = layout.cells[cell]
        by_arc[pool_of[node], where.facility, where.day] += people
    arc_of = {(arc.pool, arc.facility, day): arc for arc in model.arcs for day in arc.days}
    served: dict[int, int] = defaultdict(int)
    for (pool, facility, day), people in by_arc.items():
        arc = arc_of.get((pool, facility, day))
        if arc is None:
            return None
        row = model.pools[pool]
        values[model.arcs[arc]] += people
        served[pool] += people
        key = (facility, row.method, row.days, arc.days, day)
        if key in model.spread:
            values[model.spread[key]] += people
        cell = layout.cell_number[facility, day]
        values[model.load[cell, row.method]] += people
    priority: dict[int, int] = defaultdict(int)
    for node, people in choice.priority.items():
        priority[pool_of[node]] += people
    for pool, column in model.priority.items():
        values[column] = min(priority[pool], served[pool])
    _sessions(model, choice, values)
    _trips(model, choice, values)
    _visits(model, choice, values)
    _covered(model, by_arc, values)
    return values


def _sessions(model: Model, choice: Choice, values: list[float]) -> None:
    for cell, methods in choice.loads(model.layout).items():
        if sum(methods.values()):
            values[model.held[cell]] = 1
            where = model.layout.cells[cell]
            key = (model.layout.kecamatan_of_facility[where.facility], where.day)
            if key in model.dated:
                values[model.dated[key]] = 1
            for provider in choice.teams.get(cell, ()):
                if (provider, cell) in model.works:
                    values[model.works[provider, cell]] = 1


def _trips(model: Model, choice: Choice, values: list[float]) -> None:
    for (slot, facility, item), packs in choice.packs.items():
        if (slot, facility, item) in model.packs:
            values[model.packs[slot, facility, item]] = packs
            values[model.trips[slot, facility]] = 1


def _visits(model: Model, choice: Choice, values: list[float]) -> None:
    layout = model.layout
    first: dict[int, int] = {}
    for (node, cell), people in choice.flows.items():
        if people:
            kelurahan, day = layout.nodes[node].kelurahan, layout.cells[cell].day
            first[kelurahan] = min(day, first.get(kelurahan, day))
    for (kelurahan, phase), column in model.visited.items():
        if kelurahan in first and first[kelurahan] <= max(layout.phases[phase].days):
            values[column] = 1


def _covered(model: Model, by_arc: dict[tuple[int, int, int], int], values: list[float]) -> None:
    served: dict[tuple[int, int], int] = defaultdict(int)
    for (pool, _, _), people in by_arc.items():
        served[model.pools[pool].kecamatan, model.pools[pool].method] += people
    share = 1.0
    reached: dict[int, float] = defaultdict(float)
    for (kecamatan, method), column in model.covered.items():
        values[column] = min(served[kecamatan, method], model.program.most[column])
        reached[kecamatan] += values[column]
    for number, row in enumerate(model.layout.problem.kecamatan):
        total = sum(row.target.values())
        if total:
            share = min(share, reached[number] / total)
    values[model.coverage] = share
