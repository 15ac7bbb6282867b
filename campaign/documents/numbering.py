"""Numbers of an agenda: per classification and year, drawn one by one or set aside for papers still to come.

A series gives plain integers; whoever draws one writes it as the number of its paper, and asks whether somebody has
entered that number by hand before. Gaps are allowed, duplicates are not.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from campaign import audit, clock
from campaign.audit import Actor
from campaign.db import db
from campaign.documents.models import NumberSeries
from campaign.documents.models import ReservedNumber as ReservedNumber  # for callers: they may not import models
from campaign.errors import Invalid, Mistake
from campaign.transaction import hold

MOST_AT_ONCE = 50
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class NumberRequest:
    """Numbers to set aside."""

    classification: str  # "SPMB", "400.13"
    year: int
    count: int
    reason: str  # for what; shown in the list of reserved numbers
    key: str | None = None  # of the form: pressed twice, it sets the same numbers aside


def draw(classification: str, year: int) -> int:
    """Return the next number of a series; one that was rolled back is given out again."""
    statement = insert(NumberSeries).values(classification=classification, year=year, last=1)
    return db.session.scalars(
        statement.on_conflict_do_update(
            index_elements=["classification", "year"], set_={"last": NumberSeries.last + 1}
        ).returning(NumberSeries.last)
    ).one()


def reserve(actor: Actor, wanted: NumberRequest) -> list[int]:
    """Set the next numbers of a series aside, so that nobody draws them; the caller has asked the policy."""
    _refuse_mistakes(wanted)
    if wanted.key is not None and (before := _reserved_by(wanted.key)):
        return before
    numbers = [draw(wanted.classification, wanted.year) for _ in range(wanted.count)]
    now = clock.now()
    db.session.add_all(
        ReservedNumber(
            classification=wanted.classification,
            year=wanted.year,
            number=number,
            reason=wanted.reason.strip(),
            reserved_at=now,
            reserved_by_id=actor.account_id,
            idempotency_key=wanted.key,
        )
        for number in numbers
    )
    db.session.flush()
    series = ("number_series", f"{wanted.classification}/{wanted.year}")
    audit.record(actor, "reserve-numbers", series, first=numbers[0], last=numbers[-1])
    return numbers


def _reserved_by(key: str) -> list[int]:
    hold(f"reserve-numbers:{key}")
    query = select(ReservedNumber.number).where(ReservedNumber.idempotency_key == key)
    return list(db.session.scalars(query.order_by(ReservedNumber.number)))


def reserved(year: int) -> list[ReservedNumber]:
    """Return the numbers set aside in a year, by classification and number."""
    query = select(ReservedNumber).where(ReservedNumber.year == year)
    return list(db.session.scalars(query.order_by(ReservedNumber.classification, ReservedNumber.number)))


def last_numbers(year: int) -> dict[str, int]:
    """Return the last number given out of each series of a year."""
    query = select(NumberSeries.classification, NumberSeries.last).where(NumberSeries.year == year)
    return {row.classification: row.last for row in db.session.execute(query)}


def _refuse_mistakes(wanted: NumberRequest) -> None:
    mistakes = []
    if not 1 <= len(wanted.classification.strip()) <= 40:
        mistakes.append(Mistake("classification", "text-length"))
    if not FIRST_YEAR <= wanted.year <= LAST_YEAR:
        mistakes.append(Mistake("year", "out-of-range", {"least": FIRST_YEAR, "most": LAST_YEAR}))
    if not 1 <= wanted.count <= MOST_AT_ONCE:
        mistakes.append(Mistake("count", "out-of-range", {"least": 1, "most": MOST_AT_ONCE}))
    if not 1 <= len(wanted.reason.strip()) <= 240:
        mistakes.append(Mistake("reason", "text-length"))
    if mistakes:
        raise Invalid(tuple(mistakes))
