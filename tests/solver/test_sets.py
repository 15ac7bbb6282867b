"""Districts that share a depot: reading the set, sharing its lots out, checking the answer."""

import json
from dataclasses import replace

import pytest
from click import Group
from click.testing import CliRunner

from campaign.cli.planner_sets import COMMANDS
from campaign.planning.plan import Bounds, Objective, Plan
from campaign.planning.problem import InvalidProblem
from campaign.planning.sets.allotment import allot, unshipped
from campaign.planning.sets.answer import Move, PlanSet, read_answer, together, with_moves
from campaign.planning.sets.check import set_violations
from campaign.planning.sets.coordinator import Joint
from campaign.planning.sets.document import load_set
from campaign.planning.sets.exchange import share_again
from campaign.planning.solver import Limits, solve
from tests.solver.cases import small, warehouse


def lot(quantity, name="D1", expiry="2029-01-01", item="iud"):
    return {"item": item, "lot": name, "expiry": expiry, "quantity": quantity}


def district(own=0, **changes):
    """A district like small(), with an empty shelf and `own` sets in its warehouse."""
    raw = small(warehouses=[warehouse(own)], **changes)
    raw["facilities"][0]["stock"] = []
    return raw


def write(folder, districts, stock, **changes):
    for key, raw in districts.items():
        (folder / f"{key}.json").write_text(json.dumps(raw))
    raw = {
        "format": "campaign-problem-set/1",
        "name": "two",
        "districts": [{"id": key, "problem": f"{key}.json"} for key in districts],
        "depots": [
            {
                "id": "D",
                "name": "D",
                "stock": stock,
                "supplies": [{"district": key, "warehouse": "W"} for key in districts],
            }
        ],
        **changes,
    }
    path = folder / "problems.json"
    path.write_text(json.dumps(raw))
    return path


def run(*arguments):
    group = Group("serempak", commands={command.name: command for command in COMMANDS})
    return CliRunner().invoke(group, list(map(str, arguments)))


def test_the_depot_goes_to_who_lacks_it(tmp_path):
    path = write(tmp_path, {"A": district(4), "B": district(0)}, [lot(4)])
    made = run("plan-set", path, "-o", tmp_path / "out", "--seconds", 90)
    assert made.exit_code == 0, made.output
    answer = json.loads((tmp_path / "out" / "set.json").read_text())
    assert answer["objective"]["served"] == answer["bounds"]["served"] == 8
    assert {(row["district"], row["quantity"]) for row in answer["moves"]} == {("B", 4)}
    assert run("check-set", path, tmp_path / "out").exit_code == 0


def test_priority_counts_over_all_districts(tmp_path):
    poor = district()
    poor["candidates"][0]["count"] = 4
    path = write(tmp_path, {"A": district(candidates=poor["candidates"][1:]), "B": poor}, [lot(4)])
    made = run("plan-set", path, "-o", tmp_path / "out", "--seconds", 90)
    assert made.exit_code == 0, made.output
    answer = json.loads((tmp_path / "out" / "set.json").read_text())
    assert answer["objective"]["served_priority"] == answer["bounds"]["served_priority"] == 4
    assert answer["objective"]["served"] == answer["bounds"]["served"] == 4


def test_every_mistake_of_a_set_is_told_with_its_path(tmp_path):
    bad = district()
    bad["items"][0]["pack"] = 0
    path = write(
        tmp_path, {"A": district(), "B": bad, "set": district()}, [lot(-1), lot(1), lot(1, item="x", name="y")]
    )
    raw = json.loads(path.read_text())
    raw["districts"].append({"id": "C", "problem": "gone.json"})
    raw["districts"].append({"id": "A", "problem": "/etc/passwd"})
    raw["depots"][0]["supplies"] += [{"district": "A", "warehouse": "nowhere"}, {"district": "A", "warehouse": "W"}]
    raw["more"] = 1
    path.write_text(json.dumps(raw))
    with pytest.raises(InvalidProblem) as refused:
        load_set(path)
    assert {row.path for row in refused.value.mistakes} == {
        "$.more",
        "$.districts[1].problem",
        "$.districts[2].id",
        "$.districts[3].problem",
        "$.districts[4].id",
        "$.districts[4].problem",
        "$.depots[0].supplies[1].district",
        "$.depots[0].supplies[3].warehouse",
        "$.depots[0].supplies[4]",
        "$.depots[0].stock[0].quantity",
        "$.depots[0].stock[1]",
        "$.depots[0].stock[2].item",
    }
    assert run("plan-set", path, "-o", tmp_path / "out").exit_code == 2


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"districts": 3, "depots": null}', '{"districts": [{"id": 1}]}'])
def test_what_is_no_set_is_refused(tmp_path, text):
    path = tmp_path / "problems.json"
    path.write_text(text)
    assert run("plan-set", path, "-o", tmp_path / "out").exit_code == 2


def test_a_lot_with_two_expiry_dates_is_refused(tmp_path):
    path = write(tmp_path, {"A": district(1)}, [lot(1, name="W1", expiry="2029-02-02")])
    with pytest.raises(InvalidProblem) as refused:
        load_set(path)
    assert [row.path for row in refused.value.mistakes] == ["$.depots[0].stock[0].expiry"]


def test_moved_units_join_a_lot_that_is_there_already(tmp_path):
    given = load_set(write(tmp_path, {"A": district(1)}, [lot(5, name="W1")]))
    problem = with_moves(given, "A", [Move("D", "A", "W", "iud", "W1", 3)])
    assert [(row.lot, row.quantity) for row in problem.warehouses[0].stock] == [("W1", 4)]


def answered(given, moves):
    plans = {}
    for row in given.districts:
        plan = solve(with_moves(given, row.id, moves), Limits(5, 1, 1, deterministic=True)).plan
        plans[row.id] = replace(plan, problem=row.problem.sha256)
    total = together(plan.objective for plan in plans.values())
    return PlanSet(tuple(moves), plans, total, Bounds(*total.levels))


@pytest.mark.parametrize(
    ("move", "code"),
    [
        (Move("D", "A", "W", "iud", "D1", 5), "move-too-much"),
        (Move("D", "A", "W", "iud", "D1", 0), "move-quantity"),
        (Move("D", "A", "W", "iud", "other", 1), "move-too-much"),
        (Move("D", "A", "X", "iud", "D1", 1), "move-not-supplied"),
        (Move("E", "A", "W", "iud", "D1", 1), "move-not-supplied"),
        (Move("D", "nowhere", "W", "iud", "D1", 1), "move-not-supplied"),
    ],
)
def test_a_move_that_cannot_be_is_told(tmp_path, move, code):
    given = load_set(write(tmp_path, {"A": district(1)}, [lot(4)]))
    sound = answered(given, [Move("D", "A", "W", "iud", "D1", 2)])
    assert set_violations(given, sound) == []
    assert code in {row.code for row in set_violations(given, replace(sound, moves=(move,)))}


def test_a_plan_that_uses_what_was_not_moved_is_told_with_its_district(tmp_path):
    given = load_set(write(tmp_path, {"A": district(0)}, [lot(4)]))
    sound = answered(given, [Move("D", "A", "W", "iud", "D1", 4)])
    found = set_violations(given, replace(sound, moves=(Move("D", "A", "W", "iud", "D1", 2),)))
    assert {row.facts.get("district") for row in found} == {"A"}


def test_wrong_figures_are_told(tmp_path):
    given = load_set(write(tmp_path, {"A": district(4)}, [lot(4)]))
    sound = answered(given, [])
    wrong = replace(sound, objective=Objective(2, 5, 1.0, 0), bounds=Bounds(0, 0, 0, 0))
    assert {row.code for row in set_violations(given, wrong)} == {"objective", "bound"}


def test_an_unreadable_answer_is_said_to_be_unreadable(tmp_path):
    path = write(tmp_path, {"A": district(4)}, [lot(4)])
    (tmp_path / "set.json").write_text("{}")
    assert run("check-set", path, tmp_path).exit_code == 2


def test_the_joint_limit_counts_every_set_once(tmp_path):
    # 3 sets of the depot for two districts of 4 people each: 3 served at most, wherever they go
    given = load_set(write(tmp_path, {"A": district(0), "B": district(0)}, [lot(3)]))
    assert Joint(given, fine=False).solve(1, [0.0]).bound == pytest.approx(3)


def test_a_lot_goes_only_where_it_lasts(tmp_path):
    late = district(0, rules={"min_shelf_days": 800})
    path = write(tmp_path, {"A": district(0), "B": late}, [lot(4, "short", "2028-01-01"), lot(4, "long", "2033-01-01")])
    given = load_set(path)
    moves = allot(given, {("D", "A", "W", "iud"): 4.0, ("D", "B", "W", "iud"): 4.0})
    assert {(row.district, row.lot, row.quantity) for row in moves} == {("A", "short", 4), ("B", "long", 4)}


def test_packs_are_not_broken_between_districts(tmp_path):
    pack = district(0)
    pack["items"][0]["pack"] = 3
    given = load_set(write(tmp_path, {"A": pack, "B": pack}, [lot(6)]))
    moves = allot(given, {("D", "A", "W", "iud"): 4.0, ("D", "B", "W", "iud"): 2.0})
    assert {(row.district, row.quantity) for row in moves} == {("A", 3), ("B", 3)}


def test_what_one_leaves_unused_goes_to_who_lacked_it(tmp_path):
    one = district(0)
    one["candidates"] = one["candidates"][:1]
    given = load_set(write(tmp_path, {"A": one, "B": district(0)}, [lot(4)]))
    moves = (Move("D", "A", "W", "iud", "D1", 4),)
    answer = answered(given, moves)
    idle = unshipped(given.district("A").problem, answer.plans["A"], moves, "A")
    assert idle == {moves[0]: 2}
    again, gained = share_again(given, answer.plans, moves)
    assert gained == {"B"}
    assert {(row.district, row.quantity) for row in again} == {("A", 2), ("B", 2)}


def test_an_answer_is_read_as_it_was_written(tmp_path):
    path = write(tmp_path, {"A": district(4)}, [lot(4)])
    assert run("plan-set", path, "-o", tmp_path / "out", "--seconds", 90).exit_code == 0
    answer = read_answer(load_set(path), tmp_path / "out")
    assert isinstance(answer.plans["A"], Plan)
    assert answer.objective.served == 4
