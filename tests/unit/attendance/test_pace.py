"""A wait is told against its standard; who recovers is watched first and late only after the longest time."""

import pytest

from campaign.attendance.queues import Pace, pace


@pytest.mark.parametrize(
    ("minutes", "at_least", "at_most", "wanted"),
    [
        (23, 0, 30, Pace.WITHIN),
        (24, 0, 30, Pace.NEAR),  # 80 percent of 30
        (30, 0, 30, Pace.NEAR),
        (31, 0, 30, Pace.OVER),
        (239, 240, 360, Pace.WATCHED),
        (240, 240, 360, Pace.MAY_GO),
        (360, 240, 360, Pace.MAY_GO),
        (361, 240, 360, Pace.OVER),
    ],
)
def test_a_wait_stands_against_its_standard(minutes: int, at_least: int, at_most: int, wanted: Pace) -> None:
    assert pace(minutes, at_least, at_most) is wanted
