"""The aggregated model: groups to facilities, method totals to facility and date, and every rule as rows.

It knows no single appointments: a timetable is promised only as far as `capacity` can tell, so that every valid plan
is a solution of the model (its bounds hold for plans) while a solution still has to be timetabled.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from campaign.planning.solver.capacity import Place, Timing
from campaign.planning.solver.layout import Layout, Pool
from campaign.planning.solver.program import Program


@dataclass(frozen=True, slots=True)
class Arc:
    """People of a pool sent to a facility, over a set of its days in one phase."""

    pool: int
    facility: int
    days: tuple[int, ...]


@dataclass
class Model:
    """A program and what its columns stand for: the tables give column numbers."""

    layout: Layout
    pools: list[Pool]
    thorough: bool = True  # rows for every span of steps; without, only for all steps of a station or skill set
    margin: int = 0  # minutes a stretch is left idle; above 0 the model is no relaxation, but its sessions seat better
    split_days: bool = False  # every arc a single day, so that people can be held to dates
    program: Program = field(default_factory=Program)
    arcs: dict[Arc, int] = field(default_factory=dict)
    spread: dict[tuple[int, int, tuple[int, ...], tuple[int, ...], int], int] = field(default_factory=dict)
    load: dict[tuple[int, int], int] = field(default_factory=dict)  # (cell, method)
    alone: dict[tuple[int, int], int] = field(default_factory=dict)  # (cell, method): the most of it in one session
    held: dict[int, int] = field(default_factory=dict)  # cell
    works: dict[tuple[int, int], int] = field(default_factory=dict)  # (provider, cell)
    packs: dict[tuple[int, int, str], int] = field(default_factory=dict)  # (slot, facility, item)
    trips: dict[tuple[int, int], int] = field(default_factory=dict)  # (slot, facility)
    priority: dict[int, int] = field(default_factory=dict)  # pool
    covered: dict[tuple[int, int], int] = field(default_factory=dict)  # (kecamatan, method)
    visited: dict[tuple[int, int], int] = field(default_factory=dict)  # (kelurahan, phase)
    dated: dict[tuple[int, int], int] = field(default_factory=dict)  # (kecamatan, day)
    staying: dict[int, float] = field(default_factory=dict)  # people who keep facility and date
    coverage: int = -1
    timing: list[Timing] = field(default_factory=list)  # by cell
    objectives: dict[str, dict[int, float]] = field(default_factory=dict)


def place_of(layout: Layout, cell: int) -> Place:
    """Windows and stations of a cell; cells that are equal in these share a timing."""
    where = layout.cells[cell]
    stations = layout.problem.facilities[where.facility].stations
    return Place(where.windows, tuple(sorted(stations.items())))
