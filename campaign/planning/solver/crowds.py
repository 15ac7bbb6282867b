"""Crowds: people who were proven not to fit into one session together, and the rows that keep them apart.

A timetable that holds a crowd holds every part of it, and a larger team holds no fewer: so a crowd is made as small and
its team as large as the proof allows, and counts wherever the place is the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from campaign.planning.solver.crowding import alike_in, impossible, kind_of
from campaign.planning.solver.dealing import team_of
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.model import Model, place_of
from campaign.planning.solver.program import Program, Terms
from campaign.planning.solver.timetable import Team

_EFFORT, _HARD = 0.1, 0.4  # deterministic seconds for one proof; for the first one, of the whole crowd
_MIXES = 80  # ways to make up a crowd, up to which each of them is tried


@dataclass(frozen=True)
class Crowd:
    """So many of each kind of methods are too many at once at a cell like this one.

    `crew` are the provider numbers with whom it is proven; None: whoever comes, and at any facility of the same place.
    """

    cell: int
    kinds: tuple[tuple[frozenset[int], int], ...]
    crew: frozenset[int] | None


def find_crowd(layout: Layout, cell: int, team: Team, crew: tuple[int, ...], counts: Mapping[int, int]) -> Crowd | None:
    """The smallest crowd among so many of each method that is proven not to fit; None where nothing is proven."""
    present = sorted(m for m, n in counts.items() if n and team.steps(m))
    shapes = [group for group in alike_in(team, sorted(team.timing.possible)) if group & set(present)]
    everybody = tuple(layout.workers[cell])
    tries: list[tuple[list[frozenset[int]], Team, frozenset[int] | None]] = [(shapes, team, None)]
    for groups in (shapes, [frozenset({m}) for m in present]):
        for there in (everybody, crew):
            tries.append((groups, team_of(layout, cell, team.timing, there), frozenset(there)))
    for groups, staff, able in tries:
        many = {group: sum(counts.get(m, 0) for m in group) for group in groups}
        if _too_many(staff, many, skilled=able is not None, effort=_HARD):
            kinds = _smallest(staff, many, skilled=able is not None)
            return Crowd(cell, _together(staff, kinds, skilled=able is not None), able)
    return None


def _together(team: Team, kinds: dict[frozenset[int], int], *, skilled: bool) -> tuple[tuple[frozenset[int], int], ...]:
    """As one kind where so many are too many however they are made up: one row then does for many crowds."""
    total = sum(kinds.values())
    if math.comb(total + len(kinds) - 1, total) <= _MIXES:
        mixes = (dict(zip(kinds, mix, strict=True)) for mix in _parts(total, len(kinds)))
        if all(_too_many(team, mix, skilled=skilled) for mix in mixes):
            return ((frozenset().union(*kinds), total),)
    return tuple(kinds.items())


def _parts(total: int, kinds: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many people are of so many kinds."""
    if kinds == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _parts(total - first, kinds - 1):
            yield (first, *rest)


def _too_many(team: Team, many: Mapping[frozenset[int], int], *, skilled: bool, effort: float = _EFFORT) -> bool:
    return impossible(team, [kind_of(team, group, n, skilled=skilled) for group, n in many.items() if n], effort)


def _smallest(team: Team, many: dict[frozenset[int], int], *, skilled: bool) -> dict[frozenset[int], int]:
    """Each kind reduced as far as the proof goes, the rarest first: what is not needed leaves the crowd."""
    left = dict(many)
    for group in sorted(left, key=lambda g: (left[g], sorted(g))):
        low, high = 0, left[group]  # proven with `high`
        while low < high:
            middle = (low + high) // 2
            if _too_many(team, {**left, group: middle}, skilled=skilled):
                high = middle
            else:
                low = middle + 1
        left[group] = high
    return {group: n for group, n in left.items() if n}


def keep_apart(model: Model, program: Program, crowds: list[Crowd]) -> None:
    """Rows, and where a crowd is of several kinds columns, without which some session would hold a crowd."""
    for crowd in crowds:
        for cell in _like(model.layout, crowd):
            _keep_apart_at(model, program, crowd, cell)


def _like(layout: Layout, crowd: Crowd) -> list[int]:
    place, facility = place_of(layout, crowd.cell), layout.cells[crowd.cell].facility
    return [
        cell
        for cell, where in enumerate(layout.cells)
        if place_of(layout, cell) == place and (crowd.crew is None or where.facility == facility)
    ]


def _keep_apart_at(model: Model, program: Program, crowd: Crowd, cell: int) -> None:
    rows: list[tuple[list[int], int, float]] = []  # columns, people who are too many, people there can be
    for methods, people in crowd.kinds:
        columns = [model.load[cell, m] for m in sorted(methods) if (cell, m) in model.load]
        most = sum(program.most[column] for column in columns)
        if most < people:
            return
        rows.append((columns, people, most))
    crew = crowd.crew
    others = [] if crew is None else [c for (p, where), c in model.works.items() if where == cell and p not in crew]
    if len(rows) == 1:
        columns, people, most = rows[0]
        more: Terms = [(c, -(most - people + 1)) for c in others]
        program.row([*((c, 1.0) for c in columns), *more, (model.held[cell], -(people - 1))], most=0)
        return
    reached = []
    for columns, people, most in rows:
        reached.append(program.column(1, whole=True))
        program.row([*((c, 1.0) for c in columns), (reached[-1], -(most - people + 1))], most=people - 1)
    program.row([*((c, 1.0) for c in reached), *((c, -1.0) for c in others)], most=len(rows) - 1)
