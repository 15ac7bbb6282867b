"""Does a plan still fit the world? Pure: the snapshot it was made from, the same campaign now, and the plan.

Candidates and targets are taken from the snapshot: a name that joined the list since does not make the plan wrong.
Whoever left it does, and so does every rule of the checker that the stock, the hours, the people or the dates of
today break. What the plan achieves and how far from best it is (rule 9) is history, and not asked again.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from campaign.planning.check import violations
from campaign.planning.plan import Plan
from campaign.planning.problem import Problem

HISTORY = frozenset({"objective", "bound", "other-problem"})


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that no longer fits: a stable code, and what it is about."""

    code: str
    facts: dict[str, object]


def what_changed(then: Problem, now: Problem, plan: Plan, today: date) -> tuple[Change, ...]:
    """Return everything about the world of today that the plan breaks; nothing when it still fits."""
    changes = [*_past(plan, today), *_gone(now, plan)]
    world = replace(
        then, facilities=now.facilities, providers=now.providers, warehouses=now.warehouses, items=now.items
    )
    for violation in violations(world, plan):
        if violation.code not in HISTORY:
            changes.append(Change(violation.code, dict(violation.facts)))
    return tuple(changes)


def _past(plan: Plan, today: date) -> list[Change]:
    days = {row.date for row in plan.sessions} | {row.date for row in plan.deliveries}
    return [Change("date-is-past", {"date": day}) for day in sorted(days) if day < today]


def _gone(now: Problem, plan: Plan) -> list[Change]:
    served = Counter(who.candidate for session in plan.sessions for who in session.appointments)
    left = {key: now.group[key].count if key in now.group else 0 for key in served}
    return [
        Change("candidates-left", {"candidate": key, "planned": number, "left": left[key]})
        for key, number in sorted(served.items())
        if number > left[key]
    ]
