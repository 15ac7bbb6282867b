"""What looks wrong with a candidate: doubts for a person to look at, never a refusal. Pure."""

from dataclasses import dataclass
from datetime import date

from campaign.outreach.identity import doubts_about

YOUNGEST, OLDEST = 10, 60  # years: outside these a birth date is a slip of the pen


@dataclass(frozen=True, slots=True)
class EligibilityRule:
    """What a city asks of candidates for a method; None: nothing."""

    min_age: int | None = None
    max_age: int | None = None
    min_children: int | None = None
    min_youngest_months: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the list says of one person."""

    nik: str | None
    birth_on: date | None
    children: int | None
    youngest_child_months: int | None


def age_on(birth_on: date, day: date) -> int:
    """Return somebody's age in whole years on a day."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def flags(facts: Facts, rule: EligibilityRule, today: date) -> tuple[str, ...]:
    """Return what looks wrong, as codes."""
    age = age_on(facts.birth_on, today) if facts.birth_on else None
    doubts = doubts_about(facts.nik, facts.birth_on, today) if facts.nik else ("nik-missing",)
    rules = (
        ("birth-date-missing", age is None),
        ("age-implausible", age is not None and not YOUNGEST <= age <= OLDEST),
        ("age-below-rule", _below(age, rule.min_age)),
        ("age-above-rule", age is not None and rule.max_age is not None and age > rule.max_age),
        ("children-below-rule", _below(facts.children, rule.min_children)),
        ("youngest-below-rule", _below(facts.youngest_child_months, rule.min_youngest_months)),
    )
    return (*doubts, *(code for code, is_odd in rules if is_odd))


def _below(value: int | None, least: int | None) -> bool:
    return value is not None and least is not None and value < least
