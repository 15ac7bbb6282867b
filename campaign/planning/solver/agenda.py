"""An agenda: on which of its days each facility holds the sessions that the outline counts, and who is there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from campaign.planning.solver.layout import Pool
from campaign.planning.solver.model import Model
from campaign.planning.solver.outline import Season

_PRESENT, _HELD, _CROWD = 100, 30, 8  # what a provider's day, a session and a crowded session count
_FIRST, _OTHER = 40, 12  # a person with few dates who can be served, with priority or without
_NEAREST = 4
_SECONDS = 2.5


def closest(pool: Pool) -> set[int]:
    """The few facilities that are nearest to the pool's people."""
    return set(sorted(pool.km, key=lambda facility: pool.km[facility])[:_NEAREST])


@dataclass
class Agenda:
    """Sessions (cells of the layout with days) and who works in them."""

    held: set[int] = field(default_factory=set)
    works: set[tuple[int, int]] = field(default_factory=set)  # (provider, cell)


class _Days:
    """The choice of days as a program of its own: nearly always all that the outline counts finds a day."""

    def __init__(self, season: Season, outline: Model, values: list[float]) -> None:
        self.season, self.real = season, season.real
        self.model = cp_model.CpModel()
        self.held: dict[int, cp_model.IntVar] = {}
        self.works: dict[tuple[int, int], cp_model.IntVar] = {}
        self.gain: list[cp_model.LinearExprT] = []
        for block, column in outline.held.items():
            self._sessions(block, round(values[column]))
        for (provider, block), column in outline.works.items():
            self._presence(provider, block, round(values[column]))
        self.near: dict[tuple[int, int], set[int]] = defaultdict(set)
        for arc, column in outline.arcs.items():
            if values[column] > 0 or arc.facility in closest(outline.pools[arc.pool]):
                node = season.nodes[outline.pools[arc.pool].members[0]]
                self.near[node.kelurahan, node.method].add(arc.facility)
        self._spread(outline, values)
        self._dated()
        self._rules()

    def _cells(self, block: int) -> list[int]:
        facility = self.season.cells[block].facility
        return [self.real.cell_number[facility, day] for day in self.season.days_in[block]]

    def _sessions(self, block: int, number: int) -> None:
        if number <= 0:
            return
        row = []
        for cell in self._cells(block):
            self.held[cell] = self.model.new_bool_var("")
            row.append(self.held[cell])
            self.gain.append(self.held[cell] * (_HELD + self.real.cells[cell].day))  # late: all have been visited
        self.model.add(sum(row) <= number)

    def _presence(self, provider: int, block: int, number: int) -> None:
        if number <= 0:
            return
        row = []
        for cell in self._cells(block):
            if cell in self.held and provider in self.real.workers[cell]:
                here = self.works[provider, cell] = self.model.new_bool_var("")
                self.model.add_implication(here, self.held[cell])
                row.append(here)
                self.gain.append(here * _PRESENT)
        self.model.add(sum(row) <= number)

    def _spread(self, outline: Model, values: list[float]) -> None:
        """Providers spread over the sessions of a facility, so that rooms suffice."""
        staff: dict[int, int] = defaultdict(int)
        for (_, block), column in outline.works.items():
            staff[block] += round(values[column])
        by_cell: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for (_, cell), variable in self.works.items():
            by_cell[cell].append(variable)
        for block, column in outline.held.items():
            sessions = round(values[column])
            for cell in self._cells(block) if sessions > 1 else ():
                if len(by_cell[cell]) > -(-staff[block] // sessions):
                    over = self.model.new_int_var(0, len(by_cell[cell]), "")
                    self.model.add(sum(by_cell[cell]) <= -(-staff[block] // sessions) + over)
                    self.gain.append(over * -_CROWD)

    def _dated(self) -> None:
        """Who can only come on some dates should find a session they may go to, with somebody who can serve them."""
        problem = self.real.problem
        every = len(problem.dates)
        for node in self.real.nodes:
            if len(node.days) == every:
                continue
            skills = {step.skill for step in problem.methods[node.method].timed_steps if step.skill is not None}
            ways = []
            for place in self.near.get((node.kelurahan, node.method), ()):
                for day in node.days:
                    cell = self.real.cell_number.get((place, day), -1)
                    if skills:
                        ways += [
                            here
                            for (provider, where), here in self.works.items()
                            if where == cell and skills & set(problem.providers[provider].skills)
                        ]
                    elif cell in self.held:
                        ways.append(self.held[cell])
            if ways:
                met = self.model.new_bool_var("")
                self.model.add(sum(ways) >= met)
                self.gain.append(met * (_FIRST * node.priority + _OTHER * node.other))

    def _rules(self) -> None:
        rules, real = self.real.problem.rules, self.real
        at_once: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        for (provider, cell), variable in self.works.items():
            at_once[provider, real.cells[cell].day].append(variable)
        for row in at_once.values():
            self.model.add_at_most_one(row)
        dated: dict[int, dict[int, cp_model.IntVar]] = defaultdict(dict)
        by_day: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for cell, variable in self.held.items():
            where = real.cells[cell]
            by_day[where.day].append(variable)
            kecamatan = dated[real.kecamatan_of_facility[where.facility]]
            if rules.max_dates_per_kecamatan is not None:
                date = kecamatan.setdefault(where.day, self.model.new_bool_var(""))
                self.model.add_implication(variable, date)
        for dates in dated.values():
            if rules.max_dates_per_kecamatan is not None:
                self.model.add(sum(dates.values()) <= rules.max_dates_per_kecamatan)
        for row in by_day.values():
            if rules.max_sessions_per_day is not None:
                self.model.add(sum(row) <= rules.max_sessions_per_day)


def choose_days(outline: Model, values: list[float], seed: int) -> Agenda:
    """Days for the sessions and providers of an outline's solution; what finds none is left out."""
    assert isinstance(outline.layout, Season)
    days = _Days(outline.layout, outline, values)
    days.model.maximize(sum(days.gain))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = _SECONDS
    solver.parameters.relative_gap_limit = 0.01
    solver.parameters.max_time_in_seconds = _SECONDS
    if solver.solve(days.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Agenda()
    return Agenda(
        {cell for cell, variable in days.held.items() if solver.value(variable)},
        {key for key, variable in days.works.items() if solver.value(variable)},
    )
