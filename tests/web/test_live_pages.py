"""The live board in the browser: counts, no names, a stream of marks, a projector."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from campaign import clock
from campaign.accounts.roles import Role
from tests.builders.attendance import (
    HELD_ON,
    NINE,
    ServiceDay,
    arrive,
    expect,
    make_service_day,
    make_session,
    put_on_shelf,
)
from tests.builders.registry import DISTRICT
from tests.web.conftest import Visit

Arranging = Callable[[], Any]
DAY = HELD_ON.isoformat()


@pytest.fixture
def day(arranging: Arranging) -> Iterator[ServiceDay]:
    """Return a service day at nine with one guest inside and seven expected in all."""
    with clock.standing_at(NINE), arranging():
        made = make_service_day()
        arrive(made, expect(made), answers=None)
        for number in range(1, 7):
            expect(made, minutes=10 * number)
    with clock.standing_at(NINE + timedelta(seconds=30)):
        yield made


def test_the_board_names_sites_and_never_people(visit: Visit, day: ServiceDay) -> None:
    viewer = visit(Role.VIEWER)
    for address in (f"/live/?day={DAY}", f"/live/projector?day={DAY}", f"/live/part?day={DAY}"):
        page = viewer.get(address)
        assert page.status_code == 200
        assert day.city.puskesmas.name in page.text
        assert "Calon Contoh" not in page.text


def test_the_stream_tells_a_mark_and_is_no_page_that_is_kept(visit: Visit, day: ServiceDay) -> None:
    answer = visit(Role.VIEWER).get(f"/live/stream?day={DAY}", buffered=False)
    assert answer.mimetype == "text/event-stream"
    parts = answer.iter_encoded()
    said = [next(parts).decode(), next(parts).decode()]
    answer.close()
    assert said[0].startswith("retry:")
    assert said[1].startswith("event: mark")


def test_a_planner_says_yes_and_others_have_no_button(visit: Visit, day: ServiceDay, arranging: Arranging) -> None:
    with arranging():
        hospital = day.city.hospital.facility_id
        make_session(day.campaign, day.plan_run_id, hospital)
        put_on_shelf(hospital, day.city.iud, 9, campaign_id=day.campaign.campaign_id)
    planner, viewer = visit(Role.PLANNER, area_code=DISTRICT), visit(Role.VIEWER)
    page = planner.get(f"/live/?day={DAY}").text
    assert "Usulan" in page
    assert "/live/moves" in page
    assert "/live/moves" not in viewer.get(f"/live/?day={DAY}").text
    form = {"mark": page.partition('name="mark" value="')[2].partition('"')[0]}
    assert viewer.post(f"/live/moves?day={DAY}", data=form).status_code == 403
    assert planner.post(f"/live/moves?day={DAY}", data=form).status_code == 303
    assert planner.post(f"/live/moves?day={DAY}", data=form).status_code == 409
