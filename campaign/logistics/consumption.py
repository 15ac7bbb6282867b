"""How much of an item a place uses up in a month, from the ledger; what a campaign used does not count.

At a facility goods are used in services; at a warehouse they are used when they are issued. A reversal takes back what
it undoes, and goods that came back unused were not consumed.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from fractions import Fraction

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from campaign import clock
from campaign.db import db
from campaign.logistics import levels
from campaign.logistics.models import DocumentKind, PlaceKind, StockDocument, StockEntry, StockLot, StockPlace

AT_FACILITY = (DocumentKind.USE,)
AT_WAREHOUSE = (DocumentKind.ISSUE, DocumentKind.RETURN)


def monthly_consumption(place_ids: Collection[int], months: int) -> dict[tuple[int, int], Fraction]:
    """Return the average month per (place, item) over the last whole months; what was not used is left out."""
    today = clock.today()
    windows = {place: levels.window(today, months, began) for place, began in _began(place_ids).items()}
    if not windows:
        return {}
    first = min(one.from_on for one in windows.values())
    used: defaultdict[tuple[int, int], int] = defaultdict(int)
    for place, item, on, quantity in db.session.execute(_used(place_ids, first, today)):
        if windows[place].from_on <= on < windows[place].until_on:
            used[place, item] += -int(quantity)
    averages = {key: levels.monthly_use(count, windows[key[0]].months) for key, count in used.items()}
    return {key: average for key, average in averages.items() if average}


def _began(place_ids: Collection[int]) -> dict[int, date]:
    """Return when the books of each place began."""
    query = (
        select(StockEntry.stock_place_id, func.min(StockEntry.occurred_on))
        .where(StockEntry.stock_place_id.in_(place_ids))
        .group_by(StockEntry.stock_place_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _used(place_ids: Collection[int], first: date, today: date) -> Select[int, int, date, int]:
    undone = aliased(StockDocument)
    kind = func.coalesce(undone.kind, StockDocument.kind)
    return (
        select(StockEntry.stock_place_id, StockLot.item_id, StockEntry.occurred_on, func.sum(StockEntry.quantity))
        .join(StockDocument, StockDocument.stock_document_id == StockEntry.stock_document_id)
        .outerjoin(undone, undone.stock_document_id == StockDocument.reverses_id)
        .join(StockPlace, StockPlace.stock_place_id == StockEntry.stock_place_id)
        .join(StockLot, StockLot.stock_lot_id == StockEntry.stock_lot_id)
        .where(
            StockEntry.stock_place_id.in_(place_ids),
            StockEntry.occurred_on >= first,
            StockEntry.occurred_on < today.replace(day=1),
            StockDocument.campaign_id.is_(None),
            _is_use(kind),
        )
        .group_by(StockEntry.stock_place_id, StockLot.item_id, StockEntry.occurred_on)
    )


def _is_use(kind: ColumnElement[DocumentKind]) -> ColumnElement[bool]:
    return or_(
        and_(StockPlace.kind == PlaceKind.FACILITY, kind.in_(AT_FACILITY)),
        and_(StockPlace.kind == PlaceKind.WAREHOUSE, kind.in_(AT_WAREHOUSE)),
    )
