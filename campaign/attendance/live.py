"""A service day as it goes: who is where, how fast, when it will end, and what will run out. Pure; no names."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from campaign.attendance.outcomes import OutcomeKind
from campaign.attendance.visit_models import Stop

STILL_COMES_FOR = timedelta(hours=1)  # after their hour; whoever is later than that is not counted on any more
LEAST_SEEN = 3  # endings before the site's own pace is believed
ONE_SERVICE = timedelta(minutes=60)  # the SOP's standard: a site that serves at all ends one visit an hour


class Alarm(StrEnum):
    """What a site will not manage."""

    WILL_BE_LATE = "will_be_late"  # the last visit ends after closing
    WILL_RUN_OUT = "will_run_out"  # less on the shelf than people who wish it


@dataclass(frozen=True, slots=True)
class Guest:
    """One person at one site today."""

    method_code: str  # wished
    expected_at: datetime | None  # None: came without an appointment
    arrived_at: datetime | None = None
    stop: Stop | None = None  # where they were last seen
    is_screened: bool = False
    ended: OutcomeKind | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """What is known of one site beside its guests."""

    service_session_id: int
    opens_at: datetime
    closes_at: datetime
    is_closed: bool
    servings: Mapping[str, int]  # by method: how many more the shelf allows


@dataclass(frozen=True, slots=True)
class Standing:
    """How a site stands at one moment."""

    service_session_id: int
    expected: int
    arrived: int
    walk_ins: int
    at: Mapping[Stop, int]  # visits that are not over
    ended: Mapping[OutcomeKind, int]
    missing: int  # their hour is long past
    to_come: int
    finishes_at: datetime | None  # None: nobody left
    is_closed: bool
    short_of: Mapping[str, int]  # by method: people who will not find what they wish
    servings: Mapping[str, int]
    alarms: tuple[Alarm, ...]

    @property
    def waiting(self) -> int:
        """Return how many visits are not over."""
        return sum(self.at.values())


def stand(site: Site, guests: Sequence[Guest], now: datetime) -> Standing:
    """Return how a site stands at `now`."""
    here = [one for one in guests if one.arrived_at is not None]
    inside = [one for one in here if one.ended is None]
    away = [one for one in guests if one.arrived_at is None and one.expected_at is not None]
    to_come = [one for one in away if one.expected_at is not None and one.expected_at + STILL_COMES_FOR > now]
    left = [*inside, *to_come]
    finishes = None if site.is_closed else _finish(site, guests, left, now)
    short = {} if site.is_closed else _short(site, left)
    alarms = (
        (Alarm.WILL_BE_LATE, finishes is not None and finishes > site.closes_at),
        (Alarm.WILL_RUN_OUT, bool(short)),
    )
    return Standing(
        service_session_id=site.service_session_id,
        expected=sum(one.expected_at is not None for one in guests),
        arrived=len(here),
        walk_ins=sum(one.expected_at is None for one in here),
        at=Counter(_where(one) for one in inside),
        ended=Counter(one.ended for one in here if one.ended is not None),
        missing=len(away) - len(to_come),
        to_come=len(to_come),
        finishes_at=finishes,
        is_closed=site.is_closed,
        short_of=short,
        servings=site.servings,
        alarms=tuple(alarm for alarm, rings in alarms if rings),
    )


def _where(one: Guest) -> Stop:
    """Return the station of a visit that is not over; without a move of its own, by what is recorded of it."""
    if one.stop is not None and one.stop is not Stop.HOME:
        return one.stop
    return Stop.SERVICE if one.is_screened else Stop.EXAMINATION


def _finish(site: Site, guests: Sequence[Guest], left: Sequence[Guest], now: datetime) -> datetime | None:
    """Return when the last visit ends if the site goes on at its pace; nobody is done before their hour."""
    if not left:
        return None
    pace = pace_of(site, guests)
    hours = sorted(max(one.expected_at or now, now) if one.arrived_at is None else now for one in left)
    at = now
    for hour in hours:
        at = max(at, hour) + pace
    return at


def pace_of(site: Site, guests: Sequence[Guest]) -> timedelta:
    """Return the time between two endings: as seen today, or at first as the plan spreads its guests over the day."""
    done = sorted(one.ended_at for one in guests if one.ended_at is not None)
    came = [one.arrived_at for one in guests if one.arrived_at is not None]
    if len(done) >= LEAST_SEEN and came:
        return max((done[-1] - min(came)) / len(done), timedelta(seconds=1))
    planned = max(sum(one.expected_at is not None for one in guests), 1)
    return min((site.closes_at - site.opens_at) / planned, ONE_SERVICE)


def _short(site: Site, left: Iterable[Guest]) -> dict[str, int]:
    wished = Counter(one.method_code for one in left)
    return {
        method: people - site.servings[method]
        for method, people in sorted(wished.items())
        if method in site.servings and people > site.servings[method]
    }
