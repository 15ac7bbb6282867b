"""From station to station, home with a next visit, and seen again a week later before the campaign closes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.attendance.controls import (
    ControlInvalid,
    ControlsMissing,
    close_after_controls,
    controls_of,
    missing_controls,
    record_control,
)
from campaign.attendance.queues import Pace, queues, send_on
from campaign.attendance.services import check_in
from campaign.attendance.stations import Complication, VisitKey
from campaign.attendance.visit_models import Aftercare, AftercareKind, ControlWaiver, Stop
from campaign.db import db
from tests.builders.attendance import HELD_ON, NINE, ServiceDay, expect, make_service_day, scan, serve

pytestmark = pytest.mark.usefixtures("open_transaction")


@pytest.fixture
def day(open_transaction: None) -> ServiceDay:
    return make_service_day()


def key(day: ServiceDay, candidate_id: int) -> VisitKey:
    return VisitKey(uuid4(), day.session_id, candidate_id, clock.now())


def test_who_has_arrived_waits_for_registration_under_a_number_that_stays(day: ServiceDay) -> None:
    first, second = expect(day), expect(day)
    with clock.standing_at(NINE + timedelta(minutes=6)):
        check_in(day.staff, scan(day, first))
        check_in(day.staff, scan(day, second, NINE - timedelta(minutes=10)))
        found = queues(day.staff, day.session_id)[Stop.REGISTRATION]
        assert [(one.token, one.minutes, one.pace) for one in found] == [("002", 16, Pace.OVER), ("001", 6, Pace.OVER)]
        send_on(day.staff, key(day, first.candidate_id), Stop.EXAMINATION)
        moved = queues(day.staff, day.session_id)[Stop.EXAMINATION]
        assert [(one.token, one.then) for one in moved] == [("001", Stop.SERVICE)]


def test_a_second_press_is_the_same_move(day: ServiceDay) -> None:
    candidate = expect(day)
    with clock.standing_at(NINE + timedelta(hours=1)):
        serve(day, candidate)
        once = key(day, candidate.candidate_id)
        send_on(day.staff, once, Stop.HOME)
        send_on(day.staff, once, Stop.HOME)
    kinds = [row.kind for row in db.session.scalars(select(Aftercare))]
    assert sorted(kinds) == [AftercareKind.DISCHARGED, AftercareKind.NEXT_VISIT]


def test_going_home_after_an_iud_names_the_next_visit_a_month_on(day: ServiceDay) -> None:
    candidate = expect(day)
    with clock.standing_at(NINE + timedelta(hours=1)):
        serve(day, candidate)
        send_on(day.staff, key(day, candidate.candidate_id), Stop.HOME)
        assert not any(queues(day.staff, day.session_id).values())
    due = db.session.scalars(select(Aftercare.due_on).where(Aftercare.kind == AftercareKind.NEXT_VISIT)).one()
    assert due == HELD_ON + timedelta(days=30)


def test_only_procedures_are_controlled_and_a_week_later(day: ServiceDay) -> None:
    iud, pill = expect(day), expect(day)
    with clock.standing_at(NINE + timedelta(hours=1)):
        serve(day, iud)
        serve(day, pill, "pill")
    found = controls_of(day.staff, day.session_id)
    assert [(one.candidate_id, one.due_on) for one in found] == [(iud.candidate_id, HELD_ON + timedelta(days=7))]
    who = (day.session_id, iud.candidate_id)
    with clock.standing_at(NINE + timedelta(hours=2)), pytest.raises(ControlInvalid):
        record_control(day.staff, uuid4(), who)
    with clock.standing_at(NINE + timedelta(days=7)):
        record_control(day.staff, uuid4(), who, Complication.INFECTION)
        record_control(day.staff, uuid4(), who)  # ticked twice by two people: the first stands
    done = controls_of(day.staff, day.session_id)
    assert (done[0].done_at is not None, done[0].complication) == (True, "infection")
    assert missing_controls(day.campaign.campaign_id) == 0


def test_a_campaign_with_people_not_seen_again_closes_only_for_a_reason(day: ServiceDay) -> None:
    with clock.standing_at(NINE + timedelta(hours=1)):
        serve(day, expect(day))
    with pytest.raises(ControlsMissing) as refused:
        close_after_controls(SYSTEM, day.campaign.campaign_id, "  ")
    assert refused.value.facts["count"] == 1


def test_the_reason_to_close_without_a_control_is_kept(day: ServiceDay, monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.standing_at(NINE + timedelta(hours=1)):
        serve(day, expect(day))
    # Whether goods are accounted for is told in test_campaign_settled.py.
    monkeypatch.setattr("campaign.attendance.controls.close_campaign", lambda actor, campaign_id: None)
    close_after_controls(SYSTEM, day.campaign.campaign_id, " Pindah kota ")
    waiver = db.session.scalars(select(ControlWaiver)).one()
    assert (waiver.missing, waiver.reason) == (1, "Pindah kota")
