"""Plan runs: asked for once, held by one worker, recorded only when the checker agrees."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.errors import KeyReused, NotAllowed
from campaign.events.lifecycle import CampaignIsFixed
from campaign.events.services import mark_approved
from campaign.jobs import Job, JobName
from campaign.planning import queries, services
from campaign.planning.approving import PlanOnEstimates, UnknownPlan, approve_plan
from campaign.planning.models import PlanState
from campaign.planning.problem import load
from campaign.planning.services import ClaimLost, InvalidPlanRequest, PlanRequest
from campaign.planning.solver import Outcome, Progress, SolveStatus
from campaign.planning.stopping import PlanNotRunning, stop_run
from tests.builders.actors import actor_with
from tests.builders.events import make_campaign, make_targets
from tests.builders.logistics import key
from tests.builders.plans import make_run, make_scene, make_solved_run, plan_by_hand
from tests.builders.registry import KECAMATAN, KELURAHAN, OTHER_KELURAHAN

pytestmark = pytest.mark.usefixtures("open_transaction")


def _later(seconds: float) -> object:
    return clock.standing_at(clock.now() + timedelta(seconds=seconds))


def test_the_same_key_gives_the_same_run_and_one_job() -> None:
    scene = make_scene()
    request = PlanRequest(key(), scene.campaign.campaign_id)
    first = services.request_plan(SYSTEM, request)
    assert services.request_plan(SYSTEM, replace(request, seconds=5)).plan_run_id == first.plan_run_id
    jobs = [job for job in db.session.info["jobs"] if job.name is JobName.RUN_PLAN]
    assert jobs == [Job(JobName.RUN_PLAN, {"plan_run_id": first.plan_run_id})]


def test_a_key_that_comes_back_for_another_campaign_is_refused() -> None:
    scene = make_scene()
    request = PlanRequest(key(), scene.campaign.campaign_id)
    services.request_plan(SYSTEM, request)
    other = make_campaign(scene.depot.city)
    with pytest.raises(KeyReused):
        services.request_plan(SYSTEM, replace(request, campaign_id=other.campaign_id))


def test_only_a_planner_asks_for_a_plan() -> None:
    scene = make_scene()
    with pytest.raises(NotAllowed):
        services.request_plan(actor_with(Role.HEAD), PlanRequest(key(), scene.campaign.campaign_id))


@pytest.mark.parametrize(("changes", "where"), [({"seconds": 901}, "seconds"), ({"workers": 0}, "workers")])
def test_limits_that_no_worker_can_keep_are_refused(changes: dict[str, int], where: str) -> None:
    scene = make_scene()
    with pytest.raises(InvalidPlanRequest) as caught:
        make_run(scene, **changes)
    assert [m.where for m in caught.value.mistakes] == [where]


def test_a_campaign_with_an_approved_plan_is_planned_no_more() -> None:
    scene = make_scene()
    mark_approved(SYSTEM, scene.campaign.campaign_id)
    with pytest.raises(CampaignIsFixed):
        make_run(scene)


def test_a_run_is_claimed_once() -> None:
    run = make_run(make_scene())
    claim = services.claim_run(run.plan_run_id)
    assert claim is not None
    assert (claim.limits.seconds, claim.limits.workers, claim.limits.seed) == (60, 2, 1)
    assert services.claim_run(run.plan_run_id) is None


def test_a_run_whose_worker_died_is_taken_over_when_its_claim_is_over() -> None:
    run = make_run(make_scene(), seconds=60)
    first = services.claim_run(run.plan_run_id)
    assert first is not None
    held = 60 + services.MARGIN.total_seconds()
    with _later(held - 1):
        assert services.claim_run(run.plan_run_id) is None
    with _later(held + 1):
        assert services.requeue_runs() == 1
        second = services.claim_run(run.plan_run_id)
        assert second is not None
    with pytest.raises(ClaimLost):  # the first worker wakes up
        services.record_failure(first, "plan-undecided")
    services.record_failure(second, "plan-undecided")


def test_the_problem_is_kept_as_it_was_solved() -> None:
    scene = make_scene()
    run = make_run(scene)
    claim = services.claim_run(run.plan_run_id)
    assert claim is not None
    document = services.store_problem(claim)
    db.session.refresh(run)
    assert run.problem is not None
    assert run.problem.encode() == document


def test_progress_is_shown_while_the_solver_works() -> None:
    run = make_run(make_scene())
    claim = services.claim_run(run.plan_run_id)
    assert claim is not None
    services.record_progress(claim, {"served": Progress("served", 3, 4, 1.26)})
    db.session.refresh(run)
    with _later(7):
        shown = services.progress_of(run)
    assert (shown["state"], shown["seconds"]) == ("solving", 7)
    assert shown["levels"] == {"served": {"incumbent": 3, "bound": 4}}


def test_a_valid_plan_is_recorded_with_its_figures() -> None:
    run = make_solved_run(make_scene())
    assert (run.state, run.ending) == (PlanState.SOLVED, "feasible")
    assert (run.served_priority, run.served, run.min_coverage) == (2, 3, 0.6)  # 3 of the 5 aimed at
    assert run.claimed_until is None


def test_a_plan_that_breaks_a_rule_is_never_stored() -> None:
    scene = make_scene()
    run = make_run(scene)
    claim = services.claim_run(run.plan_run_id)
    assert claim is not None
    problem = load(services.store_problem(claim))
    plan = plan_by_hand(problem, scene)
    forged = replace(plan, deliveries=())
    code = services.record_outcome(claim, problem, Outcome(SolveStatus.OPTIMAL, forged))
    db.session.refresh(run)
    assert code == "plan-breaks-rules"
    assert (run.state, run.failure, run.plan) == (PlanState.FAILED, "plan-breaks-rules", None)


@pytest.mark.parametrize("status", [SolveStatus.UNDECIDED, SolveStatus.INFEASIBLE, SolveStatus.INVALID])
def test_an_ending_without_a_plan_is_named(status: SolveStatus) -> None:
    run = make_run(make_scene())
    claim = services.claim_run(run.plan_run_id)
    assert claim is not None
    problem = load(services.store_problem(claim))
    assert services.record_outcome(claim, problem, Outcome(status)) == f"plan-{status.value}"
    db.session.refresh(run)
    assert (run.state, run.ending) == (PlanState.FAILED, status.value)


def test_a_run_that_the_broker_forgot_is_asked_for_again_after_a_while() -> None:
    make_run(make_scene())
    assert services.requeue_runs() == 0
    with _later(services.GRACE.total_seconds() + 1):
        assert services.requeue_runs() == 1


def test_runs_are_listed_newest_first() -> None:
    scene = make_scene()
    first, second = make_run(scene), make_run(scene)
    assert [row.plan_run_id for row in queries.runs(scene.campaign.campaign_id)] == [
        second.plan_run_id,
        first.plan_run_id,
    ]
    with pytest.raises(UnknownPlan):
        queries.run(0)


def test_a_run_that_waits_is_given_up_at_once() -> None:
    run = make_run(make_scene())
    stop_run(SYSTEM, run.plan_run_id)
    assert (run.state, run.failure) == (PlanState.FAILED, "plan-stopped")
    assert services.claim_run(run.plan_run_id) is None


def test_a_run_at_work_is_asked_to_stop_and_keeps_its_plan() -> None:
    scene = make_scene()
    run = make_run(scene)
    claim = services.claim_run(run.plan_run_id)
    assert claim is not None
    problem = load(services.store_problem(claim))
    assert not services.stop_is_asked(run.plan_run_id)
    db.session.refresh(run)
    stop_run(SYSTEM, run.plan_run_id)
    stop_run(SYSTEM, run.plan_run_id)
    assert services.stop_is_asked(run.plan_run_id)
    assert services.record_outcome(claim, problem, Outcome(SolveStatus.FEASIBLE, plan_by_hand(problem, scene))) is None
    db.session.refresh(run)
    with pytest.raises(PlanNotRunning):
        stop_run(SYSTEM, run.plan_run_id)


def test_a_run_stopped_before_it_had_a_plan_says_so() -> None:
    run = make_run(make_scene())
    claim = services.claim_run(run.plan_run_id)
    assert claim is not None
    problem = load(services.store_problem(claim))
    db.session.refresh(run)
    stop_run(SYSTEM, run.plan_run_id)
    assert services.record_outcome(claim, problem, Outcome(SolveStatus.UNDECIDED)) == "plan-stopped"


def test_only_a_planner_stops_a_run() -> None:
    run = make_run(make_scene())
    with pytest.raises(NotAllowed):
        stop_run(actor_with(Role.HEAD), run.plan_run_id)


def test_before_there_are_names_the_plan_is_made_of_targets_and_cannot_be_approved() -> None:
    scene = make_scene()
    for person in scene.candidates:
        db.session.delete(person)
    make_targets(scene.campaign, {(KECAMATAN, "iud"): 5})
    run = make_run(scene)
    claim = services.claim_run(run.plan_run_id)
    assert claim is not None
    problem = load(services.store_problem(claim))
    # 5 over two kelurahan of equal need: 3 and 2; 30 % of the couples are poor: 1 of 3 (0.9) and 1 of 2 (0.6).
    assert {(group.kelurahan, group.priority): group.count for group in problem.candidates} == {
        (KELURAHAN, True): 1,
        (KELURAHAN, False): 2,
        (OTHER_KELURAHAN, True): 1,
        (OTHER_KELURAHAN, False): 1,
    }
    assert services.record_outcome(claim, problem, Outcome(SolveStatus.FEASIBLE, plan_by_hand(problem, scene))) is None
    db.session.refresh(run)
    assert run.is_estimated
    with pytest.raises(PlanOnEstimates):
        approve_plan(scene.head, run.plan_run_id)
