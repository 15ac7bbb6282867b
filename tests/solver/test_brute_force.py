"""On problems small enough to try everything, the planner is exactly right at all four levels."""

import json

import pytest

from campaign.planning.check import violations
from campaign.planning.problem import load
from campaign.planning.solver import Limits, SolveStatus, solve
from tests.solver.brute import Brute
from tests.solver.cases import tiny

LIMITS = Limits(seconds=20, workers=1, seed=1, deterministic=True)


@pytest.mark.parametrize("seed", range(120))
def test_the_plan_is_the_best_of_all_at_all_four_levels(seed):
    raw = tiny(seed)
    problem = load(json.dumps(raw).encode())
    outcome = solve(problem, LIMITS)
    assert violations(problem, outcome.plan) == []
    best = Brute(raw).best()
    found, bounds = outcome.plan.objective.levels, outcome.plan.bounds.levels
    assert found == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert outcome.status is SolveStatus.OPTIMAL
    assert bounds == pytest.approx(best, rel=1e-5, abs=1e-5)
