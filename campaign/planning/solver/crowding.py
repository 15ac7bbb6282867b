"""Proofs that a session cannot hold so many, whoever works there.

People with the same steps pass every step in one order without loss, so that the proof knows no names: exchanging
two of them keeps stations and longest waits. Stations and providers are counted, which holds for every timetable.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from ortools.sat.python import cp_model

from campaign.planning.problem import Method, Step
from campaign.planning.solver.capacity import Place, Timing, lowest
from campaign.planning.solver.proof import tick
from campaign.planning.solver.timetable import Team, filler

_EFFORT = 0.5  # deterministic seconds for one proof; most take a hundredth
Shape = tuple[tuple[str, int], ...]  # station and minutes of each timed step


def shape_of(team: Team, method: int) -> Shape:
    """What a person of the method takes from the place, skills left aside."""
    return tuple((step.station, step.minutes) for step in team.steps(method))


def cannot_hold(team: Team, counts: Mapping[int, int], effort: float, *, crew: bool) -> bool:
    """Whether it is proven that no timetable holds so many of each method number.

    Without `crew` nobody's skills matter: then it is proven for every team. With it, providers are first counted for
    people of one shape together, which is quick, and then told apart by their skills.
    """
    present = sorted(m for m, n in counts.items() if n and team.steps(m))
    alike = [(group, sum(counts[m] for m in group)) for group in alike_in(team, present)]
    if not crew:
        return impossible(team, [kind_of(team, group, n, skilled=False) for group, n in alike], effort)
    single = [(frozenset({m}), counts[m]) for m in present]
    return any(
        impossible(team, [kind_of(team, group, n, skilled=True) for group, n in groups], effort)
        for groups in (alike, single)
    )


def impossible(team: Team, kinds: list[Kind], effort: float) -> bool:
    """OR-Tools 9.15 has called feasible models infeasible, with and without presolve: both must say so."""
    if not any(kind.people for kind in kinds):
        return False
    model = draft(team, kinds).model
    return all(_infeasible(model, effort, presolve=presolve) for presolve in (True, False))


def alike_in(team: Team, methods: Iterable[int]) -> list[frozenset[int]]:
    """The methods that take the same from the place, together."""
    shapes: dict[Shape, set[int]] = defaultdict(set)
    for method in methods:
        shapes[shape_of(team, method)].add(method)
    return [frozenset(group) for group in shapes.values()]


@dataclass(frozen=True)
class Kind:
    """People who are alike: one of their methods, how many they are, and for each step the skills that it may need."""

    method: int
    people: int
    skills: tuple[frozenset[str], ...]


def kind_of(team: Team, group: frozenset[int], people: int, *, skilled: bool) -> Kind:
    """So many people of methods that are alike; a step that not all of them need somebody for needs nobody."""
    by_step = zip(*(team.steps(m) for m in sorted(group)), strict=True)
    needs = [{step.skill for step in steps} if skilled else {None} for steps in by_step]
    return Kind(min(group), people, tuple(frozenset(s for s in row if s and None not in row) for row in needs))


Starts = list[list[cp_model.IntVar]]  # by step, then by person, in ticks from the first opening
Sort = frozenset[str]  # skills: providers who can stand in for each other


@dataclass
class Draft:
    """A session without names: every timetable is a solution of it.

    `starts` are those of each kind; `sorts` say by whom a skilled step (kind, step, person) may be served.
    """

    team: Team
    kinds: list[Kind]
    unit: int
    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    starts: list[Starts] = field(default_factory=list)
    sorts: dict[tuple[int, int, int], dict[Sort, cp_model.IntVar]] = field(default_factory=dict)
    at: dict[str, list[cp_model.IntervalVar]] = field(default_factory=lambda: defaultdict(list))
    by: dict[frozenset[str], list[cp_model.IntervalVar]] = field(default_factory=lambda: defaultdict(list))
    served: dict[Sort, list[tuple[cp_model.IntervalVar, cp_model.IntVar, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, number: int, kind: Kind) -> None:
        """Everybody of a kind, step by step."""
        steps = self.team.steps(kind.method)
        self.starts.append([])
        for position, step in enumerate(steps):
            domain, length = _domain(self.team, kind.method, position, self.unit), step.minutes // self.unit
            starts = [self.model.new_int_var_from_domain(domain, "") for _ in range(kind.people)]
            _in_order(self.model, starts, length, self.team.timing.place.station(step.station))
            if position:
                before = steps[position - 1].minutes // self.unit
                _after(self.model, self.starts[-1][-1], starts, before, self.team.wait // self.unit)
            rows = [self.model.new_fixed_size_interval_var(start, length, "") for start in starts]
            self.at[step.station] += rows
            skills = kind.skills[position]
            if skills:
                self.by[skills] += rows
            if len(skills) == 1:
                for person, start in enumerate(starts):
                    self._choose((number, position, person), min(skills), start, step.minutes)
            self.starts[-1].append(starts)

    def _choose(self, key: tuple[int, int, int], skill: str, start: cp_model.IntVar, minutes: int) -> None:
        able = sorted({frozenset(row.skills) for row in self.team.providers if skill in row.skills}, key=sorted)
        self.sorts[key] = {sort: self.model.new_bool_var("") for sort in able}
        for sort, chosen in self.sorts[key].items():
            row = self.model.new_optional_fixed_size_interval_var(start, minutes // self.unit, chosen, "")
            self.served[sort].append((row, chosen, minutes))
        self.model.add_exactly_one(self.sorts[key].values())

    def share(self) -> None:
        """Stations, skills and sorts of providers serve no more at a time than there are of them."""
        for station, rows in self.at.items():
            self.model.add_cumulative(rows, [1] * len(rows), self.team.timing.place.station(station))
        _crew(self.model, self.team, self.by)
        there = Counter(frozenset(row.skills) for row in self.team.providers)
        for sort, steps in self.served.items():
            self.model.add_cumulative([row for row, _, _ in steps], [1] * len(steps), there[sort])
            most = sum(row.minutes_per_day for row in self.team.providers if frozenset(row.skills) == sort)
            self.model.add(sum(chosen * minutes for _, chosen, minutes in steps) <= most)


def draft(team: Team, kinds: list[Kind]) -> Draft:
    """The session of these people, complete with what it shares."""
    found = Draft(team, kinds, tick(team, [kind.method for kind in kinds]))
    for number, kind in enumerate(kinds):
        found.add(number, kind)
    found.share()
    return found


def _in_order(model: cp_model.CpModel, starts: list[cp_model.IntVar], length: int, units: int) -> None:
    """People alike start one after the other, and again at the station of who came so many before them."""
    for earlier, later in pairwise(starts):
        model.add(earlier <= later)
    for earlier, later in zip(starts, starts[units:], strict=False):
        model.add(earlier + length <= later)


def _after(
    model: cp_model.CpModel, before: list[cp_model.IntVar], starts: list[cp_model.IntVar], length: int, wait: int
) -> None:
    for ready, start in zip(before, starts, strict=True):
        model.add(start >= ready + length)
        model.add(start <= ready + length + wait)


def _crew(model: cp_model.CpModel, team: Team, by: Mapping[frozenset[str], list[cp_model.IntervalVar]]) -> None:
    """At no moment more skilled steps than people who can do them: by need, by each person's skills, and all."""
    own = {frozenset(row.skills) for row in team.providers}
    sets = [{needed} for needed in by] + [{n for n in by if n <= skills} for skills in own] + [set(by)]
    for chosen in {frozenset(needs) for needs in sets if needs}:
        rows = [row for needed in sorted(chosen, key=sorted) for row in by[needed]]
        skills = frozenset().union(*chosen)
        able = sum(1 for provider in team.providers if skills & set(provider.skills))
        model.add_cumulative(rows, [1] * len(rows), able)


def _domain(team: Team, method: int, position: int, unit: int) -> cp_model.Domain:
    origin = team.timing.place.windows[0][0]
    mask = team.timing.starts[method, position] >> origin
    values = []
    while mask:
        start = lowest(mask)
        if start % unit == 0:
            values.append(start // unit)
        mask &= mask - 1
    return cp_model.Domain.from_values(values)


def _infeasible(model: cp_model.CpModel, effort: float, *, presolve: bool) -> bool:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.cp_model_presolve = presolve
    solver.parameters.max_deterministic_time = effort
    solver.parameters.max_time_in_seconds = effort * 3
    solver.parameters.catch_sigint_signal = False
    return bool(solver.solve(model) == cp_model.INFEASIBLE)


@lru_cache(maxsize=4096)
def most_of_shape(place: Place, shape: Shape, wait: int) -> int:
    """A proven limit on people of one shape in a session: what stations and hours allow any team."""
    steps = tuple(Step("", station, minutes) for station, minutes in shape)
    timing = Timing(place, [Method("", "", steps, {})], wait)
    if not timing.possible:
        return 0
    team = Team(timing, (), wait)
    most = _by_minutes(timing)
    put, seated = filler(team), 0
    while seated < most and put(0) is not None:
        seated += 1
    while most > seated and cannot_hold(team, {0: most}, _EFFORT, crew=False):
        most -= 1
    return most


def _by_minutes(timing: Timing) -> int:
    """What plain minutes of each station allow of the timing's only method."""
    most = 10**9
    for position, step in enumerate(timing.steps[0]):
        (span,) = timing.spans([(0, position)])
        most = min(most, timing.place.station(step.station) * timing.room(span) // step.minutes)
    return most
