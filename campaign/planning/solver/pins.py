"""Pins: what a planner wants kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

SessionKey = tuple[str, date]  # facility, date
SeatKey = tuple[str, str, date]  # group, facility, date


class UnreadablePins(ValueError):
    """The pins are not of the documented form."""

    code = "unreadable-pins"


@dataclass(frozen=True)
class Pins:
    """Sessions to keep as the previous plan has them, people to keep by group, facility and date."""

    sessions: frozenset[SessionKey] = frozenset()
    people: tuple[tuple[SeatKey, int], ...] = ()
    frozen_before: date | None = None

    @property
    def anything(self) -> bool:
        """Whether there is anything to keep."""
        return bool(self.sessions or self.people or self.frozen_before)

    @staticmethod
    def from_json(raw: Any) -> Pins:
        """Read {"sessions": [{facility, date}], "appointments": [{candidate, facility, date, count}]}."""
        try:
            unknown = set(raw) - {"sessions", "appointments", "frozen_before"}
            if unknown:
                raise UnreadablePins(f"unknown key {sorted(unknown)[0]!r}")
            sessions = {(_text(row["facility"]), date.fromisoformat(row["date"])) for row in raw.get("sessions", ())}
            people: Counter[SeatKey] = Counter()
            for row in raw.get("appointments", ()):
                key = (_text(row["candidate"]), _text(row["facility"]), date.fromisoformat(row["date"]))
                people[key] += int(row.get("count", 1))
            before = raw.get("frozen_before")
            start = None if before is None else date.fromisoformat(before)
            return Pins(frozenset(sessions), tuple(sorted(people.items())), start)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            if isinstance(error, UnreadablePins):
                raise
            raise UnreadablePins(f"{type(error).__name__}: {error}") from error

    def to_json(self) -> dict[str, Any]:
        """The document that `from_json` reads, with ISO dates."""
        return {
            "sessions": [{"facility": place, "date": day.isoformat()} for place, day in sorted(self.sessions)],
            "appointments": [
                {"candidate": group, "facility": place, "date": day.isoformat(), "count": number}
                for (group, place, day), number in self.people
            ],
            "frozen_before": None if self.frozen_before is None else self.frozen_before.isoformat(),
        }


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise UnreadablePins(f"{value!r} is not text")
    return value
