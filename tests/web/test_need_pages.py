"""The need of a campaign, its kit, and the numbers of papers."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.logistics import kits, norms
from campaign.logistics.kits import KitBasis
from campaign.planning.approving import approve_plan
from campaign.reports.campaign_need import read_need
from tests.builders.plans import HELD_ON, Scene, make_scene, make_solved_run
from tests.web.conftest import Visit

Arranging = Callable[[], Any]


@pytest.fixture
def scene(arranging: Arranging) -> Scene:
    """An approved plan: three people with an IUD at the puskesmas, three IUD held for them."""
    with arranging():
        scene = make_scene()
        approve_plan(scene.head, make_solved_run(scene).plan_run_id)
        return scene


def test_the_need_names_lot_facility_and_day_and_the_kit(scene: Scene, open_transaction: None) -> None:
    found = read_need(SYSTEM, scene.campaign.campaign_id)
    (session,) = found.sessions
    assert (session.held_on, session.people) == (HELD_ON, 3)
    assert [(row.lot.stock_lot_id, row.quantity) for row in session.lots] == [(scene.lot.stock_lot_id, 3)]
    kit = {row.thing.name: row.quantity for row in session.kit}
    assert kit["Kartu status peserta KB (K/IV/KB)"] == 3
    assert kit["Daftar hadir"] == 1
    assert kit["Spanduk"] == 1


def test_what_the_buffer_lacks_is_missing_until_its_order_date(scene: Scene, open_transaction: None) -> None:
    norms.save_reckoning(SYSTEM, norms.Reckoning(buffer_percent=100, procurement_days=30))
    (row,) = read_need(SYSTEM, scene.campaign.campaign_id).balance
    assert (row.need, row.held) == (6, 3)
    assert row.quantity == max(0, 3 - row.free)
    assert row.order_by == HELD_ON - timedelta(30)


def test_the_need_is_seen_printed_and_downloaded(visit: Visit, scene: Scene) -> None:
    client = visit(Role.WAREHOUSE)
    campaign_id = scene.campaign.campaign_id
    assert scene.campaign.name in client.get("/stock/need").get_data(as_text=True)
    assert scene.lot.number in client.get(f"/stock/need/{campaign_id}").get_data(as_text=True)
    pdf = client.get(f"/stock/need/{campaign_id}/need.pdf").data
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "KEBUTUHAN ALOKON" in text
    assert "Informed consent" in text or "informed consent" in text
    book = load_workbook(io.BytesIO(client.get(f"/stock/need/{campaign_id}/need.xlsx").data))
    assert book.sheetnames == ["Alokon", "Sarana", "Kekurangan"]


def test_a_campaign_without_an_approved_plan_has_no_need(visit: Visit, arranging: Arranging) -> None:
    with arranging():
        campaign_id = make_scene().campaign.campaign_id
    assert visit(Role.WAREHOUSE).get(f"/stock/need/{campaign_id}").status_code == 409


def _form(**changes: str) -> dict[str, str]:
    return {
        "key": "0" * 32,
        "name": "Rompi petugas",
        "unit": "buah",
        "quantity": "4",
        "per": "1",
        "basis": "session",
        "method_code": "",
    } | changes


def test_the_kit_is_added_to_changed_and_cut(visit: Visit, scene: Scene, arranging: Arranging) -> None:
    client = visit(Role.WAREHOUSE)
    assert client.post("/stock/kit/new", data=_form()).status_code == 303
    added = next(number for number, thing in kits.kit() if thing.name == "Rompi petugas")
    assert client.post(f"/stock/kit/{added}", data=_form(quantity="5")).status_code == 303
    assert kits.kit_thing(added).quantity == 5
    assert client.post(f"/stock/kit/{added}/remove").status_code == 303
    assert added not in dict(kits.kit())


def test_every_mistake_of_a_thing_comes_back(visit: Visit, scene: Scene) -> None:
    wrong = _form(name="Spanduk", quantity="0", per="0", method_code="iud")
    answer = visit(Role.WAREHOUSE).post("/stock/kit/new", data=wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Sarana ini sudah ada di daftar." in page
    assert page.count("Isi antara") >= 2
    assert "Metode hanya untuk" in page
    assert sum(thing.basis is KitBasis.FACILITY for _, thing in kits.kit()) == 1


def test_a_facility_does_not_change_the_kit(visit: Visit, scene: Scene) -> None:
    client = visit(Role.FACILITY, facility_id=scene.depot.city.puskesmas.facility_id)
    assert client.post("/stock/kit/new", data=_form()).status_code == 403


def test_numbers_are_set_aside_and_say_who_uses_them(visit: Visit, scene: Scene) -> None:
    client = visit(Role.WAREHOUSE)
    form = {"key": "0" * 32, "classification": "SBBM", "year": "2027", "count": "2", "reason": "kiriman susulan"}
    assert {client.post("/stock/numbers", data=form).status_code for _ in range(2)} == {303}  # pressed twice
    page = client.get("/stock/numbers").get_data(as_text=True)
    assert "002/SBBM/" in page
    assert "003/SBBM/" not in page
    assert "belum dipakai" in page
    assert client.post("/stock/numbers", data=form | {"count": "51", "key": "1" * 32}).status_code == 422
    stranger = visit(Role.FACILITY, facility_id=scene.depot.city.puskesmas.facility_id)
    assert stranger.post("/stock/numbers", data=form).status_code == 403
