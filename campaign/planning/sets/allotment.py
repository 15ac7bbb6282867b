"""Sharing out a depot: from what a linear program would send where, to whole lots for each warehouse."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from datetime import date

from campaign.planning.plan import Plan
from campaign.planning.problem import Problem, shifted
from campaign.planning.sets.answer import Move
from campaign.planning.sets.document import Depot, ProblemSet

Place = tuple[str, str]  # district, warehouse
Share = tuple[str, str, str, str]  # depot, district, warehouse, item
_WHOLE = 1e-6


def ships_until(problem: Problem) -> date:
    """A lot that expires before this date may not leave a warehouse of the problem."""
    last = problem.dates[-1] if problem.dates else date.max
    return shifted(last, problem.rules.min_shelf_days)


def may_ship(problem: Problem, warehouse: str, item: str) -> int:
    """Units the warehouse may send of its own; below 0 when it lacks some of what must stay."""
    house, until = problem.warehouse[warehouse], ships_until(problem)
    lots = sum(lot.quantity for lot in house.stock if lot.item == item and lot.expiry >= until)
    return lots - house.keep.get(item, 0)


def demand(problem: Problem, item: str) -> int:
    """Units that serving everybody would take beyond what lies on shelves and may leave the warehouses."""
    wanted = sum(row.count * problem.method[row.method].uses.get(item, 0) for row in problem.candidates)
    shelves = sum(lot.quantity for row in problem.facilities for lot in row.stock if lot.item == item)
    return wanted - shelves - sum(max(0, may_ship(problem, row.id, item)) for row in problem.warehouses)


def places_of(given: ProblemSet, depot: Depot, item: str) -> list[Place]:
    """The warehouses a depot may send an item to."""
    rows = [(row.district, row.warehouse) for row in depot.supplies]
    return [(district, house) for district, house in rows if item in given.district(district).problem.item]


def allot(given: ProblemSet, wanted: Mapping[Share, float]) -> tuple[Move, ...]:
    """Moves near the wanted shares, in whole packs of each warehouse; what is left goes where most is lacking."""
    moves: list[Move] = []
    for depot in given.depots:
        for item in sorted({lot.item for lot in depot.stock}):
            units = _rounded(given, depot, item, wanted)
            moves += with_lots(given, depot, item, units)
    return tuple(moves)


def _rounded(given: ProblemSet, depot: Depot, item: str, wanted: Mapping[Share, float]) -> dict[Place, int]:
    places = places_of(given, depot, item)
    left = sum(lot.quantity for lot in depot.stock if lot.item == item)
    units: dict[Place, int] = dict.fromkeys(places, 0)
    more: list[tuple[float, Place, int]] = []
    for place in places:
        problem = given.district(place[0]).problem
        own, pack = may_ship(problem, place[1], item), problem.item[item].pack
        share = wanted.get((depot.id, *place, item), 0.0)
        if share <= _WHOLE:
            continue
        packs = (max(0, own) + share) / pack
        low = max(0, math.floor(packs + _WHOLE) * pack - own)
        units[place] = min(left, low)
        left -= units[place]
        more.append((packs % 1, place, max(0, math.ceil(packs - _WHOLE) * pack - own) - units[place]))
    for _, place, extra in sorted(more, reverse=True):
        if 0 < extra <= left:
            units[place] += extra
            left -= extra
    return _rest_to_who_lacks(given, item, units, left)


def _rest_to_who_lacks(given: ProblemSet, item: str, units: dict[Place, int], left: int) -> dict[Place, int]:
    problems = {place: given.district(place[0]).problem for place in units}
    lack = {place: demand(problem, item) - units[place] for place, problem in problems.items()}
    while left > 0 and lack:
        place = max(sorted(lack), key=lambda key: lack[key])
        pack = problems[place].item[item].pack
        own = may_ship(problems[place], place[1], item) + units[place]
        step = pack - own % pack
        if lack[place] <= 0 or step > left:
            del lack[place]
            continue
        units[place] += step
        lack[place] -= step
        left -= step
    return units


def with_lots(given: ProblemSet, depot: Depot, item: str, units: Mapping[Place, int]) -> list[Move]:
    """Name the lots: who may ship the shortest lived takes them, earliest expiry first."""
    stock = sorted((lot for lot in depot.stock if lot.item == item), key=lambda lot: (lot.expiry, lot.lot))
    left = {lot.lot: lot.quantity for lot in stock}
    moves = []
    for place in sorted(units, key=lambda key: (ships_until(given.district(key[0]).problem), key)):
        until, missing = ships_until(given.district(place[0]).problem), units[place]
        for lot in stock:
            taken = min(missing, left[lot.lot]) if lot.expiry >= until else 0
            if taken:
                left[lot.lot] -= taken
                missing -= taken
                moves.append(Move(depot.id, *place, item, lot.lot, taken))
    return moves


def unshipped(problem: Problem, plan: Plan, moves: tuple[Move, ...], district: str) -> Counter[Move]:
    """Of each move to the district, the units that no delivery took; later lots first are the ones left."""
    gone: Counter[tuple[str, str, str]] = Counter()
    for row in plan.deliveries:
        for line in row.lines:
            gone[row.warehouse, line.item, line.lot] += line.quantity
    for house in problem.warehouses:  # a lot that the warehouse also has of its own: its own units went first
        for lot in house.stock:
            gone[house.id, lot.item, lot.lot] -= min(lot.quantity, gone[house.id, lot.item, lot.lot])
    found: Counter[Move] = Counter()
    for move in moves:
        if move.district == district:
            key = (move.warehouse, move.item, move.lot)
            used = min(gone[key], move.quantity)
            gone[key] -= used
            found[move] = move.quantity - used
    return found
