"""Due dates, states and time taken of a checklist, on a calendar that fits on a page.

June 2027: the 1st is a Tuesday and Pancasila day, the 14th a Monday; here the 16th is off as well.
"""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from campaign.events.sop.schedule import Done, Frame, OfficeCalendar, StepState, cycle_in, due_on, standings
from campaign.events.sop.template import Anchor, DueRule, Printed, StandardTime, Step, TimeUnit

JAKARTA = ZoneInfo("Asia/Jakarta")


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 6, day, hour, minute, tzinfo=JAKARTA)


CALENDAR = OfficeCalendar(frozenset({date(2027, 6, 1), date(2027, 6, 16)}))
FRAME = Frame(date(2027, 6, 21), date(2027, 6, 22), _at(2, 9), CALENDAR)  # Monday, Tuesday; Wednesday
BEFORE = DueRule(Anchor.FIRST_DAY, -3)


def _step(code: str, *waits_for: str, due: DueRule = BEFORE) -> Step:
    return Step(code, Printed("1", code), code, due, waits_for=waits_for)


@pytest.mark.parametrize(
    ("day", "shift", "expected"),
    [
        (21, -1, 18),  # Monday back over the weekend to Friday
        (21, -2, 17),
        (21, -3, 15),  # the 16th is off
        (15, 1, 17),
        (18, 1, 21),
        (20, 0, 20),  # a Sunday: service may be on one, and no shift is no shift
    ],
)
def test_working_days_jump_over_weekends_and_days_off(day: int, shift: int, expected: int) -> None:
    assert CALENDAR.shift(date(2027, 6, day), shift) == date(2027, 6, expected)


def test_due_dates_hang_on_the_first_and_the_last_day_of_service() -> None:
    assert due_on(BEFORE, FRAME) == date(2027, 6, 15)
    assert due_on(DueRule(Anchor.LAST_DAY, 2), FRAME) == date(2027, 6, 24)


def test_a_checklist_started_late_asks_for_nothing_before_its_start() -> None:
    friday = replace(FRAME, started_at=_at(18, 9))
    saturday = replace(FRAME, started_at=_at(19, 9))
    assert due_on(BEFORE, replace(FRAME, started_at=_at(15, 23))) == date(2027, 6, 15)
    assert due_on(BEFORE, friday) == date(2027, 6, 18)
    assert due_on(BEFORE, saturday) == date(2027, 6, 21)


def test_a_step_is_ready_when_all_that_it_waits_for_is_done() -> None:
    steps = (_step("a"), _step("b"), _step("c", "a", "b"))
    done = {"a": Done(_at(3, 9))}
    found = standings(steps, done, FRAME, date(2027, 6, 3))
    assert [found[code].state for code in "abc"] == [StepState.DONE, StepState.READY, StepState.WAITING]
    assert found["c"].open_waits == ("b",)
    done["b"] = Done(_at(4, 9))
    ready = standings(steps, done, FRAME, date(2027, 6, 4))["c"]
    assert (ready.state, ready.ready_at) == (StepState.READY, _at(4, 9))


@pytest.mark.parametrize(("today", "late"), [(14, 0), (15, 0), (16, 0), (17, 1), (19, 2), (21, 3)])
def test_a_step_is_overdue_from_the_next_working_day(today: int, late: int) -> None:
    found = standings((_step("a"),), {}, FRAME, date(2027, 6, today))["a"]
    assert (found.days_late, found.is_overdue) == (late, late > 0)


def test_a_step_done_late_is_late_and_no_longer_overdue() -> None:
    found = standings((_step("a"),), {"a": Done(_at(17, 9))}, FRAME, date(2027, 6, 30))["a"]
    assert (found.days_late, found.is_overdue) == (1, False)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (_at(14, 9), _at(14, 10, 30), 90),
        (_at(14, 6), _at(14, 8, 1), 1),  # the office opens at eight
        (_at(14, 15, 30), _at(15, 8, 30), 60),
        (_at(15, 15), _at(17, 9), 120),  # the 16th is off
        (_at(18, 15), _at(21, 9), 120),  # a weekend between
        (_at(14, 8), _at(18, 16), 4 * 480),
        (_at(19, 8), _at(20, 16), 0),
    ],
)
def test_time_taken_counts_office_minutes(start: datetime, end: datetime, minutes: int) -> None:
    assert CALENDAR.minutes_between(start, end) == minutes


def test_time_taken_runs_from_ready_to_done() -> None:
    done = {"a": Done(_at(3, 9)), "b": Done(_at(3, 11))}
    found = standings((_step("a"), _step("b", "a")), done, FRAME, date(2027, 6, 3))
    assert found["a"].minutes_taken == 480  # started on the 2nd at nine
    assert found["b"].minutes_taken == 120


def test_what_somebody_says_it_took_counts_more_than_the_clock() -> None:
    done = {"a": Done(_at(3, 9), minutes=55)}
    assert standings((_step("a"),), done, FRAME, date(2027, 6, 3))["a"].minutes_taken == 55


def test_time_taken_is_unknown_when_a_step_was_done_before_what_it_waits_for() -> None:
    done = {"a": Done(_at(4, 9)), "b": Done(_at(3, 9))}
    steps = (_step("a"), _step("b", "a"), _step("c", "missing-one"))
    assert standings(steps, done, FRAME, date(2027, 6, 4))["b"].minutes_taken is None
    del done["a"]
    assert standings(steps, done, FRAME, date(2027, 6, 4))["b"].minutes_taken is None


def test_standard_times_compare_in_office_minutes() -> None:
    assert StandardTime(3600, TimeUnit.MINUTES).minutes == 3600
    assert StandardTime(4, TimeUnit.HOURS).minutes == 240
    assert StandardTime(3, TimeUnit.DAYS).minutes == 1440


def test_a_ring_of_waits_is_found_with_what_hangs_on_it() -> None:
    assert cycle_in({"a": (), "b": ("a",), "c": ("a", "b")}) == ()
    assert cycle_in({"a": ("b",), "b": ("a",), "c": ("a",), "d": ()}) == ("a", "b", "c")
    assert cycle_in({"a": ("a",)}) == ("a",)
