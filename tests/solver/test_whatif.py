"""What changes are worth: real solves from the plan at hand, and words that promise no more than is proven."""

import json

import pytest
from click import Group
from click.testing import CliRunner

from campaign.cli import planner_questions
from campaign.cli.planner_words import change_words, range_words
from campaign.planning.changes import UnknownChange
from campaign.planning.plan import Objective
from campaign.planning.problem import load
from campaign.planning.solver import Limits, solve
from campaign.planning.whatif import Worth, standard_changes, what_if
from tests.solver.cases import DAYS, small, warehouse

LIMITS = Limits(seconds=3, workers=1, seed=1, deterministic=True)


def full():
    """One date: three of four are served, one set is left in a warehouse a kilometre or more away."""
    raw = small(dates=[DAYS[0]], warehouses=[warehouse(9)])
    raw["outreach"] = [{"id": "U", "dates": ["2027-02-28"], "stops_per_day": 1}]
    return raw


def worth(raw, change):
    problem = load(json.dumps(raw).encode())
    plan = solve(problem, LIMITS).plan
    return next(iter(what_if(problem, plan, [change], LIMITS)))


def short_of_stock():
    raw = full()
    raw["facilities"][0]["stock"][0]["quantity"] = 1
    raw["warehouses"] = []
    return raw


def two_rooms_one_midwife():
    raw = full()
    raw["facilities"][0]["stations"] = {"desk": 1, "room": 2}
    return raw


def too_far():
    return {**full(), "rules": {"max_travel_km": 1}}


@pytest.mark.parametrize(
    ("raw", "change", "served"),
    [
        (full(), {"change": "ill", "provider": "P"}, -3),
        (full(), {"change": "ill", "provider": "P", "dates": [DAYS[1]]}, 0),
        (full(), {"change": "date", "date": DAYS[1], "like": DAYS[0]}, 1),
        (full(), {"change": "hours", "minutes": 30}, 1),
        (full(), {"change": "hours", "minutes": -30}, -1),
        (short_of_stock(), {"change": "stock", "facility": "F", "item": "iud", "quantity": 2}, 2),
        (two_rooms_one_midwife(), {"change": "team", "provider": "P"}, 1),
        (too_far(), {"change": "travel", "km": 1}, 3),
        (full(), {"change": "station", "facility": "F", "station": "room", "units": -1}, -3),
        (full(), {"change": "rule", "rule": "min_session", "value": 4}, -3),
    ],
)
def test_each_change_is_worth_what_can_be_counted_by_hand(raw, change, served):
    found = worth(raw, change)
    assert found.difference[1] == served
    assert found.ranges[1] == (served, served)


def test_a_change_that_saves_only_money_says_so():
    raw = small()
    found = worth(raw, {"change": "hours", "minutes": 10})  # four fit into one session instead of two
    assert found.difference[:3] == (0, 0, 0)
    # a session of 1,000 and a day of 500 less
    assert found.difference[3] == -1500
    assert found.ranges[3] == pytest.approx((-1500, -1500), abs=1)


def test_an_open_limit_is_a_range_and_closes_what_comes_after_it():
    row = Worth({}, Objective(5, 9, 0.5, 70), Objective(5, 12, 1, 0), Objective(5, 8, 0.5, 60), Objective(5, 8, 1, 0))
    assert row.ranges == ((0, 0), (1, 4), None, None)
    assert range_words(1, (1, 4), "+g") == "paling sedikit +1, paling banyak +4"
    assert range_words(0, (0, 0), "+g") == "tepat"
    assert range_words(1, None, "+g") == "belum terbukti"


def test_a_dearer_plan_may_be_cheaper_than_it_looks():
    row = Worth({}, Objective(0, 1, 1, 70), Objective(0, 1, 1, 65), Objective(0, 1, 1, 60), Objective(0, 1, 1, 50))
    assert row.ranges[3] == (5, 20)


@pytest.mark.parametrize(
    "change", [{}, {"change": "magic"}, {"change": "ill", "provider": "nobody"}, {"change": "trips", "warehouse": 3}]
)
def test_a_change_that_cannot_be_made_is_refused_before_any_solve(change):
    problem = load(json.dumps(full()).encode())
    plan = solve(problem, LIMITS).plan

    def never(problem, limits, start):
        raise AssertionError

    with pytest.raises(UnknownChange):
        what_if(problem, plan, [change], LIMITS, never)


def test_every_standard_change_can_be_made_and_is_said_in_words():
    problem = load(json.dumps(full()).encode())
    plan = solve(problem, LIMITS).plan
    changes = standard_changes(problem)
    assert {row["change"] for row in changes} == {"hours", "stock", "trips", "travel", "stops", "date", "ill"}
    found = list(what_if(problem, plan, changes, LIMITS))
    assert len(found) == len(changes)
    assert all(change_words(row.change, problem) for row in found)


def test_the_command_prints_the_table_and_refuses_what_is_no_list(tmp_path):
    problem, plan, changes = tmp_path / "problem.json", tmp_path / "plan.json", tmp_path / "changes.json"
    problem.write_text(json.dumps(full()))
    plan.write_text(json.dumps(solve(load(problem.read_bytes()), LIMITS).plan.to_json()))
    changes.write_text(json.dumps([{"change": "hours", "minutes": 30}]))
    group = Group("serempak", commands={command.name: command for command in planner_questions.COMMANDS})
    answer = CliRunner().invoke(group, ["whatif", str(problem), str(plan), str(changes), "--seconds", "60"])
    assert answer.exit_code == 0, answer.output
    assert "tutup 30 menit lebih lambat di semua fasilitas" in answer.output
    assert "terlayani tepat" in answer.output
    changes.write_text("{}")
    assert CliRunner().invoke(group, ["whatif", str(problem), str(plan), str(changes)]).exit_code == 2
