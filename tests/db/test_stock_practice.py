"""States, transfers, write-offs, counts, requests, parts of orders, other lots: what holds and what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.errors import Invalid, KeyReused, NotAllowed
from campaign.logistics import count_sheet, issuing, queries, requesting, services, transit
from campaign.logistics.conditions import StepNotAllowed
from campaign.logistics.count_models import CountCause, StockCount, StockCountTally
from campaign.logistics.counting import CountIsOver, CountNotReady, CountRunning
from campaign.logistics.ledger import InsufficientStock, Line
from campaign.logistics.models import DocumentKind, PlaceKind, Reservation, StockDocument, StockLot
from campaign.logistics.requesting import RequestAnswered
from campaign.logistics.services import (
    Counted,
    CountEntry,
    Explanation,
    IssueOrder,
    NewRequest,
    Pick,
    Reversal,
    StateStep,
    StockIssue,
    StockState,
    StockUse,
    Transfer,
)
from tests.builders.actors import actor_with
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
from tests.builders.registry import DISTRICT
from tests.builders.supply import arrival, held_in, hospital_shelf, make_shipment, state_change

pytestmark = pytest.mark.usefixtures("open_transaction")

TOMORROW, YESTERDAY = TODAY + timedelta(1), TODAY - timedelta(1)


def _codes(error: Invalid) -> set[tuple[str, str]]:
    return {(mistake.where, mistake.code) for mistake in error.mistakes}


# states


def test_what_is_set_apart_is_neither_ordered_nor_used_until_it_is_free_again() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    services.change_state(SYSTEM, state_change(depot.warehouse, lot, 8))
    with pytest.raises(InsufficientStock) as raised:
        services.order_items(SYSTEM, item_order(depot, 3))
    assert raised.value.facts["available"] == 2
    free = state_change(depot.warehouse, lot, 8, state=StockState.QUARANTINED, step=StateStep.RELEASE)
    services.change_state(SYSTEM, free)
    assert services.order_items(SYSTEM, item_order(depot, 10)).lines[0].quantity == 10


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (StockState.USABLE, StateStep.RELEASE),
        (StockState.DAMAGED, StateStep.RELEASE),
        (StockState.DAMAGED, StateStep.QUARANTINE),
        (StockState.QUARANTINED, StateStep.QUARANTINE),
    ],
)
def test_damaged_goods_do_not_become_good_and_no_step_leads_nowhere(state: StockState, step: StateStep) -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id)
    with pytest.raises(StepNotAllowed):
        services.change_state(SYSTEM, state_change(depot.warehouse, lot, 1, state=state, step=step))


def test_what_is_promised_is_not_set_apart() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    make_reservations(depot, lot, 7)
    services.change_state(SYSTEM, state_change(depot.warehouse, lot, 3))
    with pytest.raises(InsufficientStock):
        services.change_state(SYSTEM, state_change(depot.warehouse, lot, 1))


@pytest.mark.parametrize("state", list(StockState))
def test_a_write_off_takes_goods_of_any_state_off_the_books_under_a_number(state: StockState) -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 5, expires_on=YESTERDAY)
    if state is not StockState.USABLE:
        step = StateStep.DAMAGE if state is StockState.DAMAGED else StateStep.QUARANTINE
        services.change_state(SYSTEM, state_change(depot.warehouse, lot, 5, step=step))
    gone = state_change(depot.warehouse, lot, 5, state=state, step=StateStep.WRITE_OFF)
    document = services.change_state(SYSTEM, gone)
    assert (document.kind, document.number) == (DocumentKind.WRITE_OFF, "001/BAPM/KB/2027")
    held = [held_in(depot.warehouse, kind, lot) for kind in (PlaceKind.QUARANTINE, PlaceKind.DAMAGED)]
    assert (on_hand(depot.warehouse, lot), *held) == (0, 0, 0)
    services.reverse(SYSTEM, Reversal(key(), document.stock_document_id, TODAY, "salah"))
    assert (
        on_hand(depot.warehouse, lot)
        + sum(held_in(depot.warehouse, kind, lot) for kind in (PlaceKind.QUARANTINE, PlaceKind.DAMAGED))
        == 5
    )


def test_every_mistake_of_a_change_of_state_is_reported_at_once() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id)
    with pytest.raises(Invalid) as raised:
        services.change_state(
            SYSTEM, state_change(depot.warehouse, lot, -1, reason=" ", occurred_on=TOMORROW, step=StateStep.WRITE_OFF)
        )
    assert _codes(raised.value) == {
        ("lines-0-quantity", "quantity-out-of-range"),
        ("occurred_on", "in-the-future"),
        ("reason", "text-length"),
    }


def test_the_same_change_of_state_again_is_the_first_one_and_elsewhere_it_is_refused() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id)
    change = state_change(depot.warehouse, lot, 2)
    assert len({services.change_state(SYSTEM, change).stock_document_id for _ in range(2)}) == 1
    assert held_in(depot.warehouse, PlaceKind.QUARANTINE, lot) == 2
    with pytest.raises(KeyReused):
        services.change_state(SYSTEM, replace(change, stock_place_id=depot.shelf.stock_place_id))


# transfers


def _transfer(depot: Depot, lot: StockLot, quantity: int) -> Transfer:
    ends = (depot.city.puskesmas.facility_id, depot.city.hospital.facility_id)
    return Transfer(key(), *ends, TODAY, (Line(lot.stock_lot_id, quantity),), "rumah sakit kehabisan")


def test_a_transfer_travels_until_the_other_facility_confirms() -> None:
    depot = make_depot()
    lot = make_stock(depot.shelf, depot.city.iud.item_id, 5)
    transfer = _transfer(depot, lot, 3)
    sent = {services.transfer_stock(SYSTEM, transfer).stock_document_id for _ in range(2)}
    (shipment_id,) = sent
    other = hospital_shelf(depot)
    assert (on_hand(depot.shelf, lot), on_hand(other, lot)) == (2, 0)
    services.confirm_arrival(
        SYSTEM, services.Arrival(key(), shipment_id, TODAY, (services.ArrivedLot(lot.stock_lot_id, 3),))
    )
    assert (on_hand(depot.shelf, lot), on_hand(other, lot)) == (2, 3)


def test_expired_goods_and_more_than_there_is_are_not_transferred() -> None:
    depot = make_depot()
    old = make_stock(depot.shelf, depot.city.iud.item_id, 5, expires_on=YESTERDAY)
    lot = make_stock(depot.shelf, depot.city.iud.item_id, 5)
    for refused in (_transfer(depot, old, 1), _transfer(depot, lot, 6)):
        with pytest.raises(InsufficientStock):
            services.transfer_stock(SYSTEM, refused)
    facility_id = depot.city.puskesmas.facility_id
    wrong = replace(_transfer(depot, lot, 0), to_facility_id=facility_id, reason="", occurred_on=TOMORROW)
    with pytest.raises(Invalid) as raised:
        services.transfer_stock(SYSTEM, wrong)
    assert _codes(raised.value) == {
        ("lines-0-quantity", "quantity-out-of-range"),
        ("occurred_on", "in-the-future"),
        ("reason", "text-length"),
        ("to_facility_id", "same-facility"),
    }


# counts


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


# requests


def _request(depot: Depot, **changes: object) -> NewRequest:
    values: dict[str, object] = {
        "key": key(),
        "facility_id": depot.city.puskesmas.facility_id,
        "requested_on": TODAY,
        "needed_on": TODAY,
        "items": ((depot.city.iud.item_id, 5),),
    }
    return NewRequest(**values | changes)  # type: ignore[arg-type]


def test_a_request_is_answered_once() -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    new = _request(depot)
    first = {services.request_stock(SYSTEM, new).stock_request_id for _ in range(2)}
    (request_id,) = first
    order = services.order_items(SYSTEM, item_order(depot, 3, request_id=request_id))
    assert requesting.request(request_id).order_id == order.stock_document_id
    with pytest.raises(RequestAnswered):
        services.order_items(SYSTEM, item_order(depot, 3, request_id=request_id))
    with pytest.raises(RequestAnswered):
        services.refuse_request(SYSTEM, request_id, "sudah cukup")


def test_every_mistake_of_a_request_is_reported_at_once() -> None:
    depot = make_depot()
    iud = depot.city.iud.item_id
    services.request_stock(SYSTEM, _request(depot, number="7/SPB"))
    wrong = _request(
        depot,
        requested_on=TOMORROW,
        needed_on=TODAY,
        items=((iud, 0), (iud, 2**63), (999_999_999, 1)),
        note="x" * 241,
        number="7/SPB",
    )
    with pytest.raises(Invalid) as raised:
        services.request_stock(SYSTEM, wrong)
    assert _codes(raised.value) == {
        ("requested_on", "in-the-future"),
        ("needed_on", "needed-before-requested"),
        ("lines-0-quantity", "quantity-out-of-range"),
        ("lines-1-quantity", "quantity-out-of-range"),
        ("lines-2-item_id", "unknown-item"),
        ("lines", "item-twice"),
        ("note", "text-length"),
        ("number", "request-number-used"),
    }


def test_a_facility_asks_for_itself_and_the_head_answers() -> None:
    depot = make_depot()
    other = actor_with(Role.FACILITY, facility_id=depot.city.hospital.facility_id)
    with pytest.raises(NotAllowed):
        services.request_stock(other, _request(depot))
    asked = services.request_stock(SYSTEM, _request(depot))
    with pytest.raises(NotAllowed):
        services.refuse_request(actor_with(Role.WAREHOUSE, DISTRICT), asked.stock_request_id, "tidak")


# lots that are not the first to expire


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


# parts of orders


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


# a use at a shelf whose goods are set apart


def test_goods_set_apart_at_a_facility_are_not_used() -> None:
    sent = make_shipment(5)
    services.confirm_arrival(SYSTEM, arrival(sent))
    services.change_state(SYSTEM, state_change(sent.depot.shelf, sent.lot, 4))
    use = StockUse(key(), sent.facility_id, None, TODAY, ((sent.lot.item_id, 2),))
    with pytest.raises(InsufficientStock):
        services.use_stock(SYSTEM, use)
    assert transit.open_of(sent.sbbk.stock_document_id) == {}
