"""What can be changed by hand, and what a change does to who works and who comes where. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from campaign.errors import Invalid, Mistake
from campaign.planning.plan import Plan
from campaign.planning.problem import Problem


class EditKind(StrEnum):
    """The kinds of change."""

    START = "start"  # an empty plan
    GROUP = "group"
    PROVIDER = "provider"
    OPEN = "open"
    DROP = "drop"


class ImpossibleEdit(Invalid):
    """The change names somebody or some place that is not there."""

    code = "impossible-edit"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A facility on one date."""

    facility: str
    day: date


@dataclass(frozen=True, slots=True)
class Edit:
    """One change. `subject` is a group or a provider; no `origin`: from outside, no `target`: out of the plan."""

    kind: EditKind
    subject: str = ""
    number: int = 1
    origin: Place | None = None
    target: Place | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the change as it is kept beside the version it made."""
        places = {
            name: None if place is None else {"facility": place.facility, "date": place.day.isoformat()}
            for name, place in (("origin", self.origin), ("target", self.target))
        }
        return {"kind": self.kind.value, "subject": self.subject, "number": self.number, **places}

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> Edit:
        """Read what to_json wrote."""
        places = [
            None if raw[name] is None else Place(raw[name]["facility"], date.fromisoformat(raw[name]["date"]))
            for name in ("origin", "target")
        ]
        return Edit(EditKind(raw["kind"]), raw["subject"], raw["number"], *places)


@dataclass(slots=True)
class Seats:
    """Who works at a session, and how many of each group come."""

    providers: list[str] = field(default_factory=list)
    people: Counter[str] = field(default_factory=Counter)


Roster = dict[Place, Seats]


def roster_of(plan: Plan) -> Roster:
    """Return who works and who comes where in a plan."""
    return {
        Place(row.facility, row.date): Seats(list(row.providers), Counter(who.candidate for who in row.appointments))
        for row in plan.sessions
    }


def apply(problem: Problem, roster: Roster, edit: Edit) -> None:
    """Carry a change out on the roster; raises ImpossibleEdit where it names what is not there."""
    _require_possible(problem, roster, edit)
    if edit.kind is EditKind.GROUP:
        _move_group(problem, roster, edit)
    elif edit.kind is EditKind.PROVIDER:
        _move_provider(roster, edit)
    elif edit.kind is EditKind.OPEN and edit.target is not None:
        roster[edit.target] = Seats(_staff(problem, roster, edit.target))
    elif edit.kind is EditKind.DROP and edit.origin is not None:
        del roster[edit.origin]


def _move_group(problem: Problem, roster: Roster, edit: Edit) -> None:
    if edit.target is not None and edit.target not in roster:
        roster[edit.target] = Seats(_staff(problem, roster, edit.target))
    if edit.target is not None:
        roster[edit.target].people[edit.subject] += edit.number
    if edit.origin is not None:
        people = roster[edit.origin].people
        people[edit.subject] -= edit.number
        roster[edit.origin].people = +people
        if not roster[edit.origin].people:  # nobody comes any more
            del roster[edit.origin]


def _move_provider(roster: Roster, edit: Edit) -> None:
    if edit.origin is not None:
        roster[edit.origin].providers.remove(edit.subject)
    if edit.target is not None:
        roster.setdefault(edit.target, Seats()).providers.append(edit.subject)


def _staff(problem: Problem, roster: Roster, place: Place) -> list[str]:
    """Return who is based at a place and free that day: the team that a new session starts with."""
    busy = {who for at, seats in roster.items() if at.day == place.day for who in seats.providers}
    days = Counter(who for seats in roster.values() for who in seats.providers)
    return [
        row.id
        for row in problem.providers
        if row.base == place.facility and place.day in row.dates and row.id not in busy and days[row.id] < row.max_days
    ]


def _require_possible(problem: Problem, roster: Roster, edit: Edit) -> None:
    mistakes = []
    if edit.origin is not None and edit.origin not in roster:
        mistakes.append(Mistake("origin", "no-session-to-change"))
    if edit.target is not None and (
        edit.target.facility not in problem.facility or edit.target.day not in problem.dates
    ):
        mistakes.append(Mistake("target", "no-such-place"))
    if edit.origin is None and edit.target is None:
        mistakes.append(Mistake("target", "edit-changes-nothing"))
    if edit.origin is not None and edit.origin == edit.target:
        mistakes.append(Mistake("target", "edit-changes-nothing"))
    if edit.kind is EditKind.OPEN and edit.target in roster:
        mistakes.append(Mistake("target", "session-is-there"))
    if not mistakes and edit.kind is EditKind.GROUP:
        mistakes += _group_mistakes(problem, roster, edit)
    if not mistakes and edit.kind is EditKind.PROVIDER:
        mistakes += _provider_mistakes(problem, roster, edit)
    if mistakes:
        raise ImpossibleEdit(tuple(mistakes))


def _group_mistakes(problem: Problem, roster: Roster, edit: Edit) -> list[Mistake]:
    group = problem.group.get(edit.subject)
    if group is None:
        return [Mistake("subject", "no-such-group")]
    if edit.origin is not None:
        there = roster[edit.origin].people[edit.subject]
    else:
        there = group.count - sum(seats.people[edit.subject] for seats in roster.values())
    if not 1 <= edit.number <= there:
        return [Mistake("number", "not-so-many", {"there": there})]
    return []


def _provider_mistakes(problem: Problem, roster: Roster, edit: Edit) -> list[Mistake]:
    if edit.subject not in problem.provider:
        return [Mistake("subject", "no-such-provider")]
    if edit.origin is not None and edit.subject not in roster[edit.origin].providers:
        return [Mistake("subject", "no-such-provider")]
    if edit.target in roster and edit.target is not None and edit.subject in roster[edit.target].providers:
        return [Mistake("target", "provider-is-there")]
    return []
