"""What lies before a date stays as it was: sessions, deliveries and outreach visits."""

import json
from dataclasses import replace
from datetime import date

import pytest

from campaign.planning.check import violations
from campaign.planning.problem import load
from campaign.planning.solver import Limits, Pins, SolveStatus, solve
from tests.solver.cases import DAYS, small, tiny, warehouse

LIMITS = Limits(seconds=10, workers=1, seed=1, deterministic=True)
SECOND = date.fromisoformat(DAYS[1])


def problem_of(raw):
    return load(json.dumps(raw).encode())


def again_from(problem, plan, day):
    return solve(problem, LIMITS, previous=plan, pins=Pins(frozen_before=day))


def past(plan, day):
    return (
        {row for row in plan.sessions if row.date < day},
        {row for row in plan.deliveries if row.date < day},
        {row for row in plan.outreach if row.date < day},
    )


def supplied(**changes):
    """Nothing on the shelf: two sets a day at most are sent, on two dates."""
    raw = small(warehouses=[warehouse(9, pack_dates=("2027-02-28", DAYS[0]), trips=1)], **changes)
    raw["facilities"][0]["stock"] = []
    return raw


@pytest.mark.parametrize("seed", range(40))
def test_the_past_stays_to_the_letter(seed):
    problem = problem_of(tiny(seed))
    first = solve(problem, LIMITS).plan
    for day in (problem.dates[0], problem.dates[-1], date(2027, 3, 5)):
        outcome = again_from(problem, first, day)
        assert outcome.plan is not None, (day, outcome)
        assert violations(problem, outcome.plan) == []
        assert past(outcome.plan, day) == past(first, day)
        assert not first.objective.better_than(replace(outcome.plan.objective, cost=first.objective.cost))


def test_a_delivery_of_the_past_is_neither_undone_nor_repeated():
    problem = problem_of(supplied())
    first = solve(problem, LIMITS).plan
    assert [row.date.isoformat() for row in first.deliveries] == ["2027-02-28"]
    gone = problem_of({**supplied(), "candidates": [{**row, "dates": [DAYS[1]]} for row in supplied()["candidates"]]})
    early = solve(gone, LIMITS).plan
    outcome = again_from(gone, early, date.fromisoformat(DAYS[0]))
    assert past(outcome.plan, date.fromisoformat(DAYS[0])) == past(early, date.fromisoformat(DAYS[0]))
    assert len(outcome.plan.deliveries) == len(early.deliveries)


def test_what_was_delivered_and_not_used_serves_later():
    problem = problem_of(supplied())
    first = solve(problem, LIMITS).plan
    # four sets came; on the first day nobody did
    nobody = replace(first, sessions=tuple(row for row in first.sessions if row.date >= SECOND))
    outcome = again_from(problem, nobody, SECOND)
    assert outcome.plan.deliveries == first.deliveries
    assert {row.date for row in outcome.plan.sessions} == {SECOND}
    assert outcome.plan.objective.served == 3  # 10 + 3 x 30 minutes in two hours
    assert violations(problem, outcome.plan) == []


def test_goods_on_their_way_are_used_from_their_arrival_only():
    raw = supplied(dates=list(DAYS), rules={"delivery_lead_days": 2})
    raw["warehouses"][0]["dates"] = ["2027-02-28"]
    raw["facilities"][0]["hours"] = {day: [["08:00", "10:00"]] for day in DAYS}
    raw["providers"][0].update(dates=list(DAYS), max_days=3)
    problem = problem_of(raw)
    first = solve(problem, LIMITS).plan
    outcome = again_from(problem, first, date.fromisoformat(DAYS[0]))
    assert outcome.plan.objective.served == 4
    assert {row.date.isoformat() for row in outcome.plan.sessions} <= {DAYS[1], DAYS[2]}


def test_a_visit_of_the_past_counts_and_cannot_be_given_to_another_kelurahan():
    raw = small(outreach=[{"id": "U", "dates": ["2027-02-27", "2027-02-28"], "stops_per_day": 1}])
    raw["kelurahan"].append({**raw["kelurahan"][0], "id": "M"})
    raw["kelurahan"].append({**raw["kelurahan"][0], "id": "N"})
    raw["candidates"] += [
        {"id": "m", "kelurahan": "M", "method": "iud", "priority": False, "count": 1},
        {"id": "n", "kelurahan": "N", "method": "iud", "priority": True, "count": 1},
    ]
    problem = problem_of(raw)
    first = solve(problem, LIMITS).plan
    visited = {row.kelurahan for row in first.outreach}
    assert "L" in visited
    assert len(visited) == 2
    outcome = again_from(problem, first, date.fromisoformat(DAYS[0]))
    assert outcome.plan.outreach == first.outreach
    assert violations(problem, outcome.plan) == []


def test_no_session_is_added_before_the_date():
    raw = small()
    problem = problem_of(raw)
    first = solve(problem, LIMITS).plan
    later = replace(first, sessions=tuple(row for row in first.sessions if row.date >= SECOND))
    outcome = again_from(problem, later, SECOND)
    assert {row.date for row in outcome.plan.sessions} == {SECOND}
    assert outcome.plan.bounds.served == 3


def test_a_past_that_breaks_a_rule_is_told_with_the_rule():
    problem = problem_of(supplied())
    first = solve(problem, LIMITS).plan
    other = supplied()
    other["warehouses"][0]["stock"][0]["quantity"] = 1
    outcome = again_from(problem_of(other), first, SECOND)
    assert outcome.status is SolveStatus.INFEASIBLE
    assert any(row.startswith("may-not-leave") for row in outcome.clashes)


def test_a_pinned_session_that_no_longer_fits_its_rooms_is_told():
    problem = problem_of(small())
    first = solve(problem, LIMITS).plan
    other = small()
    other["facilities"][0]["stations"]["room"] = 0
    pins = Pins(sessions=frozenset((row.facility, row.date) for row in first.sessions))
    outcome = solve(problem_of(other), LIMITS, previous=first, pins=pins)
    assert outcome.status is SolveStatus.INFEASIBLE
    assert outcome.clashes != ()
    assert all(row.startswith("no-station") for row in outcome.clashes), outcome.clashes
