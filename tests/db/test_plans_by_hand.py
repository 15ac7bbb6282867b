"""Plans changed by hand: every change is a version of its own, judged at once, and nothing is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from campaign.accounts.policy import SYSTEM, Actor
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.errors import NotAllowed
from campaign.planning.approving import PlanNotSolved, PlanServesNobody, approve_plan
from campaign.planning.check import achieved, violations
from campaign.planning.hand.edits import Edit, EditKind, ImpossibleEdit, Place
from campaign.planning.hand.revising import broken_rules, revised
from campaign.planning.hand.services import EditRequest, PlanNotEditable, edit_plan, start_by_hand
from campaign.planning.hand.settling import settled
from campaign.planning.models import PlanOrigin, PlanRun, PlanState
from campaign.planning.plan import Plan
from campaign.planning.problem import load
from campaign.planning.repairing import RepairRequest, edits_of, pins_of, request_repair
from campaign.planning.solver import Pins
from tests.builders.actors import actor_with
from tests.builders.logistics import key
from tests.builders.plans import HELD_ON, Scene, make_run, make_scene, make_solved_run
from tests.builders.registry import make_provider

pytestmark = pytest.mark.usefixtures("open_transaction")

LATER = HELD_ON + timedelta(2)  # a Thursday; the day between is off


def _edit(run: PlanRun, edit: Edit, actor: Actor = SYSTEM) -> PlanRun:
    return edit_plan(actor, EditRequest(key(), run.plan_run_id, edit))


def _group(run: PlanRun, *, is_poor: bool) -> str:
    problem = load((run.problem or "").encode())
    return next(group.id for group in problem.candidates if group.priority is is_poor)


def _at(scene: Scene, day: object = HELD_ON) -> Place:
    return Place(scene.depot.city.puskesmas.code, day)  # type: ignore[arg-type]


def _plan(run: PlanRun) -> Plan:
    return Plan.from_json(run.plan)


def _codes(run: PlanRun) -> set[str]:
    return {row["code"] for row in run.broken or []}


def test_whoever_waits_is_put_into_a_session_with_times_and_goods() -> None:
    scene = make_scene()
    run = make_solved_run(scene)  # three of four served
    made = _edit(run, Edit(EditKind.GROUP, _group(run, is_poor=False), 1, None, _at(scene)))
    assert (made.state, made.origin, made.based_on_id) == (PlanState.SOLVED, PlanOrigin.HAND, run.plan_run_id)
    assert (made.served, made.broken) == (4, None)
    plan = _plan(made)
    assert all(who.steps for who in plan.sessions[0].appointments)
    assert sum(line.quantity for row in plan.deliveries for line in row.lines) == 4
    assert violations(load((made.problem or "").encode()), plan) == []


def test_the_version_before_stays_as_it_was() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    before = run.plan
    _edit(run, Edit(EditKind.GROUP, _group(run, is_poor=False), 1, None, _at(scene)))
    db.session.refresh(run)
    assert (run.state, run.plan) == (PlanState.SOLVED, before)


def test_part_of_a_group_moves_to_another_date_where_a_session_opens_with_its_staff() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    made = _edit(run, Edit(EditKind.GROUP, _group(run, is_poor=True), 1, _at(scene), _at(scene, LATER)))
    held = {row.date: (len(row.appointments), row.providers) for row in _plan(made).sessions}
    midwife = scene.depot.city.midwife.code
    assert held == {HELD_ON: (2, (midwife,)), LATER: (1, (midwife,))}
    assert made.state is PlanState.SOLVED


def test_what_breaks_is_told_at_once_and_a_broken_version_cannot_be_approved() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    made = _edit(run, Edit(EditKind.PROVIDER, scene.depot.city.midwife.code, 1, _at(scene), None))
    assert made.state is PlanState.DRAFT
    assert _codes(made) == {"missing-steps"}  # without the midwife nobody has a time for the insertion
    with pytest.raises(PlanNotSolved):
        approve_plan(scene.head, made.plan_run_id)


def test_a_session_that_loses_its_last_visitor_is_no_longer_held() -> None:
    scene = make_scene()
    made = _edit(make_solved_run(scene, served=1), Edit(EditKind.DROP, "", 1, _at(scene), None))
    assert (_plan(made).sessions, _plan(made).deliveries, made.served) == ((), (), 0)
    run = make_solved_run(scene, served=1)
    poor = _group(run, is_poor=True)
    assert _plan(_edit(run, Edit(EditKind.GROUP, poor, 1, _at(scene), None))).sessions == ()


def test_goods_that_cannot_be_had_are_told() -> None:
    scene = make_scene()
    made = start_by_hand(SYSTEM, scene.campaign.campaign_id, key())
    first = Edit(EditKind.GROUP, _group(made, is_poor=True), 2, None, _at(scene))
    assert _edit(made, first).state is PlanState.SOLVED
    problem = load((made.problem or "").encode())
    poor = replace(problem, warehouses=tuple(replace(house, stock=()) for house in problem.warehouses))
    broken = broken_rules(poor, replace(revised(poor, _plan(made), first), problem=poor.sha256))
    assert [(row.code, row.facts["missing"]) for row in broken] == [("usage", 2)]


def test_a_plan_is_made_wholly_by_hand_and_approved() -> None:
    scene = make_scene()
    start = start_by_hand(SYSTEM, scene.campaign.campaign_id, key())
    assert (start.state, start.served, _plan(start).sessions) == (PlanState.SOLVED, 0, ())
    with pytest.raises(PlanServesNobody):
        approve_plan(scene.head, start.plan_run_id)
    opened = _edit(start, Edit(EditKind.OPEN, "", 1, None, _at(scene)))
    assert _codes(opened) == {"session-too-small"}
    filled = _edit(opened, Edit(EditKind.GROUP, _group(start, is_poor=True), 2, None, _at(scene)))
    filled = _edit(filled, Edit(EditKind.GROUP, _group(start, is_poor=False), 2, None, _at(scene)))
    assert (filled.state, filled.served, filled.served_priority) == (PlanState.SOLVED, 4, 2)
    assert approve_plan(scene.head, filled.plan_run_id).state is PlanState.APPROVED


def test_another_provider_can_be_sent_and_what_they_may_not_do_is_told() -> None:
    scene = make_scene()
    other = make_provider(scene.depot.city.hospital, {"iud": None})
    made = _edit(make_solved_run(scene), Edit(EditKind.PROVIDER, other.code, 1, None, _at(scene)))
    assert _codes(made) == {"provider-place"}  # not mobile, and based at the hospital


def test_limits_are_kept_only_as_far_as_they_still_hold() -> None:
    scene = make_scene()
    run = make_solved_run(scene)  # limits 2, 4, 1, 0 beside 2, 3, 0.6
    more = _edit(run, Edit(EditKind.GROUP, _group(run, is_poor=False), 1, None, _at(scene)))
    assert _plan(more).bounds.levels[:2] == (2, 4)
    fewer = _edit(run, Edit(EditKind.GROUP, _group(run, is_poor=True), 1, _at(scene), None))
    real, bound = _plan(fewer).objective, _plan(fewer).bounds
    assert (real.served_priority, bound.served_priority) == (1, 2)
    assert bound.served == 4  # counted: the limit 4 was of plans that serve both poor families
    assert achieved(load((fewer.problem or "").encode()), _plan(fewer)) == real


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (Edit(EditKind.GROUP, "nobody", 1, None, Place("?", HELD_ON)), "no-such-place"),
        (Edit(EditKind.DROP, "", 1, Place("?", HELD_ON), None), "no-session-to-change"),
        (Edit(EditKind.GROUP, "nobody", 1, None, None), "edit-changes-nothing"),
    ],
)
def test_a_change_of_what_is_not_there_is_refused(edit: Edit, code: str) -> None:
    run = make_solved_run(make_scene())
    with pytest.raises(ImpossibleEdit) as caught:
        _edit(run, edit)
    assert code in [mistake.code for mistake in caught.value.mistakes]


def test_no_more_can_be_moved_than_there_are() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    for number, is_possible in ((0, False), (1, True), (2, False)):  # one of the others waits
        edit = Edit(EditKind.GROUP, _group(run, is_poor=False), number, None, _at(scene))
        if is_possible:
            assert _edit(run, edit).served == 4
        else:
            with pytest.raises(ImpossibleEdit):
                _edit(run, edit)


def test_the_same_key_makes_one_version() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    edit = Edit(EditKind.GROUP, _group(run, is_poor=False), 1, None, _at(scene))
    request = EditRequest(key(), run.plan_run_id, edit)
    assert edit_plan(SYSTEM, request).plan_run_id == edit_plan(SYSTEM, request).plan_run_id


def test_only_a_planner_changes_a_plan_that_is_there_and_not_approved() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    edit = Edit(EditKind.DROP, "", 1, _at(scene), None)
    with pytest.raises(NotAllowed):
        _edit(run, edit, actor_with(Role.HEAD))
    with pytest.raises(PlanNotEditable):
        _edit(make_run(scene), edit)


def test_an_edit_reads_as_it_was_written() -> None:
    edit = Edit(EditKind.GROUP, "g", 3, Place("a", HELD_ON), None)
    assert Edit.from_json(edit.to_json()) == edit


def test_a_repair_keeps_who_was_moved_and_teams_that_were_changed() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    poor, other = _group(run, is_poor=True), _group(run, is_poor=False)
    moved = _edit(run, Edit(EditKind.GROUP, poor, 1, _at(scene), _at(scene, LATER)))
    moved = _edit(moved, Edit(EditKind.GROUP, other, 1, None, _at(scene)))
    pins = pins_of(_plan(moved), edits_of(moved))
    place = scene.depot.city.puskesmas.code
    assert pins.people == (((other, place, HELD_ON), 1), ((poor, place, LATER), 1))
    back = _edit(moved, Edit(EditKind.GROUP, poor, 1, _at(scene, LATER), _at(scene)))
    assert pins_of(_plan(back), edits_of(back)).people == (((other, place, HELD_ON), 1),)  # there and back: not moved
    repair = request_repair(SYSTEM, RepairRequest(key(), moved.plan_run_id, 5))
    assert (repair.origin, repair.based_on_id, repair.state) == (PlanOrigin.REPAIR, moved.plan_run_id, PlanState.QUEUED)
    assert repair.pins == pins.to_json()


def test_a_repair_without_the_solver_keeps_who_was_moved_and_sends_others_where_there_is_time() -> None:
    scene = make_scene()
    run = make_solved_run(scene)
    problem = load((run.problem or "").encode())
    place, other_day = _at(scene), _at(scene, LATER)
    # An hour of opening seats one candidate after the other, one every 20 minutes from 08:20: two of them.
    short = dict.fromkeys((HELD_ON, LATER), ((480, 540),))
    tight = replace(problem, facilities=tuple(replace(row, hours=short) for row in problem.facilities))
    poor, other = _group(run, is_poor=True), _group(run, is_poor=False)
    plan = revised(tight, _plan(run), Edit(EditKind.GROUP, poor, 1, place, other_day))
    plan = revised(tight, plan, Edit(EditKind.GROUP, other, 1, None, place))
    assert "missing-steps" in {row.code for row in broken_rules(tight, plan)}
    pins = Pins(people=(((other, place.facility, place.day), 2),))
    found = settled(tight, plan, pins, lambda: True)
    assert found is not None
    assert {row.date: [who.candidate for who in row.appointments] for row in found.sessions} == {
        HELD_ON: [other, other],
        LATER: [poor, poor],
    }
    assert settled(tight, plan, pins, lambda: False) is None  # no time to make room


@pytest.mark.parametrize("statement", ["UPDATE plan_run SET plan = '{}'", "DELETE FROM plan_run"])
def test_a_plan_that_is_there_cannot_be_changed_in_the_database(statement: str) -> None:
    make_solved_run(make_scene())
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(text(statement))
