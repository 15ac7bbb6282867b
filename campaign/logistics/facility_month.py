"""The register of a facility in a month, in the columns of R/II/KB: item by item, day by day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from campaign.logistics import monthly
from campaign.logistics.models import DocumentKind, StockLot, StockPlace
from campaign.logistics.monthly import Flow, Month


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One day's movement of a lot by one document, or all that was used of it that day."""

    on: date
    number: str  # of the document; empty for use in services
    other: str
    lot: StockLot
    received: int
    used: int
    passed_on: int  # to another facility
    returned: int
    lost: int  # damaged, expired, written off, missing in a count
    balance: int  # of the item after this line


@dataclass(frozen=True, slots=True)
class ItemRegister:
    """One item: what was there before, what moved, what is left."""

    item_id: int
    before: int
    lines: tuple[RegisterLine, ...]

    @property
    def after(self) -> int:
        """Return what is left."""
        return self.lines[-1].balance if self.lines else self.before

    def total(self, name: str) -> int:
        """Return the sum of a column."""
        return sum(getattr(line, name) for line in self.lines)


def facility_month(place: StockPlace, month: Month) -> list[ItemRegister]:
    """Return the register of a facility, by item; what the books opened with counts as there before."""
    group = monthly.group_of(place.stock_place_id)
    found = monthly.flows(group, month)
    before = monthly.per_item(monthly.balances(group, month.first - timedelta(1)))
    for flow in found:
        if flow.kind is DocumentKind.OPENING:
            before[flow.lot.item_id] = before.get(flow.lot.item_id, 0) + flow.quantity
    moved = [flow for flow in found if flow.kind is not DocumentKind.OPENING]
    items = sorted(before.keys() | {flow.lot.item_id for flow in moved})
    return [
        ItemRegister(
            item_id,
            before.get(item_id, 0),
            tuple(_lines(before.get(item_id, 0), [flow for flow in moved if flow.lot.item_id == item_id])),
        )
        for item_id in items
    ]


def _lines(balance: int, flows: Iterable[Flow]) -> Iterator[RegisterLine]:
    """A service day takes the same lot many times: one line a day and lot."""
    for _, group in groupby(flows, key=_together):
        rows = list(group)
        first, quantity = rows[0], sum(row.quantity for row in rows)
        balance += quantity
        yield RegisterLine(
            first.document.occurred_on,
            first.number,
            first.other.name,
            first.lot,
            *_columns(first.kind, quantity),
            balance=balance,
        )


def _together(flow: Flow) -> tuple[object, ...]:
    if flow.kind is DocumentKind.USE and flow.document.reverses_id is None:
        return flow.document.occurred_on, flow.lot.stock_lot_id
    return flow.document.stock_document_id, flow.lot.stock_lot_id


def _columns(kind: DocumentKind, quantity: int) -> tuple[int, int, int, int, int]:
    """Return received, used, passed on, returned, lost; a reversal stands in the column of what it undoes, negative."""
    if kind is DocumentKind.USE:
        return 0, -quantity, 0, 0, 0
    if kind is DocumentKind.RETURN:
        return 0, 0, 0, -quantity, 0
    if kind is DocumentKind.TRANSFER:
        return 0, 0, -quantity, 0, 0
    if kind in (DocumentKind.WRITE_OFF, DocumentKind.COUNT) and quantity < 0:
        return 0, 0, 0, 0, -quantity
    return quantity, 0, 0, 0, 0
