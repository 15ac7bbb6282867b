"""CP-SAT on one session: a timetable where the quick orders found none, or the proof that there is none."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

from ortools.sat.python import cp_model

from campaign.planning.solver.capacity import lowest
from campaign.planning.solver.timetable import Team, Visit


def tick(team: Team, methods: list[int]) -> int:
    """Minutes at whose multiples (counted from the first opening) some best timetable has all its starts."""
    windows = team.timing.place.windows
    values = [step.minutes for m in methods for step in team.method(m).timed_steps]
    values += [opens - windows[0][0] for opens, _ in windows]
    if team.wait < 24 * 60:
        values.append(team.wait)
    return max(1, math.gcd(*values))


def prove_seat(team: Team, counts: Mapping[int, int], seconds: float, seed: int) -> tuple[list[Visit] | None, bool]:
    """A timetable, or (None, True) when there is none, or (None, False) when time ran out."""
    methods = [m for m, number in counts.items() if number and team.method(m).timed_steps]
    if not methods:
        return [(m, [], []) for m, number in counts.items() for _ in range(number)], False
    session = _Session(team, methods)
    for method in methods:
        for _ in range(counts[method]):
            session.add(method)
    session.share()
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = seconds
    solver.parameters.max_time_in_seconds = seconds * 4
    status = solver.solve(session.model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        empty: list[Visit] = [
            (m, [], []) for m, n in counts.items() if not team.method(m).timed_steps for _ in range(n)
        ]
        return session.visits(solver) + empty, False
    return None, status == cp_model.INFEASIBLE


class _Session:
    """The model of one session: an interval a step, a station as a cumulative, a provider as no-overlap."""

    def __init__(self, team: Team, methods: list[int]) -> None:
        self.team = team
        self.model = cp_model.CpModel()
        self.tick = tick(team, methods)
        self.origin = team.timing.place.windows[0][0]
        self.people: list[tuple[int, list[cp_model.IntVar], list[dict[int, cp_model.IntVar]]]] = []
        self.at: dict[str, list[cp_model.IntervalVar]] = defaultdict(list)
        self.by: dict[int, list[cp_model.IntervalVar]] = defaultdict(list)
        self.minutes: dict[int, list[tuple[cp_model.IntVar, int]]] = defaultdict(list)
        self.last: dict[int, cp_model.IntVar] = {}

    def _domain(self, mask: int) -> cp_model.Domain:
        """Starts in ticks from the origin."""
        mask >>= self.origin
        values = []
        while mask:
            start = lowest(mask)
            if start % self.tick == 0:
                values.append(start // self.tick)
            mask &= mask - 1
        return cp_model.Domain.from_values(values)

    def add(self, method: int) -> None:
        """Add one person: steps in order, waits within the limit, one provider for each step with a skill."""
        team, model = self.team, self.model
        starts: list[cp_model.IntVar] = []
        choices: list[dict[int, cp_model.IntVar]] = []
        for position, step in enumerate(team.method(method).timed_steps):
            start = model.new_int_var_from_domain(self._domain(team.timing.starts[method, position]), "")
            length = step.minutes // self.tick
            self.at[step.station].append(model.new_fixed_size_interval_var(start, length, ""))
            if starts:
                before = starts[-1] + team.method(method).timed_steps[position - 1].minutes // self.tick
                model.add(start >= before)
                model.add(start <= before + team.wait // self.tick)
            starts.append(start)
            choices.append(self._providers(step.skill, start, length))
        if method in self.last:
            model.add(self.last[method] <= starts[0])  # alike: in order of their first step
        self.last[method] = starts[0]
        self.people.append((method, starts, choices))

    def _providers(self, skill: str | None, start: cp_model.IntVar, length: int) -> dict[int, cp_model.IntVar]:
        if skill is None:
            return {}
        chosen: dict[int, cp_model.IntVar] = {}
        for number, provider in enumerate(self.team.providers):
            if skill in provider.skills:
                chosen[number] = self.model.new_bool_var("")
                interval = self.model.new_optional_fixed_size_interval_var(start, length, chosen[number], "")
                self.by[number].append(interval)
                self.minutes[number].append((chosen[number], length * self.tick))
        self.model.add_exactly_one(chosen.values())
        return chosen

    def share(self) -> None:
        """Let stations and providers serve one at a time, providers within their minutes a day."""
        units = dict(self.team.timing.place.stations)
        for station, intervals in self.at.items():
            if units[station] == 1:
                self.model.add_no_overlap(intervals)
            else:
                self.model.add_cumulative(intervals, [1] * len(intervals), units[station])
        for number, intervals in self.by.items():
            self.model.add_no_overlap(intervals)
            terms = [taken * minutes for taken, minutes in self.minutes[number]]
            self.model.add(sum(terms) <= self.team.providers[number].minutes_per_day)

    def visits(self, solver: cp_model.CpSolver) -> list[Visit]:
        """The timetable found, with starts in minutes after midnight."""
        found: list[Visit] = []
        for method, starts, choices in self.people:
            minutes = [solver.value(start) * self.tick + self.origin for start in starts]
            who = [next((n for n, taken in options.items() if solver.value(taken)), None) for options in choices]
            found.append((method, minutes, who))
        return found
