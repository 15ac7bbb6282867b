"""Campaign, plan and invitation pages: who sees what, mistakes in their place, refusals explained."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.events import queries as events
from campaign.events.lifecycle import CampaignState
from campaign.events.models import Campaign
from campaign.events.services import mark_approved
from campaign.jobs import Job, JobName
from campaign.outreach.models import Invitation, InvitationState
from campaign.outreach.recording import Ending, Result, record
from campaign.planning import services
from campaign.planning.approving import approve_plan
from campaign.planning.models import PlanRun, PlanState
from campaign.registry.models import AreaFigure
from tests.builders.events import make_campaign
from tests.builders.invitations import claim, make_invitations
from tests.builders.logistics import make_stock
from tests.builders.plans import HELD_ON, Scene, make_run, make_scene, make_solved_run
from tests.builders.registry import (
    DISTRICT,
    FAR_KELURAHAN,
    KECAMATAN,
    KELURAHAN,
    OTHER_KECAMATAN,
    OTHER_KELURAHAN,
    make_area,
    make_city,
)
from tests.web.conftest import Visit

Arranging = Callable[[], Any]


@pytest.fixture
def scene(arranging: Arranging) -> Scene:
    with arranging():
        return make_scene()


@pytest.fixture
def solved(arranging: Arranging, scene: Scene) -> int:
    with arranging():
        return make_solved_run(scene).plan_run_id


def _form(**changes: object) -> dict[str, object]:
    return {
        "key": "0" * 32,
        "name": "Pelayanan KB Serempak",
        "district": DISTRICT,
        "dates": "2027-06-15\n16-06-2027",
        "max_travel_km": "25",
        "min_session": "1",
        "trips_per_day": "20",
        "trip_cost": "150000",
        "cross_kecamatan": "y",
    } | changes


def test_a_planner_creates_a_campaign_once(visit: Visit, arranging: Arranging) -> None:
    with arranging():
        city = make_city()
        facility = str(city.puskesmas.facility_id)
    client = visit(Role.PLANNER)
    first = client.post("/campaigns/new", data=_form(facilities=[facility]))
    again = client.post("/campaigns/new", data=_form(facilities=[facility]))
    assert (first.status_code, first.location) == (302, again.location)
    assert db.session.scalar(select(func.count()).select_from(Campaign)) == 1
    assert "Pelayanan KB Serempak" in client.get(first.location).text


def test_a_form_comes_back_with_every_mistake(visit: Visit, arranging: Arranging) -> None:
    with arranging():
        make_city()
    page = visit(Role.PLANNER).post("/campaigns/new", data=_form(name="", dates="kapan saja", min_session="0"))
    assert page.status_code == 422
    assert "kapan" in page.text
    for field in ("name", "dates", "facilities"):
        assert f'href="#{field}"' in page.text


def test_a_campaign_elsewhere_does_not_exist_for_others(visit: Visit, scene: Scene, arranging: Arranging) -> None:
    campaign_id = scene.campaign.campaign_id
    with arranging():
        make_area("34", "DI Yogyakarta")
    assert visit(Role.VIEWER, area_code="33").get(f"/campaigns/{campaign_id}").status_code == 200
    assert visit(Role.VIEWER, area_code=OTHER_KECAMATAN).get(f"/campaigns/{campaign_id}").status_code == 200
    assert visit(Role.VIEWER, area_code="34").get(f"/campaigns/{campaign_id}").status_code == 404


def test_targets_are_split_and_then_changed_by_hand(visit: Visit, scene: Scene) -> None:
    campaign_id = scene.campaign.campaign_id
    client = visit(Role.PLANNER)
    client.post(f"/campaigns/{campaign_id}/split", data={"key": "1" * 32, "total.iud": "9"})
    assert events.targets(campaign_id) == {(KECAMATAN, "iud"): 6, (OTHER_KECAMATAN, "iud"): 3}
    client.post(f"/campaigns/{campaign_id}/targets", data={"key": "2" * 32, f"target.{KECAMATAN}.pill": "4"})
    db.session.expire_all()
    assert events.targets(campaign_id) == {(KECAMATAN, "pill"): 4}


def test_a_target_that_is_no_number_is_named_and_kept(visit: Visit, scene: Scene) -> None:
    name = f"target.{KECAMATAN}.iud"
    address = f"/campaigns/{scene.campaign.campaign_id}/targets"
    page = visit(Role.PLANNER).post(address, data={"key": "1" * 32, name: "banyak"})
    assert page.status_code == 422
    assert 'value="banyak"' in page.text


def test_asking_for_a_plan_queues_one_job(visit: Visit, scene: Scene, sent: list[Job]) -> None:
    client = visit(Role.PLANNER)
    address = f"/plans/new/{scene.campaign.campaign_id}"
    for _press in range(2):
        answer = client.post(address, data={"key": "3" * 32, "seconds": "5", "seed": "1"})
        assert answer.status_code == 302
    assert [job.name for job in sent if job.name is JobName.RUN_PLAN] == [JobName.RUN_PLAN]
    page = client.get(answer.location)
    assert "data-address" in page.text
    state = client.get(f"{answer.location}/state").json
    assert state is not None
    assert (state["state"], state["is_running"]) == ("queued", True)


def test_limits_outside_the_range_come_back(visit: Visit, scene: Scene) -> None:
    address = f"/plans/new/{scene.campaign.campaign_id}"
    page = visit(Role.PLANNER).post(address, data={"key": "3" * 32, "seconds": "9999", "seed": "1"})
    assert page.status_code == 422


def test_the_plan_shows_board_proof_and_who_is_not_served(visit: Visit, solved: int, scene: Scene) -> None:
    page = visit(Role.VIEWER).get(f"/plans/{solved}")
    assert page.status_code == 200
    assert "Terlayani 3 dari 4." in page.text
    assert scene.depot.city.puskesmas.name in page.text
    assert "Tempat dan tenaga sudah penuh" in page.text


def test_a_facility_day_shows_how_full_it_is(visit: Visit, solved: int, scene: Scene) -> None:
    client = visit(Role.VIEWER)
    code = scene.depot.city.puskesmas.code
    page = client.get(f"/plans/{solved}/{code}/{HELD_ON.isoformat()}")
    assert page.status_code == 200
    assert scene.depot.city.midwife.name in page.text
    assert scene.lot.number in page.text
    for day in ("2027-06-30", "kemarin"):
        assert client.get(f"/plans/{solved}/{code}/{day}").status_code == 404


def test_names_of_candidates_are_on_none_of_these_pages(visit: Visit, solved: int, scene: Scene) -> None:
    client = visit(Role.PLANNER)
    code = scene.depot.city.puskesmas.code
    for address in (
        f"/campaigns/{scene.campaign.campaign_id}",
        f"/plans/{solved}",
        f"/plans/{solved}/{code}/{HELD_ON}",
    ):
        assert "Calon Contoh" not in client.get(address).text


def test_the_head_approves(visit: Visit, solved: int, scene: Scene, sent: list[Job]) -> None:
    client = visit(Role.HEAD)
    assert f"/plans/{solved}/approve" in client.get(f"/plans/{solved}").text
    assert client.post(f"/plans/{solved}/approve").status_code == 302
    assert db.session.get_one(PlanRun, solved).state is PlanState.APPROVED
    assert len([job for job in sent if job.name is JobName.DELIVER_INVITATIONS]) == 1
    assert f"/plans/{solved}/approve" not in client.get(f"/plans/{solved}").text


def test_a_planner_does_not_approve(visit: Visit, solved: int) -> None:
    client = visit(Role.PLANNER)
    assert f"/plans/{solved}/approve" not in client.get(f"/plans/{solved}").text
    assert client.post(f"/plans/{solved}/approve").status_code == 403


def test_a_stale_plan_is_refused_with_what_changed(
    visit: Visit, solved: int, scene: Scene, arranging: Arranging
) -> None:
    with arranging():
        make_stock(scene.depot.warehouse, scene.depot.city.iud.item_id, 5, expires_on=clock.today() + timedelta(200))
    page = visit(Role.HEAD).post(f"/plans/{solved}/approve")
    assert page.status_code == 409
    assert "kedaluwarsa lebih dulu" in page.text
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0


def test_a_planner_downloads_both_documents(visit: Visit, solved: int) -> None:
    client = visit(Role.PLANNER)
    problem = client.get(f"/plans/{solved}/problem.json")
    plan = client.get(f"/plans/{solved}/plan.json")
    assert json.loads(problem.text)["format"] == "campaign-problem/1"
    assert json.loads(plan.text)["format"] == "campaign-plan/1"
    assert problem.headers["Content-Disposition"] == f'attachment; filename="problem-{solved}.json"'
    assert visit(Role.VIEWER).get(f"/plans/{solved}/problem.json").status_code == 403


def test_a_failed_run_says_why(visit: Visit, scene: Scene, arranging: Arranging) -> None:
    with arranging():
        run = make_run(scene)
        claim = services.claim_run(run.plan_run_id)
        assert claim is not None
        services.record_failure(claim, "no-candidates")
    page = visit(Role.PLANNER).get(f"/plans/{run.plan_run_id}")
    assert "Belum ada calon" in page.text


def _doubt(scene: Scene) -> int:
    (row,) = make_invitations(scene, 1)
    (claimed,) = claim(row)
    record([Result(row.invitation_id, claimed.attempt, Ending.UNKNOWN, "delivery-unknown")])
    return row.invitation_id


@pytest.mark.parametrize(("answer", "state"), [("yes", InvitationState.SENT), ("no", InvitationState.PENDING)])
def test_a_person_decides_what_became_of_an_invitation(
    visit: Visit, scene: Scene, arranging: Arranging, answer: str, state: InvitationState
) -> None:
    with arranging():
        invitation_id = _doubt(scene)
    client, campaign_id = visit(Role.PLANNER), scene.campaign.campaign_id
    assert f"/invitations/{campaign_id}/{invitation_id}/settle" in client.get(f"/invitations/{campaign_id}").text
    client.post(f"/invitations/{campaign_id}/{invitation_id}/settle", data={"arrived": answer})
    db.session.expire_all()
    assert db.session.get_one(Invitation, invitation_id).state is state


def test_a_campaign_without_anything_says_what_comes_first(visit: Visit, arranging: Arranging) -> None:
    with arranging():
        campaign_id = make_campaign(make_city()).campaign_id
    page = visit(Role.PLANNER).get(f"/campaigns/{campaign_id}")
    assert "Belum ada target dan belum ada calon." in page.text
    assert 'aria-current="step"' in page.text


def test_targets_of_kelurahan_are_typed_and_the_kecamatan_is_their_sum(visit: Visit, scene: Scene) -> None:
    campaign_id = scene.campaign.campaign_id
    client = visit(Role.PLANNER)
    address = f"/campaigns/{campaign_id}/targets/{KECAMATAN}"
    page = client.get(address)
    assert "PUS 1.800, unmet need 180" in page.text
    assert "4 calon (+1)" in page.text  # 5 over two kelurahan: 3 and 2, and all four names are of the first
    typed = {"key": "1" * 32, f"target.{KELURAHAN}.iud": "6", f"target.{OTHER_KELURAHAN}.iud": "1"}
    assert client.post(address, data=typed).status_code == 302
    db.session.expire_all()
    assert events.targets(campaign_id) == {(KECAMATAN, "iud"): 7}
    assert client.post(address, data=typed | {f"target.{KELURAHAN}.iud": "x"}).status_code == 422
    assert client.get(f"/campaigns/{campaign_id}/targets/99.99.99").status_code == 404


def test_a_split_goes_by_couples_when_asked(visit: Visit, scene: Scene, arranging: Arranging) -> None:
    with arranging():
        db.session.get_one(AreaFigure, (FAR_KELURAHAN, 2026)).couples = 3600  # as many as the two others together
    client, campaign_id = visit(Role.PLANNER), scene.campaign.campaign_id
    client.post(f"/campaigns/{campaign_id}/split", data={"key": "1" * 32, "total.iud": "8", "basis": "couples"})
    db.session.expire_all()
    assert events.targets(campaign_id) == {(KECAMATAN, "iud"): 4, (OTHER_KECAMATAN, "iud"): 4}
    answer = client.post(f"/campaigns/{campaign_id}/split", data={"key": "1" * 32, "total.iud": "8", "basis": "mood"})
    assert answer.status_code == 422


def test_a_draft_is_given_up_and_an_approved_campaign_is_not(
    visit: Visit, scene: Scene, solved: int, arranging: Arranging
) -> None:
    client, campaign_id = visit(Role.PLANNER), scene.campaign.campaign_id
    assert f"/campaigns/{campaign_id}/cancel" in client.get(f"/campaigns/{campaign_id}").text
    client.post(f"/campaigns/{campaign_id}/cancel")
    db.session.expire_all()
    assert events.campaign(campaign_id).state is CampaignState.CANCELLED
    with arranging():
        other = make_campaign(scene.depot.city)
        mark_approved(SYSTEM, other.campaign_id)
    client.post(f"/campaigns/{other.campaign_id}/cancel")
    page = client.get(f"/campaigns/{other.campaign_id}").text
    assert "dasarnya tidak dapat diubah lagi" in page
    assert f"/campaigns/{other.campaign_id}/close" in page


def test_a_campaign_is_closed_only_when_every_session_is(
    visit: Visit, scene: Scene, solved: int, arranging: Arranging
) -> None:
    with arranging():
        approve_plan(scene.head, solved)
    client, campaign_id = visit(Role.PLANNER), scene.campaign.campaign_id
    address = f"/campaigns/{campaign_id}/close"
    page = client.get(address).text
    assert scene.depot.city.puskesmas.name in page
    assert "Kampanye yang ditutup tidak dapat dibuka lagi" not in page  # no button yet
    client.post(address)
    assert "1 sesi belum ditutup faskesnya" in client.get(address).text
    with arranging():
        for row in events.open_sessions(campaign_id):
            row.closed_at = clock.now()
    assert "Kampanye yang ditutup tidak dapat dibuka lagi" in client.get(address).text
    client.post(address)
    db.session.expire_all()
    assert events.campaign(campaign_id).state is CampaignState.CLOSED
    assert visit(Role.VIEWER).post(address).status_code == 403
