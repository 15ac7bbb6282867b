"""States, transfers, write-offs, requests: what holds and what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.errors import Invalid, KeyReused, NotAllowed
from campaign.logistics import requesting, services, transit
from campaign.logistics.conditions import StepNotAllowed
from campaign.logistics.ledger import InsufficientStock, Line
from campaign.logistics.models import DocumentKind, PlaceKind, StockLot
from campaign.logistics.requesting import RequestAnswered
from campaign.logistics.services import (
    NewRequest,
    Reversal,
    StateStep,
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


def test_goods_set_apart_at_a_facility_are_not_used() -> None:
    sent = make_shipment(5)
    services.confirm_arrival(SYSTEM, arrival(sent))
    services.change_state(SYSTEM, state_change(sent.depot.shelf, sent.lot, 4))
    use = StockUse(key(), sent.facility_id, None, TODAY, ((sent.lot.item_id, 2),))
    with pytest.raises(InsufficientStock):
        services.use_stock(SYSTEM, use)
    assert transit.open_of(sent.sbbk.stock_document_id) == {}
