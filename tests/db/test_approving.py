"""Approval: everything that a plan says comes to be at once, and only while the plan still fits the world."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import func, select, update

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.errors import NotAllowed
from campaign.events import queries as events
from campaign.events.lifecycle import CampaignIsFixed, CampaignState
from campaign.events.models import Campaign
from campaign.jobs import JobName
from campaign.logistics.models import Reservation
from campaign.logistics.services import set_floor
from campaign.outreach.appointments import appointments_of, appointments_of_plan
from campaign.outreach.models import Candidate, CandidateState, Invitation, InvitationState
from campaign.planning import queries
from campaign.planning.approving import PlanIsStale, PlanNotSolved, approve_plan
from campaign.planning.models import PlanState
from campaign.registry.models import LocalDayOff
from tests.builders.actors import actor_with
from tests.builders.candidates import make_candidate
from tests.builders.logistics import make_stock
from tests.builders.plans import DELIVERED_ON, HELD_ON, Scene, make_run, make_scene, make_solved_run
from tests.builders.registry import KECAMATAN, make_absence

pytestmark = pytest.mark.usefixtures("open_transaction")


def _count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _codes(scene: Scene, plan_run_id: int) -> set[str]:
    with pytest.raises(PlanIsStale) as caught:
        approve_plan(scene.head, plan_run_id)
    return {change.code for change in caught.value.changes}


def test_an_approved_plan_becomes_sessions_reservations_appointments_and_invitations() -> None:
    scene = make_scene()
    run = approve_plan(scene.head, make_solved_run(scene).plan_run_id)
    assert (run.state, run.approved_by_id) == (PlanState.APPROVED, scene.head.account_id)
    assert scene.campaign.state is CampaignState.APPROVED
    (session,) = events.sessions_of(scene.campaign.campaign_id)
    assert (session.facility_id, session.held_on) == (scene.depot.city.puskesmas.facility_id, HELD_ON)
    assert (session.opens_at, session.closes_at) == (time(8), time(14))
    assert [row.provider_id for row in session.providers] == [scene.depot.city.midwife.provider_id]
    (reserved,) = db.session.scalars(select(Reservation))
    assert (reserved.stock_lot_id, reserved.quantity, reserved.deliver_on) == (
        scene.lot.stock_lot_id,
        3,
        DELIVERED_ON,
    )
    assert len(appointments_of(session.service_session_id)) == 3
    assert _count(Invitation) == 3


def test_the_poor_are_dealt_the_places_planned_for_them_in_the_order_of_the_list() -> None:
    scene = make_scene()
    run = approve_plan(scene.head, make_solved_run(scene).plan_run_id)
    made = appointments_of_plan(run.plan_run_id)
    expected = [datetime(2027, 6, 15, 1, minute, tzinfo=UTC) for minute in (0, 20, 40)]  # 08:00 in Jakarta is 01:00
    assert [(row.candidate_id, row.expected_at) for row in made] == [
        (person.candidate_id, at) for person, at in zip(scene.candidates[:3], expected, strict=True)
    ]
    assert {row.provider_id for row in made} == {scene.depot.city.midwife.provider_id}


def test_workers_are_asked_to_look_and_told_nothing_else() -> None:
    scene = make_scene()
    approve_plan(scene.head, make_solved_run(scene).plan_run_id)
    jobs = [job for job in db.session.info["jobs"] if job.name is JobName.DELIVER_INVITATIONS]
    assert [job.ids for job in jobs] == [{}]
    assert set(db.session.scalars(select(Invitation.state))) == {InvitationState.PENDING}


def test_approving_twice_changes_nothing() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    first = approve_plan(scene.head, run.plan_run_id)
    again = approve_plan(scene.head, run.plan_run_id)
    assert again is first
    assert (_count(Invitation), _count(Reservation)) == (3, 1)
    assert queries.approved_run(scene.campaign.campaign_id) is first


def test_only_the_head_approves() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    with pytest.raises(NotAllowed):
        approve_plan(actor_with(Role.PLANNER), run.plan_run_id)


def test_a_run_without_a_plan_cannot_be_approved() -> None:
    scene = make_scene()
    run = make_run(scene)
    with pytest.raises(PlanNotSolved):
        approve_plan(scene.head, run.plan_run_id)


def test_stock_that_left_makes_a_plan_stale() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    set_floor(SYSTEM, scene.depot.warehouse.stock_place_id, scene.depot.city.iud.item_id, 8)  # 2 of 10 may leave
    assert "may-not-leave" in _codes(scene, run.plan_run_id)


def test_a_lot_that_expires_earlier_and_came_since_makes_a_plan_stale() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    make_stock(scene.depot.warehouse, scene.depot.city.iud.item_id, 5, expires_on=clock.today() + timedelta(200))
    assert "not-first-expired-shipped" in _codes(scene, run.plan_run_id)
    assert _count(Reservation) == 0


def test_a_day_off_declared_since_makes_a_plan_stale() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    db.session.add(LocalDayOff(off_on=HELD_ON, area_code=KECAMATAN, reason="banjir rob"))
    db.session.flush()
    assert "session-place" in _codes(scene, run.plan_run_id) or "closed" in _codes(scene, run.plan_run_id)


def test_an_absent_midwife_makes_a_plan_stale() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    make_absence(scene.depot.city.midwife, HELD_ON, HELD_ON)
    assert "provider-absent" in _codes(scene, run.plan_run_id)


def test_a_candidate_who_withdrew_makes_a_plan_stale() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    db.session.get_one(Candidate, scene.candidates[0].candidate_id).state = CandidateState.WITHDRAWN
    db.session.flush()
    assert _codes(scene, run.plan_run_id) == {"candidates-left"}


def test_a_candidate_who_joined_does_not_make_a_plan_stale() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    make_candidate(scene.campaign.campaign_id)
    assert approve_plan(scene.head, run.plan_run_id).state is PlanState.APPROVED


def test_a_delivery_date_that_passed_makes_a_plan_stale() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    with clock.standing_at(clock.now() + (HELD_ON - clock.today())):
        assert "date-is-past" in _codes(scene, run.plan_run_id)


def test_a_second_plan_that_was_looked_at_before_the_first_was_approved_is_refused() -> None:
    scene = make_scene()
    first, second = make_solved_run(scene), make_solved_run(scene)
    assert scene.campaign.state is CampaignState.DRAFT  # this session has read it
    db.session.execute(
        update(Campaign)
        .where(Campaign.campaign_id == scene.campaign.campaign_id)
        .values(state=CampaignState.APPROVED)
        .execution_options(synchronize_session=False)
    )
    for run in (first, second):
        with pytest.raises(CampaignIsFixed):
            approve_plan(scene.head, run.plan_run_id)
