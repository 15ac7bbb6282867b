"""What happens when two desks do the same thing at the same moment, on real connections."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from campaign import clock
from campaign.app import create_app
from campaign.attendance.checkin import Accepted, Repeat
from campaign.attendance.queries import tally
from campaign.attendance.recording import VisitEnded, record_outcome
from campaign.attendance.services import check_in
from campaign.attendance.tallying import is_marked, tally_campaign
from campaign.config import Settings
from campaign.db import db
from campaign.transaction import transaction
from tests.builders.attendance import NINE, arrive, ended, expect, make_service_day, scan, serve, service

DESKS = 4


@pytest.fixture
def racing_app(own_database: Settings) -> Iterator[Flask]:
    app = create_app(own_database, send=lambda job: None)
    yield app
    with app.app_context():
        db.engine.dispose()


def race(app: Flask, *acts: Callable[[], Any]) -> list[Any]:
    """Run the acts at once, each in a transaction of its own; return results, or the errors raised."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        with app.app_context(), clock.standing_at(NINE + timedelta(hours=1)):
            start.wait()
            try:
                with transaction(lambda job: None):
                    return act()
            except VisitEnded as error:
                return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def prepare(app: Flask, make: Callable[[], Any]) -> Any:
    with app.app_context(), clock.standing_at(NINE + timedelta(hours=1)), transaction(lambda job: None):
        return make()


def test_one_of_several_desks_checks_a_person_in_and_the_others_hear_of_it(racing_app: Flask) -> None:
    def make():
        day = make_service_day()
        candidate = expect(day)
        return day.staff, [scan(day, candidate) for _ in range(DESKS)]

    staff, cards = prepare(racing_app, make)
    results = race(racing_app, *(lambda card=card: check_in(staff, card) for card in cards))
    assert sorted(type(result.answer).__name__ for result in results) == [
        Accepted.__name__,
        *[Repeat.__name__] * (DESKS - 1),
    ]


def test_the_same_scan_over_several_connections_is_one_answer(racing_app: Flask) -> None:
    def make():
        day = make_service_day()
        return day.staff, scan(day, expect(day))

    staff, card = prepare(racing_app, make)
    results = race(racing_app, *[lambda: check_in(staff, card)] * DESKS)
    assert {result.answer for result in results} == {Accepted(is_walk_in=False)}


def test_one_of_several_desks_ends_a_visit_and_takes_the_goods_once(racing_app: Flask) -> None:
    def make():
        day = make_service_day(iuds=1)
        candidate = expect(day)
        arrive(day, candidate)
        return day.staff, [ended(day, candidate, service(day)) for _ in range(DESKS)]

    staff, records = prepare(racing_app, make)
    results = race(racing_app, *(lambda record=record: record_outcome(staff, record) for record in records))
    assert sum(isinstance(result, int) for result in results) == 1


def test_counts_that_run_at_once_end_as_one(racing_app: Flask) -> None:
    def make():
        day = make_service_day()
        for _ in range(3):
            serve(day, expect(day))
        return day.campaign.campaign_id

    campaign_id = prepare(racing_app, make)
    race(racing_app, *[lambda: tally_campaign(campaign_id)] * DESKS)
    with racing_app.app_context():
        (counts,) = tally(campaign_id).cells.values()
        db.session.remove()
    assert counts.served == 3


def test_a_row_that_commits_while_a_recount_runs_stays_marked(racing_app: Flask) -> None:
    def make():
        day = make_service_day()
        serve(day, expect(day))
        return day.campaign.campaign_id, day.staff, scan(day, expect(day))

    campaign_id, staff, late = prepare(racing_app, make)
    an_hour_in = clock.standing_at(NINE + timedelta(hours=1))
    with racing_app.app_context(), an_hour_in, transaction(lambda job: None):
        check_in(staff, late)
        with racing_app.app_context(), transaction(lambda job: None):
            assert tally_campaign(campaign_id)  # it cannot see the late row, and must not take its mark away
    with racing_app.app_context(), transaction(lambda job: None):
        assert is_marked(campaign_id)
        assert tally_campaign(campaign_id)
        (counts,) = tally(campaign_id).cells.values()
    assert counts.came == 2
