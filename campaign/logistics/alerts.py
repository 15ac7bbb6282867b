"""What the warehouse must see to, read from the ledger each time: runs low, expires, was sent and never confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from campaign import clock
from campaign.accounts.policy import Reach
from campaign.logistics import levels, queries
from campaign.logistics.levels import Verdict
from campaign.logistics.models import StockLot, StockPlace
from campaign.logistics.norms import reckoning
from campaign.logistics.standing import ItemStanding, Standing, Wanted, items_standing, standing
from campaign.logistics.transit import Transit, underway


class AlertKind(StrEnum):
    """What is the matter."""

    EMPTY = "empty"
    LOW = "low"
    EXPIRED = "expired"
    EXPIRING = "expiring"
    NOT_RECEIVED = "not_received"


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to see to at one place."""

    kind: AlertKind
    place: StockPlace
    item_id: int
    quantity: int  # usable of the item, or of the lot that it is about
    on: date | None = None  # expires, or was sent
    lot: StockLot | None = None
    document_id: int | None = None  # the shipment


def alerts(reach: Reach) -> list[Alert]:
    """Return everything to see to within reach, by kind and place."""
    return [*low(items_standing(reach)), *expiring(reach), *not_received(reach)]


def low(rows: Iterable[ItemStanding]) -> list[Alert]:
    """Return the items of which a place that uses them has too little; what nobody uses may stand at nothing."""
    kinds = {Verdict.EMPTY: AlertKind.EMPTY, Verdict.LOW: AlertKind.LOW}
    found = [
        Alert(kinds[row.verdict], row.place, row.item_id, row.usable)
        for row in rows
        if row.monthly and row.verdict in kinds
    ]
    return sorted(found, key=lambda alert: alert.kind is AlertKind.LOW)


def expiring(reach: Reach) -> list[Alert]:
    """Return the lots that have expired, and those that will within the months that the office set."""
    until = levels.months_later(clock.today(), reckoning().expiring_months)
    return [
        Alert(
            AlertKind.EXPIRED if row.is_expired else AlertKind.EXPIRING,
            row.place,
            row.lot.item_id,
            row.total,
            row.lot.expires_on,
            row.lot,
        )
        for row in expiring_lots(reach, until)
    ]


def expiring_lots(reach: Reach, until: date) -> list[Standing]:
    """Return the lots whose last day is `until` or before, first expired first."""
    rows = [row for row in standing(reach, Wanted()) if row.lot.expires_on <= until]
    return sorted(rows, key=lambda row: (row.lot.expires_on, row.lot.stock_lot_id))


def not_received(reach: Reach) -> list[Alert]:
    """Return the goods that were sent longer ago than the office allows and that nobody has confirmed."""
    before = clock.today() - timedelta(reckoning().receipt_days)
    places = {place.stock_place_id: place for place in queries.stock_places(reach)}
    late = [row for row in underway(Transit()) if row.sent_on < before]
    lots = queries.lots_by_ids({row.stock_lot_id for row in late})
    return [
        Alert(
            AlertKind.NOT_RECEIVED,
            places[row.shelf_id],
            lots[row.stock_lot_id].item_id,
            row.quantity,
            row.sent_on,
            lots[row.stock_lot_id],
            row.shipment_id,
        )
        for row in late
        if row.shelf_id in places
    ]
