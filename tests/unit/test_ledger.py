"""Which lots leave first, what may not leave, and what undoes a movement."""

from datetime import date

import pytest

from campaign.logistics.ledger import (
    Entry,
    InsufficientStock,
    Line,
    LotStock,
    Shortage,
    balances,
    beyond,
    entries_of,
    opposite,
    pick,
    require_free,
)

ON = date(2027, 6, 15)
IUD, PILL = 1, 2


def lot(lot_id: int, on_hand: int, expires_on: date = date(2029, 1, 1), reserved: int = 0, item: int = IUD) -> LotStock:
    return LotStock(lot_id, item, expires_on, on_hand, reserved)


def test_the_earliest_expiring_lot_goes_first() -> None:
    lots = [lot(1, 5, date(2028, 2, 1)), lot(2, 5, date(2028, 1, 1))]
    assert pick(lots, {IUD: 7}, ON, {}) == (Line(2, 5), Line(1, 2))


def test_lots_of_one_expiry_go_by_their_id() -> None:
    assert pick([lot(2, 5), lot(1, 5)], {IUD: 6}, ON, {}) == (Line(1, 5), Line(2, 1))


@pytest.mark.parametrize(("expires_on", "may_go"), [(date(2027, 6, 15), True), (date(2027, 6, 14), False)])
def test_a_lot_may_be_used_on_its_last_day_and_not_after(expires_on: date, may_go: bool) -> None:
    if may_go:
        assert pick([lot(1, 1, expires_on)], {IUD: 1}, ON, {}) == (Line(1, 1),)
    else:
        with pytest.raises(InsufficientStock):
            pick([lot(1, 1, expires_on)], {IUD: 1}, ON, {})


def test_what_is_reserved_for_others_stays() -> None:
    lots = [lot(1, 5, date(2028, 1, 1), reserved=5), lot(2, 5, date(2028, 2, 1), reserved=1)]
    assert pick(lots, {IUD: 4}, ON, {}) == (Line(2, 4),)
    with pytest.raises(InsufficientStock):
        pick(lots, {IUD: 5}, ON, {})


def test_routine_stock_stays_in_the_lots_that_expire_last() -> None:
    lots = [lot(1, 5, date(2028, 1, 1)), lot(2, 5, date(2028, 2, 1))]
    assert pick(lots, {IUD: 7}, ON, {IUD: 3}) == (Line(1, 5), Line(2, 2))
    assert beyond(lots, ON, {IUD: 3}) == (Line(1, 5), Line(2, 2))
    with pytest.raises(InsufficientStock):
        pick(lots, {IUD: 8}, ON, {IUD: 3})


def test_an_expired_lot_does_not_count_as_routine_stock() -> None:
    lots = [lot(1, 5, date(2027, 6, 1)), lot(2, 5)]
    assert beyond(lots, ON, {IUD: 3}) == (Line(2, 2),)


def test_every_short_item_is_reported_at_once() -> None:
    lots = [lot(1, 1), lot(2, 2, item=PILL)]
    with pytest.raises(InsufficientStock) as raised:
        pick(lots, {IUD: 3, PILL: 4}, ON, {})
    assert raised.value.shortages == (Shortage(IUD, 3, 1), Shortage(PILL, 4, 2))
    assert raised.value.facts == {"item_id": IUD, "wanted": 3, "available": 1}


def test_chosen_lots_may_go_down_to_what_is_kept_and_no_further() -> None:
    lots = [lot(1, 5), lot(2, 5)]
    require_free(lots, [Line(2, 5)], ON, {IUD: 5})
    with pytest.raises(InsufficientStock):
        require_free(lots, [Line(2, 5)], ON, {IUD: 6})


@pytest.mark.parametrize(
    ("lots", "keep", "available"),
    [
        ([lot(1, 4), lot(2, 9)], 0, 4),  # another lot does not stand in for the chosen one
        ([lot(1, 9, reserved=5)], 0, 4),
        ([lot(1, 9, date(2027, 6, 14))], 0, 0),
        ([lot(1, 9)], 5, 4),
    ],
)
def test_chosen_lots_are_refused_when_less_is_free(lots: list[LotStock], keep: int, available: int) -> None:
    with pytest.raises(InsufficientStock) as raised:
        require_free(lots, [Line(1, 5)], ON, {IUD: keep})
    assert raised.value.shortages == (Shortage(IUD, 5, available),)


def test_a_movement_has_two_sides_in_the_order_of_the_locks() -> None:
    entries = entries_of([Line(9, 2), Line(8, 3), Line(9, 1)], 7, 4)
    assert entries == (Entry(4, 8, 3), Entry(4, 9, 3), Entry(7, 8, -3), Entry(7, 9, -3))
    assert set(balances(entries + tuple(map(opposite, entries))).values()) == {0}
