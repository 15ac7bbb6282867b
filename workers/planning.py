"""Runs the planner: claim, write down the problem, let go of the database, solve, record."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from campaign.planning import repairing, services
from campaign.planning.assemble import CampaignNotReady
from campaign.planning.problem import InvalidProblem, load
from campaign.planning.services import Claim, ClaimLost
from campaign.planning.solver import Progress, solve_in_process
from workers.task import work

log = logging.getLogger(__name__)

SECONDS_BETWEEN_WRITES = 1.0
SECONDS_TO_SETTLE = 30.0  # a repair without the solver; well inside the margin of the claim
SECONDS_BETWEEN_LOOKS = 1.0  # whether somebody asked for the run to stop


def run_plan(plan_run_id: int) -> None:
    """Make the plan of one run, unless somebody else has it."""
    with work():
        claim = services.claim_run(plan_run_id)
    if claim is None:
        return
    try:
        with work(snapshot=True):
            document = services.store_problem(claim)
    except (CampaignNotReady, InvalidProblem) as error:
        with work():
            services.record_failure(claim, error.code)
        log.info("campaign cannot be planned", extra={"plan_run_id": plan_run_id, "code": error.code})
        return
    _finish(claim, document)


def _finish(claim: Claim, document: bytes) -> None:
    """Solve in a process of its own and record what came of it; a crash is recorded too."""
    try:
        with work():
            given = repairing.given(claim.plan_run_id)
        outcome = solve_in_process(
            document,
            claim.limits,
            progress=_Shown(claim),
            stop=_Asked(claim.plan_run_id),
            previous=given.previous,
            pins=given.pins,
        )
        problem = load(document)
        outcome = repairing.fall_back(problem, outcome, given, _until(SECONDS_TO_SETTLE))
        with work():
            code = services.record_outcome(claim, problem, outcome)
    except ClaimLost:
        log.warning("plan run was taken over", extra={"plan_run_id": claim.plan_run_id})
        return
    except Exception:
        with work():
            services.record_failure(claim, "plan-crashed")
        raise
    log.info("plan run ended", extra={"plan_run_id": claim.plan_run_id, "code": code or outcome.status.value})


def _until(seconds: float) -> Callable[[], bool]:
    """Return what tells whether there is time left."""
    end = monotonic() + seconds
    return lambda: monotonic() < end


@dataclass(slots=True)
class _Shown:
    """Writes the solver's progress for the page that waits, in transactions of their own, seldom enough."""

    claim: Claim
    latest: dict[str, Progress] = field(default_factory=dict)
    written: float = float("-inf")

    def __call__(self, progress: Progress) -> None:
        is_news = progress.level not in self.latest  # a level's first word is written whatever the time
        self.latest[progress.level] = progress
        if not is_news and monotonic() - self.written < SECONDS_BETWEEN_WRITES:
            return
        with work():
            services.record_progress(self.claim, self.latest)
        self.written = monotonic()


@dataclass(slots=True)
class _Asked:
    """Tells whether somebody wants the run to stop; asks the database seldom enough."""

    plan_run_id: int
    answer: bool = False
    looked: float = float("-inf")

    def __call__(self) -> bool:
        if not self.answer and monotonic() - self.looked >= SECONDS_BETWEEN_LOOKS:
            with work():
                self.answer = services.stop_is_asked(self.plan_run_id)
            self.looked = monotonic()
        return self.answer
