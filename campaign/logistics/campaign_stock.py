"""What a campaign brought to each facility, what was used there, and what went back.

A facility has a shelf of its own beside what the campaign brings, and a service takes whichever lot expires first.
So a campaign's use is told apart lot by lot. Of a lot, the units that the campaign brought count as used before the
facility's own: units of one lot are alike, and so the smallest quantity has to travel back. Per facility and lot

    used       = min(consumed, issued - lost)       what the campaign brought and used
    used_own   = consumed - used                    taken off the facility's own shelf
    remaining  = issued - used - returned - lost    still to go back, 0 once the campaign is settled

and hence, at the end, used = issued - returned - lost. A reversal counts with the document that it undoes.
"""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from campaign.db import db
from campaign.logistics.models import DocumentKind, PlaceKind, StockDocument, StockEntry, StockLot, StockPlace


@dataclass(frozen=True, slots=True)
class CampaignStock:
    """One item at one facility over a campaign, in the item's unit."""

    facility_id: int
    item_id: int
    issued: int
    used: int
    used_own: int
    returned: int
    lost: int = 0  # on the way, or written off

    @property
    def remaining(self) -> int:
        """Return what is still at the facility and has to go back."""
        return self.issued - self.used - self.returned - self.lost


@dataclass(frozen=True, slots=True)
class Leftover:
    """So much of a lot that a campaign brought from a warehouse and a facility did not use."""

    facility_id: int
    warehouse_id: int
    stock_lot_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class _Movement:
    """All that a campaign did with one lot at one facility, between it and one other place."""

    facility_id: int
    item_id: int
    stock_lot_id: int
    kind: DocumentKind
    other_place_id: int
    quantity: int  # onto the facility's shelf


def campaign_stock(campaign_id: int) -> list[CampaignStock]:
    """Return issued, used and returned per facility and item."""
    sums: defaultdict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for (facility_id, item_id, _), moves in sorted(_by_lot(_movements(campaign_id)).items()):
        issued, consumed, returned, lost = _totals(moves)
        used = min(consumed, issued - lost)
        row = sums[facility_id, item_id]
        for index, quantity in enumerate((issued, used, consumed - used, returned, lost)):
            row[index] += quantity
    return [CampaignStock(facility_id, item_id, *row) for (facility_id, item_id), row in sums.items()]


def leftovers(campaign_id: int, facility_id: int | None = None) -> list[Leftover]:
    """Return what facilities have to send back, to which warehouse; of a lot from two, the later one gets it first."""
    found: list[Leftover] = []
    for (holder_id, _, lot_id), moves in sorted(_by_lot(_movements(campaign_id, facility_id)).items()):
        issued, consumed, returned, lost = _totals(moves)
        left = issued - lost - min(consumed, issued - lost) - returned
        for warehouse_id, brought in reversed(_brought(moves)):
            quantity = min(left, brought)
            left -= quantity
            if quantity > 0:
                found.append(Leftover(holder_id, warehouse_id, lot_id, quantity))
    return found


def supplied_campaigns() -> list[int]:
    """Return the campaigns for which a warehouse has issued anything, newest first."""
    query = select(StockDocument.campaign_id).where(
        StockDocument.kind == DocumentKind.ISSUE, StockDocument.campaign_id.is_not(None)
    )
    return sorted((found for found in db.session.scalars(query.distinct()) if found is not None), reverse=True)


def _brought(moves: list[_Movement]) -> list[tuple[int, int]]:
    """Return what each warehouse brought of the lot, less what went back to it."""
    sums: defaultdict[int, int] = defaultdict(int)
    for move in moves:
        if move.kind in (DocumentKind.ISSUE, DocumentKind.RETURN):
            sums[move.other_place_id] += move.quantity
    return sorted(sums.items())


def _by_lot(moves: list[_Movement]) -> dict[tuple[int, int, int], list[_Movement]]:
    grouped: defaultdict[tuple[int, int, int], list[_Movement]] = defaultdict(list)
    for move in moves:
        grouped[move.facility_id, move.item_id, move.stock_lot_id].append(move)
    return grouped


def _totals(moves: list[_Movement]) -> tuple[int, int, int, int]:
    """Return issued, consumed, returned and lost of one lot."""
    issued = sum(move.quantity for move in moves if move.kind is DocumentKind.ISSUE)
    consumed = -sum(move.quantity for move in moves if move.kind is DocumentKind.USE)
    returned = -sum(move.quantity for move in moves if move.kind is DocumentKind.RETURN)
    lost = -sum(move.quantity for move in moves if move.kind is DocumentKind.WRITE_OFF)
    return issued, consumed, returned, lost


def _movements(campaign_id: int, facility_id: int | None = None) -> list[_Movement]:
    undone = aliased(StockDocument)
    kind = func.coalesce(undone.kind, StockDocument.kind)
    other = case(
        (StockDocument.to_place_id == StockEntry.stock_place_id, StockDocument.from_place_id),
        else_=StockDocument.to_place_id,
    )
    # Goods on the way to a facility, or damaged there, are its own already: what it lost of them it did not use.
    holder = aliased(StockPlace)
    query = (
        select(
            holder.facility_id,
            StockLot.item_id,
            StockLot.stock_lot_id,
            kind,
            other,
            func.sum(StockEntry.quantity),
        )
        .join(StockDocument, StockDocument.stock_document_id == StockEntry.stock_document_id)
        .outerjoin(undone, undone.stock_document_id == StockDocument.reverses_id)
        .join(StockPlace, StockPlace.stock_place_id == StockEntry.stock_place_id)
        .join(holder, holder.stock_place_id == func.coalesce(StockPlace.of_place_id, StockPlace.stock_place_id))
        .join(StockLot, StockLot.stock_lot_id == StockEntry.stock_lot_id)
        .where(StockDocument.campaign_id == campaign_id, holder.kind == PlaceKind.FACILITY)
        .group_by(holder.facility_id, StockLot.item_id, StockLot.stock_lot_id, kind, other)
    )
    if facility_id is not None:
        query = query.where(holder.facility_id == facility_id)
    return [
        _Movement(facility, item, lot, DocumentKind(of_kind), place, int(quantity))
        for facility, item, lot, of_kind, place, quantity in db.session.execute(query)
    ]
