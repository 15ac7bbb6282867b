"""What a count lists, blind, and what it found."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from campaign.accounts.policy import Reach
from campaign.db import db
from campaign.logistics import places, queries, tallies
from campaign.logistics.count_models import StockCount, StockCountExplanation, StockCountTally
from campaign.logistics.models import StockBalance, StockLot, StockPlace
from campaign.logistics.tallies import LineState, Tally


@dataclass(frozen=True, slots=True)
class CountLine:
    """One lot in one compartment of a counted place."""

    place: StockPlace
    lot: StockLot
    tallies: tuple[Tally, ...]
    explanation: StockCountExplanation | None

    @property
    def state(self) -> LineState:
        """Return how far this lot has come."""
        return tallies.line_state(self.tallies, is_explained=self.explanation is not None)

    @property
    def difference(self) -> int:
        """Return what the count found beyond the books; 0 until it is decided."""
        found = tallies.deciding(self.tallies) if self.tallies else None
        return found.difference if found else 0


def sheet(count: StockCount) -> list[CountLine]:
    """Return every lot that the place holds by the books, or that somebody found there."""
    compartments = places.compartments(count.stock_place_id)
    counted: defaultdict[tuple[int, int], list[Tally]] = defaultdict(list)
    of_count = StockCountTally.stock_count_id == count.stock_count_id
    for row in db.session.scalars(
        select(StockCountTally).where(of_count).order_by(StockCountTally.stock_count_tally_id)
    ):
        counted[row.stock_place_id, row.stock_lot_id].append(
            Tally(row.account_id, row.counted, row.expected, row.is_recount)
        )
    held = select(StockBalance.stock_place_id, StockBalance.stock_lot_id).where(
        StockBalance.stock_place_id.in_(compartments), StockBalance.quantity > 0
    )
    keys = {(place, lot) for place, lot in db.session.execute(held)} | counted.keys()
    explained = _explanations(count)
    lots = queries.lots_by_ids({lot for _, lot in keys})
    known = {place_id: db.session.get_one(StockPlace, place_id) for place_id in compartments}
    lines = [
        CountLine(known[place], lots[lot], tuple(counted[place, lot]), explained.get((place, lot)))
        for place, lot in keys
    ]
    order = {place_id: index for index, place_id in enumerate(compartments)}
    return sorted(lines, key=lambda line: _position(order[line.place.stock_place_id], line.lot))


def _position(of_place: int, lot: StockLot) -> tuple[object, ...]:
    return of_place, lot.item_id, lot.expires_on, lot.stock_lot_id


def _explanations(count: StockCount) -> dict[tuple[int, int], StockCountExplanation]:
    query = (
        select(StockCountExplanation)
        .where(StockCountExplanation.stock_count_id == count.stock_count_id)
        .order_by(StockCountExplanation.stock_count_explanation_id)
    )
    return {(row.stock_place_id, row.stock_lot_id): row for row in db.session.scalars(query)}


def counts(reach: Reach) -> list[tuple[StockCount, StockPlace]]:
    """Return the counts of places within reach: running ones first, then the newest."""
    within = {place.stock_place_id: place for place in queries.stock_places(reach)}
    query = select(StockCount).where(StockCount.stock_place_id.in_(within))
    is_over = or_(StockCount.posted_at.is_not(None), StockCount.dropped_at.is_not(None))
    rows: Sequence[StockCount] = db.session.scalars(query.order_by(is_over, StockCount.stock_count_id.desc())).all()
    return [(row, within[row.stock_place_id]) for row in rows]
