"""What must hold between two problems, whatever the plan looks like; and the same answer twice."""

import copy
import json

import pytest

from campaign.planning.plan import Plan
from campaign.planning.problem import load
from campaign.planning.solver import Limits, solve
from tests.solver.cases import tiny

LIMITS = Limits(seconds=20, workers=1, seed=1, deterministic=True)
SEEDS = range(200, 212)


def levels(raw):
    return solve(load(json.dumps(raw).encode()), LIMITS).plan.objective.levels


def served(raw):
    return levels(raw)[:2]


@pytest.mark.parametrize("seed", SEEDS)
def test_more_stock_never_serves_fewer(seed):
    raw = tiny(seed)
    before = served(raw)
    for place in raw["facilities"]:
        place["stock"].append({"item": "iud", "lot": "more", "expiry": "2029-06-01", "quantity": 2})
    assert served(raw) >= before


@pytest.mark.parametrize("seed", SEEDS)
def test_longer_hours_never_serve_fewer(seed):
    raw = tiny(seed)
    before = served(raw)
    for place in raw["facilities"]:
        for windows in place["hours"].values():
            windows[-1][1] = "11:00"
    assert served(raw) >= before


@pytest.mark.parametrize("seed", SEEDS)
def test_one_more_provider_never_serves_fewer(seed):
    raw = tiny(seed)
    before = served(raw)
    raw["providers"].append({**copy.deepcopy(raw["providers"][0]), "id": "extra", "dates": raw["dates"]})
    assert served(raw) >= before


@pytest.mark.parametrize("seed", SEEDS)
def test_other_names_change_nothing(seed):
    raw = tiny(seed)
    text = json.dumps(raw)
    for old, new in (("F0", "Z-facility"), ("C0", "Z-group"), ("P0", "Z-provider"), ("L0", "Z-kelurahan")):
        text = text.replace(f'"{old}"', f'"{new}"')
    assert levels(json.loads(text)) == pytest.approx(levels(raw))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_group_split_in_two_changes_no_level(seed):
    raw = tiny(seed)
    for row in raw["candidates"]:
        row["count"] *= 2
    before = levels(raw)
    halves = []
    for row in raw["candidates"]:
        halves += [{**row, "id": f"{row['id']}{half}", "count": row["count"] // 2} for half in "ab"]
    assert levels({**raw, "candidates": halves}) == pytest.approx(before)


def test_the_same_seed_gives_the_same_plan():
    problem = load(json.dumps(tiny(3)).encode())
    plans = []
    for _ in range(3):
        document = solve(problem, LIMITS).plan.to_json()
        document.pop("solver")
        plans.append(document)
    assert plans[0] == plans[1] == plans[2]


def test_a_plan_survives_being_written_and_read_again():
    plan = solve(load(json.dumps(tiny(5)).encode()), LIMITS).plan
    assert Plan.from_json(json.loads(json.dumps(plan.to_json()))) == plan
