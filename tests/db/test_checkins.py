"""Check-ins: once per person, however often and from wherever they are sent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from campaign import clock
from campaign.attendance.cards import card_code
from campaign.attendance.checkin import Accepted, RefusalCode, Refused, Repeat
from campaign.attendance.models import CheckIn, CheckInAnswer
from campaign.attendance.services import Scan, UnknownCard, check_in, close_session
from campaign.db import db
from campaign.errors import KeyReused, NotAllowed
from tests.builders.attendance import NINE, ServiceDay, expect, make_service_day, make_session, scan, staff_of
from tests.builders.candidates import make_candidate

pytestmark = pytest.mark.usefixtures("open_transaction", "service_hours")


@pytest.fixture
def service_hours():
    with clock.standing_at(NINE + timedelta(hours=1)):
        yield


@pytest.fixture
def day(open_transaction: None) -> ServiceDay:
    return make_service_day()


def check_ins() -> int:
    return db.session.scalar(select(func.count()).select_from(CheckIn)) or 0


def test_the_same_scan_sent_again_gets_its_first_answer_again(day: ServiceDay) -> None:
    card = scan(day, expect(day))
    first = check_in(day.staff, card)
    assert check_in(day.staff, card) == first
    assert first.answer == Accepted(is_walk_in=False)
    assert check_ins() == 1


def test_a_second_scan_of_the_same_card_is_a_repeat(day: ServiceDay) -> None:
    candidate = expect(day)
    check_in(day.staff, scan(day, candidate))
    repeat = scan(day, candidate, NINE + timedelta(minutes=3))
    assert check_in(day.staff, repeat).answer == Repeat(NINE)
    assert check_in(day.staff, repeat).answer == Repeat(NINE)


def test_the_code_on_the_card_names_the_candidate(day: ServiceDay) -> None:
    candidate = expect(day)
    card = Scan(uuid4(), day.session_id, NINE, code=card_code(candidate.candidate_id))
    assert check_in(day.staff, card).candidate_id == candidate.candidate_id


def test_an_unknown_code_is_told_and_not_stored(day: ServiceDay) -> None:
    with pytest.raises(UnknownCard):
        check_in(day.staff, Scan(uuid4(), day.session_id, NINE, code=card_code(999_999)))


def test_a_candidate_expected_elsewhere_is_accepted_as_a_walk_in(day: ServiceDay) -> None:
    stranger = make_candidate(day.campaign.campaign_id)
    assert check_in(day.staff, scan(day, stranger)).answer == Accepted(is_walk_in=True)


def test_a_refused_scan_is_stored_with_its_code(day: ServiceDay) -> None:
    tomorrow = scan(day, expect(day), NINE + timedelta(days=1))
    assert check_in(day.staff, tomorrow).answer == Refused(RefusalCode.FROM_THE_FUTURE)
    row = db.session.scalars(select(CheckIn)).one()
    assert (row.answer, row.code) == (CheckInAnswer.REFUSED, "scan-from-the-future")


def test_a_scan_id_used_at_another_session_is_a_conflict(day: ServiceDay) -> None:
    card = scan(day, expect(day))
    check_in(day.staff, card)
    tomorrow = datetime(2027, 6, 16, tzinfo=UTC).date()
    other = make_session(day.campaign, day.plan_run_id, day.city.puskesmas.facility_id, tomorrow)
    with pytest.raises(KeyReused):
        check_in(day.staff, replace(card, service_session_id=other.service_session_id))


def test_only_staff_of_the_session_s_facility_check_in(day: ServiceDay) -> None:
    stranger = staff_of(day.city.hospital.facility_id)
    with pytest.raises(NotAllowed):
        check_in(stranger, scan(day, expect(day)))


def test_a_late_upload_counts_after_closing_and_a_later_arrival_does_not(day: ServiceDay) -> None:
    before, after = expect(day), expect(day)
    with clock.standing_at(NINE):
        closed_at = close_session(day.staff, day.session_id).closed_at
    assert closed_at is not None
    late_upload = scan(day, before, closed_at - timedelta(minutes=1))
    assert check_in(day.staff, late_upload).answer == Accepted(is_walk_in=False)
    too_late = scan(day, after, closed_at + timedelta(minutes=1))
    assert check_in(day.staff, too_late).answer == Refused(RefusalCode.AFTER_CLOSING)


def test_closing_twice_is_closing_once(day: ServiceDay) -> None:
    first = close_session(day.staff, day.session_id).closed_at
    with clock.standing_at(NINE + timedelta(hours=9)):
        assert close_session(day.staff, day.session_id).closed_at == first


def test_the_database_accepts_a_person_only_once_a_session(day: ServiceDay) -> None:
    candidate = expect(day)
    check_in(day.staff, scan(day, candidate))
    row = {"service_session_id": day.session_id, "candidate_id": candidate.candidate_id, "is_walk_in": False}
    row |= {"scan_id": uuid4(), "answer": CheckInAnswer.ACCEPTED, "arrived_at": NINE, "received_at": NINE}
    with pytest.raises(IntegrityError, match="uq_check_in_once"), db.session.begin_nested():
        db.session.execute(insert(CheckIn).values(row))


def test_replaying_a_batch_in_any_order_changes_nothing(day: ServiceDay) -> None:
    people = [expect(day) for _ in range(3)]
    batch = [scan(day, people[n % 3], NINE + timedelta(minutes=n)) for n in range(6)]
    first = {card.scan_id: check_in(day.staff, card) for card in batch}
    again = {card.scan_id: check_in(day.staff, card) for card in reversed(batch)}
    assert again == first
    assert check_ins() == 6
