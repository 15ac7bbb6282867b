"""A day kept on paper merges with what telephones sent: original times, nothing twice, nothing lost."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaign import clock
from campaign.attendance.cards import card_code
from campaign.attendance.device.models import DeviceEvent
from campaign.attendance.models import CheckIn, ServiceOutcome
from campaign.attendance.outcomes import OutcomeKind
from campaign.attendance.paper.keying import PaperRefused, key_in
from campaign.attendance.paper.lines import Typed
from campaign.attendance.recording import record_outcome
from campaign.attendance.services import close_session
from campaign.attendance.settling import matters_of
from campaign.attendance.tallies import recount
from campaign.attendance.tallying import rows_of
from campaign.attendance.visit_models import Consent, SettledMatter
from campaign.db import db
from campaign.outreach.models import Candidate
from tests.builders.attendance import NINE, ServiceDay, arrive, ended, expect, make_service_day, serve, service

pytestmark = pytest.mark.usefixtures("open_transaction", "evening")


@pytest.fixture
def evening():
    with clock.standing_at(NINE + timedelta(hours=10)):
        yield


@pytest.fixture
def day(open_transaction: None) -> ServiceDay:
    return make_service_day()


def served_line(day: ServiceDay, candidate: Candidate, **changes: str) -> Typed:
    values = {
        "code": card_code(candidate.candidate_id),
        "arrived": "9.05",
        "verdict": "yes",
        "kind": "served",
        "provider": str(day.city.midwife.provider_id),
        "consent": "v",
        "ended": "9.50",
    }
    return Typed(**(values | changes))


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_line_is_recorded_with_the_times_on_the_paper_and_its_printed_consent(day: ServiceDay) -> None:
    candidate = expect(day)
    keyed = key_in(day.staff, day.session_id, [served_line(day, candidate)])
    assert (keyed.lines, keyed.to_settle) == (1, 0)
    arrival, outcome = db.session.scalars(select(CheckIn)).one(), db.session.scalars(select(ServiceOutcome)).one()
    assert arrival.arrived_at == NINE + timedelta(minutes=5)
    assert outcome.ended_at == NINE + timedelta(minutes=50)
    number = f"IC-{day.session_id}-{card_code(candidate.candidate_id)}"
    assert db.session.scalars(select(Consent)).one().number == number


def test_the_same_lines_again_record_nothing_more(day: ServiceDay) -> None:
    lines = [served_line(day, expect(day)), Typed(name="Warga Contoh", method="pill", arrived="10.00")]
    key_in(day.staff, day.session_id, lines)
    before = count(DeviceEvent), count(CheckIn), count(ServiceOutcome), count(Candidate)
    again = key_in(day.staff, day.session_id, lines)
    assert (again.lines, again.repeats, again.recorded) == (0, 2, 0)
    assert (count(DeviceEvent), count(CheckIn), count(ServiceOutcome), count(Candidate)) == before
    assert count(CheckIn) == 2


def test_what_a_telephone_sent_already_is_recognised(day: ServiceDay) -> None:
    candidate = expect(day)
    serve(day, candidate)
    keyed = key_in(day.staff, day.session_id, [served_line(day, candidate)])
    assert (keyed.repeats, keyed.recorded, keyed.to_settle) == (1, 0, 0)
    assert count(ServiceOutcome) == 1


def test_paper_completes_what_a_telephone_began(day: ServiceDay) -> None:
    candidate = expect(day)
    arrive(day, candidate)
    line = served_line(day, candidate, arrived="", verdict="")
    assert key_in(day.staff, day.session_id, [line]).to_settle == 0
    assert db.session.scalars(select(ServiceOutcome)).one().kind is OutcomeKind.SERVED
    assert count(CheckIn) == 1


def test_paper_that_tells_another_end_is_kept_for_a_person_and_changes_no_count(day: ServiceDay) -> None:
    candidate = expect(day)
    serve(day, candidate)
    line = served_line(day, candidate, kind="deferred", reason="hypertension", verdict="", provider="", consent="")
    keyed = key_in(day.staff, day.session_id, [line])
    assert keyed.to_settle == 1
    matter = matters_of(day.staff, day.session_id)[0]
    assert matter.matter is SettledMatter.SECOND_ENDING
    assert matter.facts["said"]["kind"] == "deferred"
    assert sum(one.served for one in recount(rows_of(day.campaign.campaign_id)).values()) == 1


def test_a_closed_day_takes_what_happened_before_its_closing(day: ServiceDay) -> None:
    candidate = expect(day)
    close_session(day.staff, day.session_id)
    assert key_in(day.staff, day.session_id, [served_line(day, candidate)]).to_settle == 0
    assert sum(one.served for one in recount(rows_of(day.campaign.campaign_id)).values()) == 1


def test_every_mistake_is_told_by_line_and_column_and_nothing_is_recorded(day: ServiceDay) -> None:
    good, bad = expect(day), expect(day)
    lines = [
        served_line(day, good),
        served_line(day, bad, arrived="25.10", provider="", consent=""),
        Typed(code="0001-1", arrived="9.00"),
    ]
    with pytest.raises(PaperRefused) as refused:
        key_in(day.staff, day.session_id, lines)
    told = {(wrong.where, wrong.code) for wrong in refused.value.mistakes}
    assert {
        ("1:arrived", "time-unreadable"),
        ("1:provider", "provider-missing"),
        ("1:consent", "consent-missing"),
    } <= told
    assert any(where == "2:code" for where, _ in told)
    assert count(CheckIn) == 0


def test_lines_with_nothing_typed_are_left_out(day: ServiceDay) -> None:
    candidate = expect(day)
    assert key_in(day.staff, day.session_id, [Typed(code=card_code(candidate.candidate_id))]).lines == 0
    assert count(DeviceEvent) == 0


def test_a_screening_that_stopped_the_method_ends_as_the_paper_says(day: ServiceDay) -> None:
    candidate = expect(day)
    line = served_line(day, candidate, verdict="no", kind="deferred", reason="hypertension", provider="", consent="")
    assert key_in(day.staff, day.session_id, [line]).to_settle == 0
    assert db.session.scalars(select(ServiceOutcome)).one().reason == "hypertension"


def test_a_day_that_a_person_has_corrected_is_not_undone_by_its_paper(day: ServiceDay) -> None:
    candidate = expect(day)
    first = serve(day, candidate)
    record_outcome(day.staff, ended(day, candidate, service(day, "pill"), first))
    keyed = key_in(day.staff, day.session_id, [served_line(day, candidate)])
    assert keyed.recorded == 1  # the consent on paper for the IUD stays as a row
    assert keyed.to_settle == 1
