"""Real connections race for a shipment, a count, a state, a request: once, and never more than there is."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text

from campaign.accounts.policy import SYSTEM
from campaign.app import create_app
from campaign.config import Settings
from campaign.db import db
from campaign.logistics import services
from campaign.logistics.count_models import CountCause
from campaign.logistics.ledger import Line
from campaign.logistics.models import StockDocument
from campaign.logistics.services import (
    ArrivedLot,
    Counted,
    CountEntry,
    Fate,
    NewRequest,
    Pick,
    Settlement,
    StockIssue,
    StockUse,
    Transfer,
)
from campaign.transaction import transaction
from tests.builders.logistics import TODAY, item_order, key, make_depot, make_stock
from tests.builders.supply import arrival, make_shipment, state_change
from tests.db.test_stock_races import RACERS, _race


@pytest.fixture
def racing(own_database: Settings) -> Iterator[Flask]:
    """An application on a database of its own, where commits are for good."""
    app = create_app(own_database, send=lambda job: None)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _balance(kind: str) -> int:
    query = text(
        "SELECT coalesce(sum(quantity), 0) FROM stock_balance JOIN stock_place USING (stock_place_id)"
        " WHERE kind = :kind"
    )
    return int(db.session.execute(query, {"kind": kind}).scalar_one())


def _verify() -> None:
    db.session.rollback()
    with transaction(lambda job: None):
        assert services.verify_stock(SYSTEM).differences == []


def test_a_shipment_is_confirmed_once_however_many_scan_it(racing: Flask) -> None:
    with transaction(lambda job: None):
        sent = make_shipment(10)
        said = [arrival(sent) for _ in range(RACERS)]
    answers = _race(racing, *[lambda one=one: services.confirm_arrival(SYSTEM, one).stock_document_id for one in said])
    assert answers.count("nothing-underway") == RACERS - 1
    assert (_balance("facility"), _balance("transit")) == (10, 0)
    _verify()


def test_the_same_confirmation_at_once_is_one_document(racing: Flask) -> None:
    with transaction(lambda job: None):
        said = arrival(make_shipment(10))
    answers = _race(racing, *[lambda: services.confirm_arrival(SYSTEM, said).stock_document_id] * RACERS)
    assert len(set(answers)) == 1
    assert db.session.query(StockDocument).filter_by(idempotency_key=said.key).count() == 1


def test_uses_and_a_confirmation_at_once_share_what_came(racing: Flask) -> None:
    with transaction(lambda job: None):
        sent = make_shipment(10)
        said = arrival(sent)
        uses = [StockUse(key(), sent.facility_id, None, TODAY, ((sent.lot.item_id, 3),)) for _ in range(RACERS)]
    answers = _race(
        racing,
        lambda: services.confirm_arrival(SYSTEM, said).stock_document_id,
        *[lambda use=use: services.use_stock(SYSTEM, use) for use in uses],
    )
    # ten came: three uses of three, whoever was first; the confirmation may find that some was used already
    assert answers.count("insufficient-stock") == RACERS - 3
    assert _balance("facility") + _balance("transit") == 1
    _verify()


def test_a_difference_is_settled_once_however_many_say_what_became_of_it(racing: Flask) -> None:
    with transaction(lambda job: None):
        sent = make_shipment(10)
        services.confirm_arrival(
            SYSTEM, arrival(sent, ArrivedLot(sent.lot.stock_lot_id, 6, missing=4, note="kurang empat"))
        )
        told = [
            Settlement(key(), sent.sbbk.stock_document_id, sent.lot.stock_lot_id, 4, fate, TODAY, "dicek")
            for fate in [*Fate, *Fate]
        ]
    answers = _race(
        racing, *[lambda one=one: services.settle_difference(SYSTEM, one).stock_document_id for one in told]
    )
    assert answers.count("nothing-underway") == len(told) - 1
    assert _balance("transit") == 0
    _verify()


def test_what_is_set_apart_and_ordered_at_once_is_never_more_than_there_is(racing: Flask) -> None:
    with transaction(lambda job: None):
        depot = make_depot()
        lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
        changes = [state_change(depot.warehouse, lot, 3) for _ in range(RACERS // 2)]
        orders = [item_order(depot, 3) for _ in range(RACERS // 2)]
    answers = _race(
        racing,
        *[lambda one=one: services.change_state(SYSTEM, one).stock_document_id for one in changes],
        *[lambda one=one: services.order_items(SYSTEM, one).stock_document_id for one in orders],
    )
    assert answers.count("insufficient-stock") == RACERS - 3  # 3 x 3 of 10
    _verify()


def test_the_same_change_of_state_at_once_is_one_document(racing: Flask) -> None:
    with transaction(lambda job: None):
        depot = make_depot()
        change = state_change(depot.warehouse, make_stock(depot.warehouse, depot.city.iud.item_id, 10), 3)
    answers = _race(racing, *[lambda: services.change_state(SYSTEM, change).stock_document_id] * RACERS)
    assert len(set(answers)) == 1
    assert _balance("quarantine") == 3


def test_transfers_both_ways_at_once_do_not_deadlock(racing: Flask) -> None:
    with transaction(lambda job: None):
        depot = make_depot()
        lots = [make_stock(depot.shelf, depot.city.iud.item_id, 30) for _ in range(3)]
        ends = (depot.city.puskesmas.facility_id, depot.city.hospital.facility_id)
        lines = tuple(Line(lot.stock_lot_id, 2) for lot in lots)
        first = services.transfer_stock(SYSTEM, Transfer(key(), *ends, TODAY, (Line(lots[0].stock_lot_id, 9),), "awal"))
        back = Line(lots[0].stock_lot_id, 2)
        services.confirm_arrival(
            SYSTEM,
            services.Arrival(key(), first.stock_document_id, TODAY, (ArrivedLot(lots[0].stock_lot_id, 9),)),
        )
        there = [Transfer(key(), *ends, TODAY, lines[::-1] if n % 2 else lines, "alih") for n in range(3)]
        home = [Transfer(key(), *ends[::-1], TODAY, (back,), "alih") for _ in range(3)]
    answers = _race(
        racing, *[lambda one=one: services.transfer_stock(SYSTEM, one).stock_document_id for one in (*there, *home)]
    )
    assert all(isinstance(answer, int) for answer in answers), answers
    _verify()


def test_parts_of_one_order_at_once_are_never_more_than_was_ordered(racing: Flask) -> None:
    with transaction(lambda job: None):
        depot = make_depot()
        lot = make_stock(depot.warehouse, depot.city.iud.item_id, 100)
        order = services.order_items(SYSTEM, item_order(depot, 10)).stock_document_id
        picks = (Pick(lot.stock_lot_id, lot.stock_lot_id, 3),)
        issues = [StockIssue(key(), order, TODAY, picks=picks) for _ in range(RACERS)]
    answers = _race(racing, *[lambda one=one: services.issue_stock(SYSTEM, one).stock_document_id for one in issues])
    assert sum(isinstance(answer, int) for answer in answers) == 3
    assert _balance("transit") == 9
    _verify()


def test_a_count_is_posted_once_however_many_press_the_button(racing: Flask) -> None:
    with transaction(lambda job: None):
        depot = make_depot()
        lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
        count = services.open_count(SYSTEM, key(), depot.warehouse.stock_place_id, TODAY)
        count_id, place_id = count.stock_count_id, count.stock_place_id
        entry = CountEntry(key(), count_id, (Counted(place_id, lot.stock_lot_id, 9),))
        services.enter_count(SYSTEM, entry)
        why = services.Explanation(count_id, place_id, lot.stock_lot_id, CountCause.LOST, "hilang")
        services.explain_difference(SYSTEM, why)
    answers = _race(
        racing,
        *[lambda: tuple(d.stock_document_id for d in services.post_count(SYSTEM, count_id))] * RACERS,
    )
    assert len(set(answers)) == 1
    assert _balance("warehouse") == 9
    _verify()


def test_a_place_is_opened_for_counting_once(racing: Flask) -> None:
    with transaction(lambda job: None):
        place_id = make_depot().warehouse.stock_place_id
        keys = [key() for _ in range(RACERS)]
    answers = _race(
        racing,
        *[lambda one=one: services.open_count(SYSTEM, one, place_id, TODAY).stock_count_id for one in keys],
    )
    assert answers.count("count-running") == RACERS - 1


def test_a_request_is_sent_once_and_answered_once(racing: Flask) -> None:
    with transaction(lambda job: None):
        depot = make_depot()
        make_stock(depot.warehouse, depot.city.iud.item_id, 100)
        new = NewRequest(key(), depot.city.puskesmas.facility_id, TODAY, TODAY, ((depot.city.iud.item_id, 5),))
        orders = [item_order(depot, 5) for _ in range(RACERS)]
    sent = _race(racing, *[lambda: services.request_stock(SYSTEM, new).stock_request_id] * RACERS)
    assert len(set(sent)) == 1
    request_id = int(str(sent[0]))
    answers = _race(
        racing,
        *[
            lambda one=one: services.order_items(SYSTEM, replace(one, request_id=request_id)).stock_document_id
            for one in orders
        ],
    )
    assert answers.count("request-answered") == RACERS - 1
