"""The use-cases of the warehouse, in one place for other features."""

from campaign.logistics.issuing import StockIssue, issue_stock
from campaign.logistics.lots import IncomingLot
from campaign.logistics.ordering import IssueOrder, ItemOrder, order_issue, order_items
from campaign.logistics.places import Warehouse, ensure_places, ensure_warehouse, set_floor
from campaign.logistics.receiving import OpeningBalance, Receipt, open_balance, receive_stock
from campaign.logistics.reserving import PlannedDelivery, release_reservations, reserve_for_plan
from campaign.logistics.reversing import Reversal, reverse
from campaign.logistics.using import StockReturn, StockUse, return_leftovers, return_stock, use_stock
from campaign.logistics.verifying import verify_stock

__all__ = [
    "IncomingLot",
    "IssueOrder",
    "ItemOrder",
    "OpeningBalance",
    "PlannedDelivery",
    "Receipt",
    "Reversal",
    "StockIssue",
    "StockReturn",
    "StockUse",
    "Warehouse",
    "ensure_places",
    "ensure_warehouse",
    "issue_stock",
    "open_balance",
    "order_issue",
    "order_items",
    "receive_stock",
    "release_reservations",
    "reserve_for_plan",
    "return_leftovers",
    "return_stock",
    "reverse",
    "set_floor",
    "use_stock",
    "verify_stock",
]
