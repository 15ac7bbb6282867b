"""The grid and the workbook of a day kept on paper."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select

from campaign import clock
from campaign.accounts.roles import Role
from campaign.attendance.cards import card_code
from campaign.attendance.models import CheckIn, ServiceOutcome
from campaign.attendance.paper.lines import Typed
from campaign.db import db
from tests.builders.attendance import NINE, ServiceDay, expect, make_service_day
from tests.web.conftest import Visit

NAMES = tuple(Typed.__dataclass_fields__)


@pytest.fixture(autouse=True)
def evening() -> Iterator[None]:
    with clock.standing_at(NINE + timedelta(hours=10)):
        yield


@pytest.fixture
def day(arranging: Callable[[], Any]) -> ServiceDay:
    with arranging():
        return make_service_day()


@pytest.fixture
def code(arranging: Callable[[], Any], day: ServiceDay) -> str:
    with arranging():
        return card_code(expect(day).candidate_id)


@pytest.fixture
def desk(visit: Visit, day: ServiceDay) -> FlaskClient:
    return visit(Role.FACILITY, facility_id=day.city.puskesmas.facility_id)


def line(day: ServiceDay, code: str, **changes: str) -> dict[str, str]:
    provider = str(day.city.midwife.provider_id)
    said = {"code": code, "arrived": "905", "verdict": "yes", "kind": "served", "provider": provider}
    return dict.fromkeys(NAMES, "") | said | {"consent": "v", "ended": "9.50"} | changes


def test_typed_lines_are_recorded_with_their_own_times(desk: FlaskClient, day: ServiceDay, code: str) -> None:
    assert code in desk.get(f"/attendance/{day.session_id}/paper").get_data(as_text=True)
    answer = desk.post(f"/attendance/{day.session_id}/paper", data=line(day, code))
    assert answer.headers["Location"] == f"/attendance/{day.session_id}/paper"
    assert db.session.scalars(select(CheckIn)).one().arrived_at == NINE + timedelta(minutes=5)


def test_mistakes_come_back_at_their_fields_with_what_was_typed(desk: FlaskClient, day: ServiceDay, code: str) -> None:
    answer = desk.post(f"/attendance/{day.session_id}/paper", data=line(day, code, arrived="2590", consent=""))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="wrong-0-arrived"' in page
    assert 'id="wrong-0-consent"' in page
    assert 'value="2590"' in page
    assert db.session.scalar(select(func.count()).select_from(CheckIn)) == 0


def test_a_filled_in_workbook_fills_the_grid_and_records_nothing_before_it_is_saved(
    desk: FlaskClient, day: ServiceDay, code: str
) -> None:
    book = load_workbook(io.BytesIO(desk.get(f"/attendance/{day.session_id}/paper.xlsx").data))
    sheet = book["Daftar hadir"]
    head = next(row for row in sheet.iter_rows() if row[0].value == "Kode")
    column = {cell.value: cell.column for cell in head}
    at = head[0].row + 1
    assert sheet.cell(at, column["Kode"]).value == code
    sheet.cell(at, column["Datang"]).value = 9.05
    sheet.cell(at, column["Boleh"]).value = "ya"
    sheet.cell(at, column["Hasil"]).value = "Dilayani"
    sheet.cell(at, column["Petugas"]).value = "Bidan yang tidak ada"
    sent = io.BytesIO()
    book.save(sent)
    answer = desk.post(
        f"/attendance/{day.session_id}/paper/workbook", data={"file": (io.BytesIO(sent.getvalue()), "hari.xlsx")}
    )
    page = answer.get_data(as_text=True)
    assert 'value="9.05"' in page
    assert "Daftar hadir!H" in page  # the provider that nobody knows, by its cell
    assert 'id="wrong-0-ended"' in page  # and what the lines lack
    assert db.session.scalar(select(func.count()).select_from(ServiceOutcome)) == 0


def test_a_file_that_is_no_workbook_is_refused_in_words(desk: FlaskClient, day: ServiceDay) -> None:
    answer = desk.post(
        f"/attendance/{day.session_id}/paper/workbook",
        data={"file": (io.BytesIO(b"Kode;Nama"), "hari.xlsx")},
        follow_redirects=True,
    )
    assert answer.status_code == 200
    assert "berkas teks" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["paper", "paper.xlsx"])
def test_another_facility_types_nothing(visit: Visit, day: ServiceDay, code: str, path: str) -> None:
    stranger = visit(Role.FACILITY, facility_id=day.city.hospital.facility_id)
    answer = stranger.get(f"/attendance/{day.session_id}/{path}")
    assert answer.status_code == 403
    assert code.encode() not in answer.data
