"""A case small enough to solve by hand for each rule and each reason."""

import json
from collections import Counter

import pytest

from campaign.planning.check import violations
from campaign.planning.problem import load
from campaign.planning.solver import Limits, SolveStatus, solve
from tests.solver.cases import DAYS, small, warehouse

LIMITS = Limits(seconds=10, workers=1, seed=1, deterministic=True)


def planned(raw):
    problem = load(json.dumps(raw).encode())
    outcome = solve(problem, LIMITS)
    assert outcome.status is SolveStatus.OPTIMAL
    assert violations(problem, outcome.plan) == []
    return outcome.plan


def reasons(plan):
    found = Counter()
    for row in plan.unserved:
        found[row.reason.value] += row.count
    return found


def test_the_last_step_must_end_before_closing():
    # 10 + 4 x 30 = 130 minutes: three a day in two hours, so four need both dates
    plan = planned(small())
    assert plan.objective.served == 4
    assert sorted(len(session.appointments) for session in plan.sessions) in ([1, 3], [2, 2])


def test_half_an_hour_more_saves_a_session():
    raw = small()
    raw["facilities"][0]["hours"] = {day: [["08:00", "10:10"]] for day in DAYS[:2]}
    assert len(planned(raw).sessions) == 1


def test_nobody_waits_longer_than_allowed_over_a_break():
    raw = small(rules={"max_wait_minutes": 0})
    raw["facilities"][0]["hours"] = {DAYS[0]: [["08:00", "08:10"], ["09:00", "09:30"]]}
    assert planned(raw).objective.served == 0  # registration before the break, the room only after it
    raw["rules"]["max_wait_minutes"] = 50
    assert planned(raw).objective.served == 1


def test_the_poor_come_first():
    raw = small(dates=[DAYS[0]])
    raw["facilities"][0]["stock"][0]["quantity"] = 2
    plan = planned(raw)
    assert (plan.objective.served_priority, plan.objective.served) == (2, 2)
    assert reasons(plan) == {"no_stock": 2}


def test_a_lot_is_used_on_its_expiry_date_and_not_after():
    raw = small(dates=[DAYS[1]])
    raw["facilities"][0]["stock"][0]["expiry"] = DAYS[1]
    assert planned(raw).objective.served == 3
    raw["facilities"][0]["stock"][0]["expiry"] = DAYS[0]
    assert planned(raw).objective.served == 0


def test_what_the_shelf_lacks_is_delivered_in_whole_packs_for_one_trip():
    raw = small(warehouses=[warehouse(9)])
    raw["items"][0]["pack"] = 3
    raw["facilities"][0]["stock"] = []
    plan = planned(raw)
    assert plan.objective.served == 4
    assert [sum(line.quantity for line in row.lines) for row in plan.deliveries] == [6]


def test_the_reserve_stays_in_the_warehouse():
    raw = small(warehouses=[warehouse(4, keep=3)])
    raw["facilities"][0]["stock"] = []
    assert planned(raw).objective.served == 1


@pytest.mark.parametrize(("day", "served"), [(DAYS[0], 3), (DAYS[1], 0)])
def test_a_delivery_is_used_from_the_day_after(day, served):
    raw = small(warehouses=[warehouse(9, pack_dates=(day,))])
    raw["facilities"][0]["stock"] = []
    plan = planned(raw)
    assert plan.objective.served == served
    assert reasons(plan) == ({"no_capacity": 1} if served else {"no_delivery": 4})


def test_a_warehouse_lot_that_does_not_last_is_not_shipped():
    raw = small(warehouses=[warehouse(9, expiry="2027-03-31")])  # 29 days after the last date
    raw["facilities"][0]["stock"] = []
    assert reasons(planned(raw)) == {"no_stock": 4}


def test_no_trip_left_is_no_delivery():
    raw = small(warehouses=[warehouse(9, trips=0)])
    raw["facilities"][0]["stock"] = []
    assert reasons(planned(raw)) == {"no_delivery": 4}


def test_who_lives_too_far_is_told_so():
    raw = small(rules={"max_travel_km": 1})
    assert reasons(planned(raw)) == {"too_far": 4}


def test_a_given_distance_is_used_as_it_is():
    raw = small(rules={"max_travel_km": 1}, travel=[{"kelurahan": "L", "facility": "F", "km": 1}])
    assert planned(raw).objective.served == 4


def test_without_the_skill_there_is_no_capability():
    raw = small()
    raw["providers"][0]["skills"] = ["mow"]
    assert reasons(planned(raw)) == {"no_capability": 4}


def test_a_session_that_would_be_too_small_is_not_held():
    raw = small(rules={"min_session": 5})
    assert reasons(planned(raw)) == {"session_too_small": 4}


def test_a_kelurahan_that_cannot_be_visited_sends_nobody():
    raw = small(outreach=[{"id": "U", "dates": [DAYS[1]], "stops_per_day": 3}])
    assert reasons(planned(raw)) == {"no_outreach": 4}


def test_a_kelurahan_is_visited_the_day_before():
    raw = small(outreach=[{"id": "U", "dates": [DAYS[0]], "stops_per_day": 1}])
    plan = planned(raw)
    assert {session.date.isoformat() for session in plan.sessions} == {DAYS[1]}


def test_a_provider_works_no_more_than_the_minutes_of_a_day():
    raw = small()
    raw["providers"][0]["minutes_per_day"] = 59
    assert planned(raw).objective.served == 2


def test_a_provider_works_no_more_than_max_days():
    raw = small()
    raw["providers"][0]["max_days"] = 1
    assert planned(raw).objective.served == 3


def test_candidates_with_dates_come_on_them():
    raw = small()
    for row in raw["candidates"]:
        row["dates"] = [DAYS[1]]
    assert {session.date.isoformat() for session in planned(raw).sessions} == {DAYS[1]}


def test_steps_of_no_minutes_are_skipped():
    raw = small()
    raw["methods"][0]["steps"][1]["minutes"] = 0
    plan = planned(raw)
    assert {len(who.steps) for session in plan.sessions for who in session.appointments} == {1}
    assert all(session.providers == () for session in plan.sessions)


def test_one_session_a_day_over_the_whole_campaign():
    raw = small(dates=[DAYS[0]], rules={"max_sessions_per_day": 1})
    raw["facilities"].append({**raw["facilities"][0], "id": "G", "stock": []})
    assert planned(raw).objective.served == 3


def test_an_empty_campaign_has_an_empty_plan():
    plan = planned(small(candidates=[], warehouses=[]))
    assert plan.objective.levels == (0, 0, 0.0, 0)
