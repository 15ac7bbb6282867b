"""The outline of a campaign: days on which a facility keeps the same hours are joined, sessions only counted.

Every valid plan is a solution of its model, so that its bounds are bounds of plans; it is a tenth of the whole.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from campaign.planning.problem import Facility, Window
from campaign.planning.solver import levels, session_rows, stock_rows
from campaign.planning.solver.building import prepare
from campaign.planning.solver.layout import Cell, Layout, Node, Phase, Pool, Slot
from campaign.planning.solver.model import Model


@dataclass(frozen=True)
class Season(Layout):
    """A layout whose "days" are kinds of opening hours; a cell stands for all days of a facility with these hours."""

    @cached_property
    def kinds(self) -> list[tuple[Window, ...]]:
        """The different opening hours that occur."""
        return sorted({tuple(sorted(row)) for place in self.problem.facilities for row in place.hours.values()})

    @cached_property
    def days_in(self) -> list[tuple[int, ...]]:
        """For each cell the real day indices that it stands for."""
        found: dict[tuple[int, int], list[int]] = defaultdict(list)
        for cell in self.real.cells:
            found[cell.facility, self.kinds.index(cell.windows)].append(cell.day)
        return [tuple(days) for _, days in sorted(found.items())]

    @cached_property
    def real(self) -> Layout:
        """The layout with its days."""
        return Layout(self.problem)

    @cached_property
    def cells(self) -> list[Cell]:
        """A facility and a kind of hours, for each that occurs."""
        pairs = {(cell.facility, self.kinds.index(cell.windows)) for cell in self.real.cells}
        return [Cell(facility, kind, self.kinds[kind]) for facility, kind in sorted(pairs)]

    @cached_property
    def often(self) -> list[int]:
        """How many days each cell stands for."""
        return [len(days) for days in self.days_in]

    @cached_property
    def service_days(self) -> list[frozenset[int]]:
        """For each provider their day indices."""
        dates = self.problem.dates
        return [frozenset(d for d, day in enumerate(dates) if day in row.dates) for row in self.problem.providers]

    def days_at(self, provider: int, cell: int) -> int:
        """How many of the cell's days the provider has."""
        return len(self.service_days[provider] & set(self.days_in[cell]))

    @cached_property
    def workers(self) -> list[list[int]]:
        """For each cell the providers who may work there on some of its days."""
        rows: list[set[int]] = [set() for _ in self.cells]
        for number, cell in enumerate(self.real.cells):
            rows[self.cell_number[cell.facility, self.kinds.index(cell.windows)]].update(self.real.workers[number])
        return [sorted(row) for row in rows]

    @cached_property
    def nodes(self) -> list[Node]:
        """Candidates of a kelurahan and method together; which dates they can come is left open."""
        found: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
        for node in self.real.nodes:
            found[node.kelurahan, node.method][0] += node.priority
            found[node.kelurahan, node.method][1] += node.other
        every = tuple(range(len(self.kinds)))
        return [Node(kelurahan, method, every, *people) for (kelurahan, method), people in found.items()]

    @cached_property
    def phases(self) -> list[Phase]:
        """One, without a limit on visits."""
        return [Phase(tuple(range(len(self.kinds))), None)]

    @cached_property
    def slots(self) -> list[Slot]:
        """All trips of a warehouse together."""
        trips: Counter[int] = Counter()
        for slot in self.real.slots:
            trips[slot.warehouse] += slot.trips
        return [Slot(warehouse, 0, number) for warehouse, number in sorted(trips.items())]

    def opening(self, facility: Facility, item: str, day: int) -> int:
        """Units on the shelf that can be used on the first day."""
        return super().opening(facility, item, 0)


def build_outline(season: Season, pools: list[Pool], *, thorough: bool = True, smallest: bool = True) -> Model:
    """The model of the outline; without `smallest`, sessions may hold fewer than `min_session`."""
    model = prepare(season, pools, thorough=thorough)
    session_rows.loads_are_arrivals(model)
    session_rows.sessions_have_room(model)
    session_rows.providers_do_the_skilled_work(model)
    _providers_have_days(model)
    _sessions_are_limited(model, smallest=smallest)
    stock_rows.shelves_suffice(model)
    stock_rows.warehouses_suffice(model)
    levels.set_levels(model)
    return model


def _season(model: Model) -> Season:
    assert isinstance(model.layout, Season)
    return model.layout


def _providers_have_days(model: Model) -> None:
    """What is within certain days fits into them; nobody works more than `max_days`."""
    season, program = _season(model), model.program
    where: dict[int, list[int]] = defaultdict(list)
    for provider, cell in model.works:
        where[provider].append(cell)
    for provider, cells in where.items():
        own = season.service_days[provider]
        days = {cell: own & set(season.days_in[cell]) for cell in cells}
        spans = {frozenset(row) for row in days.values()} | {frozenset().union(*days.values())}
        for span in sorted(spans, key=sorted):
            inside = [model.works[provider, cell] for cell in cells if days[cell] <= span]
            if len(inside) > 1:
                program.row([(column, 1) for column in inside], most=len(span))
        most = season.problem.providers[provider].max_days
        program.row([(model.works[provider, cell], 1) for cell in cells], most=most)


def _sessions_are_limited(model: Model, *, smallest: bool) -> None:
    """min_session; sessions in all; and a facility has no more dates than its kecamatan may have."""
    season, program, rules = _season(model), model.program, model.layout.problem.rules
    loads: dict[int, list[int]] = defaultdict(list)
    for (cell, _), column in model.load.items():
        loads[cell].append(column)
    places: dict[int, list[int]] = defaultdict(list)
    for cell, column in model.held.items():
        places[season.cells[cell].facility].append(column)
        if smallest and rules.min_session > 0:
            program.row([(c, 1) for c in loads[cell]] + [(column, -rules.min_session)], least=0)
    if rules.max_sessions_per_day is not None:
        most = rules.max_sessions_per_day * len(season.problem.dates)
        program.row([(column, 1) for column in model.held.values()], most=most)
    if rules.max_dates_per_kecamatan is not None:
        for columns in places.values():
            program.row([(column, 1) for column in columns], most=rules.max_dates_per_kecamatan)
