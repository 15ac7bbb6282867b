"""What a device asks and sends over HTTP, and the page that lists what a person must settle."""

import ast
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

import campaign
from campaign import clock
from campaign.accounts.roles import Role
from campaign.attendance.device.protocol import GENESIS
from campaign.web.day_words import TEXTS
from tests.builders.attendance import NINE, ServiceDay, expect, make_service_day
from tests.web.conftest import Visit

SCRIPTS = Path(campaign.__file__).parent / "static" / "day"


@pytest.fixture(autouse=True)
def service_hours():
    with clock.standing_at(NINE + timedelta(hours=1)):
        yield


@pytest.fixture
def day(arranging: Callable[[], Any]) -> ServiceDay:
    with arranging(), clock.standing_at(NINE):
        found = make_service_day()
        expect(found).name = "Ibu Contoh"
    return found


@pytest.fixture
def nurse(visit: Visit, day: ServiceDay) -> FlaskClient:
    return visit(Role.FACILITY, facility_id=day.city.puskesmas.facility_id)


def registered(client: FlaskClient, day: ServiceDay, key: str | None = None) -> dict[str, Any]:
    said = {"key": key or str(uuid4()), "facility": day.city.puskesmas.facility_id}
    return client.post("/device/register", json=said).json or {}


def test_a_registration_whose_answer_was_lost_is_the_same_device(nurse: FlaskClient, day: ServiceDay) -> None:
    first, again = [registered(nurse, day, key) for key in [str(uuid4())] * 2]
    assert (first["device"], first["key"]) == (again["device"], again["key"])
    assert registered(nurse, day)["letter"] == "B"


def test_a_day_names_people_and_hides_their_numbers(nurse: FlaskClient, day: ServiceDay) -> None:
    device = registered(nurse, day)["device"]
    answer = nurse.post("/device/day", json={"device": device, "session": day.session_id})
    assert [one["name"] for one in answer.json["people"]] == ["Ibu Contoh"]
    assert "337599" not in answer.text
    assert "+62" not in answer.text


def test_nobody_takes_the_day_of_another_facility_or_device(visit: Visit, nurse: FlaskClient, day: ServiceDay) -> None:
    device = registered(nurse, day)["device"]
    stranger = visit(Role.FACILITY, facility_id=day.city.hospital.facility_id)
    for path in ("day", "news"):
        assert stranger.post(f"/device/{path}", json={"device": device, "session": day.session_id}).status_code == 404
    assert stranger.post("/device/unlock", json={"device": device}).status_code == 404


@pytest.mark.parametrize("path", ["register", "unlock", "day", "events"])
@pytest.mark.parametrize("body", ['{"device": "x"}', "[]", "null", "{"])
def test_nonsense_is_answered_and_changes_nothing(nurse: FlaskClient, path: str, body: str) -> None:
    assert nurse.post(f"/device/{path}", data=body, content_type="application/json").status_code == 400


def test_what_is_no_event_is_answered_as_held(nurse: FlaskClient, day: ServiceDay) -> None:
    device = registered(nurse, day)["device"]
    batch = {
        "device": device,
        "sent_at": clock.now().isoformat(),
        "events": [{"body": "{}", "previous": GENESIS, "seal": "0" * 64}],
    }
    answer = nurse.post("/device/events", json=batch).json
    assert answer == {**nurse.post("/device/events", json=batch).json, "now": answer["now"]}
    assert answer["answers"][0]["answer"] == "held"
    page = nurse.get(f"/attendance/{day.session_id}/matters")
    assert "Catatan tidak terbaca" in page.text


def test_without_a_session_nothing_is_open_but_the_shell(visit: Visit) -> None:
    nobody = visit()
    assert nobody.post("/device/events", json={}).status_code == 302
    assert nobody.get("/device/hello").json["account"] is None
    assert nobody.get("/day/").status_code == 200
    worker = nobody.get("/day/sw.js").text
    kept = ast.literal_eval(re.search(r"const KEPT = (\[.*?\]);", worker).group(1))  # type: ignore[union-attr]
    assert [path for path in kept if nobody.get(path).status_code != 200] == []


def test_every_sentence_of_the_page_has_its_words() -> None:
    known = {str(text._args[0]) for text in TEXTS}  # type: ignore[attr-defined]
    said = {
        text
        for script in SCRIPTS.glob("*.js")
        for text in re.findall(r'[^\w]t\("((?:[^"\\]|\\.)+)"', script.read_text())
    }
    assert said - known == set()
    assert len(said) > 100
