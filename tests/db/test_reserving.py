"""What a plan reserves, what an order holds, and what campaigns leave and give back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaign.accounts.policy import SYSTEM
from campaign.db import db
from campaign.errors import Invalid
from campaign.logistics import document_queries, queries, services
from campaign.logistics.ledger import InsufficientStock, Line
from campaign.logistics.models import Reservation, StockDocument
from campaign.logistics.ordering import NothingToOrder
from campaign.logistics.services import IssueOrder, PlannedDelivery, Reversal, StockIssue, StockReturn, StockUse
from tests.builders.events import make_campaign
from tests.builders.logistics import (
    TODAY,
    Depot,
    item_order,
    key,
    make_depot,
    make_plan_run,
    make_reservations,
    make_stock,
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


def _planned(depot: Depot, lot_id: int, quantity: int) -> PlannedDelivery:
    return PlannedDelivery(depot.warehouse.stock_place_id, depot.city.puskesmas.facility_id, lot_id, TOMORROW, quantity)


def test_a_plan_does_not_break_into_routine_stock() -> None:
    depot = make_depot()
    item_id = depot.city.iud.item_id
    lot = make_stock(depot.warehouse, item_id, 10)
    services.set_floor(SYSTEM, depot.warehouse.stock_place_id, item_id, 4)
    campaign_id = make_campaign(depot.city).campaign_id
    run_id = make_plan_run(campaign_id).plan_run_id
    with pytest.raises(InsufficientStock) as raised:
        services.reserve_for_plan(SYSTEM, run_id, campaign_id, [_planned(depot, lot.stock_lot_id, 7)])
    assert (raised.value.facts["wanted"], raised.value.facts["available"]) == (7, 6)
    services.reserve_for_plan(SYSTEM, run_id, campaign_id, [_planned(depot, lot.stock_lot_id, 6)])
    with pytest.raises(InsufficientStock):
        services.order_items(SYSTEM, item_order(depot, 1))


def test_reserving_again_for_the_same_plan_holds_nothing_twice() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    campaign_id = make_campaign(depot.city).campaign_id
    run_id = make_plan_run(campaign_id).plan_run_id
    for _ in range(2):
        services.reserve_for_plan(SYSTEM, run_id, campaign_id, [_planned(depot, lot.stock_lot_id, 6)])
    assert db.session.query(Reservation).count() == 1


def test_the_planner_sees_stock_less_reservations_and_the_floor_beside_it() -> None:
    depot = make_depot()
    item_id = depot.city.iud.item_id
    early = make_stock(depot.warehouse, item_id, 10, expires_on=TODAY + timedelta(60))
    late = make_stock(depot.warehouse, item_id, 10)
    services.set_floor(SYSTEM, depot.warehouse.stock_place_id, item_id, 4)
    make_reservations(depot, late, 3)
    (stock,) = queries.warehouses_for_planning()
    assert {row.number: row.quantity for row in stock.lots} == {early.number: 10, late.number: 7}
    assert stock.keep == {item_id: 4}


def test_the_floor_of_a_shelf_stays_in_what_expires_last() -> None:
    depot = make_depot()
    item_id = depot.city.iud.item_id
    early = make_stock(depot.shelf, item_id, 3, expires_on=TODAY + timedelta(60))
    make_stock(depot.shelf, item_id, 3)
    services.set_floor(SYSTEM, depot.shelf.stock_place_id, item_id, 4)
    facility_id = depot.city.puskesmas.facility_id
    (left,) = queries.shelves_for_planning([facility_id])[facility_id]
    assert (left.number, left.quantity) == (early.number, 2)


def test_a_delivery_is_ordered_once() -> None:
    depot = make_depot()
    held = make_reservations(depot, make_stock(depot.warehouse, depot.city.iud.item_id), 2)[0]
    order = IssueOrder(
        key(), held.campaign_id or 0, held.warehouse_id, depot.city.puskesmas.facility_id, held.deliver_on, TODAY
    )
    services.order_issue(SYSTEM, order)
    with pytest.raises(NothingToOrder):
        services.order_issue(SYSTEM, replace(order, key=key()))


def test_what_a_campaign_holds_and_nobody_ordered_is_given_back() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    held = make_reservations(depot, lot, 8)[0]
    assert services.release_reservations(SYSTEM, held.campaign_id or 0) == 1
    assert services.order_items(SYSTEM, item_order(depot, 10)).lines[0].quantity == 10


def test_a_campaign_that_draws_on_the_facilitys_own_shelf_returns_what_it_brought_and_did_not_use() -> None:
    depot = make_depot()
    facility_id, item_id = depot.city.puskesmas.facility_id, depot.city.iud.item_id
    make_stock(depot.shelf, item_id, 5, expires_on=TODAY + timedelta(60))  # the facility's own, first to expire
    lot = make_stock(depot.warehouse, item_id, 10)
    held = make_reservations(depot, lot, 10)[0]
    campaign_id = held.campaign_id or 0
    order = IssueOrder(key(), campaign_id, held.warehouse_id, facility_id, held.deliver_on, TODAY)
    spmb = services.order_issue(SYSTEM, order)
    services.issue_stock(SYSTEM, StockIssue(key(), spmb.stock_document_id, TODAY))
    services.use_stock(SYSTEM, StockUse(key(), facility_id, campaign_id, TODAY, ((item_id, 12),)))
    (row,) = queries.campaign_stock(campaign_id)
    # 12 used: 5 off its own shelf, 7 of the 10 that the campaign brought
    assert (row.issued, row.used, row.used_own, row.remaining) == (10, 7, 5, 3)
    back = StockReturn(key(), facility_id, campaign_id, held.warehouse_id, TODAY, (Line(lot.stock_lot_id, 4),))
    with pytest.raises(InsufficientStock):
        services.return_stock(SYSTEM, back)
    services.return_stock(SYSTEM, replace(back, lines=(Line(lot.stock_lot_id, 3),)))
    (row,) = queries.campaign_stock(campaign_id)
    assert (row.used, row.returned, row.remaining) == (7, 3, 0)


def test_of_one_lot_the_campaigns_units_count_as_used_before_the_facilitys_own() -> None:
    depot = make_depot()
    facility_id, item_id = depot.city.puskesmas.facility_id, depot.city.iud.item_id
    lot = make_stock(depot.warehouse, item_id, 14)
    services.order_items(SYSTEM, order := item_order(depot, 4))
    spmb = document_queries.document_by_key(order.key)
    assert spmb is not None
    services.issue_stock(SYSTEM, StockIssue(key(), spmb.stock_document_id, TODAY))  # routine: 4 of the same lot
    held = make_reservations(depot, lot, 10)[0]
    campaign_id = held.campaign_id or 0
    planned = IssueOrder(key(), campaign_id, held.warehouse_id, facility_id, held.deliver_on, TODAY)
    services.issue_stock(SYSTEM, StockIssue(key(), services.order_issue(SYSTEM, planned).stock_document_id, TODAY))
    services.use_stock(SYSTEM, StockUse(key(), facility_id, campaign_id, TODAY, ((item_id, 12),)))
    (row,) = queries.campaign_stock(campaign_id)
    assert (row.issued, row.used, row.used_own, row.remaining) == (10, 10, 2, 0)
