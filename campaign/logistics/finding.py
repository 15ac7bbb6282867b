"""What a count finds that the books do not have there: named as the pack names it, in any compartment of the place."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, tuple_

from campaign.db import db
from campaign.errors import Mistake
from campaign.logistics.mistakes import LARGEST_QUANTITY
from campaign.logistics.models import StockLot

Named = Mapping[tuple[int, str], int]  # lots by item and number


@dataclass(frozen=True, slots=True)
class Counted:
    """What somebody counted of one lot in one compartment."""

    stock_place_id: int
    stock_lot_id: int
    counted: int


@dataclass(frozen=True, slots=True)
class FoundLot:
    """What somebody counted of a lot that the sheet does not list."""

    stock_place_id: int
    item_id: int
    number: str
    counted: int | None  # None: left empty


def lots_named(found: Sequence[FoundLot]) -> Named:
    """Return which of the lots found are known at all; another one has no expiry and no price, and is received."""
    names = [(lot.item_id, lot.number) for lot in found]
    if not names:
        return {}
    query = select(StockLot).where(tuple_(StockLot.item_id, StockLot.number).in_(names))
    return {(lot.item_id, lot.number): lot.stock_lot_id for lot in db.session.scalars(query)}


def mistakes_in(found: Sequence[FoundLot], compartments: Collection[int], known: Named) -> tuple[Mistake, ...]:
    """Return everything that is wrong with what was found."""
    return tuple(Mistake(f"found_{field}", code) for lot in found for field, code in _wrong(lot, compartments, known))


def _wrong(lot: FoundLot, compartments: Collection[int], known: Named) -> Iterator[tuple[str, str]]:
    if lot.item_id == 0:
        yield "item_id", "found-lot-needs-item"
    if not lot.number:
        yield "number", "lot-number-length"
    elif lot.item_id and (lot.item_id, lot.number) not in known:
        yield "number", "found-lot-unknown"
    if lot.stock_place_id not in compartments:
        yield "place_id", "not-of-this-count"
    if lot.counted is None or not 0 <= lot.counted <= LARGEST_QUANTITY:
        yield "counted", "not-a-count"


def counted(found: Sequence[FoundLot], known: Named) -> tuple[Counted, ...]:
    """Return what was found, by lot; asked when nothing is wrong with it."""
    return tuple(Counted(lot.stock_place_id, known[lot.item_id, lot.number], lot.counted or 0) for lot in found)
