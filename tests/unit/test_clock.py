"""Dates are days where the campaign is held; instants are UTC."""

from datetime import UTC, date, datetime, timedelta

from campaign import clock


def test_after_17_utc_it_is_tomorrow_in_jakarta() -> None:
    with clock.standing_at(datetime(2027, 6, 14, 16, 59, tzinfo=UTC)):
        assert clock.today() == date(2027, 6, 14)
    with clock.standing_at(datetime(2027, 6, 14, 17, 0, tzinfo=UTC)):
        assert clock.today() == date(2027, 6, 15)


def test_time_runs_on_inside_the_block_and_the_outer_clock_returns() -> None:
    outside = clock.now()
    with clock.standing_at(datetime(2030, 1, 1, tzinfo=UTC)):
        first = clock.now()
        assert first <= clock.now() < first + timedelta(minutes=1)
    assert abs(clock.now() - outside) < timedelta(minutes=1)


def test_a_training_clock_is_recognised() -> None:
    assert not clock.is_training()
    clock.set_training(timedelta(days=200))
    try:
        assert clock.is_training()
    finally:
        clock.set_training(timedelta())
