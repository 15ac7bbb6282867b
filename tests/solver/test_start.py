"""A plan as the start of a search: kept where it holds, repaired where the problem has changed."""

import json

import pytest

from campaign.planning.changes import changed
from campaign.planning.check import violations
from campaign.planning.problem import load
from campaign.planning.solver import Limits, solve
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.search import Clock, Search
from campaign.planning.solver.start import start_from
from tests.solver.cases import DAYS, small, tiny

LIMITS = Limits(seconds=10, workers=1, seed=1, deterministic=True)


def problem_of(raw):
    return load(json.dumps(raw).encode())


def begun(problem, plan):
    search = Search(Layout(problem), LIMITS, Clock(LIMITS))
    return start_from(search, plan), search


@pytest.mark.parametrize("seed", range(20))
def test_a_plan_of_the_same_problem_is_taken_over_as_it_is(seed):
    problem = problem_of(tiny(seed))
    plan = solve(problem, LIMITS).plan
    if not plan.objective.served:
        assert begun(problem, plan)[1].plan.objective.served == 0
        return
    came, search = begun(problem, plan)
    assert came
    assert search.plan.objective == plan.objective


@pytest.mark.parametrize(
    "change",
    [
        {"change": "ill", "provider": "P", "dates": [DAYS[0]]},
        {"change": "hours", "minutes": -30},
        {"change": "rule", "rule": "max_sessions_per_day", "value": 1},
        {"change": "rule", "rule": "max_dates_per_kecamatan", "value": 1},
        {"change": "stock", "facility": "F", "item": "iud", "quantity": 5},
    ],
)
def test_a_plan_is_repaired_where_it_no_longer_holds(change):
    before = problem_of(small())
    plan = solve(before, LIMITS).plan
    after = changed(before, change)
    came, search = begun(after, plan)
    assert came
    assert search.plan.objective.served >= 1
    assert violations(after, search.plan) == []


def test_what_lies_at_a_place_that_is_gone_is_left_out():
    before = small()
    before["facilities"].append({**before["facilities"][0], "id": "G", "stock": []})
    plan = solve(problem_of(before), LIMITS).plan
    came, search = begun(problem_of(small(dates=[DAYS[0]])), plan)
    assert came
    assert {row.date.isoformat() for row in search.plan.sessions} == {DAYS[0]}
    assert search.rejected == []


def test_a_start_is_never_lost():
    problem = problem_of(small())
    plan = solve(problem, LIMITS).plan
    again = solve(problem, Limits(seconds=1, workers=1), start=plan).plan
    assert not plan.objective.better_than(again.objective)
