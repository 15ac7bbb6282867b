"""Why a group waits: the reason in numbers, and single changes that real solves have shown to help."""

import json

import pytest
from click import Group
from click.testing import CliRunner

from campaign.cli import planner_questions
from campaign.cli.planner_words import binding_words, change_words
from campaign.planning.changes import changed
from campaign.planning.explain import why
from campaign.planning.problem import load
from campaign.planning.solver import Limits, solve
from tests.solver.cases import DAYS, small, warehouse

LIMITS = Limits(seconds=60, workers=1, seed=1, deterministic=True)


def asked(raw, group="other"):
    problem = load(json.dumps(raw).encode())
    plan = solve(problem, Limits(10, 1, 1, deterministic=True)).plan
    return problem, plan, why(problem, plan, group, LIMITS)


def no_stock():
    raw = small()
    raw["facilities"][0]["stock"][0]["quantity"] = 2
    return raw


def no_delivery():
    raw = small(warehouses=[warehouse(9, trips=0)])
    raw["facilities"][0]["stock"] = []
    return raw


def no_skill():
    raw = small()
    raw["providers"][0]["skills"] = ["mow"]
    return raw


def too_full():
    return small(dates=[DAYS[0]])


REASONS = {
    "no_stock": (no_stock(), "stock", "IUD di F kurang 2 sampai 2 Maret; sisa di gudang 0"),
    "no_delivery": (no_delivery(), "trips", "IUD di F kurang 2 sampai 2 Maret; di gudang ada 9, tidak ada perjalanan"),
    "too_far": (small(rules={"max_travel_km": 1}), "travel", "fasilitas terdekat, F, berjarak 1.435 km; batas 1 km"),
    "no_capability": (no_skill(), "team", "tidak ada tenaga dengan kemampuan iud di F pada 1 Maret, 2 Maret"),
    "session_too_small": (small(rules={"min_session": 5}), "rule", "F: hanya 4 orang menunggu di sekitarnya"),
    "no_outreach": (
        small(outreach=[{"id": "U", "dates": ["2027-02-28"], "stops_per_day": 0}]),
        "stops",
        "L belum dikunjungi siaran keliling; 0 kunjungan sampai 2 Maret terpakai semua",
    ),
    "no_capacity": (too_full(), "hours", "F 1 Maret: room terpakai 90 dari 120 menit untuk 3 orang"),
}


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_is_told_with_its_numbers_and_a_change_that_helps(reason):
    raw, kind, words = REASONS[reason]
    if reason == "no_capacity":
        raw["facilities"][0]["hours"][DAYS[0]] = [["08:00", "09:45"]]
        words = "F 1 Maret: room terpakai 90 dari 105 menit untuk 3 orang"
    problem, _, answer = asked(raw)
    assert answer.reason == reason
    assert kind in {row.change["change"] for row in answer.helps}
    assert words in "\n".join(binding_words(row) for row in answer.bindings)
    assert answer.bindings[0].kind in {row.change["change"] for row in answer.helps}
    assert all(change_words(row.change, problem) for row in answer.helps)


@pytest.mark.parametrize("reason", REASONS)
def test_every_help_is_true(reason):
    problem, plan, answer = asked(REASONS[reason][0])
    assert answer.helps != ()
    for row in answer.helps:
        better = solve(changed(problem, row.change), Limits(10, 1, 1, deterministic=True)).plan
        assert better.objective.served > plan.objective.served


def test_the_smallest_change_that_helps_is_named():
    # 10 + 3 x 30 minutes end at 09:40: the fourth needs half an hour after 10:00, not two hours
    raw = too_full()
    _, _, answer = asked(raw)
    hours = [row.change["minutes"] for row in answer.helps if row.change["change"] == "hours"]
    assert hours == [30]


def test_a_group_that_is_served_has_no_reason():
    _, _, answer = asked(small())
    assert (answer.reason, answer.served, answer.helps) == (None, 2, ())


def test_what_could_be_served_by_another_choice_is_said():
    # one set for two groups without priority: either may have it
    raw = small()
    raw["facilities"][0]["stock"][0]["quantity"] = 1
    for row in raw["candidates"]:
        row.update(priority=False, dates=list(DAYS[:1] if row["id"] == "poor" else DAYS[1:2]))
    problem, plan, _ = asked(raw)
    waiting = next(row.candidate for row in plan.unserved if row.count == 2)
    assert why(problem, plan, waiting, LIMITS).could_be_served == 1


def test_the_time_holds_and_what_was_not_tried_is_said(tmp_path):
    raw = too_full()
    problem, plan, _ = asked(raw)
    rushed = why(problem, plan, "other", Limits(seconds=0.5, workers=1, seed=1))
    assert rushed.tried == 0
    assert rushed.untried > 0
    assert rushed.helps == ()


def test_the_command_says_it_in_indonesian_and_knows_its_groups(tmp_path):
    raw = no_stock()
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(json.dumps(raw))
    plan.write_text(json.dumps(solve(load(problem.read_bytes()), LIMITS).plan.to_json()))
    group = Group("serempak", commands={command.name: command for command in planner_questions.COMMANDS})
    answer = CliRunner().invoke(group, ["why", str(problem), str(plan), "--candidate", "other"])
    assert answer.exit_code == 0
    assert "other: terlayani 0 dari 2" in answer.output
    assert "IUD di F kurang 2 sampai 2 Maret" in answer.output
    assert "Dengan tambah 1 set IUD di F: terlayani 1 dari 2 (sudah dihitung ulang)" in answer.output
    unknown = CliRunner().invoke(group, ["why", str(problem), str(plan), "--candidate", "nobody"])
    assert unknown.exit_code == 1
