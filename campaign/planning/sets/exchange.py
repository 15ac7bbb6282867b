"""Sharing out once more: what lies unused after the first plans goes to districts that lacked it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from campaign.planning.plan import Plan, Reason
from campaign.planning.sets.allotment import Place, places_of, ships_until, unshipped
from campaign.planning.sets.answer import Move
from campaign.planning.sets.document import Depot, ProblemSet

_FOR_WANT_OF_STOCK = (Reason.NO_STOCK, Reason.NO_DELIVERY)


@dataclass(frozen=True, slots=True)
class _Offer:
    """Units of a depot's lot that nobody ships: still in the depot, or moved to an owner in vain."""

    lot: str
    expiry: date
    owner: Place | None
    units: int


def lacking(given: ProblemSet, plans: Mapping[str, Plan]) -> Counter[tuple[str, str]]:
    """Units of each item that a district (first of the key) lacks for those it leaves out for want of stock."""
    found: Counter[tuple[str, str]] = Counter()
    for district in given.districts:
        problem = district.problem
        for row in plans[district.id].unserved:
            if row.reason in _FOR_WANT_OF_STOCK:
                for item, units in problem.method[problem.group[row.candidate].method].uses.items():
                    found[district.id, item] += units * row.count
    return found


def share_again(
    given: ProblemSet, plans: Mapping[str, Plan], moves: tuple[Move, ...]
) -> tuple[tuple[Move, ...], set[str]]:
    """The moves after unused units went to who lacks them, and the districts that gained."""
    lack = lacking(given, plans)
    idle: Counter[Move] = Counter()
    for district in given.districts:
        idle.update(unshipped(district.problem, plans[district.id], moves, district.id))
    changes: Counter[Move] = Counter()  # moves of quantity 0, and by how much each grows or shrinks
    gained: set[str] = set()
    for depot in given.depots:
        for item in sorted({lot.item for lot in depot.stock}):
            offers = _offers(depot, item, moves, idle, lack)
            for place in sorted(places_of(given, depot, item), key=lambda key: (-lack[key[0], item], key)):
                until = ships_until(given.district(place[0]).problem)
                taken = _take(offers, until, lack[place[0], item])
                for offer in taken:
                    changes[Move(depot.id, *place, item, offer.lot, 0)] += offer.units
                    if offer.owner is not None:
                        changes[Move(depot.id, *offer.owner, item, offer.lot, 0)] -= offer.units
                    lack[place[0], item] -= offer.units
                    gained.add(place[0])
    for move in moves:
        changes[replace(move, quantity=0)] += move.quantity
    rows = [replace(move, quantity=units) for move, units in changes.items() if units > 0]
    return tuple(sorted(rows, key=lambda m: (m.depot, m.district, m.warehouse, m.item, m.lot))), gained


def _offers(
    depot: Depot, item: str, moves: tuple[Move, ...], idle: Counter[Move], lack: Counter[tuple[str, str]]
) -> list[_Offer]:
    """What is still in the depot first; then what districts that lack none of it have in vain."""
    found = []
    expiry = {lot.lot: lot.expiry for lot in depot.stock if lot.item == item}
    for lot in depot.stock:
        if lot.item == item:
            gone = sum(m.quantity for m in moves if (m.depot, m.item, m.lot) == (depot.id, item, lot.lot))
            found.append(_Offer(lot.lot, lot.expiry, None, lot.quantity - gone))
    for move, units in idle.items():
        if (move.depot, move.item) == (depot.id, item) and lack[move.district, item] <= 0:
            found.append(_Offer(move.lot, expiry[move.lot], (move.district, move.warehouse), units))
    return sorted(found, key=lambda row: (row.owner is not None, row.expiry, row.lot, row.owner or ("", "")))


def _take(offers: list[_Offer], until: date, missing: int) -> list[_Offer]:
    """Take up to so many units out of the offers, of lots that last until then; what is taken leaves the list."""
    taken = []
    for number, offer in enumerate(offers):
        units = min(offer.units, missing) if offer.expiry >= until else 0
        if units > 0:
            missing -= units
            taken.append(replace(offer, units=units))
            offers[number] = replace(offer, units=offer.units - units)
    return taken
