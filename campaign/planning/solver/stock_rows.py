"""Rows about stock: shelves, packs, trips and warehouses."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from campaign.planning.solver.model import Model

_MOST_PACKS_TABULATED = 500


def shelves_suffice(model: Model) -> None:
    """Between any two days a facility uses no more than it can have had by then: exact for first expired first out."""
    layout, problem = model.layout, model.layout.problem
    use: dict[tuple[int, str], list[tuple[int, int, int]]] = defaultdict(list)  # -> (day, column, units)
    for (cell, method), column in model.load.items():
        where = layout.cells[cell]
        for item, units in problem.methods[method].uses.items():
            if units:
                use[where.facility, item].append((where.day, column, units))
    for (f, item), rows in use.items():
        facility = problem.facilities[f]
        days = sorted({day for day, _, _ in rows})
        most = sum(units * int(model.program.most[column]) for _, column, units in rows)
        if layout.opening(facility, item, days[-1]) >= most:
            continue
        _packs(model, f, item, most)
        opening = [layout.opening(facility, item, day) for day in days]
        firsts = [k for k in range(len(days)) if k == 0 or opening[k] < opening[k - 1]]
        arriving = {slot.day for number, slot in enumerate(layout.slots) if (number, f, item) in model.packs}
        # between two arrivals the later day's row implies the earlier one's
        lasts = [k for k in range(len(days)) if k + 1 == len(days) or any(days[k] < a <= days[k + 1] for a in arriving)]
        for first in firsts:
            for last in (k for k in lasts if k >= first):
                _shelf_row(
                    model, (f, item), [row for row in rows if days[first] <= row[0] <= days[last]], opening[first]
                )


def _packs(model: Model, facility: int, item: str, most: int) -> None:
    layout, program = model.layout, model.program
    pack = layout.problem.item[item].pack
    for number, slot in enumerate(layout.slots):
        free = layout.may_leave[slot.warehouse].get(item, 0) // pack
        packs = min(free, -(-most // pack))
        if packs <= 0:
            continue
        if (number, facility) not in model.trips:
            model.trips[number, facility] = program.column(1, whole=True)
        # single units need not be whole here: whole people make what is missing whole, and floors are taken later
        column = program.column(packs, whole=pack > 1)
        model.packs[number, facility, item] = column
        program.row([(column, 1), (model.trips[number, facility], -packs)], most=0)


def _shelf_row(model: Model, key: tuple[int, str], rows: list[tuple[int, int, int]], opening: int) -> None:
    """Units used by the rows' loads come from the shelf or from packs; tightened where all take the same units."""
    facility, item = key
    last = max(day for day, _, _ in rows)
    pack = model.layout.problem.item[item].pack
    columns = [
        column
        for number, slot in enumerate(model.layout.slots)
        if slot.day <= last and (column := model.packs.get((number, facility, item))) is not None
    ]
    units = {used for _, _, used in rows}
    if len(units) > 1:
        terms: list[tuple[int, float]] = [(column, used) for _, column, used in rows]
        model.program.row(terms + [(column, -pack) for column in columns], most=opening)
        return
    most = max((int(model.program.most[column]) for column in columns), default=0)
    for people, persons_per_pack in envelope(opening, pack, units.pop(), most):
        terms = [(column, 1.0) for _, column, _ in rows]
        model.program.row(terms + [(column, -persons_per_pack) for column in columns], most=people)


def envelope(opening: int, pack: int, units: int, most: int) -> list[tuple[float, float]]:
    """Lines (people at no pack, people per pack) over the most people that q packs can serve, q = 0, 1, ... most.

    The number of people is a staircase in q; its upper hull over all q is what whole packs and whole people allow.
    """
    if pack % units == 0 or most > _MOST_PACKS_TABULATED:
        return [(opening // units if pack % units == 0 else opening / units, pack / units)]
    hull: list[tuple[int, int]] = []
    for packs in range(most + 1):
        point = (packs, (opening + pack * packs) // units)
        while len(hull) >= 2 and _turns_up(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    if most == 0:
        return [(hull[0][1], 0.0)]
    slopes = [(q1, n1, (n2 - n1) / (q2 - q1)) for (q1, n1), (q2, n2) in pairwise(hull)]
    return [(n1 - slope * q1, slope) for q1, n1, slope in slopes]


def _turns_up(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    return (b[1] - a[1]) * (c[0] - b[0]) <= (c[1] - b[1]) * (b[0] - a[0])


def warehouses_suffice(model: Model) -> None:
    """A warehouse ships no more packs than may leave, within its trips, and one trip to each facility at most."""
    layout, program = model.layout, model.program
    shipped: dict[tuple[int, str], list[int]] = defaultdict(list)
    for (slot, _, item), column in model.packs.items():
        shipped[layout.slots[slot].warehouse, item].append(column)
    for (warehouse, item), columns in shipped.items():
        pack = layout.problem.item[item].pack
        program.row([(c, 1) for c in columns], most=layout.may_leave[warehouse].get(item, 0) // pack)
    by_slot: dict[int, list[int]] = defaultdict(list)
    by_pair: dict[tuple[int, int], list[int]] = defaultdict(list)
    for (slot, facility), column in model.trips.items():
        by_slot[slot].append(column)
        by_pair[layout.slots[slot].warehouse, facility].append(column)
    for slot, columns in by_slot.items():
        if layout.slots[slot].trips < len(columns):
            program.row([(c, 1) for c in columns], most=layout.slots[slot].trips)
    for columns in by_pair.values():
        if len(columns) > 1:
            program.row([(c, 1) for c in columns], most=1)
