"""A plan as people look at it beside another one, on a map and as a chart of a day."""

from datetime import timedelta

import pytest

from campaign.accounts.policy import SYSTEM
from campaign.planning.comparing import Made, compare, costs
from campaign.planning.geography import draw
from campaign.planning.hand.edits import Edit, EditKind, Place
from campaign.planning.hand.services import EditRequest, edit_plan
from campaign.planning.models import PlanRun
from campaign.planning.plan import Plan
from campaign.planning.problem import load
from campaign.planning.timeline import chart
from tests.builders.logistics import key
from tests.builders.plans import HELD_ON, Scene, make_scene, make_solved_run
from tests.builders.registry import OTHER_KECAMATAN

pytestmark = pytest.mark.usefixtures("open_transaction")

LATER = HELD_ON + timedelta(2)


def _made(run: PlanRun) -> Made:
    return Made(load((run.problem or "").encode()), Plan.from_json(run.plan))


def _moved(scene: Scene, run: PlanRun, *, is_poor: bool, origin: object, target: object) -> PlanRun:
    group = next(g.id for g in _made(run).problem.candidates if g.priority is is_poor)
    place = scene.depot.city.puskesmas.code
    places = [None if day is None else Place(place, day) for day in (origin, target)]  # type: ignore[arg-type]
    return edit_plan(SYSTEM, EditRequest(key(), run.plan_run_id, Edit(EditKind.GROUP, group, 1, *places)))


def test_the_parts_of_the_cost_add_up_to_the_cost_of_the_format() -> None:
    made = _made(make_solved_run(make_scene()))
    assert sum(costs(made.problem, made.plan).values()) == pytest.approx(made.plan.objective.cost)


def test_a_comparison_tells_who_gains_who_moves_and_what_it_costs() -> None:
    scene = make_scene()
    first = make_solved_run(scene)
    second = _moved(scene, first, is_poor=False, origin=None, target=HELD_ON)
    second = _moved(scene, second, is_poor=True, origin=HELD_ON, target=LATER)
    found = compare(_made(first), _made(second))
    assert (found.gained, found.lost, found.moved, found.is_same_problem) == (1, 0, 1, True)
    assert [(row.name, row.before, row.after, row.moved) for row in found.areas] == [("Medono", 3, 4, 1)]
    assert [(row.before, row.after, row.days_before, row.days_after) for row in found.facilities] == [(3, 4, 1, 2)]
    assert [row.change for row in found.levels[:2]] == [0, 1]
    assert {row.code: row.change for row in found.costs}["sessions"] == 750_000
    assert found.levels[3].change == pytest.approx(sum(row.change for row in found.costs))


def test_equal_plans_have_nothing_to_tell() -> None:
    made = _made(make_solved_run(make_scene()))
    found = compare(made, made)
    assert (found.areas, found.facilities, found.moved) == ((), (), 0)


def test_the_chart_has_a_lane_for_each_station_and_provider_in_use() -> None:
    scene = make_scene()
    made = _made(make_solved_run(scene))
    found = chart(made.problem, made.plan, scene.depot.city.puskesmas.code, HELD_ON)
    assert found is not None
    # Three candidates at 08:00, 08:20, 08:40; nobody waits, so one station of each type is enough.
    assert [(lane.kind, len(lane.bars)) for lane in found.lanes] == [
        ("exam_room", 3),
        ("procedure_room", 3),
        ("registration_desk", 3),
        ("", 3),
    ]
    assert [(bar.start, bar.end) for bar in found.lanes[3].bars] == [(500, 520), (520, 540), (540, 560)]
    assert found.ticks[0][1] == 480
    assert chart(made.problem, made.plan, scene.depot.city.puskesmas.code, LATER) is None


def test_the_map_has_north_up_and_a_line_for_everybody_who_travels() -> None:
    scene = make_scene()
    made = _made(make_solved_run(scene))
    found = draw(made.problem, made.plan)
    assert [(flow.kelurahan, flow.count) for flow in found.flows] == [("Medono", 3)]
    (spot,) = found.spots  # only kelurahan with candidates
    assert (spot.listed, spot.served, spot.share) == (4, 3, "most")
    assert spot.y > found.sites[0].y  # Medono lies south of the puskesmas
    assert sorted(site.served for site in found.sites) == [0, 3]
    elsewhere = draw(made.problem, made.plan, OTHER_KECAMATAN)
    assert (elsewhere.spots, elsewhere.flows, elsewhere.height) == ((), (), found.height)
