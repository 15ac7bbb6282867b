"""Two people who serve one candidate at two places are both on record; one counts until a person decides."""

from datetime import timedelta

import pytest

from campaign import clock
from campaign.attendance.device.syncing import sync
from campaign.attendance.models import ServiceOutcome
from campaign.attendance.settling import Decision, SettlementInvalid, matters_of, settle
from campaign.attendance.tallies import recount
from campaign.attendance.tallying import rows_of
from campaign.attendance.visit_models import SettledMatter, Settlement
from campaign.db import db
from tests.builders.attendance import (
    NINE,
    ServiceDay,
    expect,
    make_service_day,
    make_session,
    put_on_shelf,
    serve,
    staff_of,
)
from tests.builders.devices import Phone, make_phone

pytestmark = pytest.mark.usefixtures("open_transaction", "service_hours")


@pytest.fixture
def service_hours():
    with clock.standing_at(NINE + timedelta(hours=1)):
        yield


@pytest.fixture
def day(open_transaction: None) -> ServiceDay:
    with clock.standing_at(NINE - timedelta(hours=1)):
        return make_service_day()


def elsewhere(day: ServiceDay) -> ServiceDay:
    """Another session of the same campaign on the same day, at the hospital."""
    hospital = day.city.hospital.facility_id
    put_on_shelf(hospital, day.city.iud, 5, campaign_id=day.campaign.campaign_id)
    session = make_session(day.campaign, day.plan_run_id, hospital)
    return ServiceDay(day.city, day.campaign, session, staff_of(hospital), day.plan_run_id)


def served(day: ServiceDay) -> int:
    return sum(one.served for one in recount(rows_of(day.campaign.campaign_id)).values())


def test_somebody_served_at_two_places_counts_once_until_a_person_decides(day: ServiceDay) -> None:
    candidate, other = expect(day), elsewhere(day)
    serve(day, candidate)
    second = serve(other, candidate)
    assert served(day) == 1
    for one in (day, other):  # both facilities see it
        found = matters_of(one.staff, one.session_id)
        assert [(row.matter, len(row.outcomes)) for row in found] == [(SettledMatter.DOUBLE_SERVICE, 2)]
    keep = Decision(SettledMatter.DOUBLE_SERVICE, candidate.candidate_id, Settlement.KEEP_ONE, kept_outcome_id=second)
    settle(day.staff, day.session_id, keep)
    counts = recount(rows_of(day.campaign.campaign_id))
    assert [cell.service_session_id for cell, one in counts.items() if one.served] == [other.session_id]
    both = Decision(SettledMatter.DOUBLE_SERVICE, candidate.candidate_id, Settlement.KEEP_BOTH)
    settle(other.staff, other.session_id, both)
    assert served(day) == 2
    assert db.session.query(ServiceOutcome).count() == 2


def test_the_second_end_of_a_visit_is_shown_beside_the_first(day: ServiceDay) -> None:
    candidate = expect(day)
    phones = []
    for _ in range(2):
        with clock.standing_at(NINE - timedelta(hours=1)):
            phones.append(make_phone(day))
    for phone in phones:
        phone.tell("arrived", {"candidate": candidate.candidate_id})
        phone.serve({"candidate": candidate.candidate_id}, day.city.midwife.provider_id)
        sync(phone.actor, phone.batch())
    (matter,) = matters_of(day.staff, day.session_id)
    assert (matter.matter, matter.facts["said"]["kind"]) == (SettledMatter.SECOND_ENDING, "served")
    assert [row.account_id for row in matter.outcomes] == [phones[0].actor.account_id]
    decision = Decision(SettledMatter.SECOND_ENDING, matter.subject_id, Settlement.NOTED, "Satu orang, satu IUD")
    settle(day.staff, day.session_id, decision)
    assert matters_of(day.staff, day.session_id)[0].decided is not None


def test_what_is_short_refused_or_held_waits_for_a_person(day: ServiceDay) -> None:
    with clock.standing_at(NINE - timedelta(hours=1)):
        phone = make_phone(day)
    for _ in range(6):  # five IUDs are on the shelf
        candidate = expect(day)
        phone.tell("arrived", {"candidate": candidate.candidate_id})
        phone.serve({"candidate": candidate.candidate_id}, day.city.midwife.provider_id)
    phone.tell("moved", {"candidate": candidate.candidate_id}, stop="nowhere")
    sync(phone.actor, phone.batch())
    twin = Phone(phone.actor, phone.device_id, phone.key, day.session_id)
    twin.tell("arrived", {"candidate": candidate.candidate_id})
    sync(phone.actor, twin.batch())
    found = {row.matter: row for row in matters_of(day.staff, day.session_id)}
    assert set(found) == {SettledMatter.STOCK_DISCREPANCY, SettledMatter.STUCK_EVENT, SettledMatter.HELD_EVENT}
    assert found[SettledMatter.HELD_EVENT].code == "counter-used"


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        (Decision(SettledMatter.DOUBLE_SERVICE, 999_999, Settlement.KEEP_BOTH), "matter-unknown"),
        (Decision(SettledMatter.HELD_EVENT, 999_999, Settlement.NOTED), "matter-unknown"),
    ],
)
def test_only_what_is_there_can_be_settled(day: ServiceDay, decision: Decision, code: str) -> None:
    with pytest.raises(SettlementInvalid) as refused:
        settle(day.staff, day.session_id, decision)
    assert code in {mistake.code for mistake in refused.value.mistakes}
