"""How much of each item a campaign needs, what is missing, and by when it must be ordered. Pure.

need    = people expected per method x units per person, with the office's buffer, rounded up
missing = need - held for the campaign - free elsewhere, never below nothing
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class SessionCount:
    """How many people of each method a session expects."""

    facility_id: int
    held_on: date
    people: Mapping[str, int]  # by method


@dataclass(frozen=True, slots=True)
class Missing:
    """An item of which there is too little."""

    item_id: int
    need: int
    held: int
    free: int
    first_on: date  # the first day that uses it
    order_by: date

    @property
    def quantity(self) -> int:
        """Return how much is missing."""
        return max(0, self.need - self.held - self.free)


@dataclass(frozen=True, slots=True)
class Supply:
    """What there is for the campaign, by item, and how the office reckons."""

    held: Mapping[int, int]
    free: Mapping[int, int]
    buffer_percent: int
    procurement_days: int


def with_buffer(count: int, percent: int) -> int:
    """Return a quantity with its buffer, rounded up."""
    return -(-count * (100 + percent) // 100)


def needs(sessions: list[SessionCount], uses: Mapping[str, Mapping[int, int]]) -> dict[int, int]:
    """Return the units of each item that the expected people use, without buffer."""
    sums: defaultdict[int, int] = defaultdict(int)
    for session in sessions:
        for method, count in session.people.items():
            for item_id, units in uses.get(method, {}).items():
                sums[item_id] += count * units
    return dict(sums)


def balance(sessions: list[SessionCount], uses: Mapping[str, Mapping[int, int]], supply: Supply) -> list[Missing]:
    """Return each needed item with what is there for it, the most urgent first."""
    first = _first_days(sessions, uses)
    rows = [
        Missing(
            item_id,
            with_buffer(count, supply.buffer_percent),
            supply.held.get(item_id, 0),
            supply.free.get(item_id, 0),
            first[item_id],
            first[item_id] - timedelta(supply.procurement_days),
        )
        for item_id, count in needs(sessions, uses).items()
    ]
    return sorted(rows, key=lambda row: (not row.quantity, row.order_by, row.item_id))


def _first_days(sessions: list[SessionCount], uses: Mapping[str, Mapping[int, int]]) -> dict[int, date]:
    first: dict[int, date] = {}
    for session in sorted(sessions, key=lambda row: row.held_on):
        for method in session.people:
            for item_id in uses.get(method, {}):
                first.setdefault(item_id, session.held_on)
    return first
