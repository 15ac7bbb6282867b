"""One program over all districts and depots: who should get what, and what no answer to the set can exceed."""

from __future__ import annotations

import json
import math
import os
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from campaign.planning.sets.allotment import Share, may_ship, places_of, ships_until
from campaign.planning.sets.answer import Move, with_moves
from campaign.planning.sets.document import ProblemSet, load_set
from campaign.planning.solver.building import build
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.model import Model
from campaign.planning.solver.outcome import LEVELS
from campaign.planning.solver.program import Answer, Effort, Program, Row, solve_program

_LONG = 1e4  # seconds: the parent ends this process when its time is up
_HELD = 1e-6


class Joint:
    """The districts' models side by side, their warehouses fed by the depots' moves."""

    def __init__(self, given: ProblemSet, *, fine: bool, seed: int = 1) -> None:
        self.given = given
        self.seed = seed
        self.program = Program()
        self.objectives: dict[str, dict[int, float]] = {name: {} for name in LEVELS}
        self.moved: dict[Share, int] = {}
        self._moves()
        coverage = self.program.column(1.0)
        self.objectives["min_coverage"] = {coverage: 1.0}
        for district in given.districts:
            layout = Layout(with_moves(given, district.id, _everything(given)))
            pools = layout.single_pools() if fine else layout.merged_pools(by_reach=False)
            model = build(layout, pools, thorough=False)
            offset = self._append(model)
            self._feed(district.id, model, offset)
            self.program.row([(coverage, 1.0), (model.coverage + offset, -1.0)], most=0)

    def _moves(self) -> None:
        """A column for each depot, warehouse and item; lots go only where they last long enough."""
        for depot in self.given.depots:
            for item in sorted({lot.item for lot in depot.stock}):
                rows = [lot for lot in depot.stock if lot.item == item]
                until = {
                    place: ships_until(self.given.district(place[0]).problem)
                    for place in places_of(self.given, depot, item)
                }
                for place, day in until.items():
                    most = sum(lot.quantity for lot in rows if lot.expiry >= day)
                    self.moved[depot.id, *place, item] = self.program.column(most)
                for day in sorted(set(until.values())):
                    terms = [(self.moved[depot.id, *place, item], 1.0) for place, own in until.items() if own >= day]
                    self.program.row(terms, most=sum(lot.quantity for lot in rows if lot.expiry >= day))

    def _append(self, model: Model) -> int:
        offset = len(self.program.least)
        self.program.least += model.program.least
        self.program.most += model.program.most
        self.program.whole += model.program.whole
        for row in model.program.rows:
            self.program.rows.append(Row(row.least, row.most, {c + offset: v for c, v in row.terms.items()}))
        for name in ("served_priority", "served", "cost"):
            self.objectives[name].update({c + offset: v for c, v in model.objectives[name].items()})
        return offset

    def _feed(self, district: str, model: Model, offset: int) -> None:
        """What a warehouse ships comes from its own lots or from moves."""
        problem = self.given.district(district).problem
        shipped: dict[tuple[str, str], list[int]] = defaultdict(list)
        for (slot, _, item), column in model.packs.items():
            house = problem.warehouses[model.layout.slots[slot].warehouse].id
            shipped[house, item].append(column + offset)
        for (house, item), columns in shipped.items():
            pack = problem.item[item].pack
            coming = [
                c
                for (_, where, place, what), c in self.moved.items()
                if (where, place, what) == (district, house, item)
            ]
            terms = [(c, float(pack)) for c in columns] + [(c, -1.0) for c in coming]
            self.program.row(terms, most=max(0, may_ship(problem, house, item)))

    def solve(self, level: int, held: list[float], *, relaxed: bool = True, seconds: float = _LONG) -> Answer:
        """A level's program with the levels before it no worse than these."""
        program = self.program.copy()
        for number, value in enumerate(held[:level]):
            slack = _HELD * max(1.0, abs(value)) if relaxed or number == 2 else 0.0
            program.row(self.objectives[LEVELS[number]].items(), least=value - slack)
        effort = Effort(seconds, seed=self.seed, absolute_gap=0.999 if level < 2 else 0.0)
        return solve_program(program, self.objectives[LEVELS[level]], effort, maximise=level < 3, relaxed=relaxed)


def _everything(given: ProblemSet) -> list[Move]:
    """Every lot moved everywhere at once: what the districts' own models may count on at most."""
    return [
        Move(depot.id, district, house, lot.item, lot.lot, lot.quantity)
        for depot in given.depots
        for lot in depot.stock
        for district, house in places_of(given, depot, lot.item)
        if lot.quantity and lot.expiry >= ships_until(given.district(district).problem)
    ]


def shares(joint: Joint, tell: Any) -> dict[Share, float]:
    """What a linear program over everything sends where, level by level; tells the bound of level 1 on the way."""
    held: list[float] = []
    values: list[float] = []
    for level in range(3):
        answer = joint.solve(level, held)
        if answer.values is None:
            break
        if level == 0:
            tell(0, answer.bound)
        values = answer.values
        held.append(answer.objective)
    return {key: values[column] for key, column in joint.moved.items()} if values else {}


def bounds(joint: Joint, held: list[float], tell: Any, seconds: float) -> None:
    """Limits of levels 2 to 4, given what an answer reaches; then whole numbers, where they may say more."""
    for level in (1, 2):
        answer = joint.solve(level, held)
        if answer.values is not None:
            tell(level, answer.bound)
    cost = Joint(joint.given, fine=True, seed=joint.seed).solve(3, held)
    if cost.values is not None:
        tell(3, cost.bound)
    for level in (0, 1):
        found = joint.solve(level, held, relaxed=False, seconds=max(2.0, seconds / 3))
        if not found.infeasible and math.isfinite(found.bound):
            tell(level, found.bound)


def main() -> None:
    """The child: shares first, then, told what was reached, the limits."""
    task = json.loads(sys.stdin.readline())
    given = load_set(Path(task["path"]))

    def say(message: dict[str, Any]) -> None:
        sys.stdout.write("\n" + json.dumps(message) + "\n")
        sys.stdout.flush()

    def tell(level: int, bound: float) -> None:
        if level < 2:
            bound = math.floor(bound + 1e-6)
        elif level == 2:
            bound = min(1.0, bound + 1e-9)
        else:
            bound -= 1e-9 * max(1.0, abs(bound))
        say({"level": level, "bound": bound})

    joint = Joint(given, fine=False, seed=task["seed"])
    found = shares(joint, tell)
    say({"shares": [[*key, value] for key, value in found.items()]})
    reached = json.loads(sys.stdin.readline())
    bounds(joint, reached["held"], tell, reached["seconds"])
    os._exit(0)


__all__ = ["Joint", "bounds", "main", "shares"]
