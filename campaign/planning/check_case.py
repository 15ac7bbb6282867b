"""What the rules of a valid plan look at: a problem, a plan, and their tallies."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from campaign.planning.plan import Appointment, Plan, Session, StepSlot
from campaign.planning.problem import CandidateGroup, Facility, Problem, Step


@dataclass(frozen=True)
class Violation:
    """One broken rule: its code and what it is about."""

    code: str
    facts: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.code}: " + ", ".join(f"{key}={value}" for key, value in self.facts.items())


def broken(code: str, **facts: Any) -> Violation:
    """A violation from its code and, by name, its facts."""
    return Violation(code, facts)


@dataclass(frozen=True)
class Case:
    """A problem and a plan, with the tallies that several rules look at."""

    problem: Problem
    plan: Plan

    @cached_property
    def sessions(self) -> list[tuple[Session, Facility]]:
        """The sessions at facilities that exist; `session-place` tells of the others."""
        known = self.problem.facility
        return [(row, known[row.facility]) for row in self.plan.sessions if row.facility in known]

    @cached_property
    def appointments(self) -> list[tuple[Session, Facility, Appointment, CandidateGroup]]:
        """Every appointment with its session, facility and group; those of unknown groups have their own rule."""
        groups = self.problem.group
        return [
            (session, facility, who, groups[who.candidate])
            for session, facility in self.sessions
            for who in session.appointments
            if who.candidate in groups
        ]

    @cached_property
    def slots(self) -> list[tuple[Session, Facility, StepSlot, Step]]:
        """Every slot beside the step it is for; appointments of the wrong length are left to their own rule."""
        return [
            (session, facility, slot, step)
            for session, facility, who, group in self.appointments
            for slot, step in zip(who.steps, self.steps(group), strict=False)
        ]

    @cached_property
    def served(self) -> Counter[str]:
        """People served, by group id."""
        return Counter(group.id for _, _, _, group in self.appointments)

    def steps(self, group: CandidateGroup) -> tuple[Step, ...]:
        """The steps of more than 0 minutes that each person of the group goes through."""
        return self.problem.method[group.method].timed_steps
