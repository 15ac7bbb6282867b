"""What the use-cases of the warehouse repeat and refuse: numbers, keys, dates, permissions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.errors import Invalid, KeyReused, NotAllowed
from campaign.logistics import services
from campaign.logistics.ledger import InsufficientStock
from campaign.logistics.models import StockDocument
from campaign.logistics.services import IssueOrder, Reversal, StockIssue, StockUse
from tests.builders.actors import actor_with
from tests.builders.logistics import (
    TODAY,
    Depot,
    incoming,
    item_order,
    key,
    make_depot,
    make_reservations,
    make_stock,
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
