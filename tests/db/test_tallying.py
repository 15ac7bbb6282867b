"""Tallies are what the rows say, whenever and however often one counts."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from campaign import clock
from campaign.attendance.models import TallyMark
from campaign.attendance.outcomes import Ending, OutcomeKind
from campaign.attendance.queries import tally
from campaign.attendance.recording import record_outcome
from campaign.attendance.screening import Obstacle
from campaign.attendance.services import check_in, close_session
from campaign.attendance.tallies import Cell, Counts
from campaign.attendance.tallying import mark_dirty, stale_campaigns, tally_campaign
from campaign.db import db
from campaign.jobs import Job, JobName
from campaign.transaction import transaction
from tests.builders.attendance import NINE, ServiceDay, arrive, ended, expect, make_service_day, scan, serve
from tests.builders.candidates import Wish, make_candidate

pytestmark = pytest.mark.usefixtures("service_hours")


@pytest.fixture
def service_hours():
    with clock.standing_at(NINE + timedelta(hours=1)):
        yield


@pytest.fixture
def day(open_transaction: None) -> ServiceDay:
    return make_service_day()


def cell(day: ServiceDay, method_code: str = "iud") -> Cell:
    return Cell(day.session_id, "33.75.01", method_code)


def test_a_tally_counts_every_kind_of_row(day: ServiceDay) -> None:
    expect(day)  # does not come
    serve(day, expect(day, Wish(is_poor=True)))
    deferred = expect(day)
    arrive(day, deferred)
    ending = Ending(OutcomeKind.DEFERRED, "iud", reason=Obstacle.NO_PROVIDER)
    record_outcome(day.staff, ended(day, deferred, ending))
    check_in(day.staff, scan(day, make_candidate(day.campaign.campaign_id)))
    tally_campaign(day.campaign.campaign_id)
    expected = Counts(planned=3, came=3, walk_ins=1, served=1, served_poor=1, deferred=1)
    assert tally(day.campaign.campaign_id).cells == {cell(day): expected}


def test_counting_again_without_new_rows_changes_nothing(day: ServiceDay) -> None:
    serve(day, expect(day))
    assert tally_campaign(day.campaign.campaign_id)
    before = tally(day.campaign.campaign_id)
    assert not tally_campaign(day.campaign.campaign_id)
    assert tally(day.campaign.campaign_id) == before


def test_a_correction_after_a_count_moves_the_count(day: ServiceDay) -> None:
    candidate = expect(day)
    first = serve(day, candidate)
    tally_campaign(day.campaign.campaign_id)
    withdrew = Ending(OutcomeKind.WITHDREW, "iud")
    record_outcome(day.staff, ended(day, candidate, withdrew, replaces_id=first))
    assert tally_campaign(day.campaign.campaign_id)
    assert tally(day.campaign.campaign_id).cells == {cell(day): Counts(planned=1, came=1, withdrew=1)}


def test_rows_without_a_mark_are_found_by_their_number(day: ServiceDay) -> None:
    tally_campaign(day.campaign.campaign_id)
    assert stale_campaigns() == []
    check_in(day.staff, scan(day, expect(day)))
    db.session.execute(delete(TallyMark))
    assert stale_campaigns() == [day.campaign.campaign_id]
    requeue_tallies_as_the_sweep_does()
    assert tally_campaign(day.campaign.campaign_id)
    assert stale_campaigns() == []


def requeue_tallies_as_the_sweep_does() -> None:
    for campaign_id in stale_campaigns():
        mark_dirty(campaign_id)


def test_a_tally_is_provisional_until_every_facility_has_closed_and_all_is_counted(day: ServiceDay) -> None:
    serve(day, expect(day))
    tally_campaign(day.campaign.campaign_id)
    assert tally(day.campaign.campaign_id).is_provisional
    close_session(day.staff, day.session_id)
    assert tally(day.campaign.campaign_id).is_provisional
    tally_campaign(day.campaign.campaign_id)
    assert not tally(day.campaign.campaign_id).is_provisional


def test_every_record_asks_for_a_count_and_a_count_without_marks_does_nothing(app: object, sent: list[Job]) -> None:
    with transaction(sent.append):
        day = make_service_day()
        cards = [scan(day, expect(day)) for _ in range(2)]
    for card in cards:
        with transaction(sent.append):
            check_in(day.staff, card)
    assert sent.count(Job(JobName.TALLY_CAMPAIGN, {"campaign_id": day.campaign.campaign_id})) == 2
    with transaction(sent.append):
        assert tally_campaign(day.campaign.campaign_id)
        assert not tally_campaign(day.campaign.campaign_id)
