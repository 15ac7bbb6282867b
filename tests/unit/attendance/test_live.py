"""How a site stands, when it will be done, and what it will lack."""

from datetime import UTC, datetime, timedelta

from campaign.attendance.live import STILL_COMES_FOR, Alarm, Guest, Site, pace_of, stand
from campaign.attendance.outcomes import OutcomeKind
from campaign.attendance.visit_models import Stop

EIGHT = datetime(2027, 6, 15, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _site(**changes: object) -> Site:
    values: dict[str, object] = {
        "service_session_id": 1, "opens_at": EIGHT, "closes_at": EIGHT + 240 * MINUTE, "is_closed": False,
        "servings": {"iud": 100},
    }  # fmt: skip
    return Site(**values | changes)  # type: ignore[arg-type]


def _guest(minute: int | None = 0, **changes: object) -> Guest:
    hour = None if minute is None else EIGHT + minute * MINUTE
    return Guest("iud", hour, **changes)  # type: ignore[arg-type]


def _done(start: int, end: int) -> Guest:
    ended = {"ended": OutcomeKind.SERVED, "ended_at": EIGHT + end * MINUTE}
    return _guest(start, arrived_at=EIGHT + start * MINUTE, **ended)


def test_each_visit_is_counted_where_it_was_last_seen() -> None:
    guests = [
        _guest(),
        _guest(arrived_at=EIGHT),
        _guest(arrived_at=EIGHT, is_screened=True),
        _guest(arrived_at=EIGHT, stop=Stop.RECOVERY),
        _guest(None, arrived_at=EIGHT, stop=Stop.REGISTRATION),
        _done(0, 30),
    ]
    now = stand(_site(), guests, EIGHT + 31 * MINUTE)
    assert (now.expected, now.arrived, now.walk_ins, now.to_come, now.missing) == (5, 5, 1, 1, 0)
    assert now.at == {Stop.EXAMINATION: 1, Stop.SERVICE: 1, Stop.RECOVERY: 1, Stop.REGISTRATION: 1}
    assert now.ended == {OutcomeKind.SERVED: 1}


def test_whoever_is_an_hour_late_is_not_counted_on_any_more() -> None:
    guests = [_guest(0)]
    assert stand(_site(), guests, EIGHT + STILL_COMES_FOR - MINUTE).to_come == 1
    late = stand(_site(), guests, EIGHT + STILL_COMES_FOR)
    assert (late.to_come, late.missing, late.finishes_at) == (0, 1, None)


def test_the_site_s_own_pace_counts_once_three_visits_are_over() -> None:
    two = [_done(0, 20), _done(0, 40)]
    assert pace_of(_site(), two) == timedelta(minutes=60)  # two people in four hours: the SOP serves one an hour
    assert pace_of(_site(), [_guest() for _ in range(8)]) == timedelta(minutes=30)  # as the plan spreads them
    assert pace_of(_site(), [*two, _done(0, 60)]) == timedelta(minutes=20)


def test_a_site_that_goes_on_too_slowly_rings_and_one_that_is_closed_does_not() -> None:
    inside = [_guest(100, arrived_at=EIGHT + 90 * MINUTE) for _ in range(6)]
    guests = [_done(0, 30), _done(0, 60), _done(0, 90), *inside]
    now = EIGHT + 90 * MINUTE
    assert stand(_site(), guests, now).finishes_at == EIGHT + 270 * MINUTE
    assert stand(_site(), guests, now).alarms == (Alarm.WILL_BE_LATE,)
    assert stand(_site(), guests[:-1], now).alarms == ()  # 240 minutes: the last one ends as it closes
    assert stand(_site(is_closed=True), guests, now).alarms == ()


def test_nobody_is_done_before_their_hour() -> None:
    now = stand(_site(), [_done(0, 1), _done(0, 2), _done(0, 3), _guest(200)], EIGHT + 5 * MINUTE)
    assert now.finishes_at == EIGHT + 201 * MINUTE


def test_a_shelf_with_less_than_people_wish_rings_and_says_how_much_is_missing() -> None:
    guests = [_guest(10), _guest(20, arrived_at=EIGHT), Guest("mow", EIGHT)]
    assert stand(_site(servings={"iud": 2}), guests, EIGHT).alarms == ()
    short = stand(_site(servings={"iud": 1}), guests, EIGHT)
    assert (short.short_of, short.alarms) == ({"iud": 1}, (Alarm.WILL_RUN_OUT,))
