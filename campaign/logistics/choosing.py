"""Which lots an SPMB by hand takes: first expired first, or those that somebody names and answers for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from campaign.db import db
from campaign.errors import Mistake
from campaign.logistics import ledger, mistakes, places, posting
from campaign.logistics.ledger import Line, LotStock
from campaign.logistics.models import StockLot

REASON_LENGTH = 240


@dataclass(frozen=True, slots=True)
class Choice:
    """What is wanted of a warehouse on a day: items, or lots by name."""

    items: Mapping[int, int]
    lots: tuple[Line, ...]
    on: date


def choose(warehouse_id: int, choice: Choice) -> tuple[Line, ...]:
    """Lock what may be taken and return lines; named lots must be free, and a later one needs its reason."""
    items = _items_of(choice.lots) if choice.lots else set(choice.items)
    lot_ids = posting.lots_at((warehouse_id,), items)
    posting.lock_lots((warehouse_id,), lot_ids)
    stock, keep = posting.stock_at(warehouse_id, lot_ids), places.floors(warehouse_id)
    if not choice.lots:
        return ledger.pick(stock, choice.items, choice.on, keep)
    mistakes.refuse(wrong_lots(stock, choice.lots, choice.on))
    ledger.require_free(stock, choice.lots, choice.on, keep)
    return choice.lots


def _items_of(lines: Sequence[Line]) -> set[int]:
    lots = [line.stock_lot_id for line in lines]
    return set(db.session.scalars(select(StockLot.item_id).where(StockLot.stock_lot_id.in_(lots))))


def wrong_lots(stock: Sequence[LotStock], lines: Sequence[Line], on: date) -> tuple[Mistake, ...]:
    """Return the mistakes of named lots, each at lots-<index>: unknown, expired, twice, or later without a reason."""
    known = {lot.stock_lot_id: lot for lot in stock}
    late = ledger.departing(stock, lines, on)
    wrong: list[Mistake] = []
    for index, line in enumerate(lines):
        lot = known.get(line.stock_lot_id)
        if lot is None:
            wrong.append(Mistake(f"lots-{index}", "unknown-lot"))
        elif lot.expires_on < on:
            wrong.append(Mistake(f"lots-{index}", "lot-expired-by-then", {"expires_on": lot.expires_on}))
        elif any(other.stock_lot_id == line.stock_lot_id for other in lines[:index]):
            wrong.append(Mistake(f"lots-{index}", "lot-twice"))
        if index in late and not line.reason.strip():
            wrong.append(Mistake(f"lots-{index}-reason", "lot-not-first-expired"))
        if len(line.reason) > REASON_LENGTH:
            wrong.append(Mistake(f"lots-{index}-reason", "text-length"))
    return tuple(wrong)
