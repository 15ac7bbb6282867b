"""How long stock lasts, and whether that is enough."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from campaign.logistics import levels
from campaign.logistics.levels import Norm, Verdict

TODAY = date(2027, 6, 14)
NORM = Norm(Decimal(3), Decimal("6.5"))


@pytest.mark.parametrize(
    ("usable", "verdict"),
    [
        (0, Verdict.EMPTY),
        (1, Verdict.LOW),
        (299, Verdict.LOW),  # 2.99 months
        (300, Verdict.ENOUGH),  # exactly the minimum
        (650, Verdict.ENOUGH),  # exactly the maximum
        (651, Verdict.OVER),
    ],
)
def test_the_verdict_changes_exactly_at_the_levels(usable: int, verdict: Verdict) -> None:
    assert levels.judge(usable, Fraction(100), NORM) is verdict


def test_what_nobody_uses_has_no_months() -> None:
    assert levels.judge(5, Fraction(0), NORM) is Verdict.NO_USE
    assert levels.judge(0, Fraction(0), NORM) is Verdict.EMPTY
    assert levels.months_of_stock(5, Fraction(0)) is None


def test_months_are_shown_to_a_tenth() -> None:
    assert levels.months_of_stock(5, Fraction(3)) == Decimal("1.7")  # 1.666…


def test_consumption_is_averaged_over_whole_months_before_the_running_one() -> None:
    found = levels.window(TODAY, 3, date(2020, 1, 1))
    assert (found.from_on, found.until_on, found.months) == (date(2027, 3, 1), date(2027, 6, 1), 3)


def test_months_before_the_books_began_do_not_thin_the_average() -> None:
    assert levels.window(TODAY, 6, date(2027, 4, 1)).months == 2  # April and May
    assert levels.window(TODAY, 6, date(2027, 4, 2)).months == 1  # April was not whole
    assert levels.window(TODAY, 6, date(2027, 6, 3)).months == 0
    assert levels.monthly_use(40, 0) == 0


def test_the_year_turns() -> None:
    assert levels.window(date(2027, 1, 31), 2, None).from_on == date(2026, 11, 1)
    assert levels.months_later(date(2027, 12, 31), 2) == date(2028, 2, 29)


def test_goods_that_came_back_are_not_negative_use() -> None:
    assert levels.monthly_use(-3, 3) == 0


def test_the_least_stock_is_rounded_up() -> None:
    assert levels.least(Fraction(10, 3), Norm(Decimal(1), Decimal(2))) == 4
