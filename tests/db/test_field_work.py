"""Field work: doors, lists handed in and accepted, doubles, and the funnel."""

from datetime import date
from typing import NamedTuple

import pytest
from sqlalchemy import select

from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.audit import AuditEntry
from campaign.db import db
from campaign.errors import Invalid, NotAllowed
from campaign.events import queries as events
from campaign.outreach.field import households, rules, settling, submissions, worklist
from campaign.outreach.field.households import VisitedForGood
from campaign.outreach.field.journey import Stage
from campaign.outreach.field.models import ExitReason, Household, SubmissionState
from campaign.outreach.field.quality import EligibilityRule
from campaign.outreach.field.settling import HasAppointment, Verdict
from campaign.outreach.field.submissions import AlreadyDecided, Handing, ListIsOut
from campaign.outreach.field.visits import VisitResult
from campaign.outreach.models import Appointment, Candidate, CandidateState
from campaign.reports.funnel import funnel, way_of
from tests.builders.candidates import Wish, make_candidate
from tests.builders.events import make_campaign, make_targets
from tests.builders.field import key, make_household, new_household, new_visit
from tests.builders.invitations import make_invitations
from tests.builders.plans import make_scene
from tests.builders.registry import FAR_KELURAHAN, KECAMATAN, KELURAHAN, OTHER_KECAMATAN, make_city
from tests.builders.sop import person

pytestmark = pytest.mark.usefixtures("open_transaction")


class Ground(NamedTuple):
    """A campaign of the small city."""

    campaign_id: int


@pytest.fixture
def ground() -> Ground:
    return Ground(make_campaign(make_city()).campaign_id)


def test_who_is_willing_becomes_a_candidate_with_what_the_family_said(ground: Ground) -> None:
    household = make_household(ground.campaign_id, phone="0890 0000 0001", poor_source="DTSEN")
    households.record_visit(SYSTEM, new_visit(household, nik="3375994507909001", may_be_messaged=True))
    candidate = db.session.get_one(Candidate, household.candidate_id)
    assert (candidate.name, candidate.method_code, candidate.state) == (household.name, "iud", CandidateState.LISTED)
    assert (candidate.is_poor, candidate.may_be_messaged, candidate.phone) == (True, True, "+6289000000001")


def test_the_same_visit_sent_twice_is_one_and_a_settled_door_stays_settled(ground: Ground) -> None:
    household = make_household(ground.campaign_id)
    once = new_visit(household)
    first = households.record_visit(SYSTEM, once)
    assert households.record_visit(SYSTEM, once).house_visit_id == first.house_visit_id
    with pytest.raises(VisitedForGood):
        households.record_visit(SYSTEM, new_visit(household, VisitResult.MOVED))


def test_every_mistake_of_a_visit_is_told_and_nothing_is_kept(ground: Ground) -> None:
    household = make_household(ground.campaign_id)
    wrong = new_visit(household, method_code=None, nik="12", visited_on=date(2027, 6, 2), poor_verified_by="Lurah")
    with pytest.raises(Invalid) as refused:
        households.record_visit(SYSTEM, wrong)
    assert {one.code for one in refused.value.mistakes} == {
        "visit-in-future",
        "choose-a-method",
        "nik-form",
        "verifier-missing",
    }
    assert household.visits == []


def test_a_nik_that_is_on_the_list_already_leaves_the_visit_unwritten(ground: Ground) -> None:
    first, second = make_household(ground.campaign_id), make_household(ground.campaign_id)
    households.record_visit(SYSTEM, new_visit(first, nik="3375994507909001"))
    with pytest.raises(Invalid), db.session.begin_nested():
        households.record_visit(SYSTEM, new_visit(second, nik="3375994507909001"))
    db.session.expire_all()
    assert second.visits == []


def test_a_cadre_works_in_the_own_kelurahan_alone(ground: Ground) -> None:
    cadre = person(Role.CADRE, KELURAHAN)
    households.add_household(cadre, new_household(ground.campaign_id))
    far = make_household(ground.campaign_id, kelurahan_code=FAR_KELURAHAN)
    with pytest.raises(NotAllowed):
        households.add_household(cadre, new_household(ground.campaign_id, kelurahan_code=FAR_KELURAHAN))
    with pytest.raises(NotAllowed):
        households.read_household(cadre, far.household_id)
    assert [row.kelurahan_code for row in worklist.due_households(cadre, ground.campaign_id)] == [KELURAHAN]


def test_the_work_list_leaves_out_who_was_visited_for_good_and_its_reading_is_written_down(ground: Ground) -> None:
    open_door = make_household(ground.campaign_id)
    for result in (VisitResult.REFUSES, VisitResult.WILLING, VisitResult.THINKING):
        households.record_visit(SYSTEM, new_visit(make_household(ground.campaign_id), result))
    assert worklist.due_households(SYSTEM, ground.campaign_id) == [open_door]
    read = db.session.scalar(select(AuditEntry).where(AuditEntry.action == "read-households"))
    assert read is not None
    assert read.facts == {"household_ids": [open_door.household_id]}
    assert worklist.results(SYSTEM, ground.campaign_id)[None] == 1


def _submit(ground: Ground, kecamatan: str = KECAMATAN, **changes: str) -> int:
    handing = Handing(changes.get("key", key()), ground.campaign_id, kecamatan)
    return submissions.submit_list(SYSTEM, handing).candidate_submission_id


def test_a_list_is_handed_in_once_and_accepted_names_are_accepted(ground: Ground) -> None:
    listed = make_candidate(ground.campaign_id, Wish(is_poor=True))
    gone = make_candidate(ground.campaign_id, Wish(state=CandidateState.WITHDRAWN))
    submission_id = _submit(ground, key="one")
    assert _submit(ground, key="one") == submission_id
    with pytest.raises(ListIsOut):
        _submit(ground)
    later = make_candidate(ground.campaign_id)
    row = submissions.accept_list(SYSTEM, submission_id)
    db.session.expire_all()
    assert (row.candidates, row.poor, row.state) == (1, 1, SubmissionState.ACCEPTED)
    assert [one.state for one in (listed, gone, later)] == [
        CandidateState.ACCEPTED,
        CandidateState.WITHDRAWN,
        CandidateState.LISTED,
    ]
    with pytest.raises(AlreadyDecided):
        submissions.accept_list(SYSTEM, submission_id)


def test_a_returned_list_may_be_handed_in_again_as_the_next_version(ground: Ground) -> None:
    make_candidate(ground.campaign_id)
    with pytest.raises(Invalid):
        submissions.return_list(SYSTEM, _submit(ground), " ")
    (row,) = submissions.latest_of(ground.campaign_id).values()
    submissions.return_list(SYSTEM, row.candidate_submission_id, "NIK belum lengkap")
    _submit(ground)
    assert submissions.latest_of(ground.campaign_id)[KECAMATAN].version == 2


def test_an_empty_list_is_not_handed_in_and_a_kecamatan_hands_in_its_own_alone(ground: Ground) -> None:
    with pytest.raises(Invalid):
        _submit(ground, OTHER_KECAMATAN)
    make_candidate(ground.campaign_id)
    officer = person(Role.FIELD_OFFICER, OTHER_KECAMATAN)
    with pytest.raises(NotAllowed):
        submissions.submit_list(officer, Handing(key(), ground.campaign_id, KECAMATAN))


def test_the_city_has_three_working_days(ground: Ground) -> None:
    make_candidate(ground.campaign_id)
    _submit(ground)
    row = submissions.latest_of(ground.campaign_id)[KECAMATAN]
    # Handed in on Tuesday 1 June, a holiday; Wednesday, Thursday and Friday are worked.
    assert submissions.decide_by(row) == date(2027, 6, 4)


def test_of_two_that_are_one_somebody_decides_who_stays(ground: Ground) -> None:
    first, second = make_candidate(ground.campaign_id), make_candidate(ground.campaign_id)
    for row in (first, second):
        row.name, row.birth_on = "Siti Contoh", date(1990, 7, 5)
    db.session.flush()
    pairs, people = settling.doubles_of(SYSTEM, ground.campaign_id)
    assert set(people) == {first.candidate_id, second.candidate_id}
    verdict = Verdict(pairs[0].second_id, pairs[0].first_id, first.candidate_id)
    settling.decide_double(SYSTEM, verdict)
    settling.decide_double(SYSTEM, verdict)
    assert (first.state, second.state) == (CandidateState.LISTED, CandidateState.WITHDRAWN)
    assert settling.doubles_of(SYSTEM, ground.campaign_id) == ([], {})


def test_two_that_are_two_are_never_asked_about_again(ground: Ground) -> None:
    first, second = make_candidate(ground.campaign_id), make_candidate(ground.campaign_id)
    for row in (first, second):
        row.name, row.birth_on = "Siti Contoh", date(1990, 7, 5)
    db.session.flush()
    settling.decide_double(SYSTEM, Verdict(first.candidate_id, second.candidate_id, None))
    assert settling.doubles_of(SYSTEM, ground.campaign_id)[0] == []
    assert (first.state, second.state) == (CandidateState.LISTED, CandidateState.LISTED)


def test_a_rule_flags_and_never_refuses(ground: Ground) -> None:
    candidate = make_candidate(ground.campaign_id)
    candidate.birth_on = date(1990, 7, 5)
    db.session.flush()
    before = {one.candidate_id: one.codes for one in rules.flagged(ground.campaign_id, KECAMATAN)}
    rules.save_rule(SYSTEM, "iud", EligibilityRule(min_age=37))
    after = {one.candidate_id: one.codes for one in rules.flagged(ground.campaign_id, KECAMATAN)}
    assert "age-below-rule" not in before.get(candidate.candidate_id, ())
    assert "age-below-rule" in after[candidate.candidate_id]
    with pytest.raises(Invalid) as refused:
        rules.save_rule(SYSTEM, "iud", EligibilityRule(min_age=40, max_age=30, min_children=21))
    assert {one.code for one in refused.value.mistakes} == {"ages-in-order", "out-of-range"}


def test_the_funnel_counts_each_person_once_at_each_stage(ground: Ground) -> None:
    make_targets(events.campaign(ground.campaign_id), {(KECAMATAN, "iud"): 5})
    household = make_household(ground.campaign_id)
    households.record_visit(SYSTEM, new_visit(household))
    make_household(ground.campaign_id)
    make_candidate(ground.campaign_id, Wish(FAR_KELURAHAN))
    _submit(ground)
    submissions.accept_list(SYSTEM, submissions.latest_of(ground.campaign_id)[KECAMATAN].candidate_submission_id)
    db.session.expire_all()
    here = funnel(ground.campaign_id)[KECAMATAN]
    reached = (Stage.TARGET, Stage.VISITED, Stage.CANDIDATE, Stage.SUBMITTED, Stage.ACCEPTED, Stage.PLANNED)
    assert [here.get(stage, 0) for stage in reached] == [5, 1, 1, 1, 1, 0]
    stages = [moment.stage for moment in way_of(household.candidate_id or 0)]
    assert stages == [Stage.VISITED, Stage.CANDIDATE, Stage.SUBMITTED, Stage.ACCEPTED]


def test_whoever_is_expected_somewhere_does_not_leave_the_list_before_that_is_cancelled() -> None:
    make_invitations(make_scene(), 1)
    appointment = db.session.scalars(select(Appointment)).first()
    assert appointment is not None
    with pytest.raises(HasAppointment):
        settling.withdraw_candidate(SYSTEM, appointment.candidate_id, ExitReason.MOVED)


def test_a_household_is_kept_once_whatever_the_network_does(ground: Ground) -> None:
    once = new_household(ground.campaign_id)
    assert households.add_household(SYSTEM, once) is households.add_household(SYSTEM, once)
    assert len(db.session.scalars(select(Household)).all()) == 1
