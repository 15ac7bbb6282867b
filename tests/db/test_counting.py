"""Stock opname: counted blind, explained before it is posted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaign.accounts.policy import SYSTEM
from campaign.audit import AuditEntry
from campaign.db import db
from campaign.errors import Invalid
from campaign.logistics import count_sheet, services
from campaign.logistics.count_models import CountCause, StockCount, StockCountExplanation, StockCountTally
from campaign.logistics.counting import CountIsOver, CountNotReady, CountRunning
from campaign.logistics.ledger import InsufficientStock
from campaign.logistics.models import PlaceKind, StockLot
from campaign.logistics.services import (
    Counted,
    CountEntry,
    Explanation,
    FoundLot,
    StateStep,
    StockIssue,
)
from tests.builders.logistics import (
    TODAY,
    Depot,
    item_order,
    key,
    make_depot,
    make_reservations,
    make_stock,
    on_hand,
)
from tests.builders.supply import state_change

pytestmark = pytest.mark.usefixtures("open_transaction")

TOMORROW, YESTERDAY = TODAY + timedelta(1), TODAY - timedelta(1)


def _codes(error: Invalid) -> set[tuple[str, str]]:
    return {(mistake.where, mistake.code) for mistake in error.mistakes}


def _count(depot: Depot) -> StockCount:
    return services.open_count(SYSTEM, key(), depot.warehouse.stock_place_id, TODAY)


def _entry(count: StockCount, lot: StockLot, counted: int, *, is_recount: bool = False) -> CountEntry:
    found = Counted(count.stock_place_id, lot.stock_lot_id, counted)
    return CountEntry(key(), count.stock_count_id, (found,), is_recount=is_recount)


def _explain(count: StockCount, lot: StockLot) -> None:
    services.explain_difference(
        SYSTEM,
        Explanation(count.stock_count_id, count.stock_place_id, lot.stock_lot_id, CountCause.LOST, "tidak ditemukan"),
    )


def test_goods_that_move_between_counting_and_posting_are_no_difference() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    count = _count(depot)
    services.enter_count(SYSTEM, _entry(count, lot, 9))
    order = services.order_items(SYSTEM, item_order(depot, 4))
    services.issue_stock(SYSTEM, StockIssue(key(), order.stock_document_id, TODAY))
    _explain(count, lot)
    (document,) = services.post_count(SYSTEM, count.stock_count_id)
    assert document.lines[0].quantity == 1
    assert on_hand(depot.warehouse, lot) == 5  # 10 - 1 not found - 4 issued
    assert services.post_count(SYSTEM, count.stock_count_id) == [document]
    assert services.verify_stock(SYSTEM).differences == []


def test_a_count_is_posted_when_all_is_counted_agreed_and_explained() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    other = make_stock(depot.warehouse, depot.city.pill.item_id, 10)
    count = _count(depot)

    def not_ready() -> None:
        with pytest.raises(CountNotReady):
            services.post_count(SYSTEM, count.stock_count_id)

    services.enter_count(SYSTEM, _entry(count, lot, 12))
    not_ready()  # one lot is not counted
    services.enter_count(SYSTEM, _entry(count, other, 10))
    not_ready()  # two too many, and nobody says why
    _explain(count, lot)
    (document,) = services.post_count(SYSTEM, count.stock_count_id)
    assert (document.to_place_id, document.lines[0].quantity) == (depot.warehouse.stock_place_id, 2)
    assert (on_hand(depot.warehouse, lot), on_hand(depot.warehouse, other)) == (12, 10)
    with pytest.raises(CountIsOver):
        services.enter_count(SYSTEM, _entry(count, lot, 1))


def test_set_apart_and_damaged_goods_are_counted_where_they_lie() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    services.change_state(SYSTEM, state_change(depot.warehouse, lot, 4, step=StateStep.DAMAGE))
    count = _count(depot)
    places = {line.place.kind for line in count_sheet.sheet(count)}
    assert places == {PlaceKind.WAREHOUSE, PlaceKind.DAMAGED}


def test_the_same_entry_again_is_counted_once() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    entry = _entry(_count(depot), lot, 9)
    for _ in range(2):
        services.enter_count(SYSTEM, entry)
    assert db.session.query(StockCountTally).count() == 1


def test_every_mistake_of_an_entry_is_reported_at_once_and_nothing_is_kept() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    count = _count(depot)
    wrong = (
        Counted(count.stock_place_id, lot.stock_lot_id, -1),
        Counted(count.stock_place_id, lot.stock_lot_id, 2**63),
        Counted(depot.shelf.stock_place_id, lot.stock_lot_id, 1),
    )
    with pytest.raises(Invalid) as raised:
        services.enter_count(SYSTEM, CountEntry(key(), count.stock_count_id, wrong))
    assert _codes(raised.value) == {
        ("lots-0-counted", "not-a-count"),
        ("lots-1-counted", "not-a-count"),
        ("lots", "not-of-this-count"),
    }
    assert db.session.query(StockCountTally).count() == 0


def test_a_place_is_counted_once_at_a_time() -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    count = _count(depot)
    with pytest.raises(CountRunning):
        _count(depot)
    services.drop_count(SYSTEM, count.stock_count_id)
    assert _count(depot).stock_count_id != count.stock_count_id


def test_what_is_promised_is_not_counted_away() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    make_reservations(depot, lot, 8)
    count = _count(depot)
    services.enter_count(SYSTEM, _entry(count, lot, 5))
    _explain(count, lot)
    with pytest.raises(InsufficientStock):
        services.post_count(SYSTEM, count.stock_count_id)


def test_giving_a_count_up_twice_is_giving_it_up_once() -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    count = _count(depot)
    for _ in range(2):
        services.drop_count(SYSTEM, count.stock_count_id)
    db.session.flush()
    assert db.session.query(AuditEntry).filter_by(action="drop-stock-count").count() == 1


def test_the_same_explanation_again_is_said_once_and_another_one_beside_it() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    count = _count(depot)
    services.enter_count(SYSTEM, _entry(count, lot, 9))
    for _ in range(2):
        _explain(count, lot)
    assert db.session.query(StockCountExplanation).count() == 1
    services.explain_difference(
        SYSTEM,
        Explanation(count.stock_count_id, count.stock_place_id, lot.stock_lot_id, CountCause.DAMAGED, "basah"),
    )
    assert db.session.query(StockCountExplanation).count() == 2


def _find(count: StockCount, **changes: object) -> CountEntry:
    lot = FoundLot(count.stock_place_id, 0, "", None)
    return CountEntry(key(), count.stock_count_id, (), found=(replace(lot, **changes),))  # type: ignore[arg-type]


def test_a_lot_that_the_books_do_not_have_there_is_found_by_its_number() -> None:
    depot = make_depot()
    lot = make_stock(depot.shelf, depot.city.iud.item_id, 4, number="RAK")
    count = _count(depot)
    services.enter_count(SYSTEM, _find(count, item_id=lot.item_id, number="RAK", counted=3))
    _explain(count, lot)
    services.post_count(SYSTEM, count.stock_count_id)
    assert on_hand(depot.warehouse, lot) == 3


def test_every_mistake_about_a_found_lot_is_reported_at_once() -> None:
    depot = make_depot()
    count = _count(depot)
    with pytest.raises(Invalid) as raised:
        services.enter_count(SYSTEM, _find(count, stock_place_id=depot.shelf.stock_place_id, counted=-1))
    assert _codes(raised.value) == {
        ("found_item_id", "found-lot-needs-item"),
        ("found_number", "lot-number-length"),
        ("found_place_id", "not-of-this-count"),
        ("found_counted", "not-a-count"),
    }
    with pytest.raises(Invalid) as raised:
        services.enter_count(SYSTEM, _find(count, item_id=depot.city.iud.item_id, number="BARU", counted=1))
    assert _codes(raised.value) == {("found_number", "found-lot-unknown")}
