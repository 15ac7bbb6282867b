"""The use-cases of the warehouse, in one place for other features."""

from campaign.logistics.arriving import Arrival, ArrivedLot, confirm_arrival
from campaign.logistics.closing import require_settled
from campaign.logistics.conditions import StateChange, StateStep, StockState, change_state
from campaign.logistics.counting import (
    CountEntry,
    Explanation,
    drop_count,
    enter_count,
    explain_difference,
    open_count,
    post_count,
)
from campaign.logistics.finding import Counted, FoundLot
from campaign.logistics.issuing import StockIssue, issue_stock
from campaign.logistics.lots import IncomingLot
from campaign.logistics.ordering import IssueOrder, ItemOrder, order_issue, order_items
from campaign.logistics.picking import Pick
from campaign.logistics.places import Warehouse, ensure_places, ensure_warehouse, set_floor
from campaign.logistics.receiving import OpeningBalance, Receipt, open_balance, receive_stock
from campaign.logistics.requesting import NewRequest, refuse_request, request_stock
from campaign.logistics.reserving import PlannedDelivery, release_reservations, reserve_for_plan
from campaign.logistics.reversing import Reversal, reverse
from campaign.logistics.settling import Fate, Settlement, settle_difference
from campaign.logistics.transferring import Transfer, transfer_stock
from campaign.logistics.using import StockReturn, StockUse, return_leftovers, return_stock, use_stock
from campaign.logistics.verifying import verify_stock

__all__ = [
    "Arrival",
    "ArrivedLot",
    "CountEntry",
    "Counted",
    "Explanation",
    "Fate",
    "FoundLot",
    "IncomingLot",
    "IssueOrder",
    "ItemOrder",
    "NewRequest",
    "OpeningBalance",
    "Pick",
    "PlannedDelivery",
    "Receipt",
    "Reversal",
    "Settlement",
    "StateChange",
    "StateStep",
    "StockIssue",
    "StockReturn",
    "StockState",
    "StockUse",
    "Transfer",
    "Warehouse",
    "change_state",
    "confirm_arrival",
    "drop_count",
    "ensure_places",
    "ensure_warehouse",
    "enter_count",
    "explain_difference",
    "issue_stock",
    "open_balance",
    "open_count",
    "order_issue",
    "order_items",
    "post_count",
    "receive_stock",
    "refuse_request",
    "release_reservations",
    "request_stock",
    "require_settled",
    "reserve_for_plan",
    "return_leftovers",
    "return_stock",
    "reverse",
    "set_floor",
    "settle_difference",
    "transfer_stock",
    "use_stock",
    "verify_stock",
]
