"""Field work in the browser: a door, a list, a double, the funnel, one person."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from campaign.accounts.roles import Role
from tests.builders.candidates import Wish, make_candidate
from tests.builders.events import make_campaign
from tests.builders.registry import DISTRICT, FAR_KELURAHAN, KECAMATAN, KELURAHAN, make_city
from tests.web.conftest import Visit

Arranging = Callable[[], Any]


def _key() -> str:
    return uuid4().hex


@pytest.fixture
def campaign_id(arranging: Arranging) -> int:
    """Return a draft campaign of the small city."""
    with arranging():
        return make_campaign(make_city()).campaign_id


def test_a_cadre_adds_a_family_and_records_the_visit_on_one_walk(visit: Visit, campaign_id: int) -> None:
    cadre = visit(Role.CADRE, area_code=KELURAHAN)
    home = f"/campaigns/{campaign_id}/visits"
    assert FAR_KELURAHAN not in cadre.get(home).text
    family = {
        "kelurahan_code": KELURAHAN, "name": "Keluarga Contoh", "spouse_name": "", "address": "RT 01 RW 02",
        "phone": "", "birth_on": "", "poor_source": "", "key": _key(),
    }  # fmt: skip
    door = cadre.post(home, data=family).location
    page = cadre.get(door).text
    assert 'value="willing"' in page
    refused = cadre.post(door, data={"visited_on": "2027-06-01", "result": "willing", "method_code": "", "key": _key()})
    assert refused.status_code == 422
    assert "Pilih metode yang diinginkan." in refused.text
    done = {"visited_on": "2027-06-01", "result": "willing", "method_code": "iud", "key": _key()}
    assert cadre.post(door, data=done).location == home
    assert "Keluarga Contoh" in cadre.get(f"/candidates/{campaign_id}").text
    assert visit(Role.CADRE, area_code=FAR_KELURAHAN).get(door).status_code == 403


def test_a_kecamatan_hands_in_and_the_city_decides(visit: Visit, campaign_id: int, arranging: Arranging) -> None:
    with arranging():
        make_candidate(campaign_id, Wish())
    officer, planner = visit(Role.FIELD_OFFICER, area_code=KECAMATAN), visit(Role.PLANNER, area_code=DISTRICT)
    home = f"/campaigns/{campaign_id}/lists"
    assert officer.get(home).text.count(">Ajukan<") == 1
    assert officer.post(f"{home}/{KECAMATAN}", data={"key": _key()}).location == home
    page = planner.get(home).text
    accept = re.search(r"/lists/\d+/accept", page)
    assert accept is not None
    assert officer.post(accept[0]).status_code == 403
    assert planner.post(accept[0].replace("accept", "return"), data={"remark": "NIK belum lengkap"}).location == home
    assert "NIK belum lengkap" in officer.get(home).text
    assert officer.post(f"{home}/{KECAMATAN}", data={"key": _key()}).location == home
    accept = re.search(r"/lists/\d+/accept", planner.get(home).text)
    assert accept is not None
    assert planner.post(accept[0]).location == home


def test_a_planner_decides_about_a_double(visit: Visit, campaign_id: int, arranging: Arranging) -> None:
    with arranging():
        for _ in range(2):
            row = make_candidate(campaign_id)
            row.name, row.birth_on = "Siti Contoh", date(1990, 7, 5)
    planner, home = visit(Role.PLANNER), f"/campaigns/{campaign_id}/doubles"
    page = planner.get(home).text
    first, second, kept = (re.search(rf'name="{name}" value="(\d+)"', page) for name in ("first", "second", "kept"))
    assert first
    assert second
    assert kept
    assert planner.post(home, data={"first": first[1], "second": second[1], "kept": kept[1]}).location == home
    assert "Tidak ada calon ganda." in planner.get(home).text


def test_one_persons_way_is_shown_to_who_may_read_names_there(
    visit: Visit, campaign_id: int, arranging: Arranging
) -> None:
    with arranging():
        candidate_id = make_candidate(campaign_id).candidate_id
    address = f"/candidates/people/{candidate_id}"
    officer = visit(Role.FIELD_OFFICER, area_code=KECAMATAN)
    assert "Perjalanan" in officer.get(address).text
    assert visit(Role.CADRE, area_code=FAR_KELURAHAN).get(address).status_code == 404
    assert visit(Role.WAREHOUSE).get(address).status_code == 403
    assert officer.post(address, data={"reason": "moved", "key": _key()}).location == address
    assert "Mundur" in officer.get(address).text


def test_the_funnel_names_nobody(visit: Visit, campaign_id: int, arranging: Arranging) -> None:
    with arranging():
        name = make_candidate(campaign_id).name
    page = visit(Role.VIEWER).get(f"/campaigns/{campaign_id}/funnel").text
    assert "Pekalongan Barat" in page
    assert name not in page


def test_rules_of_a_method_are_the_citys_own(visit: Visit, campaign_id: int) -> None:
    administrator = visit(Role.ADMINISTRATOR)
    form = {"min_age": "40", "max_age": "30", "min_children": "", "min_youngest_months": "", "key": _key()}
    assert administrator.post("/registry/method-rules/iud", data=form).status_code == 422
    assert administrator.post("/registry/method-rules/iud", data=form | {"max_age": "45"}).status_code == 302
    assert ">45<" in administrator.get("/registry/method-rules").text
