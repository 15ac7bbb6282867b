"""Codes on cards survive being read aloud, typed, and mistyped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.attendance.cards import candidate_of, card_code

IDS = st.integers(min_value=1, max_value=10**12)


@given(IDS)
def test_a_code_names_its_candidate(candidate_id: int) -> None:
    assert candidate_of(card_code(candidate_id)) == candidate_id


@given(IDS)
def test_a_code_may_be_typed_without_its_dash_and_with_spaces(candidate_id: int) -> None:
    assert candidate_of(f" {card_code(candidate_id).replace('-', '')} ") == candidate_id


@given(IDS, st.data())
def test_one_wrong_digit_is_noticed(candidate_id: int, data: st.DataObject) -> None:
    digits = card_code(candidate_id).replace("-", "")
    place = data.draw(st.integers(0, len(digits) - 1))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != digits[place]]))
    assert candidate_of(digits[:place] + wrong + digits[place + 1 :]) is None


@given(IDS, st.data())
def test_swapped_neighbours_are_noticed(candidate_id: int, data: st.DataObject) -> None:
    digits = card_code(candidate_id).replace("-", "")
    place = data.draw(st.integers(0, len(digits) - 2))
    if digits[place] != digits[place + 1]:
        swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        assert candidate_of(swapped) is None


@pytest.mark.parametrize("text", ["", "Siti", "12", "0042-", "00427x", "٠٠٤٢-٧"])
def test_what_is_no_code_names_nobody(text: str) -> None:
    assert candidate_of(text) is None
