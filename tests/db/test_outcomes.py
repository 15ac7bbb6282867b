"""How visits end, and what that takes from the shelf."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from campaign import clock
from campaign.attendance.models import Screening, ServiceOutcome
from campaign.attendance.outcomes import Ending, OutcomeKind
from campaign.attendance.recording import DayClosed, EndingRefused, VisitEnded, current_outcome, record_outcome
from campaign.attendance.screening import Answers, Finding
from campaign.attendance.screenings import ScreeningRecord, record_screening
from campaign.attendance.services import close_session
from campaign.attendance.visits import ImpossibleTime, NotCheckedIn
from campaign.db import db
from campaign.errors import NotAllowed
from campaign.logistics.campaign_stock import campaign_stock
from campaign.logistics.ledger import InsufficientStock
from tests.builders.attendance import (
    NINE,
    WELL,
    ServiceDay,
    arrive,
    ended,
    expect,
    make_service_day,
    serve,
    service,
    staff_of,
)

COLUMNS = [column for column in ServiceOutcome.__table__.columns if column.name != "service_outcome_id"]
pytestmark = pytest.mark.usefixtures("open_transaction", "service_hours")


@pytest.fixture
def service_hours():
    with clock.standing_at(NINE + timedelta(hours=1)):
        yield


@pytest.fixture
def day(open_transaction: None) -> ServiceDay:
    return make_service_day()


def used(day: ServiceDay, item_id: int) -> int:
    return sum(row.used for row in campaign_stock(day.campaign.campaign_id) if row.item_id == item_id)


def test_a_service_takes_its_goods_off_the_shelf(day: ServiceDay) -> None:
    serve(day, expect(day), "pill")
    assert used(day, day.city.pill.item_id) == 3  # three cycles an acceptor


def test_the_same_record_sent_again_takes_nothing_more(day: ServiceDay) -> None:
    candidate = expect(day)
    arrive(day, candidate)
    record = ended(day, candidate, service(day))
    assert record_outcome(day.staff, record) == record_outcome(day.staff, record)
    assert used(day, day.city.iud.item_id) == 1


def test_another_method_than_the_one_wished_may_be_given(day: ServiceDay) -> None:
    candidate = expect(day)  # wishes an IUD
    serve(day, candidate, "pill")
    outcome = current_outcome(day.session_id, candidate.candidate_id)
    assert outcome is not None
    assert outcome.method_code == "pill"


def test_an_empty_shelf_serves_nobody_and_records_nothing(day: ServiceDay) -> None:
    for _ in range(5):
        serve(day, expect(day))
    candidate = expect(day)
    arrive(day, candidate)
    with pytest.raises(InsufficientStock), db.session.begin_nested():
        record_outcome(day.staff, ended(day, candidate, service(day)))
    assert current_outcome(day.session_id, candidate.candidate_id) is None


def test_nothing_is_recorded_of_somebody_who_has_not_arrived(day: ServiceDay) -> None:
    with pytest.raises(NotCheckedIn):
        record_outcome(day.staff, ended(day, expect(day), Ending(OutcomeKind.WITHDREW, "iud")))


def test_no_service_without_screening(day: ServiceDay) -> None:
    candidate = expect(day)
    arrive(day, candidate, answers=None)
    with pytest.raises(EndingRefused) as refused:
        record_outcome(day.staff, ended(day, candidate, service(day)))
    assert [mistake.code for mistake in refused.value.mistakes] == ["not-screened"]


def test_a_provider_whose_certificate_ran_out_the_day_before_may_not_insert(day: ServiceDay) -> None:
    candidate = expect(day)
    arrive(day, candidate)
    day.city.midwife.skills[0].valid_until = day.session.held_on - timedelta(days=1)
    with pytest.raises(EndingRefused) as refused:
        record_outcome(day.staff, ended(day, candidate, service(day)))
    assert [mistake.code for mistake in refused.value.mistakes] == ["provider-not-trained"]
    day.city.midwife.skills[0].valid_until = day.session.held_on
    record_outcome(day.staff, ended(day, candidate, service(day)))


def test_a_screening_stops_a_method_and_names_the_others(day: ServiceDay) -> None:
    candidate = expect(day)
    arrive(day, candidate, answers=None)
    answers = replace(WELL, has_pelvic_inflammation=True)
    record = ScreeningRecord(uuid4(), day.session_id, candidate.candidate_id, answers, NINE)
    result = record_screening(day.staff, record)
    assert (result.is_eligible, result.finding) == (False, Finding.PELVIC_INFLAMMATION)
    assert result.allowed_methods == {"pill", "condom"}


def test_the_answers_of_a_screening_are_not_stored(day: ServiceDay) -> None:
    arrive(day, expect(day), Answers(has_jaundice=True))
    columns = {column.name for column in Screening.__table__.columns}
    assert columns & set(Answers.__slots__) == set()


def test_the_latest_screening_counts(day: ServiceDay) -> None:
    candidate = expect(day)
    arrive(day, candidate, Answers())  # no pelvic examination yet
    with pytest.raises(EndingRefused):
        record_outcome(day.staff, ended(day, candidate, service(day)))
    arrive(day, candidate, WELL)
    record_outcome(day.staff, ended(day, candidate, service(day)))


def test_a_correction_gives_back_what_the_first_record_took(day: ServiceDay) -> None:
    candidate = expect(day)
    first = serve(day, candidate)
    record_outcome(day.staff, ended(day, candidate, Ending(OutcomeKind.WITHDREW, "iud"), replaces_id=first))
    assert used(day, day.city.iud.item_id) == 0
    outcome = current_outcome(day.session_id, candidate.candidate_id)
    assert outcome is not None
    assert outcome.kind is OutcomeKind.WITHDREW


def test_a_visit_ends_once_unless_the_record_says_what_it_corrects(day: ServiceDay) -> None:
    candidate = expect(day)
    first = serve(day, candidate)
    with pytest.raises(VisitEnded):
        record_outcome(day.staff, ended(day, candidate, service(day)))
    record_outcome(day.staff, ended(day, candidate, service(day, "pill"), replaces_id=first))
    with pytest.raises(VisitEnded):  # somebody corrected it already
        record_outcome(day.staff, ended(day, candidate, service(day), replaces_id=first))


def test_the_time_of_an_outcome_is_on_the_day_of_its_session(day: ServiceDay) -> None:
    candidate = expect(day)
    arrive(day, candidate)
    for wrong in (NINE - timedelta(days=1), NINE + timedelta(hours=3)):
        with pytest.raises(ImpossibleTime):
            record_outcome(day.staff, replace(ended(day, candidate, service(day)), ended_at=wrong))


def test_after_closing_only_what_happened_before_may_be_recorded(day: ServiceDay) -> None:
    late, corrected = expect(day), expect(day)
    arrive(day, late)
    first = serve(day, corrected)
    closed_at = close_session(day.staff, day.session_id).closed_at
    assert closed_at is not None
    record = ended(day, late, service(day))
    with pytest.raises(DayClosed):
        record_outcome(day.staff, replace(record, ended_at=closed_at + timedelta(minutes=1)))
    record_outcome(day.staff, record)
    record_outcome(day.staff, ended(day, corrected, service(day, "pill"), replaces_id=first))


def test_another_facility_records_nothing_here(day: ServiceDay) -> None:
    candidate = expect(day)
    arrive(day, candidate)
    stranger = staff_of(day.city.hospital.facility_id)
    with pytest.raises(NotAllowed):
        record_outcome(stranger, ended(day, candidate, service(day)))


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"consent_number": None}, "served_has_consent"),
        ({"provider_id": None}, "served_has_a_provider"),
        ({"uses_nothing": False}, "served_uses_stock"),
        ({"kind": OutcomeKind.DEFERRED, "provider_id": None, "uses_nothing": False}, "has_a_reason"),
        ({"replaces_id": None}, "uq_service_outcome_first"),
    ],
)
def test_the_database_holds_the_line_behind_the_use_case(
    day: ServiceDay, change: dict[str, object], constraint: str
) -> None:
    first = serve(day, expect(day))
    row = {column.name: getattr(db.session.get_one(ServiceOutcome, first), column.name) for column in COLUMNS}
    row |= {"record_key": uuid4(), "replaces_id": first, "stock_document_id": None, "uses_nothing": True}
    with pytest.raises(IntegrityError, match=constraint), db.session.begin_nested():
        db.session.execute(insert(ServiceOutcome).values(row | change))


@pytest.mark.parametrize("table", ["check_in", "screening", "service_outcome"])
def test_what_was_recorded_cannot_be_changed(day: ServiceDay, table: str) -> None:
    serve(day, expect(day))
    with pytest.raises(Exception, match="permission denied"), db.session.begin_nested():
        db.session.execute(text(f"UPDATE {table} SET candidate_id = candidate_id"))
