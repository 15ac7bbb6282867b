"""The monthly report of a warehouse in the columns of F/V/KB."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from campaign import clock
from campaign.logistics import levels, monthly
from campaign.logistics.consumption import monthly_consumption
from campaign.logistics.models import DocumentKind, FundSource, PlaceKind, StockPlace
from campaign.logistics.monthly import Flow, LotBalance, Month
from campaign.logistics.norms import reckoning
from campaign.registry import queries as registry
from campaign.registry.models import FacilityKind

GOVERNMENT = (FacilityKind.PUSKESMAS, FacilityKind.HOSPITAL, FacilityKind.MOBILE_CLINIC)


class Column(StrEnum):
    """A column of receipts or issues."""

    CENTRAL = "central"  # APBN: from the centre or the province
    APBD = "apbd"
    OTHER = "other"  # grants, what facilities sent back, what a count found
    GOVERNMENT = "government"
    PRIVATE = "private"
    CAMPAIGN = "campaign"
    TRANSFER = "transfer"
    LOSS = "loss"


RECEIPTS = (Column.CENTRAL, Column.APBD, Column.OTHER)
ISSUES = (Column.GOVERNMENT, Column.PRIVATE, Column.CAMPAIGN, Column.TRANSFER, Column.LOSS)
_OF_FUND = {FundSource.APBN: Column.CENTRAL, FundSource.APBD: Column.APBD, FundSource.GRANT: Column.OTHER}


@dataclass(frozen=True, slots=True)
class WarehouseMonth:
    """One item in one month; before + receipts - issues = good + damaged + expired."""

    item_id: int
    before: int
    columns: dict[Column, int]  # receipts and issues, each as a positive number
    good: int
    damaged: int
    expired: int
    monthly: Fraction

    @property
    def months(self) -> Decimal | None:
        """Return how many months the good stock lasts."""
        return levels.months_of_stock(self.good, self.monthly)

    @property
    def after(self) -> int:
        """Return all that is left."""
        return self.good + self.damaged + self.expired


def warehouse_month(place: StockPlace, month: Month) -> list[WarehouseMonth]:
    """Return the report of a warehouse, an item a row; what the books opened with counts as there before."""
    group = monthly.group_of(place.stock_place_id)
    found = monthly.flows(group, month)
    opened = [flow for flow in found if flow.kind is DocumentKind.OPENING]
    before = monthly.per_item(monthly.balances(group, month.first - timedelta(1)))
    for flow in opened:
        before[flow.lot.item_id] = before.get(flow.lot.item_id, 0) + flow.quantity
    columns = _columns([flow for flow in found if flow.kind is not DocumentKind.OPENING])
    after = _after(monthly.balances(group, month.last), month)
    used = monthly_consumption([place.stock_place_id], reckoning().consumption_months)
    items = sorted(before.keys() | columns.keys() | after.keys())
    return [
        WarehouseMonth(
            item_id,
            before.get(item_id, 0),
            columns.get(item_id, dict.fromkeys(Column, 0)),
            *after.get(item_id, (0, 0, 0)),
            monthly=used.get((place.stock_place_id, item_id), Fraction(0)),
        )
        for item_id in items
    ]


def _columns(flows: list[Flow]) -> dict[int, dict[Column, int]]:
    kinds = {row.facility_id: row.kind for row in registry.every_facility()}
    sums: defaultdict[int, dict[Column, int]] = defaultdict(lambda: dict.fromkeys(Column, 0))
    for flow in flows:
        column = _column(flow, kinds)
        sums[flow.lot.item_id][column] += flow.quantity if column in RECEIPTS else -flow.quantity
    return dict(sums)


def _column(flow: Flow, kinds: dict[int, FacilityKind]) -> Column:
    if flow.kind is DocumentKind.RECEIPT:
        return _OF_FUND[flow.lot.fund_source]
    if flow.kind is DocumentKind.ISSUE:
        if flow.document.campaign_id is not None:
            return Column.CAMPAIGN
        kind = kinds.get(flow.other.facility_id or 0)
        return Column.GOVERNMENT if kind in GOVERNMENT else Column.PRIVATE
    if flow.kind is DocumentKind.TRANSFER:
        return Column.TRANSFER
    # Returns come back in; a count that found more does too, one that found less is a loss like a write-off.
    return Column.OTHER if flow.quantity > 0 else Column.LOSS


def _after(rows: list[LotBalance], month: Month) -> dict[int, tuple[int, int, int]]:
    sums: dict[int, tuple[int, int, int]] = {}
    for row in rows:
        good, damaged, expired = sums.get(row.lot.item_id, (0, 0, 0))
        if row.kind is PlaceKind.DAMAGED:
            damaged += row.quantity
        elif row.lot.expires_on < min(month.last, clock.today()):  # the running month is told as of today
            expired += row.quantity
        else:
            good += row.quantity
        sums[row.lot.item_id] = good, damaged, expired
    return sums
