"""Deliveries and opening balances: what is taken in, and every mistake at once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaign.accounts.policy import SYSTEM
from campaign.db import db
from campaign.errors import Invalid
from campaign.logistics import queries, services
from campaign.logistics.models import DocumentKind, FundSource, StockDocument
from campaign.logistics.services import Reversal, StockIssue
from tests.builders.logistics import (
    TODAY,
    Depot,
    incoming,
    item_order,
    key,
    make_depot,
    make_stock,
    on_hand,
    receipt,
)

pytestmark = pytest.mark.usefixtures("open_transaction")

TOMORROW, YESTERDAY = TODAY + timedelta(1), TODAY - timedelta(1)


def _codes(error: Invalid) -> set[tuple[str, str]]:
    return {(mistake.where, mistake.code) for mistake in error.mistakes}


def _issued(depot: Depot, quantity: int = 5) -> StockDocument:
    order = services.order_items(SYSTEM, item_order(depot, quantity))
    return services.issue_stock(SYSTEM, StockIssue(key(), order.stock_document_id, TODAY))


def _reverse(document: StockDocument) -> StockDocument:
    return services.reverse(SYSTEM, Reversal(key(), document.stock_document_id, TODAY, "salah"))


def test_every_mistake_of_a_delivery_is_reported_at_once() -> None:
    depot = make_depot()
    iud = depot.city.iud.item_id
    known = make_stock(depot.warehouse, iud, 1, number="SAMA")
    lines = (
        incoming(iud, 0, expires_on=YESTERDAY),
        incoming(iud, 100_000_001, unit_price=-1, production_year=2030),
        incoming(iud, 1, number=known.number, unit_price=1, fund_source=FundSource.APBD),
        incoming(999_999_999, 1, number="DUA"),
        incoming(999_999_999, 1, number="DUA"),
        incoming(iud, 1, number=" "),
    )
    with pytest.raises(Invalid) as raised:
        services.receive_stock(SYSTEM, receipt(depot, *lines, occurred_on=TOMORROW, source=" ", number="x" * 61))
    assert _codes(raised.value) == {
        ("lines-0-quantity", "quantity-out-of-range"),
        ("lines-0-expires_on", "lot-expired"),  # yesterday, received "tomorrow"
        ("lines-1-quantity", "quantity-out-of-range"),
        ("lines-1-unit_price", "price-out-of-range"),
        ("lines-1-production_year", "expiry-before-production"),
        ("lines-2-unit_price", "lot-differs"),
        ("lines-2-fund_source", "lot-differs"),
        ("lines-3-item_id", "unknown-item"),
        ("lines-4-item_id", "unknown-item"),
        ("lines-4-number", "lot-twice"),
        ("lines-5-number", "lot-number-length"),
        ("occurred_on", "in-the-future"),
        ("source", "text-length"),
        ("number", "number-length"),
    }
    assert db.session.query(StockDocument).filter_by(kind=DocumentKind.RECEIPT).count() == 0


def test_an_empty_delivery_is_no_delivery() -> None:
    depot = make_depot()
    with pytest.raises(Invalid) as raised:
        services.receive_stock(SYSTEM, replace(receipt(depot), lines=()))
    assert _codes(raised.value) == {("lines", "nothing-listed")}


@pytest.mark.parametrize(("life", "is_taken"), [(0, True), (-1, False)])
def test_a_lot_is_received_on_its_last_day_and_not_after(life: int, is_taken: bool) -> None:
    depot = make_depot()
    line = incoming(depot.city.iud.item_id, expires_on=TODAY + timedelta(life))
    if is_taken:
        assert services.receive_stock(SYSTEM, receipt(depot, line)).lines[0].quantity == 10
    else:
        with pytest.raises(Invalid):
            services.receive_stock(SYSTEM, receipt(depot, line))


def test_more_of_a_known_lot_is_the_same_lot() -> None:
    depot = make_depot()
    line = incoming(depot.city.iud.item_id, number="SAMA")
    first, second = (services.receive_stock(SYSTEM, receipt(depot, line)) for _ in range(2))
    assert first.lines[0].stock_lot_id == second.lines[0].stock_lot_id
    assert on_hand(depot.warehouse, first.lines[0].lot) == 20


def test_an_expired_lot_may_be_counted_into_an_opening_balance_and_is_not_planned_with() -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 5, expires_on=YESTERDAY)
    (stock,) = queries.warehouses_for_planning()
    assert stock.lots == ()
