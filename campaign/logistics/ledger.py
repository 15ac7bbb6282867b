"""The rules of the ledger, pure: which lots leave first, what may not leave, what undoes a movement.

A lot that expires on a day may still be used on that day. Quantities are integers in the item's unit.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from campaign.errors import Conflict


@dataclass(frozen=True, slots=True)
class LotStock:
    """What a place holds of one lot, and how much of that is reserved for somebody else."""

    stock_lot_id: int
    item_id: int
    expires_on: date
    on_hand: int
    reserved: int = 0

    @property
    def free(self) -> int:
        """Return what anybody may take; never below nothing."""
        return max(0, self.on_hand - self.reserved)


@dataclass(frozen=True, slots=True)
class Line:
    """So much of a lot."""

    stock_lot_id: int
    quantity: int
    reason: str = ""  # why this lot and not the first to expire


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a movement: so much of a lot into a place; negative: out of it."""

    stock_place_id: int
    stock_lot_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """An item of which less can be taken than is wanted."""

    item_id: int
    wanted: int
    available: int


class InsufficientStock(Conflict):
    """Less is usable, free and not protected than is wanted; `shortages` has every item, the facts the first."""

    code = "insufficient-stock"

    def __init__(self, shortages: tuple[Shortage, ...], **facts: object) -> None:
        self.shortages = shortages
        first = shortages[0]
        super().__init__(item_id=first.item_id, wanted=first.wanted, available=first.available, **facts)


def in_expiry_order(lots: Iterable[LotStock]) -> list[LotStock]:
    """Sort lots first expired first; equal dates by lot id, so that everybody sorts them alike."""
    return sorted(lots, key=lambda lot: (lot.expires_on, lot.stock_lot_id))


def available(lots: Iterable[LotStock], on: date, keep: int = 0) -> int:
    """Return how much of one item may be taken on `on`: not expired, not reserved, `keep` left behind."""
    return max(0, sum(lot.free for lot in lots if lot.expires_on >= on) - keep)


def pick(lots: Sequence[LotStock], wanted: Mapping[int, int], on: date, keep: Mapping[int, int]) -> tuple[Line, ...]:
    """Choose lots for each wanted item, first expired first; raise InsufficientStock with every short item.

    `wanted` and `keep` are quantities by item. What is kept stays in the lots that expire last.
    """
    by_item = _by_item(lots)
    short = tuple(
        Shortage(item_id, quantity, found)
        for item_id, quantity in wanted.items()
        if (found := available(by_item[item_id], on, keep.get(item_id, 0))) < quantity
    )
    if short:
        raise InsufficientStock(short)
    return tuple(line for item_id, quantity in wanted.items() for line in _take(by_item[item_id], quantity, on))


def pick_near_first(
    here: Sequence[LotStock], underway: Sequence[LotStock], wanted: Mapping[int, int], on: date
) -> tuple[Line, ...]:
    """Choose lots for a use: what the shelf has, first expired first; what it lacks, from goods not confirmed yet.

    Raise InsufficientStock with every item of which both together have too little.
    """
    pick(together(here, underway), wanted, on, {})  # refuses, with what there is in all
    near, far = _by_item(here), _by_item(underway)
    lines: list[Line] = []
    for item_id, quantity in wanted.items():
        found = min(quantity, available(near[item_id], on))
        lines += [*_take(near[item_id], found, on), *_take(far[item_id], quantity - found, on)]
    return tuple(Line(lot_id, quantity) for lot_id, quantity in total(lines).items())


def in_hand(lots: Iterable[LotStock], wanted: Mapping[int, int], lot_ids: Iterable[int], on: date) -> dict[int, Line]:
    """Return, by item, what can be taken from the lots that somebody holds in hand; others are left to the rule."""
    held = set(lot_ids)
    return {
        lot.item_id: Line(lot.stock_lot_id, wanted[lot.item_id])
        for lot in lots
        if lot.stock_lot_id in held and lot.expires_on >= on and lot.free >= wanted.get(lot.item_id, lot.free + 1)
    }


def together(*stocks: Sequence[LotStock]) -> list[LotStock]:
    """Add up what several places hold, lot by lot."""
    sums: dict[int, LotStock] = {}
    for lot in (lot for stock in stocks for lot in stock):
        before = sums.get(lot.stock_lot_id, replace(lot, on_hand=0, reserved=0))
        held = before.on_hand + lot.on_hand
        sums[lot.stock_lot_id] = replace(lot, on_hand=held, reserved=before.reserved + lot.reserved)
    return list(sums.values())


def lacking(stock: Iterable[LotStock], lines: Iterable[Line]) -> dict[int, int]:
    """Return by lot how much the lines take beyond what is there."""
    there = {lot.stock_lot_id: lot.on_hand for lot in stock}
    short = {lot_id: quantity - there.get(lot_id, 0) for lot_id, quantity in total(lines).items()}
    return {lot_id: quantity for lot_id, quantity in short.items() if quantity > 0}


def _by_item(lots: Iterable[LotStock]) -> defaultdict[int, list[LotStock]]:
    grouped: defaultdict[int, list[LotStock]] = defaultdict(list)
    for lot in lots:
        grouped[lot.item_id].append(lot)
    return grouped


def _take(lots: Iterable[LotStock], wanted: int, on: date) -> Iterable[Line]:
    for lot in in_expiry_order(lot for lot in lots if lot.expires_on >= on and lot.free):
        if not wanted:
            return
        taken = min(wanted, lot.free)
        wanted -= taken
        yield Line(lot.stock_lot_id, taken)


def require_free(lots: Sequence[LotStock], lines: Iterable[Line], on: date, keep: Mapping[int, int]) -> None:
    """Refuse lines of chosen lots that are expired on `on`, reserved for others, or that break into what is kept.

    Raise InsufficientStock with every short item.
    """
    wanted = total(lines)
    short = []
    for item_id, of_item in _by_item(lots).items():
        chosen = [lot for lot in of_item if lot.stock_lot_id in wanted]
        asked = sum(wanted[lot.stock_lot_id] for lot in chosen)
        found = min(
            available(of_item, on, keep.get(item_id, 0)),
            sum(min(wanted[lot.stock_lot_id], lot.free) for lot in chosen if lot.expires_on >= on),
        )
        if found < asked:
            short.append(Shortage(item_id, asked, found))
    if short:
        raise InsufficientStock(tuple(short))


def departing(lots: Sequence[LotStock], lines: Sequence[Line], on: date) -> list[int]:
    """Return the indexes of lines whose lot expires later than one of the same item that could have gone instead."""
    wanted = total(lines)
    known = {lot.stock_lot_id: lot for lot in lots}
    left: dict[int, date] = {}  # by item: the first expiry of which something usable stays behind
    for usable in in_expiry_order(lot for lot in lots if lot.expires_on >= on):
        if usable.free > wanted.get(usable.stock_lot_id, 0):
            left.setdefault(usable.item_id, usable.expires_on)
    return [
        index
        for index, line in enumerate(lines)
        if (lot := known.get(line.stock_lot_id)) and left.get(lot.item_id, lot.expires_on) < lot.expires_on
    ]


def total(lines: Iterable[Line]) -> dict[int, int]:
    """Add up lines by lot."""
    sums: defaultdict[int, int] = defaultdict(int)
    for line in lines:
        sums[line.stock_lot_id] += line.quantity
    return dict(sums)


def entries_of(lines: Iterable[Line], from_place_id: int, to_place_id: int) -> tuple[Entry, ...]:
    """Return both sides of each line, in the order in which balances are locked: by place, then lot."""
    sums = total(lines)
    out = [Entry(from_place_id, lot_id, -quantity) for lot_id, quantity in sums.items()]
    into = [Entry(to_place_id, lot_id, quantity) for lot_id, quantity in sums.items()]
    return tuple(sorted(out + into, key=lambda entry: (entry.stock_place_id, entry.stock_lot_id)))


def opposite(entry: Entry) -> Entry:
    """Return the entry that undoes `entry`."""
    return Entry(entry.stock_place_id, entry.stock_lot_id, -entry.quantity)


def balances(entries: Iterable[Entry]) -> dict[tuple[int, int], int]:
    """Rebuild what each place holds of each lot; what came and went entirely stands at 0."""
    sums: defaultdict[tuple[int, int], int] = defaultdict(int)
    for entry in entries:
        sums[entry.stock_place_id, entry.stock_lot_id] += entry.quantity
    return dict(sums)


def beyond(lots: Sequence[LotStock], on: date, keep: Mapping[int, int]) -> tuple[Line, ...]:
    """Return all that may be taken of every item on `on`, lot by lot: what is kept stays in what expires last."""
    by_item = _by_item(lots)
    return tuple(
        line
        for item_id, of_item in by_item.items()
        for line in _take(of_item, available(of_item, on, keep.get(item_id, 0)), on)
    )
