"""Orders that go out in parts, with other lots, or whose rest is withdrawn; lots that are not the first to expire."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaign.accounts.policy import SYSTEM
from campaign.db import db
from campaign.errors import Invalid
from campaign.logistics import issuing, queries, services
from campaign.logistics.issuing import OrderNotWaiting
from campaign.logistics.ledger import InsufficientStock, Line
from campaign.logistics.models import Reservation, StockDocument
from campaign.logistics.services import (
    IssueOrder,
    Pick,
    Reversal,
    StockIssue,
)
from tests.builders.logistics import (
    TODAY,
    item_order,
    key,
    make_depot,
    make_reservations,
    make_stock,
)

pytestmark = pytest.mark.usefixtures("open_transaction")

TOMORROW, YESTERDAY = TODAY + timedelta(1), TODAY - timedelta(1)


def _codes(error: Invalid) -> set[tuple[str, str]]:
    return {(mistake.where, mistake.code) for mistake in error.mistakes}


@pytest.mark.parametrize(("reason", "is_taken"), [("", False), ("jatah kampanye", True)])
def test_a_later_lot_needs_its_reason(reason: str, is_taken: bool) -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 5, expires_on=TODAY + timedelta(100))
    late = make_stock(depot.warehouse, depot.city.iud.item_id, 5)
    order = item_order(depot, 1, items=(), lots=(Line(late.stock_lot_id, 2, reason),))
    if is_taken:
        assert services.order_items(SYSTEM, order).lines[0].reason == reason
    else:
        with pytest.raises(Invalid) as raised:
            services.order_items(SYSTEM, order)
        assert _codes(raised.value) == {("lots-0-reason", "lot-not-first-expired")}


def test_the_first_lot_taken_whole_makes_the_next_one_the_first() -> None:
    depot = make_depot()
    first = make_stock(depot.warehouse, depot.city.iud.item_id, 5, expires_on=TODAY + timedelta(100))
    second = make_stock(depot.warehouse, depot.city.iud.item_id, 5)
    lots = (Line(first.stock_lot_id, 5), Line(second.stock_lot_id, 2))
    assert len(services.order_items(SYSTEM, item_order(depot, 1, items=(), lots=lots)).lines) == 2


def test_chosen_lots_that_cannot_go_are_all_named() -> None:
    depot = make_depot()
    old = make_stock(depot.warehouse, depot.city.iud.item_id, 5, expires_on=YESTERDAY)
    good = make_stock(depot.warehouse, depot.city.iud.item_id, 5)
    lots = (
        Line(old.stock_lot_id, 1),
        Line(good.stock_lot_id, 1),
        Line(good.stock_lot_id, 1, "x" * 241),
        Line(999_999_999, 1),
    )
    with pytest.raises(Invalid) as raised:
        services.order_items(SYSTEM, item_order(depot, 1, items=(), lots=lots))
    assert _codes(raised.value) == {
        ("lots-0", "lot-expired-by-then"),
        ("lots-2", "lot-twice"),
        ("lots-2-reason", "text-length"),
        ("lots-3", "unknown-lot"),
    }
    reserved = make_reservations(depot, good, 5)
    assert reserved
    with pytest.raises(InsufficientStock):
        services.order_items(SYSTEM, item_order(depot, 1, items=(), lots=(Line(good.stock_lot_id, 1),)))


def test_an_order_is_fulfilled_by_several_sbbk_and_a_reversed_part_waits_again() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    held = make_reservations(depot, lot, 10)[0]
    ends = (held.warehouse_id, depot.city.puskesmas.facility_id, held.deliver_on)
    order = services.order_issue(SYSTEM, IssueOrder(key(), held.campaign_id or 0, *ends, TODAY))

    def part(quantity: int) -> StockDocument:
        picks = (Pick(lot.stock_lot_id, lot.stock_lot_id, quantity),)
        return services.issue_stock(SYSTEM, StockIssue(key(), order.stock_document_id, TODAY, picks=picks))

    first = part(4)
    assert issuing.waiting_of(order.stock_document_id) == {lot.stock_lot_id: 6}
    with pytest.raises(Invalid) as raised:
        part(7)
    assert _codes(raised.value) == {("picks-0-quantity", "more-than-ordered")}
    services.reverse(SYSTEM, Reversal(key(), first.stock_document_id, TODAY, "salah kirim"))
    assert issuing.waiting_of(order.stock_document_id) == {lot.stock_lot_id: 10}
    rest = services.issue_stock(SYSTEM, StockIssue(key(), order.stock_document_id, TODAY))
    assert rest.lines[0].quantity == 10
    (row,) = queries.campaign_stock(held.campaign_id or 0)
    assert (row.issued, row.remaining) == (10, 10)
    assert db.session.query(Reservation).filter_by(issue_id=None, released_at=None).count() == 0


def test_another_lot_goes_for_a_reason_and_what_was_ordered_is_free_again() -> None:
    depot = make_depot()
    ordered = make_stock(depot.warehouse, depot.city.iud.item_id, 5, expires_on=TODAY + timedelta(100))
    other = make_stock(depot.warehouse, depot.city.iud.item_id, 5)
    order = services.order_items(SYSTEM, item_order(depot, 5))
    pick = Pick(ordered.stock_lot_id, other.stock_lot_id, 5)
    issue = StockIssue(key(), order.stock_document_id, TODAY, picks=(pick,))
    with pytest.raises(Invalid) as raised:
        services.issue_stock(SYSTEM, issue)
    assert _codes(raised.value) == {("picks-0-reason", "another-lot-needs-a-reason")}
    sbbk = services.issue_stock(SYSTEM, replace(issue, picks=(replace(pick, reason="kardus basah"),)))
    assert [(line.stock_lot_id, line.reason) for line in sbbk.lines] == [(other.stock_lot_id, "kardus basah")]
    assert services.order_items(SYSTEM, item_order(depot, 5)).lines[0].stock_lot_id == ordered.stock_lot_id
    with pytest.raises(InsufficientStock):  # what it was ordered instead of is promised elsewhere now
        services.reverse(SYSTEM, Reversal(key(), sbbk.stock_document_id, TODAY, "salah"))


def test_a_pick_of_an_unknown_expired_or_promised_lot_is_refused_with_all_that_is_wrong() -> None:
    depot = make_depot()
    ordered = make_stock(depot.warehouse, depot.city.iud.item_id, 9, expires_on=TODAY + timedelta(100))
    old = make_stock(depot.warehouse, depot.city.iud.item_id, 5, expires_on=YESTERDAY)
    promised = make_stock(depot.warehouse, depot.city.iud.item_id, 5)
    pill = make_stock(depot.warehouse, depot.city.pill.item_id, 5)
    order = services.order_items(SYSTEM, item_order(depot, 9))
    make_reservations(depot, promised, 5)
    picks = tuple(Pick(ordered.stock_lot_id, lot.stock_lot_id, 1, "basah") for lot in (old, promised, pill))
    with pytest.raises(Invalid) as raised:
        services.issue_stock(SYSTEM, StockIssue(key(), order.stock_document_id, TODAY, picks=picks))
    assert _codes(raised.value) == {
        ("picks-0-stock_lot_id", "lot-expired-by-then"),
        ("picks-1-quantity", "lot-not-free"),
        ("picks-2-stock_lot_id", "unknown-lot"),
    }


def _part(order: StockDocument, quantity: int) -> StockDocument:
    lot_id = order.lines[0].stock_lot_id
    picks = (Pick(lot_id, lot_id, quantity),)
    return services.issue_stock(SYSTEM, StockIssue(key(), order.stock_document_id, TODAY, picks=picks))


def test_the_rest_of_a_partly_issued_order_is_withdrawn_and_free_for_others() -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    order = services.order_items(SYSTEM, item_order(depot, 10))
    _part(order, 4)
    undoing = Reversal(key(), order.stock_document_id, TODAY, "faskes sudah cukup")
    first, again = (services.reverse(SYSTEM, undoing) for _ in range(2))
    assert [line.quantity for line in first.lines] == [6]  # 10 ordered - 4 sent
    assert again is first
    assert services.order_items(SYSTEM, item_order(depot, 6)).lines[0].quantity == 6
    with pytest.raises(OrderNotWaiting):
        _part(order, 1)


def test_what_comes_back_from_an_order_whose_rest_was_withdrawn_is_free_too() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    held = make_reservations(depot, lot, 10)[0]
    ends = (held.warehouse_id, depot.city.puskesmas.facility_id, held.deliver_on)
    again = IssueOrder(key(), held.campaign_id or 0, *ends, TODAY)
    order = services.order_issue(SYSTEM, again)
    sent = _part(order, 4)
    for undone in (order, sent):
        services.reverse(SYSTEM, Reversal(key(), undone.stock_document_id, TODAY, "salah"))
    assert issuing.waiting_of(order.stock_document_id) == {}
    # 6 that were withdrawn and 4 that came back are one delivery of the plan again
    assert services.order_issue(SYSTEM, replace(again, key=key())).lines[0].quantity == 10
