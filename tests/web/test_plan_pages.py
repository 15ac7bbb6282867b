"""Plan pages: versions, comparison, map, day chart, changes by hand, questions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from campaign.accounts.roles import Role
from campaign.db import db
from campaign.events import queries as events
from campaign.jobs import Job, JobName
from campaign.planning import asking, queries, services
from campaign.planning.models import PlanRun, PlanState
from campaign.planning.problem import load
from tests.builders.events import make_campaign
from tests.builders.plans import HELD_ON, Scene, make_run, make_scene, make_solved_run
from tests.builders.registry import make_city
from tests.web.conftest import Visit

Arranging = Callable[[], Any]
KEY = "4" * 32
LATER = HELD_ON + timedelta(2)


@pytest.fixture
def scene(arranging: Arranging) -> Scene:
    with arranging():
        return make_scene()


@pytest.fixture
def solved(arranging: Arranging, scene: Scene) -> int:
    with arranging():
        return make_solved_run(scene).plan_run_id


def _group(plan_run_id: int, *, is_poor: bool) -> str:
    run = queries.run(plan_run_id)
    return next(g.id for g in load((run.problem or "").encode()).candidates if g.priority is is_poor)


def _move(scene: Scene, subject: str, **changes: object) -> dict[str, object]:
    place = scene.depot.city.puskesmas.code
    return {
        "key": KEY,
        "kind": "group",
        "subject": subject,
        "number": "1",
        "from_facility": "",
        "from_date": "",
        "to_facility": place,
        "to_date": HELD_ON.isoformat(),
    } | changes


def _newest(scene: Scene) -> PlanRun:
    db.session.expire_all()
    return queries.runs(scene.campaign.campaign_id)[0]


def test_a_run_that_waits_is_stopped_once(visit: Visit, scene: Scene, arranging: Arranging) -> None:
    with arranging():
        run = make_run(scene).plan_run_id
    client = visit(Role.PLANNER)
    assert f"/plans/{run}/stop" in client.get(f"/plans/{run}").text
    client.post(f"/plans/{run}/stop")
    assert _newest(scene).state is PlanState.FAILED
    client.post(f"/plans/{run}/stop")
    page = client.get(f"/plans/{run}").text
    assert "Hitungan dihentikan sebelum ada rencana." in page
    assert "tidak ada yang perlu dihentikan" in page


def test_a_run_at_work_says_that_it_is_being_stopped(visit: Visit, scene: Scene, arranging: Arranging) -> None:
    with arranging():
        run = make_run(scene).plan_run_id
        services.claim_run(run)
    client = visit(Role.PLANNER)
    client.post(f"/plans/{run}/stop")
    assert "Sedang dihentikan" in client.get(f"/plans/{run}").text


def test_versions_are_listed_and_two_are_compared(visit: Visit, solved: int, scene: Scene) -> None:
    client = visit(Role.PLANNER)
    client.post(f"/plans/{solved}/edit", data=_move(scene, _group(solved, is_poor=False)))
    second = _newest(scene).plan_run_id
    listed = client.get(f"/plans/of/{scene.campaign.campaign_id}").text
    assert "Diubah dengan tangan" in listed
    assert f"dari versi {solved}" in listed
    page = visit(Role.VIEWER).get(f"/plans/compare?first={solved}&second={second}")
    assert page.status_code == 200
    assert "3 → 4" in page.text
    assert client.get(f"/plans/compare?first={solved}&second=0").status_code == 404


def test_a_group_is_moved_by_the_form_and_the_version_before_is_one_press_away(
    visit: Visit, solved: int, scene: Scene
) -> None:
    client = visit(Role.PLANNER)
    answer = client.post(f"/plans/{solved}/edit", data=_move(scene, _group(solved, is_poor=False)))
    made = _newest(scene)
    assert (answer.status_code, made.served, made.based_on_id) == (302, 4, solved)
    page = client.get(answer.location).text
    assert "Semua ketentuan terpenuhi" in page
    assert f"/plans/{solved}/edit" in page  # undo


def test_what_breaks_is_said_in_words_with_the_place(visit: Visit, solved: int, scene: Scene) -> None:
    client = visit(Role.PLANNER)
    place = {"from_facility": scene.depot.city.puskesmas.code, "from_date": HELD_ON.isoformat()}
    change = _move(scene, scene.depot.city.midwife.code, kind="provider", to_facility="", to_date="", **place)
    page = client.get(client.post(f"/plans/{solved}/edit", data=change).location).text
    assert "jadwal tidak muat untuk Medono, iud" in page
    assert f">{scene.depot.city.midwife.name}</option>" in page  # and may be called back
    assert scene.depot.city.puskesmas.name in page
    plan = client.get(f"/plans/{_newest(scene).plan_run_id}").text
    assert "Versi ini belum dapat disetujui" in plan
    day = client.get(f"/plans/{_newest(scene).plan_run_id}/{scene.depot.city.puskesmas.code}/{HELD_ON}").text
    assert "3 tidak muat dalam jadwal" in day


def test_more_than_there_are_comes_back_with_what_was_typed(visit: Visit, solved: int, scene: Scene) -> None:
    change = _move(scene, _group(solved, is_poor=False), number="9")
    page = visit(Role.PLANNER).post(f"/plans/{solved}/edit", data=change)
    assert page.status_code == 422
    assert "Isi antara 1 dan 1" in page.text
    assert _newest(scene).plan_run_id == solved


def test_only_a_planner_changes_by_hand(visit: Visit, solved: int, scene: Scene) -> None:
    client = visit(Role.HEAD)
    assert client.get(f"/plans/{solved}/edit").status_code == 403
    assert client.post(f"/plans/{solved}/edit", data=_move(scene, "x")).status_code == 403


def test_an_empty_plan_is_filled_by_hand(visit: Visit, scene: Scene) -> None:
    client = visit(Role.PLANNER)
    answer = client.post(f"/plans/by-hand/{scene.campaign.campaign_id}", data={"key": KEY})
    assert answer.status_code == 302
    assert "Calon yang belum terlayani" in client.get(answer.location).text
    start = _newest(scene)
    client.post(
        f"/plans/{start.plan_run_id}/edit",
        data=_move(scene, _group(start.plan_run_id, is_poor=True), number="2", key="5" * 32),
    )
    assert (_newest(scene).served, _newest(scene).state) == (2, PlanState.SOLVED)


def test_a_repair_is_queued_and_shows_pins_that_clash(
    visit: Visit, solved: int, scene: Scene, sent: list[Job], arranging: Arranging
) -> None:
    client = visit(Role.PLANNER)
    client.post(f"/plans/{solved}/edit", data=_move(scene, _group(solved, is_poor=False)))
    made = _newest(scene).plan_run_id
    answer = client.post(f"/plans/{made}/repair", data={"key": "6" * 32, "seconds": "5"})
    repair = _newest(scene).plan_run_id
    assert answer.location.endswith(f"/plans/{repair}")
    assert Job(JobName.RUN_PLAN, {"plan_run_id": repair}) in sent
    with arranging():
        claim = services.claim_run(repair)
        assert claim is not None
        services.store_problem(claim)
        row = queries.run(repair)
        row.clashes = [f"session-place: {scene.depot.city.puskesmas.code} {HELD_ON}"]
        services.record_failure(claim, "plan-infeasible")
    assert (
        f"Faskes tidak buka pada tanggal itu: {scene.depot.city.puskesmas.name} 15 Jun 2027"
        in client.get(f"/plans/{repair}").text
    )
    assert client.get(f"/plans/{repair}/pins.json").json["appointments"][0]["count"] == 1  # type: ignore[index]


def test_the_map_says_who_goes_where_in_a_table_too(visit: Visit, solved: int, scene: Scene) -> None:
    page = visit(Role.VIEWER).get(f"/plans/{solved}/map").text
    assert page.count('<line class="flow"') == 1
    assert f'<td data-label="Faskes">{scene.depot.city.puskesmas.name}</td>' in page


def test_the_day_has_a_chart(visit: Visit, solved: int, scene: Scene) -> None:
    page = visit(Role.VIEWER).get(f"/plans/{solved}/{scene.depot.city.puskesmas.code}/{HELD_ON}").text
    assert page.count("<title>iud, ") == 12  # three candidates: three stations each, and the midwife's own lane
    assert "style=" not in page


def test_a_question_is_asked_shown_and_answered(
    visit: Visit, solved: int, scene: Scene, sent: list[Job], arranging: Arranging
) -> None:
    client = visit(Role.PLANNER)
    group = _group(solved, is_poor=False)
    answer = client.post(f"/plans/{solved}/why", data={"group": group})
    assert "Setiap jalan keluar diuji" in client.get(answer.location).text
    (job,) = [job for job in sent if job.name is JobName.ANSWER_QUESTION]
    assert client.get(f"{answer.location}/state").json == {"state": "queued", "is_open": True, "done": 0, "total": None}
    with arranging():
        claim = asking.claim_question(job.ids["plan_question_id"])
        assert claim is not None
        help_ = {"change": {"change": "hours", "facility": scene.depot.city.puskesmas.code, "minutes": 60}, "served": 2}
        found = {
            "count": 2,
            "served": 1,
            "could_be_served": 1,
            "reason": "no_capacity",
            "facilities": [scene.depot.city.puskesmas.code],
            "shortages": [{"item": "iud", "needed": 1, "on_shelves": 0, "in_warehouses": 7}],
            "helps": [help_],
        }
        asking.record_answer(claim, found)
    page = client.get(answer.location).text
    assert f"Buka 60 menit lebih lama di {scene.depot.city.puskesmas.name}" in page
    assert "2 dari 2 terlayani" in page
    assert "butuh 1, sisa 0" in page
    assert "Jawaban" in client.get(f"/plans/{solved}").text


def test_prices_are_worked_out_once_and_sorted_by_worth(
    visit: Visit, solved: int, sent: list[Job], arranging: Arranging
) -> None:
    client = visit(Role.PLANNER)
    assert "Hitung daftar harga" in client.get(f"/plans/{solved}/prices").text
    address = client.post(f"/plans/{solved}/prices").location
    assert client.post(f"/plans/{solved}/prices").location == address
    (job,) = [job for job in sent if job.name is JobName.ANSWER_QUESTION]
    before = [2, 3, 0.6, 1_000_000]
    prices = [
        {"change": {"change": "travel", "km": 5}, "reached": before, "limits": before, "before": before},
        {
            "change": {"change": "hours", "minutes": 60},
            "reached": [2, 4, 0.8, 1_100_000],
            "limits": before,
            "before": before,
        },
    ]
    with arranging():
        claim = asking.claim_question(job.ids["plan_question_id"])
        assert claim is not None
        asking.record_answer(claim, {"prices": prices})
    page = client.get(address).text
    assert page.index("Buka 60 menit lebih lama di semua faskes") < page.index("Jarak terjauh ditambah 5 km")
    assert "+Rp 100.000" in page
    assert client.get(f"/plans/{solved}/prices").location == address


def test_questions_about_other_plans_are_not_found(visit: Visit, solved: int) -> None:
    assert visit(Role.PLANNER).get(f"/plans/{solved}/questions/999").status_code == 404


def test_a_plan_of_targets_says_so(visit: Visit, scene: Scene, solved: int, arranging: Arranging) -> None:
    with arranging():
        queries.run(solved).is_estimated = True
    client = visit(Role.HEAD)
    assert "belum dapat disetujui" in client.get(f"/plans/{solved}").text
    assert client.post(f"/plans/{solved}/approve").status_code == 302
    assert "memakai perkiraan dari target" in client.get(f"/plans/{solved}").text
    assert events.campaign(scene.campaign.campaign_id).state.value == "draft"


def test_the_proof_says_how_to_repeat_it(visit: Visit, solved: int) -> None:
    page = visit(Role.PLANNER).get(f"/plans/{solved}").text
    assert f"serempak plan problem-{solved}.json -o plan.json --seconds 60 --workers 2 --seed 1" in page
    assert queries.run(solved).plan["problem"] in page  # type: ignore[index]


def test_an_empty_plan_of_a_campaign_that_lacks_everything_says_what(visit: Visit, arranging: Arranging) -> None:
    with arranging():
        campaign_id = make_campaign(make_city()).campaign_id
    page = visit(Role.PLANNER).post(f"/plans/by-hand/{campaign_id}", data={"key": KEY})
    assert page.status_code == 422
    assert "Belum ada calon dalam daftar." in page.text


def test_the_head_finds_the_plan_to_approve_behind_a_newer_draft(visit: Visit, solved: int, scene: Scene) -> None:
    place = {"from_facility": scene.depot.city.puskesmas.code, "from_date": HELD_ON.isoformat()}
    change = _move(scene, scene.depot.city.midwife.code, kind="provider", to_facility="", to_date="", **place)
    visit(Role.PLANNER).post(f"/plans/{solved}/edit", data=change)
    assert _newest(scene).state is PlanState.DRAFT
    assert f"/plans/{solved}" in visit(Role.HEAD).get("/").text
