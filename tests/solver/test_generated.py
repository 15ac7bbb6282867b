"""Made-up campaigns with all options of the format: plans are valid, limits hold, nonsense is refused in words."""

import copy
import json

import pytest
from click import Group
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.instances import OPTIONS, Knobs, instance, some_options
from campaign.cli import planner, planner_questions
from campaign.planning.check import violations
from campaign.planning.plan import Plan, UnreadablePlan
from campaign.planning.problem import InvalidProblem, Problem, load
from campaign.planning.solver import Limits, engine, solve
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.search import Clock, Search
from campaign.planning.solver.start import start_from

LIMITS = Limits(seconds=1, workers=1, seed=1, deterministic=True)
SIGNS = (1, 1, 1, -1)


def made(seed, options=None):
    chosen = some_options(seed) if options is None else frozenset(options)
    knobs = Knobs(
        seed,
        kelurahan=6,
        facilities=3,
        dates=2,
        people=30,
        stock=0.4 + seed % 4 * 0.2,
        trips=seed % 3 / 2,
        options=chosen,
    )
    return load(json.dumps(instance(knobs)).encode())


def keeps_to(plan, bounds_of):
    """Whether a plan respects another's proven limits: each counts where the levels before are no worse."""
    mine, theirs = plan.objective.levels, bounds_of.objective.levels
    for level, sign in enumerate(SIGNS):
        slack = 1e-6 * max(1.0, abs(mine[level]))
        if sign * (bounds_of.bounds.levels[level] - mine[level]) < -slack:
            return False
        if sign * (mine[level] - theirs[level]) < -slack:
            return True  # worse here: the limits of later levels say nothing about it
    return True


@pytest.mark.parametrize("seed", range(32))
def test_two_ways_to_plan_are_valid_and_neither_breaks_the_other_s_limits(seed, monkeypatch):
    problem = made(seed)
    plans = [solve(problem, LIMITS).plan]
    monkeypatch.setattr(engine, "_LARGE", 0, raising=False)  # the way of large campaigns
    plans.append(solve(problem, LIMITS).plan)
    for plan in plans:
        assert violations(problem, plan) == []
    assert keeps_to(plans[0], plans[1])
    assert keeps_to(plans[1], plans[0])


def test_the_seed_decides_the_instance():
    one, two = Knobs(seed=3, options=frozenset(OPTIONS)), Knobs(seed=4, options=frozenset(OPTIONS))
    assert instance(one) == instance(one)
    assert instance(one) != instance(two)


def test_every_option_is_in_an_instance_that_asks_for_it():
    raw = instance(Knobs(seed=3, options=frozenset(OPTIONS), people=300))
    assert any("dates" in row for row in raw["candidates"])
    assert any(len(windows) == 2 for row in raw["facilities"] for windows in row["hours"].values())
    assert any(row["pack"] > 1 for row in raw["items"])
    assert any(lot["expiry"] in raw["dates"] for row in raw["facilities"] for lot in row["stock"])
    assert raw["warehouses"][0]["keep"]
    assert raw["outreach"]
    assert raw["travel"]
    assert raw["rules"]["min_session"] > 1
    assert raw["rules"]["cross_kecamatan"] is False
    assert {"max_sessions_per_day", "max_dates_per_kecamatan"} <= set(raw["rules"])


def test_tight_knobs_serve_fewer():
    loose = Knobs(seed=5, people=50, dates=2)
    tight = Knobs(seed=5, people=50, dates=2, stock=0.2)
    served = [solve(Problem.from_json(instance(knobs)), LIMITS).plan.objective.served for knobs in (loose, tight)]
    assert served[0] > served[1]


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.just(10**30), st.floats(allow_nan=False), st.text(max_size=3),
    st.just("2027-06-14"), st.just("08:00"), st.lists(st.none(), max_size=2), st.just({}), st.just("\ud800"),
)  # fmt: skip


def places(value, path=()):
    """Every place of a document; of long lists only the first two rows."""
    yield path
    rows = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for key, entry in rows:
        yield from places(entry, (*path, key))


def mutated(document, path, value, how):
    raw = copy.deepcopy(document)
    row = raw
    for key in path[:-1]:
        row = row[key]
    if how == "delete":
        del row[path[-1]]
    elif how == "repeat" and isinstance(row, list):
        row.append(copy.deepcopy(row[path[-1]]))
    elif how == "add" and isinstance(row, dict):
        row["unknown"] = value
    else:
        row[path[-1]] = value
    return raw


FULL = instance(Knobs(seed=3, options=frozenset(OPTIONS)))
FULL_PLACES = [path for path in places(FULL) if path]
HOW = st.sampled_from(("replace", "delete", "repeat", "add"))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FULL_PLACES), VALUES, HOW)
def test_a_mutated_problem_is_read_or_refused_with_paths(path, value, how):
    raw = mutated(FULL, path, value, how)
    try:
        problem, told = Problem.from_json(json.loads(json.dumps(raw))), ()
    except InvalidProblem as refused:
        problem, told = None, refused.mistakes
    assert (problem is None) == bool(told)
    assert all(row.path.startswith("$") and row.reason for row in told)
    assert problem is None or Problem.from_json(problem.to_json()) == problem


@pytest.mark.parametrize("path", [path for path in FULL_PLACES if len(path) <= 2], ids=str)
def test_nothing_that_every_problem_needs_can_be_of_the_wrong_kind(path):
    with pytest.raises(InvalidProblem):
        load(json.dumps(mutated(FULL, path, 3.5 if path[0] != "rules" else [], "replace")).encode())


PROBLEM = made(2)
PLAN = solve(PROBLEM, LIMITS).plan
PLAN_DOCUMENT = PLAN.to_json()
PLAN_PLACES = [path for path in places(PLAN_DOCUMENT) if path]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PLAN_PLACES), VALUES, HOW)
def test_a_mutated_plan_is_unreadable_or_checked_and_never_a_start_that_fails(path, value, how):
    try:
        plan = Plan.from_json(mutated(PLAN_DOCUMENT, path, value, how))
    except UnreadablePlan:
        return
    found = violations(PROBLEM, plan)
    assert all(row.code for row in found)
    search = Search(Layout(PROBLEM), LIMITS, Clock(LIMITS))
    start_from(search, plan)
    assert violations(PROBLEM, search.plan) == []
    assert search.plan.objective.served <= PLAN.bounds.served


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PLAN_PLACES), VALUES, HOW)
def test_the_commands_answer_a_mutated_plan_with_an_exit_code(tmp_path, path, value, how):
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(json.dumps(PROBLEM.to_json()))
    plan.write_text(json.dumps(mutated(PLAN_DOCUMENT, path, value, how)))
    commands = planner.COMMANDS + planner_questions.COMMANDS
    group = Group("serempak", commands={command.name: command for command in commands})
    for arguments in (["check"], ["why", "--candidate", "nobody"], ["whatif"]):
        answer = CliRunner().invoke(group, [*arguments, str(problem), str(plan)])
        assert answer.exit_code in (1, 2), answer.output  # the hash is of other bytes: never valid
        assert answer.exception is None or isinstance(answer.exception, SystemExit)


def test_one_worker_that_counts_work_gives_the_same_bytes_twice():
    problem = made(11, OPTIONS)
    plans = []
    for _ in range(2):
        document = solve(problem, Limits(seconds=2, workers=1, seed=5, deterministic=True)).plan.to_json()
        document["solver"].pop("seconds")
        plans.append(json.dumps(document, sort_keys=True))
    assert plans[0] == plans[1]


def test_the_way_of_large_campaigns_gives_the_same_bytes_twice(monkeypatch):
    monkeypatch.setattr(engine, "_LARGE", 0, raising=False)
    problem = load(json.dumps(instance(Knobs(seed=4, kelurahan=8, facilities=4, dates=2, people=80))).encode())
    plans = []
    for _ in range(2):
        document = solve(problem, Limits(seconds=2, workers=1, seed=5, deterministic=True)).plan.to_json()
        document["solver"].pop("seconds")
        plans.append(json.dumps(document, sort_keys=True))
    assert plans[0] == plans[1]
