"""Why (some of) a group is not served: what binds, with numbers, and which single changes would help.

Every help is verified: the changed problem is solved around the group, seated and checked, and the plan found serves
more of the group without serving fewer at levels 1 and 2. What a solver says about infeasibility is never repeated.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from campaign.planning.binding import Binding, bindings
from campaign.planning.changes import UnknownChange, changed
from campaign.planning.plan import Plan, Reason
from campaign.planning.problem import InvalidProblem, Problem, able_places
from campaign.planning.small_changes import Asked, small_changes
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.outcome import Limits
from campaign.planning.solver.probe import most_of_group
from campaign.planning.solver.reasons import Leftovers, reason_of

_LONGEST, _SHARE = 8.0, 6  # seconds of one solve at most; of all the time, no more than one part in so many
Tell = Callable[[Mapping[str, Any] | None, float], None]


@dataclass(frozen=True)
class Shortage:
    """Units of an item that the group's facilities end with, beside what the group still needs."""

    item: str
    needed: int
    on_shelves: int
    in_warehouses: int


@dataclass(frozen=True)
class Help:
    """A single change and how many of the group a checked plan then serves."""

    change: Mapping[str, Any]
    served: int


@dataclass(frozen=True)
class Why:
    """What keeps part of a group unserved, what is short, and what would help; counts are people."""

    group: str
    count: int
    served: int
    reason: Reason | None  # None: all are served
    could_be_served: int  # without any change, at no loss at levels 1 and 2: the plan's choice among equals
    facilities: tuple[str, ...]  # in reach
    shortages: tuple[Shortage, ...]
    helps: tuple[Help, ...]
    bindings: tuple[Binding, ...] = ()  # facts of the plan; those that a verified change lifts come first
    tried: int = 0  # changes that were solved
    untried: int = 0  # changes for which there was no time


def why(problem: Problem, plan: Plan, group_id: str, limits: Limits, tell: Tell = lambda change, seconds: None) -> Why:
    """Explain a group; raises KeyError where there is no such group. `limits` are for all solves together."""
    began = time.monotonic()
    group = problem.group[group_id]
    layout = Layout(problem)
    served = Counter(who.candidate for session in plan.sessions for who in session.appointments)[group_id]
    near = layout.km[layout.kelurahan_number[group.kelurahan]]
    able = set(able_places(problem, group))
    order = sorted(near, key=lambda f: (f not in able, near[f]))  # who cannot do it at all comes last
    reach = tuple(problem.facilities[f].id for f in order)
    if served >= group.count:
        return Why(group_id, group.count, served, None, served, reach, (), ())
    left = Leftovers(layout, plan)
    reason = reason_of(left, group, Counter({row.candidate: row.count for row in plan.unserved}))
    each = replace(limits, seconds=min(_LONGEST, max(1.0, limits.seconds / _SHARE)))
    tell(None, 0.0)
    now, better = most_of_group(problem, group_id, plan, each)
    asked = Asked(problem, plan if better is None else better, group, reach, reason, group.count - max(now, served))
    search = _Search(asked, each, max(now, served))
    search.run(small_changes(asked), lambda: limits.seconds - (time.monotonic() - began), tell)
    found = bindings(left, group, group.count - served)
    lifted = {str(row.change["change"]) for row in search.helps}
    shortages = _shortages(problem, left, (group_id, group.count - served), reach)
    return Why(
        group_id,
        group.count,
        served,
        reason,
        max(now, served),
        reach,
        shortages,
        tuple(search.helps),
        tuple(sorted(found, key=lambda row: row.kind not in lifted)),
        search.tried,
        search.untried,
    )


class _Search:
    """Tries the largest change of each family; where it helps, the smaller ones, until the smallest that does."""

    def __init__(self, asked: Asked, each: Limits, now: int) -> None:
        self.asked, self.each, self.now = asked, each, now
        self.helps: list[Help] = []
        self.tried = self.untried = 0

    def run(self, families: list[list[dict[str, Any]]], left: Callable[[], float], tell: Tell) -> None:
        """Screen all families first, so that each is heard; then make what helps as small as it can be."""
        useful = []
        for family in families:
            number = self._served(family[-1], left, tell)
            if number > self.now:
                useful.append((family, Help(family[-1], number)))
        for family, largest in useful:
            found = largest
            for change in family[:-1]:
                number = self._served(change, left, tell)
                if number > self.now:
                    found = Help(change, number)
                    break
            self.helps.append(found)

    def _served(self, change: dict[str, Any], left: Callable[[], float], tell: Tell) -> int:
        if left() < 1.0:
            self.untried += 1
            return 0
        try:
            other = changed(self.asked.problem, change)
        except (InvalidProblem, UnknownChange):
            return 0
        tell(change, left())
        self.tried += 1
        limits = replace(self.each, seconds=min(self.each.seconds, left()))
        return most_of_group(other, self.asked.group.id, self.asked.plan, limits)[0]


def _shortages(
    problem: Problem, left: Leftovers, missing: tuple[str, int], reach: tuple[str, ...]
) -> tuple[Shortage, ...]:
    rows = []
    group, people = missing
    for item, units in problem.method[problem.group[group].method].uses.items():
        if not units or not problem.dates:
            continue
        shelf = sum(left.on_shelf(place, item, problem.dates[0]) for place in reach)
        house = sum(max(0, free[item]) for free in left.free)
        rows.append(Shortage(item, people * units, shelf, house))
    return tuple(rows)
