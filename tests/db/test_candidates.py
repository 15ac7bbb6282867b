"""Candidates of a campaign: the list, the walk-ins, who reads them, and the groups that a plan serves."""

from datetime import date

import pytest
from sqlalchemy import select, text

from campaign import audit
from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.errors import Invalid, NotAllowed
from campaign.events.services import cancel_campaign
from campaign.outreach import queries
from campaign.outreach.candidates import (
    CampaignIsOver,
    CandidatesInvalid,
    WalkIn,
    WalkInInvalid,
    read_candidates,
    register_candidates,
    register_walk_in,
)
from campaign.outreach.models import CandidateSource, CandidateState
from campaign.registry.storing import Counts
from tests.builders import registry as a
from tests.builders.actors import actor_with
from tests.builders.candidates import Wish, candidate_row, make_candidate, synthetic_nik
from tests.builders.events import make_campaign

pytestmark = pytest.mark.usefixtures("open_transaction")


@pytest.fixture
def city(open_transaction: None) -> a.City:
    return a.make_city()


@pytest.fixture
def campaign_id(city: a.City) -> int:
    return make_campaign(city).campaign_id


def mistakes_of(error: pytest.ExceptionInfo[Invalid]) -> set[tuple[str, str]]:
    return {(mistake.where, mistake.code) for mistake in error.value.mistakes}


def test_the_same_list_twice_is_unchanged(campaign_id: int) -> None:
    rows = [candidate_row(1), candidate_row(2, is_poor=True, poor_source="PBI")]
    assert register_candidates(SYSTEM, campaign_id, rows) == Counts(new=2)
    assert register_candidates(SYSTEM, campaign_id, rows) == Counts(unchanged=2)
    assert register_candidates(SYSTEM, campaign_id, [candidate_row(1, method_code="pill"), rows[1]]) == Counts(
        changed=1, unchanged=1
    )


def test_nik_phone_and_email_are_ciphertext_in_the_database(campaign_id: int) -> None:
    register_candidates(SYSTEM, campaign_id, [candidate_row(1, email="x@contoh.example")])
    stored = db.session.execute(text("SELECT nik, phone, email FROM candidate")).one()
    clear = (synthetic_nik(1), "+6289000000001", "x@contoh.example")
    assert not any(secret in token for secret, token in zip(clear, stored, strict=True))
    [candidate] = queries.candidates_of(queries.CandidateFilter(campaign_id))
    assert (candidate.nik, candidate.phone, candidate.email) == clear


def test_every_mistake_of_a_list_is_told_with_its_row(campaign_id: int) -> None:
    rows = [
        candidate_row(1, nik="337599450790"),
        candidate_row(2, phone="12", method_code="magic"),
        candidate_row(3, phone=None),
        candidate_row(4, is_poor=True),
        candidate_row(5, nik=synthetic_nik(6)),
        candidate_row(6),
        candidate_row(7, kelurahan_code="33.75.01.9999"),
    ]
    with pytest.raises(CandidatesInvalid) as error:
        register_candidates(SYSTEM, campaign_id, rows)
    assert mistakes_of(error) == {
        ("0.nik", "nik-form"),
        ("1.phone", "phone-form"),
        ("1.method_code", "unknown-method"),
        ("2.phone", "phone-missing"),
        ("3.poor_source", "poor-source-missing"),
        ("4.nik", "nik-listed-twice"),
        ("5.nik", "nik-listed-twice"),
        ("6.kelurahan_code", "unknown-kelurahan"),
    }
    assert queries.candidates_of(queries.CandidateFilter(campaign_id)) == []


def test_a_nik_that_is_listed_under_another_number_is_refused(campaign_id: int) -> None:
    register_candidates(SYSTEM, campaign_id, [candidate_row(1)])
    with pytest.raises(CandidatesInvalid) as error:
        register_candidates(SYSTEM, campaign_id, [candidate_row(2, nik=synthetic_nik(1))])
    assert mistakes_of(error) == {("0.nik", "nik-listed-already")}


def test_the_list_of_a_cancelled_campaign_stays_as_it_is(campaign_id: int) -> None:
    cancel_campaign(SYSTEM, campaign_id)
    with pytest.raises(CampaignIsOver):
        register_candidates(SYSTEM, campaign_id, [candidate_row(1)])


def test_the_same_person_may_be_listed_in_two_campaigns(city: a.City, campaign_id: int) -> None:
    register_candidates(SYSTEM, campaign_id, [candidate_row(1)])
    other = make_campaign(city).campaign_id
    assert register_candidates(SYSTEM, other, [candidate_row(1)]) == Counts(new=1)


def test_a_cadre_lists_names_of_her_own_kelurahan_only(campaign_id: int) -> None:
    cadre = actor_with(Role.CADRE, a.KELURAHAN)
    assert register_candidates(cadre, campaign_id, [candidate_row(1)]).new == 1
    with pytest.raises(NotAllowed):
        register_candidates(cadre, campaign_id, [candidate_row(2, kelurahan_code=a.OTHER_KELURAHAN)])


def test_groups_are_alike_in_kelurahan_method_priority_and_dates(campaign_id: int) -> None:
    one, two = make_candidate(campaign_id), make_candidate(campaign_id)
    poor = make_candidate(campaign_id, Wish(is_poor=True))
    busy = make_candidate(campaign_id, Wish(free_dates=(date(2027, 6, 17), date(2027, 6, 15))))
    make_candidate(campaign_id, Wish(state=CandidateState.WITHDRAWN))
    groups = {group.group_id: group for group in queries.candidate_groups(campaign_id)}
    assert {group_id: group.candidate_ids for group_id, group in groups.items()} == {
        f"{a.KELURAHAN}/iud/other": (one.candidate_id, two.candidate_id),
        f"{a.KELURAHAN}/iud/poor": (poor.candidate_id,),
        f"{a.KELURAHAN}/iud/other/2027-06-15+2027-06-17": (busy.candidate_id,),
    }
    assert groups[f"{a.KELURAHAN}/iud/other/2027-06-15+2027-06-17"].free_dates == (date(2027, 6, 15), date(2027, 6, 17))


def test_counts_are_per_kecamatan_and_method(campaign_id: int) -> None:
    make_candidate(campaign_id)
    make_candidate(campaign_id, Wish(kelurahan_code=a.OTHER_KELURAHAN, is_poor=True))
    make_candidate(campaign_id, Wish(kelurahan_code=a.FAR_KELURAHAN, method_code="pill"))
    assert queries.candidate_counts(campaign_id) == [
        queries.CandidateCount(a.KECAMATAN, "iud", 2, 1),
        queries.CandidateCount(a.OTHER_KECAMATAN, "pill", 1, 0),
    ]


def test_a_walk_in_is_taken_once_however_often_it_is_sent(city: a.City, campaign_id: int) -> None:
    walk_in = WalkIn("device-1", campaign_id, city.puskesmas.facility_id, "pill", "Tamu Contoh")
    facility = actor_with(Role.FACILITY, facility_id=city.puskesmas.facility_id)
    first = register_walk_in(facility, walk_in)
    assert register_walk_in(facility, walk_in) == first
    candidate = queries.candidates_by_ids([first])[first]
    assert (candidate.source, candidate.kelurahan_code) == (CandidateSource.WALK_IN, a.KECAMATAN)


def test_a_walk_in_whose_nik_is_listed_is_that_person(city: a.City, campaign_id: int) -> None:
    listed = make_candidate(campaign_id)
    walk_in = WalkIn("d2", campaign_id, city.puskesmas.facility_id, "pill", "Tamu", nik=listed.nik)
    assert register_walk_in(SYSTEM, walk_in) == listed.candidate_id


def test_a_walk_in_needs_a_name_and_digits_that_can_be_right(city: a.City, campaign_id: int) -> None:
    nonsense = WalkIn("d3", campaign_id, city.puskesmas.facility_id, "pill", " ", nik="1", phone="1")
    with pytest.raises(WalkInInvalid) as error:
        register_walk_in(SYSTEM, nonsense)
    assert mistakes_of(error) == {("name", "name-missing"), ("nik", "nik-form"), ("phone", "phone-form")}


def test_a_facility_takes_walk_ins_at_its_own_door_only(city: a.City, campaign_id: int) -> None:
    walk_in = WalkIn("d4", campaign_id, city.hospital.facility_id, "pill", "Tamu Contoh")
    with pytest.raises(NotAllowed):
        register_walk_in(actor_with(Role.FACILITY, facility_id=city.puskesmas.facility_id), walk_in)


def test_reading_names_shows_the_own_area_and_leaves_a_trace_of_ids(campaign_id: int) -> None:
    near = make_candidate(campaign_id)
    make_candidate(campaign_id, Wish(kelurahan_code=a.FAR_KELURAHAN))
    cadre = actor_with(Role.CADRE, a.KELURAHAN)
    found = read_candidates(cadre, queries.CandidateFilter(campaign_id))
    assert (found.candidates, found.total) == ([near], 1)
    entry = db.session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.action == "read-candidates")).one()
    assert entry.facts == {"candidate_ids": [near.candidate_id]}


def test_a_viewer_reads_no_names(campaign_id: int) -> None:
    with pytest.raises(NotAllowed):
        read_candidates(actor_with(Role.VIEWER), queries.CandidateFilter(campaign_id))


def test_a_page_shows_and_audits_fifty_names_at_most(campaign_id: int) -> None:
    for _ in range(queries.PAGE + 1):
        make_candidate(campaign_id)
    which = queries.CandidateFilter(campaign_id, area_code=a.KECAMATAN, method_code="iud")
    first, last = read_candidates(SYSTEM, which), read_candidates(SYSTEM, which, page=9)
    assert (len(first.candidates), first.pages) == (queries.PAGE, 2)
    assert (len(last.candidates), last.page) == (1, 2)


def test_nobody_takes_over_a_candidate_of_another_kelurahan(campaign_id: int) -> None:
    register_candidates(SYSTEM, campaign_id, [candidate_row(1, kelurahan_code=a.OTHER_KELURAHAN)])
    with pytest.raises(NotAllowed):
        register_candidates(actor_with(Role.CADRE, a.KELURAHAN), campaign_id, [candidate_row(1)])
