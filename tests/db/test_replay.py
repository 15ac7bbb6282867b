"""A replayed service day goes through the real use-cases, adds up, and can be replayed again."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import text

from campaign.attendance.queries import tally
from campaign.attendance.tallies import total
from campaign.attendance.tallying import tally_campaign
from campaign.db import db
from campaign.demo.replay import replay
from campaign.reports.campaign_report import build_report
from campaign.transaction import transaction
from tests.builders.attendance import ServiceDay, expect, make_service_day
from tests.builders.candidates import Wish

TABLES = ("candidate", "check_in", "screening", "service_outcome", "stock_document", "stock_entry")
EXPECTED = 60


@pytest.fixture
def day(app: Flask) -> ServiceDay:
    with transaction(lambda job: None):
        day = make_service_day(iuds=EXPECTED, pills=3 * EXPECTED)
        for number in range(EXPECTED):
            expect(day, Wish(method_code="iud" if number % 2 else "pill", is_poor=number % 3 == 0), minutes=number * 4)
        db.session.flush()
    return day


def rows() -> Counter[str]:
    return Counter({table: db.session.scalar(text(f"SELECT count(*) FROM {table}")) for table in TABLES})


def test_replaying_twice_adds_no_row(app: Flask, day: ServiceDay) -> None:
    replay(app, day.campaign.campaign_id, lambda done, total: None)
    before = rows()
    replay(app, day.campaign.campaign_id, lambda done, total: None)
    assert rows() == before


def test_a_replayed_day_has_every_kind_of_visitor_and_its_stock_adds_up(app: Flask, day: ServiceDay) -> None:
    steps: list[tuple[int, int]] = []
    replay(app, day.campaign.campaign_id, lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1] == len(steps)
    with transaction(lambda job: None):
        tally_campaign(day.campaign.campaign_id)
        counts = total(tally(day.campaign.campaign_id).cells.values())
        report = build_report(day.campaign.campaign_id)
    assert counts.planned == EXPECTED
    assert 0 < counts.came - counts.walk_ins < EXPECTED
    assert counts.walk_ins == 2
    ends = (counts.served, counts.deferred, counts.refused, counts.referred, counts.withdrew)
    assert sum(ends) == counts.came
    assert counts.served < counts.came
    assert report.is_settled
    assert report.stock
    assert not report.is_provisional
