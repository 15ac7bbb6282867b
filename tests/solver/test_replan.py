"""Planning again around what must stay, and the command line around it all."""

import json

from click import Group
from click.testing import CliRunner

from campaign.cli import planner, planner_questions
from campaign.planning.check import violations
from campaign.planning.plan import Plan
from campaign.planning.problem import load
from campaign.planning.solver import Limits, Pins, SolveStatus, solve
from campaign.planning.solver.replan import who_sits_where
from tests.solver.cases import DAYS, small, tiny

LIMITS = Limits(seconds=10, workers=1, seed=1, deterministic=True)


def problem_of(raw):
    return load(json.dumps(raw).encode())


def test_everybody_keeps_facility_and_date_where_nothing_changed():
    for seed in range(12):
        problem = problem_of(tiny(seed))
        first = solve(problem, LIMITS).plan
        again = solve(problem, LIMITS, previous=first).plan
        assert who_sits_where(again) == who_sits_where(first)
        assert violations(problem, again) == []


def test_a_pinned_session_is_kept_to_the_minute():
    problem = problem_of(small())
    first = solve(problem, LIMITS).plan
    kept = first.sessions[0]
    pins = Pins(sessions=frozenset({(kept.facility, kept.date)}))
    again = solve(problem, LIMITS, previous=first, pins=pins).plan
    same = next(row for row in again.sessions if row.date == kept.date)
    assert {(who.candidate, who.steps) for who in same.appointments} == {
        (who.candidate, who.steps) for who in kept.appointments
    }
    assert violations(problem, again) == []


def test_a_pinned_appointment_stays_on_its_date():
    problem = problem_of(small())
    day = problem.dates[1]
    pins = Pins(people=((("other", "F", day), 2),))
    plan = solve(problem, LIMITS, pins=pins).plan
    assert who_sits_where(plan)["other", "F", day] >= 2


def test_a_pin_that_breaks_a_rule_is_told():
    problem = problem_of(small())
    pins = Pins(people=((("other", "F", problem.dates[1]), 3),))
    outcome = solve(problem, LIMITS, pins=pins)
    assert outcome.status is SolveStatus.INFEASIBLE
    assert outcome.clashes == ("headcount: other",)


def run(*arguments):
    commands = planner.COMMANDS + planner_questions.COMMANDS
    group = Group("serempak", commands={command.name: command for command in commands})
    return CliRunner().invoke(group, list(map(str, arguments)))


def test_a_plan_is_written_and_checked_from_the_command_line(tmp_path):
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(json.dumps(small()))
    made = run("plan", problem, "-o", plan, "--seconds", 10, "--workers", 1)
    assert made.exit_code == 0
    assert Plan.from_json(json.loads(plan.read_text())).objective.served == 4
    assert run("check", problem, plan).exit_code == 0
    other = small(dates=[DAYS[0]])
    problem.write_text(json.dumps(other))
    assert run("check", problem, plan).exit_code == 1


def test_an_unreadable_problem_is_refused_with_its_mistakes(tmp_path):
    problem = tmp_path / "problem.json"
    problem.write_text(json.dumps(small(extra=1)))
    refused = run("plan", problem, "-o", tmp_path / "plan.json")
    assert refused.exit_code == 2
    assert "$.extra: unknown key" in refused.output


def test_why_names_a_change_that_was_verified(tmp_path):
    raw = small(dates=[DAYS[0]])
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(json.dumps(raw))
    assert run("plan", problem, "-o", plan, "--seconds", 10).exit_code == 0
    answer = run("why", problem, plan, "--candidate", "other")
    assert answer.exit_code == 0
    assert "no_capacity" in answer.output
    assert "menit lebih lambat di F: terlayani" in answer.output
