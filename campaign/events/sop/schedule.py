"""Where each step of a checklist stands. Pure: due dates in working days, what waits for what, time taken.

A due date is counted in working days from the first or the last day of service. A checklist that is started late
cannot ask for yesterday: what should already be done is due on the day of the start, or the next working day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from campaign.events.sop.template import Anchor, DueRule, Step

OFFICE_WEEK = frozenset(range(5))  # Monday to Friday, as city offices work; puskesmas have hours of their own
OFFICE_OPENS, OFFICE_CLOSES = time(8), time(16)  # 480 minutes: the office day of template.OFFICE_DAY_MINUTES
LONGEST_SHIFT = 400  # days; a due rule is a few weeks


class StepState(StrEnum):
    """Where a step stands."""

    WAITING = "waiting"  # for other steps
    READY = "ready"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """The days on which the office works."""

    days_off: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Tell whether the office works on `day`."""
        return day.weekday() in OFFICE_WEEK and day not in self.days_off

    def shift(self, day: date, working_days: int) -> date:
        """Return the day so many working days after `day`; before it, when negative; 0 is the day itself."""
        step = timedelta(1 if working_days > 0 else -1)
        left = min(abs(working_days), LONGEST_SHIFT)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def working_on_or_after(self, day: date) -> date:
        """Return `day`, or the next working day when it is off."""
        return day if self.is_working(day) else self.shift(day, 1)

    def days_late(self, due_on: date, today: date) -> int:
        """Return how many working days lie after `due_on` up to `today`."""
        span = (today - due_on).days
        return sum(self.is_working(due_on + timedelta(number)) for number in range(1, span + 1))

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """Return the office minutes between two instants on the campaign's wall clock."""
        total, day = timedelta(), start.date()
        while day <= end.date():
            if self.is_working(day):
                opens = datetime.combine(day, OFFICE_OPENS, start.tzinfo)
                closes = datetime.combine(day, OFFICE_CLOSES, start.tzinfo)
                total += max(min(end, closes) - max(start, opens), timedelta())
            day += timedelta(1)
        return int(total.total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class Frame:
    """What due dates hang on: the days of service, the day the checklist was started, the office's calendar."""

    first_day: date
    last_day: date
    started_at: datetime  # campaign's wall clock
    calendar: OfficeCalendar


@dataclass(frozen=True, slots=True)
class Done:
    """When a step was done; minutes when somebody said how long the work took."""

    at: datetime  # campaign's wall clock
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one step stands today."""

    state: StepState
    due_on: date
    days_late: int  # working days past the due date, until it was done or until today; 0: in time
    open_waits: tuple[str, ...]  # codes of steps that it waits for and that are not done
    ready_at: datetime | None  # since when nothing holds it up
    done: Done | None
    minutes_taken: int | None  # office minutes from ready to done, or as somebody said

    @property
    def is_overdue(self) -> bool:
        """Tell whether the step should be done and is not."""
        return self.done is None and self.days_late > 0


def due_on(rule: DueRule, frame: Frame) -> date:
    """Return the day on which a step is due."""
    anchor = frame.first_day if rule.anchor is Anchor.FIRST_DAY else frame.last_day
    wanted = frame.calendar.shift(anchor, rule.days)
    started_on = frame.started_at.date()
    return wanted if wanted >= started_on else frame.calendar.working_on_or_after(started_on)


def standings(steps: Sequence[Step], done: Mapping[str, Done], frame: Frame, today: date) -> dict[str, Standing]:
    """Return where each step stands, by code."""
    return {step.code: _standing(step, done, frame, today) for step in steps}


def _standing(step: Step, done: Mapping[str, Done], frame: Frame, today: date) -> Standing:
    finished = done.get(step.code)
    waits = tuple(code for code in step.waits_for if code not in done)
    ready_at = None if waits else max((done[code].at for code in step.waits_for), default=frame.started_at)
    due = due_on(step.due, frame)
    return Standing(
        state=_state(finished, waits),
        due_on=due,
        days_late=frame.calendar.days_late(due, finished.at.date() if finished else today),
        open_waits=waits,
        ready_at=ready_at,
        done=finished,
        minutes_taken=_minutes_taken(finished, ready_at, frame.calendar),
    )


def _state(finished: Done | None, waits: tuple[str, ...]) -> StepState:
    if finished is not None:
        return StepState.DONE
    return StepState.WAITING if waits else StepState.READY


def _minutes_taken(finished: Done | None, ready_at: datetime | None, calendar: OfficeCalendar) -> int | None:
    """Return the time that a step took; unknown when it was done before what it waits for."""
    if finished is None:
        return None
    if finished.minutes is not None:
        return finished.minutes
    if ready_at is None or ready_at > finished.at:
        return None
    return calendar.minutes_between(ready_at, finished.at)


def cycle_in(waits_for: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return the codes of steps that wait for one another in a ring, or for such steps; empty when all can be done."""
    left = {code: set(waits) & set(waits_for) for code, waits in waits_for.items()}
    while free := [code for code, waits in left.items() if not waits]:
        for code in free:
            del left[code]
        for waits in left.values():
            waits.difference_update(free)
    return tuple(sorted(left))
