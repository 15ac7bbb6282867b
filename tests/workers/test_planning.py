"""The planner's task with a real solve, in a process of its own, on a database of its own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import redis
from flask import Flask

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.app import create_app
from campaign.config import Settings
from campaign.db import db
from campaign.events.targeting import Targets, set_targets
from campaign.planning import check, queries, services
from campaign.planning.hand.edits import Edit, EditKind, Place
from campaign.planning.hand.services import EditRequest, edit_plan
from campaign.planning.models import PlanState
from campaign.planning.plan import Plan
from campaign.planning.problem import load
from campaign.planning.repairing import RepairRequest, request_repair
from campaign.transaction import transaction
from tests.builders.logistics import key
from tests.builders.plans import HELD_ON, Scene, make_run, make_scene, make_solved_run
from tests.builders.processes import kill, wait_until, worker
from workers.planning import run_plan


def _asked(seconds: int = 4) -> int:
    with transaction(lambda job: None):
        return make_run(make_scene(), seconds=seconds, workers=1).plan_run_id


@pytest.mark.usefixtures("real_app")
def test_a_run_ends_with_a_valid_plan_that_serves_everybody() -> None:
    plan_run_id = _asked()
    db.session.remove()
    run_plan(plan_run_id)
    run = queries.run(plan_run_id)
    assert (run.state, run.failure) == (PlanState.SOLVED, None)
    assert run.problem is not None
    assert check.violations(load(run.problem.encode()), Plan.from_json(run.plan)) == []
    assert (run.served_priority, run.served) == (2, 4)


@pytest.mark.usefixtures("real_app")
def test_a_run_that_is_done_is_not_done_again() -> None:
    plan_run_id = _asked()
    db.session.remove()
    run_plan(plan_run_id)
    solved_at = queries.run(plan_run_id).solved_at
    db.session.remove()
    run_plan(plan_run_id)
    assert queries.run(plan_run_id).solved_at == solved_at


@pytest.mark.usefixtures("real_app")
def test_a_campaign_that_cannot_be_planned_fails_with_the_reason() -> None:
    with transaction(lambda job: None):
        scene: Scene = make_scene()
        plan_run_id = make_run(scene).plan_run_id
        for person in scene.candidates:
            db.session.delete(person)
        set_targets(SYSTEM, Targets(scene.campaign.campaign_id, {}))  # or the plan would be made of them
    db.session.remove()
    run_plan(plan_run_id)
    run = queries.run(plan_run_id)
    assert (run.state, run.failure) == (PlanState.FAILED, "campaign-not-ready")


@pytest.mark.usefixtures("real_app")
def test_a_run_that_is_asked_to_stop_ends_long_before_its_limit_with_the_best_plan() -> None:
    plan_run_id = _asked(seconds=300)
    with transaction(lambda job: None):
        run = queries.run(plan_run_id)
        run.stop_asked_at = clock.now()  # as if while it worked: a queued one would be given up
    db.session.remove()
    run_plan(plan_run_id)
    run = queries.run(plan_run_id)
    assert (run.state, run.failure) == (PlanState.FAILED, "plan-stopped")  # the first look comes before any plan


@pytest.mark.usefixtures("real_app")
def test_a_repair_keeps_whom_the_planner_moved() -> None:
    with transaction(lambda job: None):
        scene = make_scene()
        run = make_solved_run(scene)
        poor = next(g.id for g in load((run.problem or "").encode()).candidates if g.priority)
        place = scene.depot.city.puskesmas.code
        later = Place(place, HELD_ON + timedelta(2))
        edit = Edit(EditKind.GROUP, poor, 1, Place(place, HELD_ON), later)
        made = edit_plan(SYSTEM, EditRequest(key(), run.plan_run_id, edit))
        repair = request_repair(SYSTEM, RepairRequest(key(), made.plan_run_id, 8)).plan_run_id
    db.session.remove()
    run_plan(repair)
    found = queries.run(repair)
    assert (found.state, found.failure, found.clashes, found.served) == (PlanState.SOLVED, None, None, 4)
    assert (poor, later.day) in {
        (who.candidate, row.date) for row in Plan.from_json(found.plan).sessions for who in row.appointments
    }


@pytest.mark.usefixtures("real_app")
def test_a_repair_that_the_solver_has_no_time_for_still_ends_with_a_valid_plan() -> None:
    with transaction(lambda job: None):
        scene = make_scene()
        run = make_solved_run(scene)
        other = next(g.id for g in load((run.problem or "").encode()).candidates if not g.priority)
        place = Place(scene.depot.city.puskesmas.code, HELD_ON)
        made = edit_plan(SYSTEM, EditRequest(key(), run.plan_run_id, Edit(EditKind.GROUP, other, 1, None, place)))
        repair = request_repair(SYSTEM, RepairRequest(key(), made.plan_run_id, 1)).plan_run_id
    db.session.remove()
    run_plan(repair)
    found = queries.run(repair)
    assert (found.state, found.failure, found.served) == (PlanState.SOLVED, None, 4)
    assert check.violations(load((found.problem or "").encode()), Plan.from_json(found.plan)) == []


class TestAsProcesses:
    """A worker that is killed while it solves."""

    @pytest.fixture
    def settings(self, settings: Settings, redis_url: str, broker: "redis.Redis") -> Settings:
        """Settings with a broker, emptied."""
        return replace(settings, redis_url=redis_url)

    @pytest.fixture
    def real_app(self, settings: Settings) -> Iterator[Flask]:
        """The application of the web, which sends its jobs to the broker."""
        app = create_app(settings)
        with app.app_context():
            yield app

    def test_the_run_of_a_killed_worker_is_taken_over_when_its_claim_is_over(
        self, real_app: Flask, settings: Settings
    ) -> None:
        with transaction(real_app.extensions["send"]):
            plan_run_id = make_run(make_scene(), seconds=30, workers=1).plan_run_id
        db.session.remove()
        with worker(settings, "solve") as process:
            wait_until(lambda: _state(plan_run_id) in (PlanState.SOLVING, PlanState.SOLVED))
            kill(process)
        if _state(plan_run_id) is PlanState.SOLVING:
            with clock.standing_at(clock.now() + services.MARGIN * 2):
                run_plan(plan_run_id)
        assert _state(plan_run_id) is PlanState.SOLVED


def _state(plan_run_id: int) -> PlanState:
    found = queries.run(plan_run_id).state
    db.session.remove()
    return found
