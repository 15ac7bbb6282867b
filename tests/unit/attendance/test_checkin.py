"""What a scan is answered."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from campaign.attendance.checkin import (
    CLOCK_TOLERANCE,
    Accepted,
    Arrival,
    Desk,
    RefusalCode,
    Refused,
    Repeat,
    decide,
)

DAY = date(2027, 6, 15)
NINE = datetime(2027, 6, 15, 2, 0, tzinfo=UTC)  # 09:00 in Jakarta
ARRIVAL = Arrival(arrived_at=NINE, arrived_on=DAY, received_at=NINE)
DESK = Desk(held_on=DAY, closed_at=None, is_of_campaign=True, is_expected=True, first_at=None)
SECOND = timedelta(seconds=1)


def test_an_expected_candidate_is_accepted() -> None:
    assert decide(ARRIVAL, DESK) == Accepted(is_walk_in=False)


def test_a_candidate_without_appointment_is_accepted_as_a_walk_in() -> None:
    assert decide(ARRIVAL, replace(DESK, is_expected=False)) == Accepted(is_walk_in=True)


def test_a_second_scan_is_a_repeat_of_the_first_time() -> None:
    assert decide(ARRIVAL, replace(DESK, first_at=NINE - SECOND)) == Repeat(NINE - SECOND)


def test_a_scan_may_be_as_far_ahead_as_the_tolerance() -> None:
    received = NINE - CLOCK_TOLERANCE
    assert decide(replace(ARRIVAL, received_at=received), DESK) == Accepted(is_walk_in=False)


def test_a_scan_further_ahead_than_the_tolerance_is_refused() -> None:
    received = NINE - CLOCK_TOLERANCE - SECOND
    assert decide(replace(ARRIVAL, received_at=received), DESK) == Refused(RefusalCode.FROM_THE_FUTURE)


def test_an_upload_two_days_late_counts_at_the_time_of_arrival() -> None:
    assert decide(replace(ARRIVAL, received_at=NINE + timedelta(days=2)), DESK) == Accepted(is_walk_in=False)


def test_an_arrival_on_another_day_is_refused() -> None:
    assert decide(replace(ARRIVAL, arrived_on=date(2027, 6, 14)), DESK) == Refused(RefusalCode.WRONG_DAY)


def test_an_arrival_at_the_very_closing_is_accepted() -> None:
    assert decide(ARRIVAL, replace(DESK, closed_at=NINE)) == Accepted(is_walk_in=False)


def test_an_arrival_after_closing_is_refused() -> None:
    assert decide(ARRIVAL, replace(DESK, closed_at=NINE - SECOND)) == Refused(RefusalCode.AFTER_CLOSING)


def test_a_candidate_of_another_campaign_is_refused() -> None:
    assert decide(ARRIVAL, replace(DESK, is_of_campaign=False)) == Refused(RefusalCode.OTHER_CAMPAIGN)
