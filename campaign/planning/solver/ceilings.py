"""Ceilings: what no plan can exceed, from programs of the outline in which only team-days need be whole."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from campaign.planning.solver.model import Model
from campaign.planning.solver.outcome import LEVELS
from campaign.planning.solver.outline import Season, build_outline
from campaign.planning.solver.program import Program
from campaign.planning.solver.search import Search

_HOLD = 1e-6
_GAPS = ((0.0, 0.9), (0.0, 0.9), (1e-3, 0.0))  # relative and absolute: close enough


@dataclass(frozen=True, slots=True)
class Claim:
    """No plan that reaches `given` at the levels before goes beyond the bound at this level."""

    level: int
    given: tuple[float, ...]
    bound: float


@dataclass
class Ceilings:
    """Programs of the outline, and what has been proven with them."""

    search: Search
    season: Season
    claims: list[Claim] = field(default_factory=list)

    def __post_init__(self) -> None:
        # a kecamatan's kelurahan together with all that one of them reaches: a relaxation, and small
        self.coarse = build_outline(self.season, self.season.merged_pools(by_reach=False), thorough=False)

    def seek(self, seconds: float) -> list[float]:
        """The ceilings of levels 1 to 3, each given those before: what a plan should want."""
        wanted: list[float] = []
        reach = build_outline(self.season, self.season.merged_pools(by_reach=True), thorough=False)
        relaxed = self._linear(reach, 0, ())
        for level in range(3):
            bound = self._whole(level, tuple(wanted), seconds)
            if level == 0:
                bound = min(bound, relaxed)
            if level == 1:
                bound = min(bound, self._linear(reach, 1, tuple(wanted)))
            self.claim(level, tuple(wanted), bound)
            wanted.append(math.floor(bound + _HOLD) if level < 2 else min(1.0, bound))
        return wanted

    def linear_wishes(self) -> list[float]:
        """The same from linear programs alone: quicker, and somewhat too high."""
        wanted: list[float] = []
        for level in range(3):
            bound = self._linear(self.coarse, level, tuple(wanted))
            if not math.isfinite(bound):
                bound = self.search.bounds[level]
            self.claim(level, tuple(wanted), bound)
            wanted.append(math.floor(bound + _HOLD) if level < 2 else min(1.0, bound))
        for level in (1, 2):  # whatever the plan reaches before: so that there is a bound at any moment
            self.claim(level, (0.0,) * level, self._linear(self.coarse, level, (0.0,) * level))
        return wanted

    def claim(self, level: int, given: tuple[float, ...], bound: float) -> None:
        """Note a proven bound; it counts as soon as the plan at hand reaches what was given."""
        if math.isfinite(bound):
            self.claims.append(Claim(level, given, bound))
            self.apply()

    def apply(self) -> None:
        """Take over what has been proven for plans like the one at hand."""
        reached = self.search.plan.objective.levels
        for row in self.claims:
            if all(reached[level] >= least - 1e-9 for level, least in enumerate(row.given)):
                self.search.tighten(row.level, row.bound)

    def holds(self, level: int) -> bool:
        """Whether some claim about the level is about plans like the one at hand."""
        reached = self.search.plan.objective.levels
        return any(
            row.level == level and all(reached[k] >= least - 1e-9 for k, least in enumerate(row.given))
            for row in self.claims
        )

    def close(self, seconds: float) -> None:
        """Bounds of levels 2 and 3 for the plan at hand, where what was proven is about better plans."""
        reached = self.search.plan.objective.levels
        for level in (1, 2):
            if not self.holds(level) and not self.search.clock.over:
                given = reached[:level]
                self.claim(level, given, self._linear(self.coarse, level, given))
                if not self.search.proven(level):
                    self.claim(level, given, self._whole(level, given, seconds))

    def _held(self, model: Model, given: tuple[float, ...]) -> Program:
        program = model.program.copy()
        for level, least in enumerate(given):
            program.row(model.objectives[LEVELS[level]].items(), least=least - _HOLD)
        return program

    def _linear(self, model: Model, level: int, given: tuple[float, ...]) -> float:
        program = self._held(model, given)
        left = max(0.5, self.search.clock.left)
        answer = self.search.run(program, model.objectives[LEVELS[level]], left, maximise=True, relaxed=True)
        return answer.bound if answer.values is not None else math.inf

    def _whole(self, level: int, given: tuple[float, ...], seconds: float) -> float:
        program = self._held(self.coarse, given)
        whole = set(self.coarse.works.values())
        program.whole = [column in whole for column in range(len(program.least))]
        seconds = max(0.5, min(seconds, self.search.clock.left))
        objective = self.coarse.objectives[LEVELS[level]]
        return self.search.run(program, objective, seconds, maximise=True, gaps=_GAPS[level]).bound


def cost_floor(search: Search, outline: Model, seconds: float, *, whole: bool) -> float:
    """The least cost that a plan as good as the one at hand must have; rupiah."""
    program = outline.program.copy()
    for level in range(3):
        program.row(outline.objectives[LEVELS[level]].items(), least=search.value(level) - _HOLD)
    if whole:
        counted = {*outline.works.values(), *outline.held.values()}
        program.whole = [column in counted for column in range(len(program.least))]
    objective = outline.objectives["cost"]
    answer = search.run(program, objective, seconds, maximise=False, relaxed=not whole, gaps=(1e-3, 0.0))
    if answer.infeasible or (not whole and not answer.optimal):
        return -math.inf
    return answer.bound
