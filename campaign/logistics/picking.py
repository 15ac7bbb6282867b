"""What the storekeeper takes off the shelves for an SPMB: all of it, a part, or another lot for a reason."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from campaign.db import db
from campaign.errors import Mistake
from campaign.logistics import ledger, mistakes, posting
from campaign.logistics.ledger import Line
from campaign.logistics.models import Reservation, StockDocument, StockLot


@dataclass(frozen=True, slots=True)
class Pick:
    """So much of a lot, in place of a lot that the SPMB names; mostly they are the same."""

    ordered_lot_id: int
    stock_lot_id: int
    quantity: int
    reason: str = ""  # why another lot than the one ordered


def everything(held: Iterable[Reservation]) -> tuple[Pick, ...]:
    """Return picks for all that waits."""
    sums = ledger.total(Line(row.stock_lot_id, row.quantity) for row in held)
    return tuple(Pick(lot_id, lot_id, quantity) for lot_id, quantity in sums.items())


def by_ordered_lot(picks: Iterable[Pick]) -> dict[int, int]:
    """Add picks up by the lot that was ordered."""
    return ledger.total(Line(pick.ordered_lot_id, pick.quantity) for pick in picks)


def lots_to_lock(warehouse_id: int, picks: Sequence[Pick]) -> list[int]:
    """Return every lot of the items picked that the warehouse has ever held: they decide what should have gone."""
    lots = {lot for pick in picks for lot in (pick.ordered_lot_id, pick.stock_lot_id)}
    items = set(db.session.scalars(select(StockLot.item_id).where(StockLot.stock_lot_id.in_(lots))))
    return posting.lots_at((warehouse_id,), items)


def refuse_wrong(order: StockDocument, on: date, picks: Sequence[Pick], held: Sequence[Reservation]) -> None:
    """Refuse picks beyond what waits, of lots that do not fit or are not free, or of another lot without a reason."""
    waiting = ledger.total(Line(row.stock_lot_id, row.quantity) for row in held)
    wrong: list[Mistake] = list(mistakes.about_quantities([pick.quantity for pick in picks]))
    asked: defaultdict[int, int] = defaultdict(int)
    for index, pick in enumerate(picks):
        asked[pick.ordered_lot_id] += pick.quantity
        if asked[pick.ordered_lot_id] > waiting.get(pick.ordered_lot_id, 0):
            most = waiting.get(pick.ordered_lot_id, 0)
            wrong.append(Mistake(f"picks-{index}-quantity", "more-than-ordered", {"most": most}))
    others = [(index, pick) for index, pick in enumerate(picks) if pick.stock_lot_id != pick.ordered_lot_id]
    if others:
        wrong += _wrong_others(order.from_place_id, on, others)
    mistakes.refuse(wrong)


def _wrong_others(warehouse_id: int, on: date, others: Sequence[tuple[int, Pick]]) -> list[Mistake]:
    lots = {lot for _, pick in others for lot in (pick.ordered_lot_id, pick.stock_lot_id)}
    known = {lot.stock_lot_id: lot for lot in posting.stock_at(warehouse_id, lots)}
    taken = ledger.total(Line(pick.stock_lot_id, pick.quantity) for _, pick in others)
    wrong: list[Mistake] = []
    for index, pick in others:
        lot, ordered = known.get(pick.stock_lot_id), known.get(pick.ordered_lot_id)
        where = f"picks-{index}"
        if lot is None or ordered is None or lot.item_id != ordered.item_id:
            wrong.append(Mistake(f"{where}-stock_lot_id", "unknown-lot"))
            continue
        if lot.expires_on < on:
            wrong.append(Mistake(f"{where}-stock_lot_id", "lot-expired-by-then", {"expires_on": lot.expires_on}))
        if lot.free < taken[pick.stock_lot_id]:
            wrong.append(Mistake(f"{where}-quantity", "lot-not-free", {"most": lot.free}))
        if not 1 <= len(pick.reason.strip()) <= 240:
            wrong.append(Mistake(f"{where}-reason", "another-lot-needs-a-reason"))
    return wrong
