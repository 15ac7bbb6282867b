"""How many to invite: exact chances against counting every case, and against playing many days."""

from itertools import product
from math import prod
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.outreach.turnout import Line, Rate, Turnout, distribution, expected_served, extras, outlook, overflow

chances = st.lists(st.floats(0, 1), max_size=8)


def _by_hand(of: list[float]) -> list[float]:
    """Add up the chance of every single case."""
    found = [0.0] * (len(of) + 1)
    for case in product((True, False), repeat=len(of)):
        found[sum(case)] += prod(one if came else 1 - one for one, came in zip(of, case, strict=True))
    return found


@given(chances)
@settings(max_examples=60, deadline=None)
def test_the_distribution_is_that_of_counting_every_case(of: list[float]) -> None:
    assert distribution(of) == pytest.approx(_by_hand(of), abs=1e-12)


@given(chances, st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_overflow_and_served_are_what_every_case_says(of: list[float], places: int) -> None:
    line = Line("iud", places, tuple(of))
    cases = _by_hand(of)
    assert overflow(line) == pytest.approx(sum(cases[places + 1 :]), abs=1e-12)
    assert expected_served(line) == pytest.approx(sum(min(n, places) * p for n, p in enumerate(cases)), abs=1e-12)


def test_the_risk_of_a_day_is_what_playing_it_shows() -> None:
    lines = [Line("iud", 6, (0.7,) * 8), Line("pill", 4, (0.85,) * 4 + (0.6,))]
    dice, days = Random(5), 20_000
    over = sum(
        any(sum(dice.random() < chance for chance in line.chances) > line.places for line in lines) for _ in range(days)
    )
    assert outlook(lines).risk == pytest.approx(over / days, abs=0.015)  # 4 standard errors of 20,000 days


def test_three_places_and_a_fair_coin_allow_one_more_at_one_in_sixteen() -> None:
    # Four who come with chance 1/2: more than three come with chance 1/16 = 0.0625.
    line = Line("iud", 3, (0.5,) * 3, waiting=9, chance=0.5)
    assert extras([line], 0.0625) == {"iud": 1}
    assert extras([line], 0.0624) == {"iud": 0}


@given(st.integers(1, 6), st.floats(0.1, 0.95), st.floats(0.01, 0.4), st.integers(0, 6))
@settings(max_examples=60, deadline=None)
def test_whoever_is_added_the_risk_stays_below_the_limit_and_one_more_would_not(
    places: int, chance: float, risk: float, waiting: int
) -> None:
    line = Line("iud", places, (chance,) * places, waiting=waiting, chance=chance)
    added = extras([line], risk)["iud"]
    assert outlook([Line("iud", places, (chance,) * (places + added))]).risk <= risk
    if added < waiting:
        assert outlook([Line("iud", places, (chance,) * (places + added + 1))]).risk > risk


def test_extras_serve_more_on_average() -> None:
    line = Line("iud", 10, (0.7,) * 10, waiting=20, chance=0.7)
    added = extras([line], 0.1)["iud"]
    assert added == 2  # of 11 more than 10 come with 0.7^11 = 0.020, of 12 with 0.085, of 13 with 0.202
    assert expected_served(Line("iud", 10, (0.7,) * 12)) > expected_served(line)


def test_counting_moves_a_belief_by_its_weight() -> None:
    # 0.75 of 20 believed and 90 of 100 counted: (15 + 90) / 120 = 0.875
    assert Rate(0.75, 20, 90, 100).mean == pytest.approx(0.875)
    assert Turnout(Rate(0.75, 20, 90, 100), Rate(0.9, 10)).chance == pytest.approx(0.7875)
