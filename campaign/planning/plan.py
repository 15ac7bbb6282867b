"""The plan: who is served where, when, by whom and from which lot (campaign-plan/1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

FORMAT = "campaign-plan/1"


class UnreadablePlan(ValueError):
    """The document is not a campaign-plan/1."""

    code = "unreadable-plan"


class Reason(StrEnum):
    """The constraint that keeps a candidate unserved: with that one relaxed, more could be served."""

    TOO_FAR = "too_far"
    NO_CAPABILITY = "no_capability"
    NO_STOCK = "no_stock"
    NO_CAPACITY = "no_capacity"
    NO_DELIVERY = "no_delivery"
    SESSION_TOO_SMALL = "session_too_small"
    NO_OUTREACH = "no_outreach"


@dataclass(frozen=True, slots=True)
class StepSlot:
    """When, where and by whom one timed step of an appointment is done."""

    start: int  # minutes after midnight
    station: int  # 0-based number among the facility's stations of the step's type
    provider: str | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """One person of a group: a slot for each of the method's timed steps, in order."""

    candidate: str
    steps: tuple[StepSlot, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """Units of a lot: taken off the shelf for a session, or carried by a delivery."""

    item: str
    lot: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Session:
    """What one facility does on one service date."""

    facility: str
    date: date
    providers: tuple[str, ...]
    appointments: tuple[Appointment, ...]
    usage: tuple[Usage, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One trip: lots from a warehouse to a facility on a dispatch date."""

    warehouse: str
    facility: str
    date: date
    lines: tuple[Usage, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """An outreach stop: the unit informs the kelurahan on that date."""

    unit: str
    date: date
    kelurahan: str


@dataclass(frozen=True, slots=True)
class Unserved:
    """How many people of a group are not served, and why."""

    candidate: str
    count: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Objective:
    """What a plan achieves, in the order that matters; the first three are maximised, cost is rupiah."""

    served_priority: float
    served: float
    min_coverage: float
    cost: float

    def better_than(self, other: Objective) -> bool:
        """Compare level by level, with the tolerance of the plan format."""
        for mine, theirs, sign in zip(self.levels, other.levels, (1, 1, 1, -1), strict=True):
            if abs(mine - theirs) > 1e-9 * max(1.0, abs(theirs)):
                return sign * (mine - theirs) > 0
        return False

    @property
    def levels(self) -> tuple[float, float, float, float]:
        """Priority served, served, coverage, rupiah: in the order that matters."""
        return (self.served_priority, self.served, self.min_coverage, self.cost)


class Bounds(Objective):
    """Proven limits: no valid plan that equals this one on the levels before does better than these."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan. That it exists says nothing of its validity, which is for campaign.planning.check."""

    problem: str  # SHA-256 of the problem file's bytes
    sessions: tuple[Session, ...]
    deliveries: tuple[Delivery, ...]
    outreach: tuple[Visit, ...]
    unserved: tuple[Unserved, ...]
    objective: Objective
    bounds: Bounds
    solver: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The campaign-plan/1 document."""
        return {
            "format": FORMAT,
            "problem": self.problem,
            "sessions": [_session_document(row) for row in self.sessions],
            "deliveries": [{**asdict(row), "date": row.date.isoformat()} for row in self.deliveries],
            "outreach": [{**asdict(row), "date": row.date.isoformat()} for row in self.outreach],
            "unserved": [{**asdict(row), "reason": row.reason.value} for row in self.unserved],
            "objective": asdict(self.objective),
            "bounds": asdict(self.bounds),
            "solver": dict(self.solver),
        }

    @staticmethod
    def from_json(raw: Any) -> Plan:
        """Read a plan document; raises UnreadablePlan. Whether it is valid is for campaign.planning.check."""
        try:
            if raw["format"] != FORMAT:
                raise UnreadablePlan(f"format is not {FORMAT}")
            return _plan(raw)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            if isinstance(error, UnreadablePlan):
                raise
            raise UnreadablePlan(f"{type(error).__name__}: {error}") from error


def _session_document(row: Session) -> dict[str, Any]:
    return {
        "facility": row.facility,
        "date": row.date.isoformat(),
        "providers": list(row.providers),
        "appointments": [
            {
                "candidate": who.candidate,
                "steps": [
                    {
                        "start": f"{slot.start // 60:02d}:{slot.start % 60:02d}",
                        "station": slot.station,
                        "provider": slot.provider,
                    }
                    for slot in who.steps
                ],
            }
            for who in row.appointments
        ],
        "usage": [asdict(line) for line in row.usage],
    }


def _plan(raw: Any) -> Plan:
    return Plan(
        problem=_text(raw["problem"]),
        sessions=tuple(_session(row) for row in raw["sessions"]),
        deliveries=tuple(
            Delivery(_text(row["warehouse"]), _text(row["facility"]), _day(row["date"]), _lines(row["lines"]))
            for row in raw["deliveries"]
        ),
        outreach=tuple(
            Visit(_text(row["unit"]), _day(row["date"]), _text(row["kelurahan"])) for row in raw["outreach"]
        ),
        unserved=tuple(
            Unserved(_text(row["candidate"]), _whole(row["count"]), Reason(row["reason"])) for row in raw["unserved"]
        ),
        objective=Objective(**_levels(raw["objective"])),
        bounds=Bounds(**_levels(raw["bounds"])),
        solver=dict(raw.get("solver", {})),
    )


def _session(row: Any) -> Session:
    return Session(
        _text(row["facility"]),
        _day(row["date"]),
        tuple(_text(provider) for provider in row["providers"]),
        tuple(
            Appointment(_text(who["candidate"]), tuple(_slot(slot) for slot in who["steps"]))
            for who in row["appointments"]
        ),
        _lines(row["usage"]),
    )


def _slot(row: Any) -> StepSlot:
    hours, minutes = str(row["start"]).split(":")
    provider = row.get("provider")
    return StepSlot(
        int(hours) * 60 + int(minutes), _whole(row["station"]), None if provider is None else _text(provider)
    )


def _lines(rows: Any) -> tuple[Usage, ...]:
    return tuple(Usage(_text(row["item"]), _text(row["lot"]), _whole(row["quantity"])) for row in rows)


def _levels(row: Any) -> dict[str, float]:
    levels = {}
    for name in ("served_priority", "served", "min_coverage", "cost"):
        value = row[name]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UnreadablePlan(f"{name} is not a number")
        levels[name] = value
    return levels


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise UnreadablePlan(f"{value!r} is not text")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise UnreadablePlan(f"{value!r} is not a whole number")
    return value


def _day(value: Any) -> date:
    return date.fromisoformat(_text(value))
