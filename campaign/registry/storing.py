"""Store what a list says: new rows are added, different ones changed, the same ones left alone and counted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from campaign import pace
from campaign.db import Base, db
from campaign.errors import Mistake

Row = TypeVar("Row", bound=Base)

Wanted = Mapping[tuple[Any, ...], Mapping[str, Any]]  # values of the key columns -> the other columns


class Change(StrEnum):
    """What storing one row did."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Counts:
    """What storing a list did."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    @classmethod
    def of(cls, changes: Iterable[Change]) -> "Counts":
        """Count the changes."""
        counted = Counter(changes)
        return cls(counted[Change.NEW], counted[Change.CHANGED], counted[Change.UNCHANGED])

    @property
    def touched(self) -> int:
        """Return how many rows were added or changed."""
        return self.new + self.changed


def first_of(*changes: Change) -> Change:
    """Return what happened to a row with its children: new, or changed if any of it was."""
    return next((change for change in Change if change in changes), Change.UNCHANGED)


def store(model: type[Row], known: Row | None, values: Mapping[str, Any]) -> tuple[Row, Change]:
    """Add a row of `model`, or set on the known row what differs."""
    pace.step()
    if known is None:
        row = model(**values)
        db.session.add(row)
        return row, Change.NEW
    different = {name: value for name, value in values.items() if getattr(known, name) != value}
    for name, value in different.items():
        setattr(known, name, value)
    return known, Change.CHANGED if different else Change.UNCHANGED


def align(rows: list[Any], model: type[Base], by: Sequence[str], wanted: Wanted) -> Change:
    """Make the child rows exactly the wanted ones, each found by its columns `by`."""
    known = {tuple(getattr(row, name) for name in by): row for row in rows}
    same = known.keys() == wanted.keys() and all(
        getattr(known[key], name) == value for key, values in wanted.items() for name, value in values.items()
    )
    if same:
        return Change.UNCHANGED
    rows[:] = [known.get(key) or model(**dict(zip(by, key, strict=True))) for key in wanted]
    for row, values in zip(rows, wanted.values(), strict=True):
        for name, value in values.items():
            setattr(row, name, value)
    return Change.CHANGED


def broken(position: int, rules: Iterable[tuple[str, str, bool]]) -> list[Mistake]:
    """Return the mistakes of the row at `position`: (field, code, is it broken?). `where` becomes "12.code"."""
    return [Mistake(f"{position}.{field}", code) for field, code, is_broken in rules if is_broken]
