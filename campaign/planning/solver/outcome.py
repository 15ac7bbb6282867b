"""What a solve is given and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from campaign.planning.plan import Bounds, Plan
from campaign.planning.problem import Mistake

LEVELS = ("served_priority", "served", "min_coverage", "cost")


class SolveStatus(StrEnum):
    """The five endings. An empty plan is valid, so `infeasible` only follows from pins that clash."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNDECIDED = "undecided"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how hard to look.

    `deterministic` counts work instead of time: with one worker the same seed then gives the same plan,
    and `seconds` is only roughly what it takes.
    """

    seconds: float = 60.0
    workers: int = 2
    seed: int = 1
    deterministic: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """A better plan or a better bound: level is one of LEVELS, seconds since the solve began."""

    level: str
    incumbent: float
    bound: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Level:
    """How one level ended."""

    name: str
    value: float
    bound: float
    proven: bool  # nothing better exists, given the levels before

    @property
    def gap(self) -> float:
        """Distance to the bound, relative to the larger of the two."""
        return abs(self.value - self.bound) / max(abs(self.value), abs(self.bound), 1e-9)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a solve ended. `plan` is there when status is optimal or feasible, `mistakes` when it is invalid."""

    status: SolveStatus
    plan: Plan | None = None
    levels: tuple[Level, ...] = ()
    seconds: float = 0.0
    mistakes: tuple[Mistake, ...] = ()
    clashes: tuple[str, ...] = ()  # pins that break a rule, and which
    notes: tuple[str, ...] = field(default=())

    @property
    def bounds(self) -> Bounds | None:
        """The plan's proven limits; None without a plan."""
        return None if self.plan is None else self.plan.bounds
