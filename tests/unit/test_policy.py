"""Closed by default; a grant reaches its own place and what lies below it."""

import pytest

from campaign.accounts.policy import ROLES, SYSTEM, Actor, Grant, Permission, Place, may, reach, require
from campaign.accounts.roles import Role
from campaign.errors import NotAllowed

BARAT, TIMUR = Place("33.75.01"), Place("33.75.02")


def _actor(*grants: Grant) -> Actor:
    return Actor(account_id=1, grants=grants)


def test_nobody_may_do_anything_without_a_grant() -> None:
    assert not any(may(_actor(), permission) for permission in Permission)


def test_a_grant_without_place_reaches_everywhere() -> None:
    planner = _actor(Grant(Role.PLANNER))
    assert may(planner, Permission.PLAN, BARAT)
    assert reach(planner, Permission.PLAN).everywhere


def test_an_area_reaches_what_lies_below_it_and_nothing_beside_it() -> None:
    officer = _actor(Grant(Role.FIELD_OFFICER, area_code="33.75.01"))
    assert may(officer, Permission.SEE_CANDIDATES, Place("33.75.01.1002"))
    assert not may(officer, Permission.SEE_CANDIDATES, TIMUR)
    # 33.75.01 is a prefix of 33.75.010 as text, and no parent of it
    assert not may(officer, Permission.SEE_CANDIDATES, Place("33.75.010"))


def test_a_facility_reaches_itself_alone() -> None:
    midwife = _actor(Grant(Role.FACILITY, facility_id=7))
    assert may(midwife, Permission.RECORD_ATTENDANCE, Place("33.75.01", 7))
    assert not may(midwife, Permission.RECORD_ATTENDANCE, Place("33.75.01", 8))
    assert not may(midwife, Permission.RECORD_ATTENDANCE, BARAT)


def test_without_a_place_one_grant_anywhere_is_enough() -> None:
    midwife = _actor(Grant(Role.FACILITY, facility_id=7))
    assert may(midwife, Permission.RECORD_ATTENDANCE)
    assert reach(midwife, Permission.RECORD_ATTENDANCE).facilities == (7,)
    assert reach(midwife, Permission.APPROVE_PLAN).nowhere


def test_require_raises_with_the_permission_as_fact() -> None:
    with pytest.raises(NotAllowed) as raised:
        require(_actor(Grant(Role.VIEWER)), Permission.PLAN, BARAT)
    assert raised.value.facts == {"permission": "plan"}


def test_whoever_plans_does_not_approve_and_whoever_orders_stock_does_not_move_it() -> None:
    # Four eyes: the same role never holds both halves.
    for permissions in ROLES.values():
        assert not {Permission.PLAN, Permission.APPROVE_PLAN} <= permissions
        assert not {Permission.ORDER_STOCK, Permission.MOVE_STOCK} <= permissions


def test_only_facility_staff_screen() -> None:
    assert {role for role, permissions in ROLES.items() if Permission.SCREEN in permissions} == {Role.FACILITY}


def test_the_warehouse_sees_no_names() -> None:
    assert Permission.SEE_CANDIDATES not in ROLES[Role.WAREHOUSE]


def test_the_system_may_do_everything() -> None:
    assert all(may(SYSTEM, permission, BARAT) for permission in Permission)
