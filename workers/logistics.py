"""Compares the stock balances with the ledger, every night."""

import logging

from campaign.accounts.policy import SYSTEM
from campaign.logistics.services import verify_stock as compare
from workers.task import work

log = logging.getLogger(__name__)


def verify_stock() -> None:
    """Record whether every balance is the sum of its entries; a difference is shown to the warehouse."""
    with work():
        found = compare(SYSTEM)
        count = len(found.differences)
    if count:
        log.error("stock balances differ from the ledger", extra={"count": count})
