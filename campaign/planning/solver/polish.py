"""Bettering a solution of a whole model piece by piece: sessions, teams and trips of one piece are decided anew."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace

from campaign.planning.solver.model import Model
from campaign.planning.solver.program import INFINITY, Answer, Effort, Program, solve_program

_PIECE_SECONDS = 4.0
_EASY_SECONDS = 1.0  # a piece solved sooner was a small one: the next takes more


@dataclass
class Polish:
    """A program of a model, its objective and the sense of it; `start` are values of the model's own columns."""

    model: Model
    program: Program
    objective: dict[int, float]
    maximise: bool
    start: list[float]

    def run(self, effort: Effort) -> Answer:
        """The best values found in the time; they prove nothing."""
        until = time.monotonic() + effort.seconds
        dice = random.Random(effort.seed)  # noqa: S311 - repeatable on purpose
        best = self._piece(self.start, set(), replace(effort, seconds=min(_PIECE_SECONDS, effort.seconds)))
        size = 1
        while best is not None and time.monotonic() < until:
            left = max(0.2, min(_PIECE_SECONDS, until - time.monotonic()))
            began = time.monotonic()
            better = self._piece(best.values or [], self._free(dice, size), replace(effort, seconds=left))
            if better is not None and self._gain(better, best) > 0:
                best = better
            taken = time.monotonic() - began
            size = min(size + 1, 4) if taken < _EASY_SECONDS else max(1, size - (taken >= left))
        if best is None:
            return self.nothing
        return replace(best, bound=self._no_bound, optimal=False)

    @property
    def nothing(self) -> Answer:
        """What is known when nothing was found."""
        return Answer(None, float("nan"), self._no_bound, optimal=False, infeasible=False)

    @property
    def _no_bound(self) -> float:
        return INFINITY if self.maximise else -INFINITY

    def _gain(self, new: Answer, old: Answer) -> float:
        return (new.objective - old.objective) * (1 if self.maximise else -1)

    def _piece(self, values: list[float], free: set[int], effort: Effort) -> Answer | None:
        """Solve again with every decision outside the piece as it was."""
        program = self.program.copy()
        for column in self._decisions:
            if column not in free:
                program.least[column] = program.most[column] = round(values[column])
        hint = values if len(values) == len(program.least) else None
        effort = replace(effort, relative_gap=max(effort.relative_gap, 1e-4))
        answer = solve_program(program, self.objective, effort, maximise=self.maximise, hint=hint)
        return None if answer.values is None else answer

    @property
    def _decisions(self) -> list[int]:
        model = self.model
        return [*model.held.values(), *model.works.values(), *model.dated.values(), *model.trips.values()]

    def _free(self, dice: random.Random, size: int) -> set[int]:
        """The decisions of some kecamatan, of some days, or of some providers who travel."""
        kind = dice.choice(("kecamatan", "kecamatan", "days", "mobile"))
        if kind == "kecamatan":
            return self._of_kecamatan(dice, size)
        if kind == "days":
            return self._of_days(dice, size)
        return self._of_mobile(dice, size)

    def _of_kecamatan(self, dice: random.Random, size: int) -> set[int]:
        model, layout = self.model, self.model.layout
        chosen = set(_some(dice, range(len(layout.problem.kecamatan)), size))
        facilities = {f for f, k in enumerate(layout.kecamatan_of_facility) if k in chosen}
        cells = {number for number, cell in enumerate(layout.cells) if cell.facility in facilities}
        free = self._at(cells) | {c for (k, _), c in model.dated.items() if k in chosen}
        return free | {c for (_, f), c in model.trips.items() if f in facilities}

    def _of_days(self, dice: random.Random, size: int) -> set[int]:
        model, layout = self.model, self.model.layout
        chosen = set(_some(dice, range(len(layout.problem.dates)), size + 1))
        cells = {number for number, cell in enumerate(layout.cells) if cell.day in chosen}
        return self._at(cells) | set(model.trips.values()) | {c for (_, d), c in model.dated.items() if d in chosen}

    def _of_mobile(self, dice: random.Random, size: int) -> set[int]:
        model, providers = self.model, self.model.layout.problem.providers
        chosen = set(_some(dice, [p for p, row in enumerate(providers) if row.mobile], size))
        free = {c for (p, _), c in model.works.items() if p in chosen or not providers[p].mobile}
        return free | set(model.held.values()) | set(model.trips.values())

    def _at(self, cells: set[int]) -> set[int]:
        model, providers = self.model, self.model.layout.problem.providers
        held = {c for cell, c in model.held.items() if cell in cells}
        mobile = {c for (p, _), c in model.works.items() if providers[p].mobile}
        return held | mobile | {c for (_, cell), c in model.works.items() if cell in cells}


def _some(dice: random.Random, of: range | list[int], size: int) -> list[int]:
    return dice.sample(list(of), min(size, len(of)))
