"""Real connections race for the same goods: never below nothing, never twice, never what is somebody else's."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import text

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.app import create_app
from campaign.config import Settings
from campaign.db import db
from campaign.errors import CampaignError
from campaign.logistics import services
from campaign.logistics.models import StockDocument
from campaign.logistics.services import StockIssue, StockUse
from campaign.transaction import transaction
from tests.builders.events import make_campaign
from tests.builders.logistics import (
    TODAY,
    incoming,
    item_order,
    key,
    make_depot,
    make_plan_run,
    make_reservations,
    make_stock,
    receipt,
)
from tests.conftest import NOON

RACERS = 6


@pytest.fixture
def racing(own_database: Settings) -> Iterator[Flask]:
    """An application on a database of its own, where commits are for good."""
    app = create_app(own_database, send=lambda job: None)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _race(app: Flask, *tasks: Callable[[], object]) -> list[object]:
    """Run the tasks at once, each in its own transaction on its own connection; return results or error codes."""
    start = Barrier(len(tasks))

    def run(task: Callable[[], object]) -> object:
        with app.app_context(), clock.standing_at(NOON):
            start.wait()
            try:
                with transaction(lambda job: None):
                    return task()
            except CampaignError as error:
                return error.code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def _ordered(order: services.ItemOrder) -> int:
    return services.order_items(SYSTEM, order).stock_document_id


def test_racing_orders_share_what_is_free_and_never_more(racing: Flask) -> None:
    with transaction(lambda job: None):
        depot = make_depot()
        iud = depot.city.iud.item_id
        make_stock(depot.warehouse, iud, 9, expires_on=TODAY.replace(month=5))  # expired
        good = make_stock(depot.warehouse, iud, 10, expires_on=TODAY)  # its last day
        held = make_stock(depot.warehouse, iud, 7)
        make_reservations(depot, held, 7)
        orders = [item_order(depot, 3) for _ in range(RACERS)]
        lot_id = good.stock_lot_id
    answers = _race(racing, *[lambda order=order: _ordered(order) for order in orders])
    assert sorted(str(answer) for answer in answers if isinstance(answer, str)) == ["insufficient-stock"] * 3
    taken = db.session.execute(
        text("SELECT stock_lot_id, sum(quantity) FROM reservation WHERE plan_run_id IS NULL GROUP BY 1")
    ).all()
    assert taken == [(lot_id, 9)]  # 3 x 3 of 10; nothing of the expired lot, nothing of the plan's


def test_racing_uses_never_take_a_shelf_below_nothing(racing: Flask) -> None:
    with transaction(lambda job: None):
        depot = make_depot()
        iud = depot.city.iud.item_id
        for _ in range(2):
            make_stock(depot.shelf, iud, 5)
        facility = depot.city.puskesmas.facility_id
        uses = [StockUse(key(), facility, None, TODAY, ((iud, 3),)) for _ in range(RACERS)]
    answers = _race(racing, *[lambda use=use: services.use_stock(SYSTEM, use) for use in uses])
    assert answers.count("insufficient-stock") == 3
    left = db.session.execute(
        text("SELECT sum(quantity) FROM stock_balance JOIN stock_place USING (stock_place_id) WHERE kind = 'facility'")
    ).scalar_one()
    assert left == 1
    with transaction(lambda job: None):
        assert services.verify_stock(SYSTEM).differences == []


def test_the_same_key_at_once_makes_one_document(racing: Flask) -> None:
    with transaction(lambda job: None):
        depot = make_depot()
        make_stock(depot.warehouse, depot.city.iud.item_id, 100)
        order = item_order(depot, 3)
    answers = _race(racing, *[lambda: _ordered(order)] * RACERS)
    assert len(set(answers)) == 1
    assert db.session.query(StockDocument).filter_by(idempotency_key=order.key).count() == 1


def test_an_order_is_issued_once_however_many_press_the_button(racing: Flask) -> None:
    with transaction(lambda job: None):
        depot = make_depot()
        make_stock(depot.warehouse, depot.city.iud.item_id, 100)
        order_id = _ordered(item_order(depot, 3))
        issues = [StockIssue(key(), order_id, TODAY) for _ in range(RACERS)]
    answers = _race(
        racing, *[lambda issue=issue: services.issue_stock(SYSTEM, issue).stock_document_id for issue in issues]
    )
    assert answers.count("order-not-waiting") == RACERS - 1


def test_issue_and_withdrawal_of_one_order_exclude_each_other(racing: Flask) -> None:
    with transaction(lambda job: None):
        depot = make_depot()
        make_stock(depot.warehouse, depot.city.iud.item_id, 100)
        order_id = _ordered(item_order(depot, 3))
        issue = StockIssue(key(), order_id, TODAY)
        withdrawal = services.Reversal(key(), order_id, TODAY, "batal")
    answers = _race(
        racing,
        lambda: services.issue_stock(SYSTEM, issue).stock_document_id,
        lambda: services.reverse(SYSTEM, withdrawal).stock_document_id,
    )
    assert len({"order-not-waiting", "not-reversible"} & {str(answer) for answer in answers}) == 1


def test_two_plans_cannot_reserve_the_same_goods(racing: Flask) -> None:
    with transaction(lambda job: None):
        depot = make_depot()
        lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
        line = services.PlannedDelivery(
            depot.warehouse.stock_place_id, depot.city.puskesmas.facility_id, lot.stock_lot_id, TODAY, 6
        )
        campaigns = [make_campaign(depot.city).campaign_id for _ in range(2)]
        plans = [(make_plan_run(campaign).plan_run_id, campaign) for campaign in campaigns]
    answers = _race(
        racing,
        *[lambda plan=plan: services.reserve_for_plan(SYSTEM, *plan, [line])[0].quantity for plan in plans],
    )
    assert sorted(map(str, answers)) == ["6", "insufficient-stock"]


def test_deliveries_of_one_new_lot_at_once_are_one_lot_under_different_numbers(racing: Flask) -> None:
    with transaction(lambda job: None):
        depot = make_depot()
        line = incoming(depot.city.iud.item_id, 5, number="BARU")
        deliveries = [receipt(depot, line) for _ in range(RACERS)]
    answers = _race(racing, *[lambda one=one: services.receive_stock(SYSTEM, one).number for one in deliveries])
    assert len(set(answers)) == RACERS
    stored = db.session.execute(
        text("SELECT quantity FROM stock_balance JOIN stock_lot USING (stock_lot_id) WHERE is_real AND number = 'BARU'")
    ).scalars()
    assert list(stored) == [5 * RACERS]


def test_orders_between_the_same_places_in_any_order_do_not_deadlock(racing: Flask) -> None:
    with transaction(lambda job: None):
        depot = make_depot()
        iud, pill = depot.city.iud.item_id, depot.city.pill.item_id
        for item in (iud, pill):
            for _ in range(3):
                make_stock(depot.warehouse, item, 100)
        both = [((iud, 5), (pill, 5)), ((pill, 5), (iud, 5))] * 3
        orders = [_ordered(item_order(depot, 1, items=items)) for items in both]
        issues = [StockIssue(key(), order_id, TODAY) for order_id in orders]
    answers = _race(
        racing, *[lambda issue=issue: services.issue_stock(SYSTEM, issue).stock_document_id for issue in issues]
    )
    assert len(set(answers)) == len(orders)
    assert all(isinstance(answer, int) for answer in answers)
    numbers = [number for (number,) in db.session.execute(text("SELECT number FROM stock_document WHERE kind='issue'"))]
    assert len(set(numbers)) == len(orders)
