"""From rows to the planner's problem: nothing is lost, nothing is invented, and the same rows give the same bytes."""

from datetime import date, timedelta

import pytest

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.db import db
from campaign.events.services import CampaignChange, CampaignRules, change_campaign
from campaign.logistics.services import set_floor
from campaign.outreach.models import CandidateState
from campaign.planning.assemble import CampaignNotReady, assemble
from campaign.registry.models import LocalDayOff
from campaign.registry.queries import area
from tests.builders.candidates import Wish, make_candidate
from tests.builders.events import DAYS, make_campaign
from tests.builders.logistics import GOOD, make_stock
from tests.builders.plans import make_scene
from tests.builders.registry import FAR_KELURAHAN, KECAMATAN, KELURAHAN, make_absence, make_city, make_provider

pytestmark = pytest.mark.usefixtures("open_transaction")


def test_the_same_rows_give_the_same_bytes() -> None:
    scene = make_scene()
    first = assemble(scene.campaign.campaign_id).to_bytes()
    db.session.expire_all()
    assert assemble(scene.campaign.campaign_id).to_bytes() == first


def test_candidates_that_are_alike_become_one_group() -> None:
    scene = make_scene()
    make_candidate(scene.campaign.campaign_id, Wish(free_dates=(DAYS[2],)))
    make_candidate(scene.campaign.campaign_id, Wish(state=CandidateState.WITHDRAWN))
    problem = assemble(scene.campaign.campaign_id)
    groups = [(g.kelurahan, g.method, g.priority, g.count, g.dates) for g in problem.candidates]
    assert sorted(groups, key=str) == sorted(
        [
            (KELURAHAN, "iud", True, 2, None),
            (KELURAHAN, "iud", False, 2, None),
            (KELURAHAN, "iud", False, 1, (DAYS[2],)),
        ],
        key=str,
    )


def test_a_national_holiday_closes_every_facility() -> None:
    scene = make_scene()
    days = (date(2027, 8, 16), date(2027, 8, 17))  # the 17th is independence day, a Tuesday
    ids = (scene.depot.city.puskesmas.facility_id,)
    change_campaign(SYSTEM, CampaignChange(scene.campaign.campaign_id, "Kampanye", days, ids, CampaignRules()))
    assert list(assemble(scene.campaign.campaign_id).facilities[0].hours) == [date(2027, 8, 16)]


def test_a_local_day_off_closes_the_facilities_of_its_area() -> None:
    scene = make_scene()
    db.session.add(LocalDayOff(off_on=DAYS[0], area_code=KECAMATAN, reason="banjir rob"))
    db.session.flush()
    problem = assemble(scene.campaign.campaign_id)
    open_on = {row.kecamatan: set(row.hours) for row in problem.facilities}
    assert DAYS[0] not in open_on[KECAMATAN]
    assert DAYS[0] in open_on["33.75.02"]


def test_opening_hours_are_those_of_the_weekday() -> None:
    scene = make_scene()
    friday = date(2027, 6, 18)
    ids = (scene.depot.city.puskesmas.facility_id,)
    change = CampaignChange(scene.campaign.campaign_id, "Kampanye", (DAYS[2], friday), ids, CampaignRules())
    change_campaign(SYSTEM, change)
    hours = assemble(scene.campaign.campaign_id).facilities[0].hours
    assert hours == {DAYS[2]: ((480, 840),), friday: ((480, 660),)}  # 08:00-14:00, Friday until 11:00


def test_a_certificate_counts_when_it_holds_on_the_last_date() -> None:
    scene = make_scene()
    city = scene.depot.city
    until = {"iud": DAYS[-1], "implant": DAYS[-1] - timedelta(1)}
    provider = make_provider(city.puskesmas, until)
    skills = {row.id: row.skills for row in assemble(scene.campaign.campaign_id).providers}
    assert skills[provider.code] == ("iud",)


def test_days_of_absence_are_left_out() -> None:
    scene = make_scene()
    make_absence(scene.depot.city.midwife, DAYS[0], DAYS[1])
    problem = assemble(scene.campaign.campaign_id)
    assert [row.dates for row in problem.providers] == [(DAYS[2],)]


def test_routine_stock_of_the_warehouse_is_kept() -> None:
    scene = make_scene()
    set_floor(SYSTEM, scene.depot.warehouse.stock_place_id, scene.depot.city.iud.item_id, 4)
    (warehouse,) = assemble(scene.campaign.campaign_id).warehouses
    assert warehouse.keep == {"iud": 4}
    assert [(lot.item, lot.lot, lot.quantity) for lot in warehouse.stock] == [("iud", scene.lot.number, 10)]


def test_a_shelf_is_listed_less_its_routine_stock() -> None:
    scene = make_scene()
    iud = scene.depot.city.iud.item_id
    lot = make_stock(scene.depot.shelf, iud, 5)
    set_floor(SYSTEM, scene.depot.shelf.stock_place_id, iud, 2)
    problem = assemble(scene.campaign.campaign_id)
    assert [(row.lot, row.quantity, row.expiry) for row in problem.facilities[0].stock] == [(lot.number, 3, GOOD)]


def test_goods_leave_on_working_days_from_a_week_before() -> None:
    scene = make_scene()
    (warehouse,) = assemble(scene.campaign.campaign_id).warehouses
    week_before = DAYS[0] - timedelta(7)
    assert warehouse.dates[0] == week_before
    assert warehouse.dates[-1] == DAYS[-1]
    assert all(day.weekday() < 5 for day in warehouse.dates)


def test_dates_that_are_past_are_planned_no_more() -> None:
    scene = make_scene()
    campaign_id = scene.campaign.campaign_id
    with clock.standing_at(clock.now() + (DAYS[1] - clock.today())):
        assert assemble(campaign_id).dates == DAYS[1:]
    with clock.standing_at(clock.now() + timedelta(60)), pytest.raises(CampaignNotReady) as caught:
        assemble(campaign_id)
    assert [m.code for m in caught.value.mistakes] == ["dates-are-past"]


def test_everything_that_is_missing_is_said_at_once() -> None:
    campaign = make_campaign(make_city())
    make_candidate(campaign.campaign_id, Wish(kelurahan_code=FAR_KELURAHAN))
    place = area(FAR_KELURAHAN)
    place.lat = place.lon = None
    db.session.flush()
    with pytest.raises(CampaignNotReady) as caught:
        assemble(campaign.campaign_id)
    assert [(m.where, m.code) for m in caught.value.mistakes] == [
        (f"kelurahan.{FAR_KELURAHAN}", "kelurahan-without-point")
    ]


def test_a_campaign_without_names_cannot_be_planned_yet() -> None:
    campaign = make_campaign(make_city())
    with pytest.raises(CampaignNotReady) as caught:
        assemble(campaign.campaign_id)
    assert [m.code for m in caught.value.mistakes] == ["no-candidates"]


def test_rules_and_targets_of_the_campaign_are_the_planners() -> None:
    scene = make_scene()
    problem = assemble(scene.campaign.campaign_id)
    assert problem.rules.max_travel_km == scene.campaign.max_travel_km
    assert {row.id: dict(row.target) for row in problem.kecamatan} == {KECAMATAN: {"iud": 5}, "33.75.02": {}}
