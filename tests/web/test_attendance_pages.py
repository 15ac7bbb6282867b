"""The service day on the site: own facility only, one tap, every mistake at once."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign import clock
from campaign.accounts.roles import Role
from campaign.attendance.cards import card_code
from campaign.attendance.models import CheckIn, ServiceOutcome
from campaign.attendance.papers import ask_attendance_list
from campaign.audit import AuditEntry
from campaign.db import db
from campaign.documents.papers import store_paper
from campaign.outreach.models import Candidate, CandidateSource
from tests.builders.attendance import NINE, ServiceDay, arrive, expect, make_service_day, make_session, serve
from tests.web.conftest import Visit


@pytest.fixture(autouse=True)
def service_hours() -> Iterator[None]:
    with clock.standing_at(NINE + timedelta(hours=1)):
        yield


@pytest.fixture
def day(arranging: Callable[[], Any]) -> ServiceDay:
    with arranging():
        return make_service_day()


@pytest.fixture
def desk(visit: Visit, day: ServiceDay) -> FlaskClient:
    """The facility's own staff."""
    return visit(Role.FACILITY, facility_id=day.city.puskesmas.facility_id)


@pytest.fixture
def guest(arranging: Callable[[], Any], day: ServiceDay) -> Candidate:
    """Somebody expected at nine."""
    with arranging():
        candidate = expect(day)
        db.session.flush()
        db.session.refresh(candidate)
    return candidate


def text(answer: Any) -> str:
    return answer.get_data(as_text=True)


def test_the_only_session_of_today_opens_at_once(desk: FlaskClient, day: ServiceDay) -> None:
    assert desk.get("/attendance/").headers["Location"] == f"/attendance/{day.session_id}"


def test_the_list_shows_who_is_expected_and_leaves_a_trace(
    desk: FlaskClient, day: ServiceDay, guest: Candidate
) -> None:
    page = desk.get(f"/attendance/{day.session_id}")
    assert guest.name in text(page)
    assert card_code(guest.candidate_id) in text(page)
    read = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "read-attendance-list")).one()
    assert read.facts["candidate_ids"] == [guest.candidate_id]


def test_another_facility_sees_no_name(visit: Visit, day: ServiceDay, guest: Candidate) -> None:
    stranger = visit(Role.FACILITY, facility_id=day.city.hospital.facility_id)
    page = stranger.get(f"/attendance/{day.session_id}")
    assert page.status_code == 403
    assert guest.name not in text(page)


@pytest.mark.parametrize("role", [Role.PLANNER, Role.HEAD, Role.WAREHOUSE, Role.CADRE, Role.VIEWER])
def test_only_facilities_open_attendance_lists(visit: Visit, day: ServiceDay, role: Role) -> None:
    assert visit(role).get(f"/attendance/{day.session_id}").status_code == 403


def test_one_tap_checks_somebody_in_once(desk: FlaskClient, day: ServiceDay, guest: Candidate) -> None:
    tap = {"key": uuid4().hex, "candidate_id": str(guest.candidate_id)}
    for _ in range(2):
        assert desk.post(f"/attendance/{day.session_id}/check-ins", data=tap).status_code == 302
    assert len(db.session.scalars(select(CheckIn)).all()) == 1


def test_a_card_s_code_checks_somebody_in(desk: FlaskClient, day: ServiceDay, guest: Candidate) -> None:
    desk.post(
        f"/attendance/{day.session_id}/check-ins", data={"key": uuid4().hex, "code": card_code(guest.candidate_id)}
    )
    assert db.session.scalars(select(CheckIn)).one().candidate_id == guest.candidate_id


def test_an_unknown_code_is_told_on_the_list(desk: FlaskClient, day: ServiceDay) -> None:
    answer = desk.post(f"/attendance/{day.session_id}/check-ins", data={"key": uuid4().hex, "code": "99999-9"})
    assert answer.headers["Location"] == f"/attendance/{day.session_id}"
    assert "message-problem" in text(desk.get(f"/attendance/{day.session_id}"))


def test_a_walk_in_needs_a_name_and_a_method(desk: FlaskClient, day: ServiceDay) -> None:
    address = f"/attendance/{day.session_id}/walk-in"
    assert desk.post(address, data={"key": uuid4().hex}).status_code == 422
    typed = {"key": uuid4().hex, "name": "Warga Contoh", "method_code": "pill"}
    for _ in range(2):
        assert desk.post(address, data=typed).status_code == 302
    added = db.session.scalars(select(Candidate).where(Candidate.source == CandidateSource.WALK_IN)).one()
    assert db.session.scalars(select(CheckIn)).one().candidate_id == added.candidate_id


def test_searching_finds_who_is_expected_elsewhere(
    desk: FlaskClient, day: ServiceDay, guest: Candidate, arranging: Callable[[], Any]
) -> None:
    with arranging():
        other = make_session(
            day.campaign, day.plan_run_id, day.city.puskesmas.facility_id, day.campaign.dates[1].held_on
        )
        other_id = other.service_session_id
    for words in (guest.name.lower(), card_code(guest.candidate_id), guest.nik, guest.phone):
        assert guest.name in text(desk.post(f"/attendance/{other_id}/search", data={"q": words}))
    assert guest.name not in text(desk.post(f"/attendance/{other_id}/search", data={"q": "Ca"}))


def test_a_search_narrows_the_list(desk: FlaskClient, day: ServiceDay, guest: Candidate) -> None:
    address = f"/attendance/{day.session_id}/search"
    assert f'id="c{guest.candidate_id}"' in text(desk.post(address, data={"q": guest.name[-8:]}))
    assert f'id="c{guest.candidate_id}"' not in text(desk.post(address, data={"q": "Tidak Ada"}))


def test_the_list_can_show_only_who_is_still_expected(
    desk: FlaskClient, day: ServiceDay, guest: Candidate, arranging: Callable[[], Any]
) -> None:
    with arranging():
        arrive(day, guest, answers=None)
    row = f'id="c{guest.candidate_id}"'
    assert row not in text(desk.get(f"/attendance/{day.session_id}?show=expected"))
    assert row in text(desk.get(f"/attendance/{day.session_id}?show=waiting"))


def test_a_visit_from_screening_to_service(
    desk: FlaskClient, day: ServiceDay, guest: Candidate, arranging: Callable[[], Any]
) -> None:
    with arranging():
        arrive(day, guest, answers=None)
    visit = f"/attendance/{day.session_id}/visits/{guest.candidate_id}"
    assert desk.get(f"{visit}/screening").status_code == 200
    examined = {"has_pelvic_inflammation": "no", "has_gynaecological_tumour": "no", "systolic": "120"}
    assert desk.post(f"{visit}/screening", data={"key": uuid4().hex} | examined).status_code == 302
    served = {"kind": "served", "method_code": "iud", "provider_id": str(day.city.midwife.provider_id)}
    bare = desk.post(f"{visit}/outcome", data={"key": uuid4().hex} | served)
    assert bare.status_code == 422  # no consent
    answer = desk.post(f"{visit}/outcome", data={"key": uuid4().hex, "consent_number": "IC-1"} | served)
    assert answer.status_code == 302
    page = text(desk.get(visit))
    assert day.city.midwife.name in page


def test_a_screening_that_stops_the_method_shows_which_are_allowed(
    desk: FlaskClient, day: ServiceDay, guest: Candidate, arranging: Callable[[], Any]
) -> None:
    with arranging():
        arrive(day, guest, answers=None)
    visit = f"/attendance/{day.session_id}/visits/{guest.candidate_id}"
    desk.post(f"{visit}/screening", data={"key": uuid4().hex, "may_be_pregnant": "y"})
    page = text(desk.get(visit))
    assert "<s>iud</s>" in page
    assert "<s>condom</s>" not in page


def test_a_correction_replaces_the_outcome(
    desk: FlaskClient, day: ServiceDay, guest: Candidate, arranging: Callable[[], Any]
) -> None:
    with arranging():
        first = serve(day, guest)
    visit = f"/attendance/{day.session_id}/visits/{guest.candidate_id}"
    correction = {"kind": "withdrew", "method_code": "iud", "replaces_id": str(first)}
    with clock.standing_at(NINE + timedelta(days=3)):
        assert desk.post(f"{visit}/outcome", data={"key": uuid4().hex} | correction).status_code == 302
    rows = db.session.scalars(select(ServiceOutcome).order_by(ServiceOutcome.service_outcome_id)).all()
    assert [row.replaces_id for row in rows] == [None, first]


def test_a_printed_list_is_for_its_own_facility(
    desk: FlaskClient, visit: Visit, day: ServiceDay, arranging: Callable[[], Any]
) -> None:
    with arranging():
        paper_id = ask_attendance_list(day.staff, day.session_id).paper_id
        store_paper(paper_id, b"%PDF-")
    address = f"/attendance/{day.session_id}/papers/{paper_id}"
    assert desk.get(address).data == b"%PDF-"
    stranger = visit(Role.FACILITY, facility_id=day.city.hospital.facility_id)
    assert stranger.get(address).status_code == 403


def test_closing_the_day_ends_one_tap_check_ins(desk: FlaskClient, day: ServiceDay, guest: Candidate) -> None:
    assert desk.post(f"/attendance/{day.session_id}/close").status_code == 302
    assert 'name="candidate_id"' not in text(desk.get(f"/attendance/{day.session_id}"))
