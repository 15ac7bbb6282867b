"""The waiting room sees tokens alone; the desk sends on with one tap and ticks controls."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from campaign import clock
from campaign.accounts.roles import Role
from campaign.attendance.cards import card_code
from campaign.attendance.services import check_in
from campaign.attendance.visit_models import Aftercare, AftercareKind, StationMove, Stop
from campaign.db import db
from tests.builders.attendance import NINE, ServiceDay, expect, make_service_day, scan, serve
from tests.web.conftest import Visit


@pytest.fixture
def day(arranging: Callable[[], Any]) -> ServiceDay:
    with arranging():
        return make_service_day()


def test_the_waiting_room_shows_tokens_and_minutes_in_words_and_nobodys_name(
    visit: Visit, day: ServiceDay, arranging: Callable[[], Any]
) -> None:
    with clock.standing_at(NINE + timedelta(minutes=7)):
        with arranging():
            guest = expect(day)
            check_in(day.staff, scan(day, guest))
            name, code = guest.name, card_code(guest.candidate_id)
        desk = visit(Role.FACILITY, facility_id=day.city.puskesmas.facility_id)
        for path in ("queue", "queue/part"):
            page = desk.get(f"/attendance/{day.session_id}/{path}").get_data(as_text=True)
            assert "001" in page
            assert "lewat standar" in page  # 7 minutes against 5
            assert name not in page
            assert code not in page


def test_one_tap_sends_somebody_to_the_next_station(
    visit: Visit, day: ServiceDay, arranging: Callable[[], Any]
) -> None:
    with clock.standing_at(NINE + timedelta(minutes=7)):
        with arranging():
            guest = expect(day)
            check_in(day.staff, scan(day, guest))
            who, name = guest.candidate_id, guest.name
        desk = visit(Role.FACILITY, facility_id=day.city.puskesmas.facility_id)
        assert name in desk.get(f"/attendance/{day.session_id}/stations").get_data(as_text=True)
        sent = {"candidate_id": who, "to": "examination", "key": str(uuid4())}
        desk.post(f"/attendance/{day.session_id}/stations", data=sent)
        desk.post(f"/attendance/{day.session_id}/stations", data=sent)
    assert db.session.scalars(select(StationMove)).one().stop is Stop.EXAMINATION


def test_a_control_is_ticked_on_its_page(visit: Visit, day: ServiceDay, arranging: Callable[[], Any]) -> None:
    with clock.standing_at(NINE + timedelta(hours=1)), arranging():
        guest = expect(day)
        serve(day, guest)
        who, name = guest.candidate_id, guest.name
    with clock.standing_at(NINE + timedelta(days=7)):
        desk = visit(Role.FACILITY, facility_id=day.city.puskesmas.facility_id)
        assert name in desk.get(f"/attendance/{day.session_id}/controls").get_data(as_text=True)
        desk.post(f"/attendance/{day.session_id}/controls", data={"candidate_id": who, "key": str(uuid4())})
    assert db.session.scalars(select(Aftercare.kind)).one() is AftercareKind.CONTROLLED


@pytest.mark.parametrize("path", ["queue", "stations", "controls"])
def test_another_facility_sees_no_queue(visit: Visit, day: ServiceDay, path: str) -> None:
    stranger = visit(Role.FACILITY, facility_id=day.city.hospital.facility_id)
    assert stranger.get(f"/attendance/{day.session_id}/{path}").status_code == 403


def test_the_list_names_a_method_only_of_those_who_are_here(
    visit: Visit, day: ServiceDay, arranging: Callable[[], Any]
) -> None:
    with clock.standing_at(NINE + timedelta(minutes=7)):
        with arranging():
            guest = expect(day)
            who, method = guest.candidate_id, guest.method_code
        desk = visit(Role.FACILITY, facility_id=day.city.puskesmas.facility_id)
        row = desk.get(f"/attendance/{day.session_id}").get_data(as_text=True).partition(f'id="c{who}"')[2]
        assert method not in row.partition("</tr>")[0]
        with arranging():
            check_in(day.staff, scan(day, db.session.merge(guest)))
        row = desk.get(f"/attendance/{day.session_id}").get_data(as_text=True).partition(f'id="c{who}"')[2]
        assert method in row.partition("</tr>")[0]
