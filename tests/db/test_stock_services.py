"""What the use-cases of the warehouse refuse, repeat and restore."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.errors import Invalid, KeyReused, NotAllowed
from campaign.logistics import document_queries, queries, services
from campaign.logistics.ledger import InsufficientStock, Line
from campaign.logistics.models import DocumentKind, FundSource, Reservation, StockDocument
from campaign.logistics.ordering import NothingToOrder
from campaign.logistics.reversing import NotReversible
from campaign.logistics.services import IssueOrder, PlannedDelivery, Reversal, StockIssue, StockReturn, StockUse
from tests.builders.actors import actor_with
from tests.builders.events import make_campaign
from tests.builders.logistics import (
    TODAY,
    Depot,
    incoming,
    item_order,
    key,
    make_depot,
    make_plan_run,
    make_reservations,
    make_stock,
    on_hand,
    receipt,
)
from tests.builders.registry import DISTRICT
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("open_transaction")

TOMORROW, YESTERDAY = TODAY + timedelta(1), TODAY - timedelta(1)


def _codes(error: Invalid) -> set[tuple[str, str]]:
    return {(mistake.where, mistake.code) for mistake in error.mistakes}


def _issued(depot: Depot, quantity: int = 5) -> StockDocument:
    order = services.order_items(SYSTEM, item_order(depot, quantity))
    return services.issue_stock(SYSTEM, StockIssue(key(), order.stock_document_id, TODAY))


def _reverse(document: StockDocument) -> StockDocument:
    return services.reverse(SYSTEM, Reversal(key(), document.stock_document_id, TODAY, "salah"))


# receiving


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


# numbers and keys


def test_a_number_from_the_agenda_book_is_used_once_and_passed_over_by_the_series() -> None:
    depot = make_depot()
    services.receive_stock(SYSTEM, receipt(depot, number="001/SBBM/KB/2027"))
    with pytest.raises(Invalid) as raised:
        services.receive_stock(SYSTEM, receipt(depot, number="001/SBBM/KB/2027"))
    assert _codes(raised.value) == {("number", "number-used")}
    assert services.receive_stock(SYSTEM, receipt(depot)).number == "002/SBBM/KB/2027"


def test_every_use_case_answers_a_repeated_key_with_the_first_document() -> None:
    depot = make_depot()
    delivery = receipt(depot, incoming(depot.city.iud.item_id, 20))
    order = item_order(depot, 6)
    done = [services.receive_stock(SYSTEM, delivery) for _ in range(2)]
    done += [services.order_items(SYSTEM, order) for _ in range(2)]
    issue = StockIssue(key(), done[-1].stock_document_id, TODAY)
    done += [services.issue_stock(SYSTEM, issue) for _ in range(2)]
    reversal = Reversal(key(), done[-1].stock_document_id, TODAY, "salah")
    done += [services.reverse(SYSTEM, reversal) for _ in range(2)]
    use = StockUse(key(), depot.city.puskesmas.facility_id, None, TODAY, ((depot.city.iud.item_id, 1),))
    make_stock(depot.shelf, depot.city.iud.item_id, 1)
    uses = [services.use_stock(SYSTEM, use) for _ in range(2)]
    ids = [document.stock_document_id for document in done] + uses
    assert ids[::2] == ids[1::2]
    assert services.verify_stock(SYSTEM).differences == []


def test_a_key_of_another_kind_of_document_is_refused() -> None:
    depot = make_depot()
    delivery = receipt(depot, incoming(depot.city.iud.item_id, 20))
    services.receive_stock(SYSTEM, delivery)
    with pytest.raises(KeyReused):
        services.order_items(SYSTEM, item_order(depot, 1, key=delivery.key))


def test_a_key_that_came_from_another_facility_is_refused() -> None:
    depot = make_depot()
    iud, facilities = depot.city.iud.item_id, (depot.city.puskesmas, depot.city.hospital)
    make_stock(depot.shelf, iud, 2)
    uses = [StockUse("same", facility.facility_id, None, TODAY, ((iud, 1),)) for facility in facilities]
    services.use_stock(SYSTEM, uses[0])
    with pytest.raises(KeyReused):
        services.use_stock(SYSTEM, uses[1])


def test_a_key_that_issued_another_order_is_refused() -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 20)
    first, second = (services.order_items(SYSTEM, item_order(depot, 1)).stock_document_id for _ in range(2))
    same = key()
    services.issue_stock(SYSTEM, StockIssue(same, first, TODAY))
    with pytest.raises(KeyReused):
        services.issue_stock(SYSTEM, StockIssue(same, second, TODAY))


# reserving and ordering


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


# issuing


def test_a_lot_that_ran_out_since_it_was_reserved_is_neither_ordered_nor_issued() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10, expires_on=TODAY)
    held = make_reservations(depot, lot, 2, on=TODAY)[0]
    order = IssueOrder(
        key(), held.campaign_id or 0, held.warehouse_id, depot.city.puskesmas.facility_id, held.deliver_on, TODAY
    )
    with clock.standing_at(NOON + timedelta(1)):
        with pytest.raises(InsufficientStock):
            services.order_issue(SYSTEM, replace(order, signed_on=TOMORROW))
        spmb = services.order_issue(SYSTEM, order)
        with pytest.raises(InsufficientStock):
            services.issue_stock(SYSTEM, StockIssue(key(), spmb.stock_document_id, TOMORROW))
        services.issue_stock(SYSTEM, StockIssue(key(), spmb.stock_document_id, TODAY))


def test_an_issue_does_not_come_before_its_order() -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    order = services.order_items(SYSTEM, item_order(depot, 1))
    with pytest.raises(Invalid) as raised:
        services.issue_stock(SYSTEM, StockIssue(key(), order.stock_document_id, YESTERDAY))
    assert _codes(raised.value) == {("occurred_on", "before-the-order")}


# using and returning


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


# reversing


def test_a_reversed_issue_restores_both_places_and_lets_its_order_wait_again() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    issue = _issued(depot)
    _reverse(issue)
    assert (on_hand(depot.warehouse, lot), on_hand(depot.shelf, lot)) == (10, 0)
    again = services.issue_stock(SYSTEM, StockIssue(key(), issue.ordered_by_id or 0, TODAY))
    assert again.number != issue.number


def test_goods_that_have_gone_on_cannot_be_reversed() -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    issue = _issued(depot)
    use = StockUse(key(), depot.city.puskesmas.facility_id, None, TODAY, ((depot.city.iud.item_id, 1),))
    used = services.use_stock(SYSTEM, use)
    with pytest.raises(InsufficientStock):
        _reverse(issue)
    _reverse(document_queries.document(used).document)
    with pytest.raises(InsufficientStock):  # that some had come remains on record, until it is undone too
        _reverse(issue)
    _reverse(db.session.query(StockDocument).filter_by(kind=DocumentKind.ARRIVAL).one())
    _reverse(issue)


def test_a_receipt_is_not_reversed_from_under_a_reservation() -> None:
    depot = make_depot()
    document = services.receive_stock(SYSTEM, receipt(depot, incoming(depot.city.iud.item_id, 10)))
    make_reservations(depot, document.lines[0].lot, 1)
    with pytest.raises(InsufficientStock):
        _reverse(document)


def test_a_document_is_reversed_once_and_a_reversal_never() -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    issue = _issued(depot)
    reversal = _reverse(issue)
    for document in (issue, reversal):
        with pytest.raises(NotReversible):
            _reverse(document)


def test_an_issued_order_is_not_withdrawn() -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    issue = _issued(depot)
    with pytest.raises(NotReversible):
        _reverse(document_queries.document(issue.ordered_by_id or 0).document)


def test_a_withdrawn_order_of_a_plan_can_be_ordered_again() -> None:
    depot = make_depot()
    held = make_reservations(depot, make_stock(depot.warehouse, depot.city.iud.item_id), 2)[0]
    order = IssueOrder(
        key(), held.campaign_id or 0, held.warehouse_id, depot.city.puskesmas.facility_id, held.deliver_on, TODAY
    )
    _reverse(services.order_issue(SYSTEM, order))
    assert services.order_issue(SYSTEM, replace(order, key=key())).lines[0].quantity == 2


# who may


def test_each_use_case_asks_for_its_own_permission_at_its_own_place() -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    warehouse, head = actor_with(Role.WAREHOUSE, DISTRICT), actor_with(Role.HEAD, DISTRICT)
    elsewhere = actor_with(Role.WAREHOUSE, "33.76")
    other_facility = actor_with(Role.FACILITY, facility_id=depot.city.hospital.facility_id)
    use = StockUse(key(), depot.city.puskesmas.facility_id, None, TODAY, ((depot.city.iud.item_id, 1),))
    refused = (
        lambda: services.receive_stock(head, receipt(depot)),
        lambda: services.receive_stock(elsewhere, receipt(depot)),
        lambda: services.order_items(warehouse, item_order(depot, 1)),
        lambda: services.use_stock(other_facility, use),
        lambda: services.use_stock(warehouse, use),
    )
    for act in refused:
        with pytest.raises(NotAllowed):
            act()
