"""How much a campaign needs, what is missing and by when; how many cards and banners."""

from datetime import date

import pytest

from campaign.logistics.kits import Counts, KitBasis, KitThing, needed
from campaign.reports.needing import SessionCount, Supply, balance, with_buffer

IUD, SYRINGE = 1, 2
USES = {"iud": {IUD: 1}, "injection": {SYRINGE: 1}, "both": {IUD: 1, SYRINGE: 2}}
FIRST, SECOND = date(2027, 6, 15), date(2027, 6, 17)


def _session(on: date, **people: int) -> SessionCount:
    return SessionCount(1, on, people)


@pytest.mark.parametrize(("count", "percent", "found"), [(10, 10, 11), (11, 10, 13), (0, 10, 0), (7, 0, 7)])
def test_the_buffer_is_rounded_up(count: int, percent: int, found: int) -> None:
    assert with_buffer(count, percent) == found


def test_missing_is_what_is_neither_held_nor_free() -> None:
    sessions = [_session(FIRST, iud=10), _session(SECOND, iud=10, injection=5)]
    rows = {row.item_id: row for row in balance(sessions, USES, Supply({IUD: 20}, {IUD: 1}, 10, 45))}
    assert (rows[IUD].need, rows[IUD].quantity) == (22, 1)  # 20 and 10 % more; 21 are there
    assert (rows[SYRINGE].need, rows[SYRINGE].quantity) == (6, 6)  # 5.5 rounded up


def test_an_item_must_be_ordered_so_long_before_the_first_day_that_uses_it() -> None:
    sessions = [_session(SECOND, injection=1), _session(FIRST, iud=1)]
    rows = {row.item_id: row for row in balance(sessions, USES, Supply({}, {}, 0, 45))}
    assert rows[IUD].order_by == date(2027, 5, 1)
    assert rows[SYRINGE].order_by == date(2027, 5, 3)


def test_what_is_missing_comes_first() -> None:
    sessions = [_session(FIRST, iud=1), _session(SECOND, injection=1)]
    assert [row.item_id for row in balance(sessions, USES, Supply({IUD: 5}, {}, 0, 0))] == [SYRINGE, IUD]


COUNTS = Counts(
    {KitBasis.CANDIDATE: {"iud": 21, "injection": 20}, KitBasis.ACCEPTOR: {"iud": 21, "injection": 20}},
    {KitBasis.SESSION: 3, KitBasis.FACILITY: 2, KitBasis.CAMPAIGN: 1},
)


@pytest.mark.parametrize(
    ("quantity", "per", "basis", "method", "found"),
    [
        (1, 1, KitBasis.CANDIDATE, None, 41),
        (1, 20, KitBasis.CANDIDATE, None, 3),  # 41 names on lists of 20
        (2, 1, KitBasis.ACCEPTOR, "iud", 42),
        (1, 1, KitBasis.ACCEPTOR, "implant", 0),
        (1, 1, KitBasis.SESSION, None, 3),
        (1, 1, KitBasis.FACILITY, None, 2),
        (2, 1, KitBasis.CAMPAIGN, None, 2),
    ],
)
def test_the_kit_is_counted_by_its_basis(
    quantity: int, per: int, basis: KitBasis, method: str | None, found: int
) -> None:
    assert needed(KitThing("x", "lembar", quantity, per, basis, method), COUNTS) == found
