"""Which tally decides, and what keeps a count from being posted."""

import pytest

from campaign.logistics.tallies import LineState, Tally, deciding, line_state, may_be_posted


def _tally(account_id: int, counted: int, expected: int = 10, *, is_recount: bool = False) -> Tally:
    return Tally(account_id, counted, expected, is_recount)


def test_two_who_find_the_same_agree_though_goods_moved_between_them() -> None:
    tallies = [_tally(1, 9, 10), _tally(2, 5, 6)]
    found = deciding(tallies)
    assert found is not None
    assert found.difference == -1


def test_two_who_find_different_things_decide_nothing_until_somebody_counts_again() -> None:
    tallies = [_tally(1, 9), _tally(2, 10)]
    assert line_state(tallies, is_explained=True) is LineState.DISPUTED
    again = [*tallies, _tally(1, 10, is_recount=True)]
    assert line_state(again, is_explained=False) is LineState.AGREES


def test_the_last_word_of_one_person_counts() -> None:
    assert deciding([_tally(1, 9), _tally(1, 10)]) == _tally(1, 10)


@pytest.mark.parametrize(
    ("counted", "is_explained", "state"),
    [
        (None, False, LineState.NOT_COUNTED),
        (10, False, LineState.AGREES),
        (9, False, LineState.UNEXPLAINED),
        (11, True, LineState.EXPLAINED),
    ],
)
def test_a_lot_is_judged_by_what_was_found(counted: int | None, is_explained: bool, state: LineState) -> None:
    tallies = [] if counted is None else [_tally(1, counted)]
    assert line_state(tallies, is_explained=is_explained) is state
    assert may_be_posted([state]) is (state in (LineState.AGREES, LineState.EXPLAINED))
