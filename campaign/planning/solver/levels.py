"""The four levels as objectives over the columns of the model."""

from __future__ import annotations

from collections import defaultdict

from campaign.planning.solver.model import Model


def set_levels(model: Model) -> None:
    """Set the four objectives of the model, with the columns and rows they need."""
    _served(model)
    _coverage(model)
    _cost(model)


def _served(model: Model) -> None:
    program = model.program
    sent: dict[int, list[int]] = defaultdict(list)
    for arc, column in model.arcs.items():
        sent[arc.pool].append(column)
    first: dict[int, float] = {}
    for number, columns in sent.items():
        pool = model.pools[number]
        if pool.other == 0:
            first.update(dict.fromkeys(columns, 1.0))
        elif pool.priority:
            column = program.column(pool.priority)
            model.priority[number] = column
            first[column] = 1.0
            program.row([(c, 1) for c in columns] + [(column, -1)], least=0, most=pool.other)
    model.objectives["served_priority"] = first
    model.objectives["served"] = dict.fromkeys(model.load.values(), 1.0)


def _coverage(model: Model) -> None:
    layout, program = model.layout, model.program
    arcs: dict[tuple[int, int], list[int]] = defaultdict(list)
    for arc, column in model.arcs.items():
        pool = model.pools[arc.pool]
        arcs[pool.kecamatan, pool.method].append(column)
    model.coverage = program.column(1.0)
    for k, kecamatan in enumerate(layout.problem.kecamatan):
        total = sum(kecamatan.target.values())
        if not total:
            continue
        columns = []
        for method_id, target in kecamatan.target.items():
            served = arcs.get((k, layout.method_number[method_id]), [])
            if target and served:
                column = program.column(target, whole=True)
                model.covered[k, layout.method_number[method_id]] = column
                columns.append(column)
                program.row([(c, 1) for c in served] + [(column, -1)], least=0)
        program.row([(c, 1) for c in columns] + [(model.coverage, -total)], least=0)
    model.objectives["min_coverage"] = {model.coverage: 1.0}


def _cost(model: Model) -> None:
    layout, problem = model.layout, model.layout.problem
    cost: dict[int, float] = {}
    for arc, column in model.arcs.items():
        cost[column] = model.pools[arc.pool].km[arc.facility] * problem.rules.cost_per_km_person
    for cell, column in model.held.items():
        cost[column] = problem.facilities[layout.cells[cell].facility].session_cost
    for (provider, cell), column in model.works.items():
        cost[column] = layout.places[provider][layout.cells[cell].facility]
    for (slot, facility), column in model.trips.items():
        cost[column] = layout.trip_cost(layout.slots[slot].warehouse, facility)
    model.objectives["cost"] = cost
