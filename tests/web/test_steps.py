"""The pages of a campaign's SOP."""

import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.events.sop import queries
from campaign.events.sop.services import tick_step
from campaign.events.sop.ticking import EventKind
from tests.builders.events import make_campaign
from tests.builders.registry import KELURAHAN, make_city
from tests.builders.sop import PDF, PEKALONGAN, make_checklist, make_sop, step_tick
from tests.web.conftest import Visit

Arranging = Callable[[], Any]


def _key() -> str:
    return uuid4().hex


@pytest.fixture
def campaign_id(arranging: Arranging) -> int:
    """Return a draft campaign of the small city; the shipped SOPs are loaded."""
    with arranging():
        make_sop()
        return make_campaign(make_city()).campaign_id


@pytest.fixture
def checklist_id(campaign_id: int, arranging: Arranging) -> int:
    """Return the campaign's checklist."""
    with arranging():
        return make_checklist(campaign_id).campaign_sop_id


def test_the_planner_starts_the_sop_of_the_city(visit: Visit, campaign_id: int) -> None:
    client = visit(Role.PLANNER)
    assert f'href="/campaigns/{campaign_id}/steps"' in client.get(f"/campaigns/{campaign_id}").text
    page = client.get(f"/campaigns/{campaign_id}/steps").text
    offered = queries.offered("33.75")[0].sop_template_id
    assert page.index(f'value="{offered}"') < page.index("Tangerang")
    answer = client.post(f"/campaigns/{campaign_id}/steps", data={"sop": str(offered), "key": _key()})
    assert answer.location == f"/campaigns/{campaign_id}/steps"
    page = client.get(answer.location).text
    assert page.count('class="step-row') == 12
    assert "Kunjungi rumah calon akseptor" in page
    assert "60 menit/tabel" in page  # as printed, on demand


def test_who_may_not_plan_is_offered_no_sop(visit: Visit, campaign_id: int) -> None:
    client = visit(Role.CADRE, area_code=KELURAHAN)
    assert 'name="sop"' not in client.get(f"/campaigns/{campaign_id}/steps").text
    answer = client.post(f"/campaigns/{campaign_id}/steps", data={"sop": "1", "key": _key()})
    assert answer.status_code == 403


def test_the_checklist_says_who_when_and_what_it_waits_for(visit: Visit, campaign_id: int, checklist_id: int) -> None:
    page = visit(Role.PLANNER).get(f"/campaigns/{campaign_id}/steps").text
    for words in ("tugas Anda", "Siap dikerjakan", "Menunggu", "120 menit", "14 Jun 2027"):
        assert words in page, words
    assert "menunggu langkah 1<" in page
    assert "Daftar calon dari semua kelurahan sudah masuk: 0 / 3" in page


def test_a_step_is_ticked_with_a_note_and_a_file_and_taken_back_with_a_reason(visit: Visit, checklist_id: int) -> None:
    client = visit(Role.PLANNER)
    address = f"/campaigns/steps/{checklist_id}/preparation-meeting"
    data = {"done_on": "2027-06-01", "note": "Rapat di aula", "minutes": "100", "key": _key()}
    data["file"] = (io.BytesIO(PDF), "Notulen rapat.pdf")  # type: ignore[assignment]
    assert client.post(address, data=data).status_code == 302
    page = client.get(address).text
    assert "Rapat di aula" in page
    assert "1 jam 40 menit" in page
    event = queries.events_of([checklist_id])[checklist_id, "preparation-meeting"][0]
    file = client.get(f"/campaigns/steps/files/{event.sop_step_event_id}")
    assert (file.data, file.mimetype) == (PDF, "application/pdf")
    assert "attachment" in file.headers["Content-Disposition"]
    answer = client.post(f"{address}/return", data={"reason": "Belum jadi", "key": _key()}, follow_redirects=True)
    assert "Belum jadi" in answer.text
    kinds = [one.kind for one in queries.events_of([checklist_id])[checklist_id, "preparation-meeting"]]
    assert kinds == [EventKind.TICKED, EventKind.TAKEN_BACK]


def test_mistakes_of_a_tick_come_back_with_what_was_typed(visit: Visit, checklist_id: int) -> None:
    address = f"/campaigns/steps/{checklist_id}/preparation-meeting"
    data = {"done_on": "2027-06-02", "note": "Rapat di aula", "minutes": "0", "key": _key()}
    answer = visit(Role.PLANNER).post(address, data=data)
    assert answer.status_code == 422
    assert 'id="done_on-mistake"' in answer.text
    assert 'id="minutes-mistake"' in answer.text
    assert "Rapat di aula" in answer.text


def test_a_tick_pressed_twice_is_one(visit: Visit, checklist_id: int) -> None:
    client = visit(Role.PLANNER)
    data = {"done_on": "2027-06-01", "note": "Rapat di aula", "key": _key()}
    for _ in range(2):
        assert client.post(f"/campaigns/steps/{checklist_id}/preparation-meeting", data=data).status_code == 302
    assert len(queries.events_of([checklist_id])[checklist_id, "preparation-meeting"]) == 1


def test_a_step_of_another_role_shows_whose_it_is_and_no_form(visit: Visit, checklist_id: int) -> None:
    client = visit(Role.CADRE, area_code=KELURAHAN)
    address = f"/campaigns/steps/{checklist_id}/preparation-meeting"
    page = client.get(address).text
    assert "Langkah ini dicentang oleh" in page
    assert 'name="note"' not in page
    assert client.post(address, data={"done_on": "2027-06-01", "note": "coba", "key": _key()}).status_code == 403


def test_a_step_that_completes_itself_says_by_what_and_where(visit: Visit, checklist_id: int) -> None:
    page = visit(Role.PLANNER).get(f"/campaigns/steps/{checklist_id}/home-visits").text
    assert "Daftar calon dari semua kelurahan sudah masuk" in page
    assert "Buka daftar calon" in page
    assert 'name="note"' not in page


def test_a_campaign_of_another_city_is_not_there(visit: Visit, checklist_id: int, campaign_id: int) -> None:
    client = visit(Role.FACILITY, facility_id=None)
    assert client.get(f"/campaigns/{campaign_id}/steps").status_code == 200  # holds everywhere
    stranger = visit(Role.CADRE, area_code="33")  # above: sees it
    assert stranger.get(f"/campaigns/steps/{checklist_id}/home-visits").status_code == 200
    assert stranger.get(f"/campaigns/steps/{checklist_id}/no-such-step").status_code == 404
    assert stranger.get("/campaigns/steps/999999/home-visits").status_code == 404


def test_a_checklist_is_dropped_while_nothing_is_ticked(
    visit: Visit, campaign_id: int, checklist_id: int, arranging: Arranging
) -> None:
    client = visit(Role.PLANNER)
    assert f"/campaigns/steps/{checklist_id}/drop" in client.get(f"/campaigns/{campaign_id}/steps").text
    with arranging():
        tick_step(SYSTEM, step_tick(queries.checklist(checklist_id)))
    assert f"/campaigns/steps/{checklist_id}/drop" not in client.get(f"/campaigns/{campaign_id}/steps").text
    assert client.post(f"/campaigns/steps/{checklist_id}/drop").status_code == 409


def test_the_home_page_tells_what_the_sop_asks(visit: Visit, checklist_id: int) -> None:
    page = visit(Role.PLANNER).get("/").text
    assert f"/campaigns/steps/{checklist_id}/preparation-meeting" in page
    assert "Adakan rapat persiapan" in page
    assert "Adakan rapat persiapan" not in visit(Role.WAREHOUSE).get("/").text


def test_an_administrator_loads_copies_changes_and_publishes_an_sop(visit: Visit) -> None:
    client = visit(Role.ADMINISTRATOR)
    assert "Muat 3 SOP bawaan" in client.get("/sop/").text
    client.post("/sop/load")
    first = next(row for row in queries.templates() if row.code == PEKALONGAN).sop_template_id
    draft = client.post(f"/sop/{first}/copy").location
    page = client.get(draft).text
    assert "konsep versi 2" in page
    step = {
        "title": "Rapat pembukaan",
        "number": "99",
        "place": "1",
        "due_days": "-18",
        "due_anchor": "first_day",
        "time_value": "90",
        "time_unit": "minutes",
        "time_per": "process",
        "proof": "",
        "duty_head": "approves",
        "duty_officer": "does",
        "key": _key(),
    }
    assert client.post(f"{draft}/steps/preparation-meeting", data=step).location == draft
    added = step | {"title": "Evaluasi", "number": "", "place": "99", "waits_for": ["discharge"], "key": _key()}
    assert client.post(f"{draft}/steps/new", data=added).location == draft
    assert client.post(f"{draft}/steps/coordination-invitation/remove").location == draft
    roles = {"divisions": ["viewer"], "key": _key()}
    assert (
        client.post(f"{draft}/roles", data={f"duty_{name}": value for name, value in roles.items()}).status_code == 302
    )
    client.post(f"{draft}/publish")
    row = queries.offered("33.75")[0]
    content = queries.content(row)
    assert content.steps[0].printed.number == "1"  # what is printed cannot be typed over
    assert (row.version, content.steps[0].title, content.steps[-1].code) == (2, "Rapat pembukaan", "added-1")
    assert content.steps[0].printed.activity == "Mengadakan Rapat persiapan"
    assert len(content.steps) == 12
    assert client.get(f"{draft}/steps/new").status_code == 409


def test_mistakes_of_a_step_come_back_beside_their_fields(visit: Visit) -> None:
    client = visit(Role.PLANNER)
    client.post("/sop/load")
    first = next(row for row in queries.templates() if row.code == PEKALONGAN).sop_template_id
    draft = client.post(f"/sop/{first}/copy").location
    data = {"title": "Rapat", "place": "1", "due_days": "-500", "due_anchor": "first_day", "time_value": "0"}
    data |= {"time_unit": "minutes", "time_per": "process", "proof": "", "key": _key()}
    answer = client.post(f"{draft}/steps/preparation-meeting", data=data | {"waits_for": "discharge"})
    assert answer.status_code == 422
    for field in ("due_days", "time_value"):
        assert f'id="{field}-mistake"' in answer.text
    assert "saling menunggu" in answer.text


def test_sops_are_closed_to_who_does_not_keep_the_registry(visit: Visit) -> None:
    assert visit(Role.HEAD).get("/sop/").status_code == 403
