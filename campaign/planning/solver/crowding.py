"""Proofs that a session cannot hold so many, whoever works there.

People with the same steps pass every step in one order without loss, so that the proof knows no names: exchanging two of
them keeps stations and longest waits. Stations and providers are counted, not numbered, which holds for every timetable.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ortools.sat.python import cp_model

from campaign.planning.problem import Method, Step
from campaign.planning.solver.capacity import Place, Timing, lowest
from campaign.planning.solver.proof import tick
from campaign.planning.solver.timetable import Team, filler

_EFFORT = 0.5  # deterministic seconds for one proof; most take a hundredth
Shape = tuple[tuple[str, int], ...]  # station and minutes of each timed step
_WAITS_ALL_DAY = 24 * 60


def shape_of(team: Team, method: int) -> Shape:
    """What a person of the method takes from the place, skills left aside."""
    return tuple((step.station, step.minutes) for step in team.steps(method))


def cannot_hold(team: Team, counts: Mapping[int, int], effort: float, *, crew: bool) -> bool:
    """Whether it is proven that no timetable holds so many of each method number.

    Without `crew`, methods of one shape are one kind and nobody's skills matter: then it is proven for every team.
    """
    kinds = _kinds(team, {m: n for m, n in counts.items() if n and team.steps(m)}, by_method=crew)
    if not kinds:
        return False
    model = _model(team, kinds, crew=crew)
    # OR-Tools 9.15 has called feasible models infeasible, with and without presolve: both must say so
    return all(_infeasible(model, effort, presolve=presolve) for presolve in (True, False))


@dataclass(frozen=True)
class _Kind:
    """People who are alike: one of their methods, how many they are, and the skills of each step."""

    method: int
    people: int
    skills: tuple[str | None, ...]


def _kinds(team: Team, counts: Mapping[int, int], *, by_method: bool) -> list[_Kind]:
    if by_method:
        return [_Kind(m, n, tuple(step.skill for step in team.steps(m))) for m, n in sorted(counts.items())]
    alike: dict[Shape, list[int]] = defaultdict(list)
    for method in sorted(counts):
        alike[shape_of(team, method)].append(method)
    return [_Kind(rows[0], sum(counts[m] for m in rows), (None,) * len(shape)) for shape, rows in alike.items()]


def _model(team: Team, kinds: list[_Kind], *, crew: bool) -> cp_model.CpModel:
    model = cp_model.CpModel()
    unit = tick(team, [kind.method for kind in kinds])
    at: dict[str, list[cp_model.IntervalVar]] = defaultdict(list)
    by: dict[str, list[cp_model.IntervalVar]] = defaultdict(list)
    for kind in kinds:
        before: list[cp_model.IntVar] = []
        for position, step in enumerate(team.steps(kind.method)):
            domain = _domain(team, kind.method, position, unit)
            starts = [model.new_int_var_from_domain(domain, "") for _ in range(kind.people)]
            length, units = step.minutes // unit, team.timing.place.station(step.station)
            for earlier, later in zip(starts, starts[1:], strict=False):
                model.add(earlier <= later)
            for earlier, later in zip(starts, starts[units:], strict=False):
                model.add(earlier + length <= later)
            for ready, start in zip(before, starts, strict=False):
                model.add(start >= ready + team.steps(kind.method)[position - 1].minutes // unit)
                if team.wait < _WAITS_ALL_DAY:
                    ended = ready + team.steps(kind.method)[position - 1].minutes // unit
                    model.add(start <= ended + team.wait // unit)
            rows = [model.new_fixed_size_interval_var(start, length, "") for start in starts]
            at[step.station] += rows
            if kind.skills[position] is not None:
                by[kind.skills[position] or ""] += rows
            before = starts
    for station, rows in at.items():
        model.add_cumulative(rows, [1] * len(rows), team.timing.place.station(station))
    if crew:
        _crew(model, team, by)
    return model


def _crew(model: cp_model.CpModel, team: Team, by: Mapping[str, list[cp_model.IntervalVar]]) -> None:
    """At no moment more skilled steps than people who can do them: for each skill, each person's skills, and all."""
    sets = {frozenset({skill}) for skill in by} | {frozenset(row.skills) & set(by) for row in team.providers}
    for skills in sorted(sets | {frozenset(by)}, key=sorted):
        rows = [row for skill in sorted(skills) for row in by[skill]]
        able = sum(1 for provider in team.providers if skills & set(provider.skills))
        if rows:
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
    solver.parameters.max_time_in_seconds = effort * 4
    solver.parameters.catch_sigint_signal = False
    return bool(solver.solve(model) == cp_model.INFEASIBLE)


@lru_cache(maxsize=4096)
def most_of_shape(place: Place, shape: Shape, wait: int) -> int:
    """A proven limit on people of one shape in a session, and of nobody else: what stations and hours allow any team."""
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
