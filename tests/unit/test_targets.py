"""A city's targets over its kecamatan: whole numbers that add up, the same every time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.events.targets import Need, split, split_by_need


def test_shares_follow_unmet_need() -> None:
    needs = {"33.75.01": Need(30, 900), "33.75.02": Need(10, 900)}
    assert split_by_need({"iud": 8}, needs) == {("33.75.01", "iud"): 6, ("33.75.02", "iud"): 2}


def test_what_is_left_goes_to_the_largest_fraction() -> None:
    # 10 over 5:3:2 of 12 is 5, 3, 2 exactly; 11 is 5.5, 3.3, 2.2: the one left goes to the first.
    assert split(11, {"a": 5, "b": 3, "c": 2}) == {"a": 6, "b": 3, "c": 2}


def test_equal_fractions_go_by_code() -> None:
    assert split(1, {"b": 1, "a": 1}) == {"a": 1, "b": 0}


def test_without_unmet_need_couples_decide() -> None:
    needs = {"a": Need(0, 300), "b": Need(0, 100)}
    assert split_by_need({"pill": 4}, needs) == {("a", "pill"): 3, ("b", "pill"): 1}


def test_without_any_figure_all_share_alike() -> None:
    needs = {"a": Need(0, 0), "b": Need(0, 0)}
    assert split_by_need({"pill": 5}, needs) == {("a", "pill"): 3, ("b", "pill"): 2}


def test_a_kecamatan_without_need_gets_nothing() -> None:
    assert split(7, {"a": 0, "b": 1}) == {"a": 0, "b": 7}


@given(
    st.integers(0, 100_000),
    st.dictionaries(st.text(min_size=1), st.integers(0, 100_000), min_size=1).filter(lambda w: any(w.values())),
)
def test_shares_add_up_and_none_is_off_by_one(total: int, weights: dict[str, int]) -> None:
    shares = split(total, weights)
    assert sum(shares.values()) == total
    whole = sum(weights.values())
    assert all(abs(shares[key] * whole - total * weight) < whole for key, weight in weights.items())


@pytest.mark.parametrize("total", [0, 1, 99])
def test_the_order_of_the_figures_does_not_matter(total: int) -> None:
    weights = {"a": 3, "b": 5, "c": 5, "d": 1}
    assert split(total, weights) == split(total, dict(reversed(weights.items())))
