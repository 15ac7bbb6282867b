"""Store what a list says: new rows are added, different ones changed, the same ones left alone and counted."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from campaign.db import Base, db


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


def store(model: type[Base], known: Base | None, values: Mapping[str, Any]) -> tuple[Base, Change]:
    """Add a row of `model`, or set on the known row what differs."""
    if known is None:
        row = model(**values)
        db.session.add(row)
        return row, Change.NEW
    different = {name: value for name, value in values.items() if getattr(known, name) != value}
    for name, value in different.items():
        setattr(known, name, value)
    return known, Change.CHANGED if different else Change.UNCHANGED
