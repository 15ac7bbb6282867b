"""How long stock lasts, and whether that is enough. Pure.

    monthly consumption = what was used over the last whole months ÷ their number; campaign use is left out
    months of stock     = usable and free stock ÷ monthly consumption

The application's default levels come from no regulation that we could read: the office sets its own per item.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

TENTH = Decimal("0.1")


class StockLevel(StrEnum):
    """At which level of the supply chain a place stands."""

    WAREHOUSE = "warehouse"
    FACILITY = "facility"


class Verdict(StrEnum):
    """Whether a place holds enough of an item."""

    EMPTY = "empty"
    LOW = "low"
    ENOUGH = "enough"
    OVER = "over"
    NO_USE = "no_use"  # nothing was used: there is nothing to measure by


@dataclass(frozen=True, slots=True)
class Norm:
    """Between how many months of stock a place should hold an item."""

    min_months: Decimal
    max_months: Decimal
    is_default: bool = False  # of the application, set by nobody


DEFAULT_NORMS = {
    StockLevel.WAREHOUSE: Norm(Decimal(3), Decimal(6), is_default=True),
    StockLevel.FACILITY: Norm(Decimal(1), Decimal(3), is_default=True),
}


@dataclass(frozen=True, slots=True)
class Window:
    """The whole months over which consumption is averaged: from the first day until before the last."""

    from_on: date
    until_on: date  # not included
    months: int


def window(today: date, months: int, began_on: date | None) -> Window:
    """Return the last whole months before the running one; those before the books began do not count."""
    until = today.replace(day=1)
    first = _months_before(until, months)
    if began_on is not None and began_on > first:
        # The month in which the books began is not whole, unless they began on its first day.
        begun = began_on.replace(day=1)
        first = min(until, begun if began_on.day == 1 else _months_before(begun, -1))
    return Window(first, until, (until.year - first.year) * 12 + until.month - first.month)


def _months_before(first_day: date, months: int) -> date:
    count = first_day.year * 12 + first_day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def months_later(day: date, months: int) -> date:
    """Return the day so many months later; 31 January and one month give 28 February."""
    first = _months_before(day.replace(day=1), -months)
    last = (_months_before(first, -1) - first).days
    return first.replace(day=min(day.day, last))


def monthly_use(used: int, months: int) -> Fraction:
    """Return the average of a month; of no whole month there is none, and goods that came back are no use."""
    return Fraction(max(0, used), months) if months else Fraction(0)


def months_of_stock(usable: int, monthly: Fraction) -> Decimal | None:
    """Return how many months stock lasts, to a tenth; None where nothing is used."""
    if not monthly:
        return None
    exact = usable / monthly
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(TENTH, ROUND_HALF_UP)


def judge(usable: int, monthly: Fraction, norm: Norm) -> Verdict:
    """Judge the exact quotient, not the tenth that is shown: 2,96 months are still below 3."""
    if usable <= 0:
        return Verdict.EMPTY
    if not monthly:
        return Verdict.NO_USE
    months = usable / monthly
    if months < Fraction(norm.min_months):
        return Verdict.LOW
    return Verdict.OVER if months > Fraction(norm.max_months) else Verdict.ENOUGH


def least(monthly: Fraction, norm: Norm) -> int:
    """Return the routine stock that a place must not fall below: the minimum's months of use, rounded up."""
    return -int(-(monthly * Fraction(norm.min_months)) // 1)
