"""A plan changed by hand made valid without the solver: who has no time goes where there is one, or waits. Pure.

It is what a repair falls back on when the solver found nothing in its time. People who are pinned stay; in their place
others leave, those without priority first. It moves as few as it can and improves nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from campaign.planning.hand.edits import Place, Roster, Seats, roster_of
from campaign.planning.hand.revising import broken_rules, rebuilt
from campaign.planning.hand.seating import seated
from campaign.planning.plan import Plan, Session
from campaign.planning.problem import Problem
from campaign.planning.solver import Pins

_PLACES_TRIED = 6  # for each group: the nearest sessions


def settled(problem: Problem, plan: Plan, pins: Pins, may_go_on: Callable[[], bool]) -> Plan | None:
    """Return a valid plan near `plan` that keeps the pins; None where this way finds none, or time is up."""
    if any(session.facility not in problem.facility for session in plan.sessions):
        return None
    work = _Settling(problem, roster_of(plan), _pinned(pins), may_go_on)
    work.sessions = {Place(row.facility, row.date): row for row in plan.sessions}
    for place in sorted(work.roster):
        work.make_room(place)
    work.place_the_homeless()
    work.close_small_sessions()
    timed = tuple(work.sessions[place] for place in sorted(work.roster))
    found = rebuilt(problem, replace(plan, sessions=timed), work.roster)
    return None if broken_rules(problem, found) else found


def _pinned(pins: Pins) -> Counter[tuple[str, Place]]:
    return Counter({(group, Place(facility, day)): number for (group, facility, day), number in pins.people})


@dataclass(slots=True)
class _Settling:
    """People, teams and timetables on the way to a valid plan."""

    problem: Problem
    roster: Roster
    pinned: Counter[tuple[str, Place]]
    may_go_on: Callable[[], bool]
    sessions: dict[Place, Session] = field(default_factory=dict)
    homeless: Counter[str] = field(default_factory=Counter)

    def make_room(self, place: Place) -> None:
        """Take people out of a session until everybody left has a time."""
        seats = self.roster[place]
        session = seated(self.problem, place, seats, self.sessions.get(place))
        while (late := [who.candidate for who in session.appointments if not who.steps]) and self.may_go_on():
            for key in late:
                leaving = self._who_leaves(place, seats, key)
                seats.people[leaving] -= 1
                self.homeless[leaving] += 1
            seats.people = +seats.people
            session = seated(self.problem, place, seats, None)
        self.sessions[place] = session

    def _who_leaves(self, place: Place, seats: Seats, late: str) -> str:
        """Return whoever leaves for `late`: of the same method, not pinned, without priority, if there is one."""
        groups = self.problem.group
        free = [key for key, number in seats.people.items() if number > self.pinned[key, place]]
        order = sorted(
            free, key=lambda key: (groups[key].method != groups[late].method, groups[key].priority, key != late, key)
        )
        return order[0] if order else late

    def place_the_homeless(self) -> None:
        """Give those who left a time at the nearest sessions that have one, priority first."""
        groups = self.problem.group
        for key in sorted(+self.homeless, key=lambda key: (not groups[key].priority, key)):
            for place in self._places(key):
                while self.homeless[key] and self.may_go_on() and self._fits(key, place):
                    self.homeless[key] -= 1

    def _places(self, key: str) -> list[Place]:
        group, problem = self.problem.group[key], self.problem
        home = problem.kelurahan_by_id[group.kelurahan].kecamatan
        found = []
        for place in self.roster:
            km = problem.travel_km(group.kelurahan, place.facility)
            is_near = problem.rules.cross_kecamatan or problem.facility[place.facility].kecamatan == home
            if km <= problem.rules.max_travel_km and is_near and (group.dates is None or place.day in group.dates):
                found.append((km, place))
        return [place for _, place in sorted(found)[:_PLACES_TRIED]]

    def _fits(self, key: str, place: Place) -> bool:
        seats = self.roster[place]
        wanted = Seats(list(seats.providers), seats.people + Counter({key: 1}))
        session = seated(self.problem, place, wanted, self.sessions.get(place))
        if any(not who.steps for who in session.appointments):
            return False
        self.roster[place], self.sessions[place] = wanted, session
        return True

    def close_small_sessions(self) -> None:
        """Close sessions with fewer people than one must have."""
        for place in list(self.roster):
            if self.roster[place].people.total() < max(1, self.problem.rules.min_session):
                del self.roster[place]
