"""What the registry shows, and its calendar."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from campaign.accounts.roles import Role
from campaign.registry import queries
from tests.builders.candidates import make_candidate
from tests.builders.events import make_campaign
from tests.builders.registry import KECAMATAN, KELURAHAN, City, make_absence, make_city
from tests.web.conftest import Visit

Arranging = Callable[[], Any]
DAY = {"off_on": "2027-06-14", "area_code": KECAMATAN, "reason": "Banjir rob", "key": "0" * 32}


def city_with_everything() -> City:
    city = make_city()
    make_absence(city.midwife, date(2027, 6, 14), date(2027, 6, 15))
    return city


@pytest.mark.parametrize("page", ["", "areas", "facilities", "methods", "items", "providers", "calendar"])
def test_every_page_shows_a_city_and_an_empty_one(visit: Visit, arranging: Arranging, page: str) -> None:
    client = visit(Role.PLANNER)
    assert client.get(f"/registry/{page}").status_code == 200
    with arranging():
        city_with_everything()
    assert client.get(f"/registry/{page}").status_code == 200


def test_a_facility_shows_its_hours_and_who_works_there_to_planners_only(visit: Visit, arranging: Arranging) -> None:
    with arranging():
        city = city_with_everything()
        facility_id, midwife = city.puskesmas.facility_id, city.midwife.name
    page = visit(Role.PLANNER).get(f"/registry/facilities/{facility_id}").text
    assert "08.00–11.00" in page
    assert midwife in page
    assert midwife not in visit(Role.VIEWER).get(f"/registry/facilities/{facility_id}").text
    assert visit(Role.VIEWER).get("/registry/providers").status_code == 403


def test_an_unknown_facility_is_not_found(visit: Visit) -> None:
    assert visit(Role.PLANNER).get("/registry/facilities/1").status_code == 404


def test_a_day_off_is_added_and_taken_back(visit: Visit, arranging: Arranging) -> None:
    with arranging():
        make_city()
    client = visit(Role.PLANNER)
    page = client.post("/registry/calendar", data=DAY, follow_redirects=True)
    assert "Banjir rob" in page.text
    [row] = queries.days_off(date(2027, 6, 14), date(2027, 6, 14))
    client.post(f"/registry/calendar/{row.local_day_off_id}/remove")
    assert queries.days_off(date(2027, 6, 14), date(2027, 6, 14)) == []


def test_a_day_off_without_a_reason_comes_back_with_what_was_typed(visit: Visit, arranging: Arranging) -> None:
    with arranging():
        make_city()
    answer = visit(Role.PLANNER).post("/registry/calendar", data=DAY | {"reason": " "})
    assert answer.status_code == 422
    assert 'value="2027-06-14"' in answer.text


def test_who_only_reads_adds_no_day_off(visit: Visit) -> None:
    assert visit(Role.VIEWER).post("/registry/calendar", data=DAY).status_code == 403


def test_candidates_are_shown_with_masked_numbers_and_counted(visit: Visit, arranging: Arranging) -> None:
    with arranging():
        campaign_id = make_campaign(make_city()).campaign_id
        candidate = make_candidate(campaign_id)
        name, nik = candidate.name, candidate.nik
    page = visit(Role.PLANNER).get(f"/candidates/{campaign_id}?area={KELURAHAN}&method=iud").text
    assert name in page
    assert nik is not None
    assert nik not in page
    assert nik[-4:] in page
    assert visit(Role.PLANNER).get("/candidates/").status_code == 200
    assert visit(Role.VIEWER).get(f"/candidates/{campaign_id}").status_code == 403


def test_a_cadre_sees_the_names_of_her_kelurahan_only(visit: Visit, arranging: Arranging) -> None:
    with arranging():
        campaign_id = make_campaign(make_city()).campaign_id
        name = make_candidate(campaign_id).name
    assert name in visit(Role.CADRE, area_code=KELURAHAN).get(f"/candidates/{campaign_id}").text
    assert name not in visit(Role.CADRE, area_code="33.75.02").get(f"/candidates/{campaign_id}").text


def test_an_item_is_changed_and_its_mistakes_come_back(visit: Visit, arranging: Callable[[], Any]) -> None:
    with arranging():
        item_id = make_city().pill.item_id
    client = visit(Role.PLANNER)
    form = {"key": "0" * 32, "name": "Pil kombinasi", "kind": "alokon", "unit": "siklus", "pack": "100"}
    assert client.post(f"/registry/items/{item_id}", data=form).status_code == 303
    assert "Pil kombinasi" in client.get("/registry/items").get_data(as_text=True)
    assert client.post(f"/registry/items/{item_id}", data=form | {"pack": "0"}).status_code == 422
    assert visit(Role.WAREHOUSE).post(f"/registry/items/{item_id}", data=form).status_code == 403
