"""Campaigns: created once, changed while drafts, seen by those whom they touch."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from campaign.accounts.policy import SYSTEM, Actor, Grant, Reach
from campaign.accounts.roles import Role
from campaign.audit import AuditEntry
from campaign.db import db
from campaign.errors import NotAllowed
from campaign.events import queries
from campaign.events.lifecycle import CampaignIsFixed, CampaignState
from campaign.events.models import Campaign, CampaignTarget
from campaign.events.services import (
    CampaignChange,
    CampaignRules,
    InvalidCampaign,
    UnknownCampaign,
    cancel_campaign,
    change_campaign,
    create_campaign,
    mark_approved,
)
from campaign.events.targeting import (
    KelurahanTargets,
    Targets,
    TargetSplit,
    set_kelurahan_targets,
    set_targets,
    split_targets,
)
from campaign.events.targets import Basis
from tests.builders.events import DAYS, make_campaign, new_campaign
from tests.builders.registry import (
    DISTRICT,
    FAR_KELURAHAN,
    KECAMATAN,
    KELURAHAN,
    OTHER_KECAMATAN,
    OTHER_KELURAHAN,
    make_city,
    make_figure,
)

pytestmark = pytest.mark.usefixtures("open_transaction")


def test_the_same_key_gives_the_same_campaign() -> None:
    new = new_campaign(make_city())
    first = create_campaign(SYSTEM, new)
    again = create_campaign(SYSTEM, replace(new, name="Lain"))
    assert again.campaign_id == first.campaign_id
    assert again.name == "Pelayanan KB Serempak"
    assert db.session.scalar(select(func.count()).select_from(Campaign)) == 1


def test_dates_are_kept_in_order_and_facilities_once() -> None:
    city = make_city()
    ids = (city.hospital.facility_id, city.puskesmas.facility_id, city.hospital.facility_id)
    campaign = create_campaign(SYSTEM, new_campaign(city, dates=tuple(reversed(DAYS)), facility_ids=ids))
    assert [row.held_on for row in campaign.dates] == list(DAYS)
    assert queries.facility_ids_of(campaign.campaign_id) == tuple(sorted(set(ids)))


def test_every_mistake_is_reported_at_once() -> None:
    rules = CampaignRules(max_travel_km=0, min_session=0)
    wrong = replace(new_campaign(make_city()), name=" ", dates=(), facility_ids=(999_999,), rules=rules)
    with pytest.raises(InvalidCampaign) as caught:
        create_campaign(SYSTEM, wrong)
    assert [(m.where, m.code) for m in caught.value.mistakes] == [
        ("name", "missing"),
        ("dates", "no-dates"),
        ("facilities", "facility-not-here"),
        ("max_travel_km", "out-of-range"),
        ("min_session", "out-of-range"),
    ]


@pytest.mark.parametrize(("role", "area"), [(Role.VIEWER, None), (Role.PLANNER, "36.71")])
def test_only_a_planner_of_the_city_creates_its_campaign(role: Role, area: str | None) -> None:
    actor = Actor(account_id=None, grants=(Grant(role, area),))
    new = new_campaign(make_city())
    with pytest.raises(NotAllowed):
        create_campaign(actor, new)


def test_creating_a_campaign_leaves_a_trail() -> None:
    campaign = make_campaign(make_city())
    actions = select(AuditEntry.action).where(AuditEntry.subject_id == str(campaign.campaign_id))
    assert list(db.session.scalars(actions)) == ["create-campaign"]


def test_a_draft_takes_other_dates_facilities_and_rules() -> None:
    city = make_city()
    campaign = make_campaign(city)
    days = (DAYS[0], date(2027, 6, 18))
    rules = CampaignRules(max_travel_km=10, max_dates_per_kecamatan=2)
    change_campaign(
        SYSTEM, CampaignChange(campaign.campaign_id, "Momentum", days, (city.puskesmas.facility_id,), rules)
    )
    db.session.expire_all()
    assert tuple(row.held_on for row in campaign.dates) == days
    assert queries.facility_ids_of(campaign.campaign_id) == (city.puskesmas.facility_id,)
    assert (campaign.name, campaign.max_travel_km, campaign.max_dates_per_kecamatan) == ("Momentum", 10, 2)


def test_targets_are_split_by_the_unmet_need_of_the_kelurahan() -> None:
    city = make_city()  # 180 unmet need in each of three kelurahan: two in the first kecamatan, one in the other
    make_figure("33.75.01.1002", year=2020, couples=100_000)  # an older year does not count
    campaign = make_campaign(city)
    split_targets(SYSTEM, TargetSplit(campaign.campaign_id, {"iud": 10, "pill": 3}))
    assert queries.targets(campaign.campaign_id) == {
        (KECAMATAN, "iud"): 7,  # 6.67
        (OTHER_KECAMATAN, "iud"): 3,
        (KECAMATAN, "pill"): 2,
        (OTHER_KECAMATAN, "pill"): 1,
    }


def test_targets_set_by_hand_replace_those_before() -> None:
    campaign = make_campaign(make_city())
    split_targets(SYSTEM, TargetSplit(campaign.campaign_id, {"iud": 10}))
    set_targets(SYSTEM, Targets(campaign.campaign_id, {(KECAMATAN, "pill"): 4, (OTHER_KECAMATAN, "pill"): 0}))
    assert queries.targets(campaign.campaign_id) == {(KECAMATAN, "pill"): 4}


def test_targets_name_known_places_and_methods_and_are_not_negative() -> None:
    campaign = make_campaign(make_city())
    with pytest.raises(InvalidCampaign) as caught:
        set_targets(SYSTEM, Targets(campaign.campaign_id, {("99.99.99", "magic"): -1}))
    assert [m.code for m in caught.value.mistakes] == ["unknown-kecamatan", "unknown-method", "negative-target"]


def test_the_database_refuses_a_negative_target() -> None:
    campaign = make_campaign(make_city())
    row = CampaignTarget(campaign_id=campaign.campaign_id, kecamatan_code=KECAMATAN, method_code="iud", acceptors=-1)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(row)


def test_after_approval_nothing_that_the_plan_was_made_of_changes() -> None:
    campaign = make_campaign(make_city())
    mark_approved(SYSTEM, campaign.campaign_id)
    assert campaign.state is CampaignState.APPROVED
    with pytest.raises(CampaignIsFixed):
        split_targets(SYSTEM, TargetSplit(campaign.campaign_id, {"iud": 1}))
    with pytest.raises(CampaignIsFixed):
        cancel_campaign(SYSTEM, campaign.campaign_id)


def test_an_unknown_campaign_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownCampaign):
        queries.campaign(0)


@pytest.mark.parametrize(
    ("reach", "seen"),
    [
        (Reach(everywhere=True), True),
        (Reach(everywhere=False, areas=("33",)), True),
        (Reach(everywhere=False, areas=(DISTRICT,)), True),
        (Reach(everywhere=False, areas=(KECAMATAN,)), True),
        (Reach(everywhere=False, areas=("33.76",)), False),
        (Reach(everywhere=False, areas=("3",)), False),
        (Reach(everywhere=False), False),
    ],
)
def test_a_campaign_is_seen_by_whom_it_touches(reach: Reach, seen: bool) -> None:
    make_campaign(make_city())
    assert bool(queries.campaigns(reach)) is seen


def test_a_facility_sees_the_campaigns_it_takes_part_in() -> None:
    city = make_city()
    make_campaign(city, facility_ids=(city.puskesmas.facility_id,))
    assert queries.campaigns(Reach(everywhere=False, facilities=(city.puskesmas.facility_id,)))
    assert not queries.campaigns(Reach(everywhere=False, facilities=(city.hospital.facility_id,)))


def test_kelurahan_add_up_to_their_kecamatan_whatever_was_set() -> None:
    campaign = make_campaign(make_city())
    split_targets(SYSTEM, TargetSplit(campaign.campaign_id, {"iud": 10}))
    # 7 over two kelurahan of equal need, 3 for the only one of the other kecamatan.
    assert queries.kelurahan_targets(campaign.campaign_id) == {
        (KELURAHAN, "iud"): 4,
        (OTHER_KELURAHAN, "iud"): 3,
        (FAR_KELURAHAN, "iud"): 3,
    }
    typed = {(KELURAHAN, "iud"): 1, (OTHER_KELURAHAN, "iud"): 8}
    set_kelurahan_targets(SYSTEM, KelurahanTargets(campaign.campaign_id, KECAMATAN, typed))
    assert queries.targets(campaign.campaign_id) == {(KECAMATAN, "iud"): 9, (OTHER_KECAMATAN, "iud"): 3}
    # The same number again keeps what was typed; another one is split anew.
    set_targets(SYSTEM, Targets(campaign.campaign_id, {(KECAMATAN, "iud"): 9, (OTHER_KECAMATAN, "iud"): 2}))
    assert queries.kelurahan_targets(campaign.campaign_id) == typed | {(FAR_KELURAHAN, "iud"): 2}
    set_targets(SYSTEM, Targets(campaign.campaign_id, {(KECAMATAN, "iud"): 4}))
    assert queries.kelurahan_targets(campaign.campaign_id) == {(KELURAHAN, "iud"): 2, (OTHER_KELURAHAN, "iud"): 2}


def test_a_kelurahan_of_another_kecamatan_is_refused() -> None:
    campaign = make_campaign(make_city())
    with pytest.raises(InvalidCampaign) as caught:
        set_kelurahan_targets(SYSTEM, KelurahanTargets(campaign.campaign_id, KECAMATAN, {(FAR_KELURAHAN, "iud"): 1}))
    assert [mistake.code for mistake in caught.value.mistakes] == ["unknown-kelurahan"]


def test_history_splits_each_method_by_who_was_served_before() -> None:
    campaign = make_campaign(make_city())
    before = {(OTHER_KECAMATAN, "iud"): 3, (KECAMATAN, "iud"): 1}
    split_targets(SYSTEM, TargetSplit(campaign.campaign_id, {"iud": 8, "pill": 3}, Basis.HISTORY, before))
    found = queries.kelurahan_targets(campaign.campaign_id)
    assert {key: n for key, n in found.items() if key[1] == "iud"} == {
        (FAR_KELURAHAN, "iud"): 6,
        (KELURAHAN, "iud"): 1,  # inside a kecamatan by need
        (OTHER_KELURAHAN, "iud"): 1,
    }
    assert sum(n for key, n in found.items() if key[1] == "pill") == 3  # nobody was served: by need
