"""A set in its time: share out, plan the districts side by side, share out once more, plan on, prove."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from campaign.planning.adapting import empty_plan
from campaign.planning.check import violations
from campaign.planning.plan import Bounds, Objective, Plan
from campaign.planning.sets.allotment import Share, allot, unshipped
from campaign.planning.sets.answer import Move, PlanSet, together, with_moves
from campaign.planning.sets.document import District, ProblemSet
from campaign.planning.sets.exchange import share_again
from campaign.planning.solver import Limits, solve_in_process

_ROOT = str(Path(__file__).resolve().parents[3])
_SHARE_OUT, _FIRST = 0.25, 0.5  # of the time: for the first allotment at most; of the rest, for the first plans
_RESERVE = 0.04  # of the time, for checking and writing
_SHORTEST = 10.0  # seconds a district below which another round is not worth its start
Tell = Callable[[str], None]


@dataclass
class _Coordinator:
    """The child that solves the joint programs, and what it has told so far."""

    process: subprocess.Popen[str]
    shares: dict[Share, float] = field(default_factory=dict)
    first: float | None = None  # the bound of level 1, which holds for every answer
    later: dict[int, float] = field(default_factory=dict)  # bounds given the levels of `held`
    held: tuple[float, ...] = ()
    ready: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def begin(cls, path: Path, seed: int) -> _Coordinator:
        """Start the child; it works on the shares at once."""
        start = f"import sys; sys.path[:0] = {[_ROOT]!r}; from campaign.planning.sets.coordinator import main; main()"
        process = subprocess.Popen(
            [sys.executable, "-c", start],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        child = cls(process)
        threading.Thread(target=child._read, daemon=True).start()
        child.say({"path": str(path), "seed": seed})
        return child

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            try:
                message = json.loads(line)
            except ValueError:
                continue
            if "shares" in message:
                self.shares = {(a, b, c, d): value for a, b, c, d, value in message["shares"]}
                self.ready.set()
            elif message["level"] == 0:
                self.first = min(message["bound"], message["bound"] if self.first is None else self.first)
            else:
                known = self.later.get(message["level"], message["bound"])
                tightest = max if message["level"] == 3 else min
                self.later[message["level"]] = tightest(known, message["bound"])
        self.ready.set()
        self.done.set()

    def say(self, message: dict[str, Any]) -> None:
        """Send a message, one line of JSON."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(message) + "\n")
            self.process.stdin.flush()
        except OSError:
            pass  # it is gone: what it has told so far is used

    def end(self) -> None:
        """Kill the child and wait until it is gone."""
        self.process.kill()
        self.process.wait()


def plan_set(given: ProblemSet, path: Path, limits: Limits, tell: Tell = lambda text: None) -> PlanSet:
    """Plan every district of a set within the limits; the path is the set's file, for the child that shares out."""
    began = time.monotonic()
    until = began + limits.seconds * (1 - _RESERVE)
    coordinator = _Coordinator.begin(path, limits.seed)
    try:
        coordinator.ready.wait(limits.seconds * _SHARE_OUT)
        moves = allot(given, coordinator.shares)
        tell(f"{time.monotonic() - began:7.1f} s  {len(moves)} moves")
        left = until - time.monotonic()
        rounds = -(-len(given.districts) // limits.workers)
        first = left * _FIRST if left * _FIRST >= _SHORTEST * rounds else left  # one good round before two short ones
        answer = _answer(moves, _plan_districts(given, moves, limits, first, tell))
        coordinator.held = answer.objective.levels
        coordinator.say({"held": list(coordinator.held), "seconds": until - time.monotonic()})
        answer = _once_more(given, answer, limits, until, tell)
        answer = _without_idle_moves(given, answer)
        coordinator.done.wait(max(0.0, until - time.monotonic()))
    finally:
        coordinator.end()
    return replace(answer, bounds=_bounds(given, answer.objective, coordinator))


def _answer(moves: tuple[Move, ...], plans: dict[str, Plan]) -> PlanSet:
    total = together(plan.objective for plan in plans.values())
    return PlanSet(moves, plans, total, Bounds(*total.levels))


def _once_more(given: ProblemSet, answer: PlanSet, limits: Limits, until: float, tell: Tell) -> PlanSet:
    """The second round, from the plans of the first; whichever of the two rounds is better stays."""
    moves, gained = share_again(given, answer.plans, answer.moves)
    left = until - time.monotonic()
    settled = not gained and all(plan.solver.get("status") == "optimal" for plan in answer.plans.values())
    if settled or left < _SHORTEST * -(-len(given.districts) // limits.workers):
        return answer
    tell(f"{limits.seconds - left:7.1f} s  shared again: {', '.join(sorted(gained)) or 'nobody gains'}")
    again = _answer(moves, _plan_districts(given, moves, limits, left, tell, answer.plans))
    return again if again.objective.better_than(answer.objective) else answer


def _plan_districts(
    given: ProblemSet,
    moves: tuple[Move, ...],
    limits: Limits,
    seconds: float,
    tell: Tell,
    before: dict[str, Plan] | None = None,
) -> dict[str, Plan]:
    """A plan for each district, as many at a time as there are workers, the largest first."""
    rows = sorted(given.districts, key=lambda row: (-len(row.document), row.id))
    at_once = max(1, min(limits.workers, len(rows)))
    rounds = -(-len(rows) // at_once) if rows else 1
    each = replace(limits, seconds=max(1.0, seconds / rounds), workers=max(1, limits.workers // at_once))

    def run(district: District) -> Plan:
        problem = with_moves(given, district.id, moves)
        start = None if before is None else before[district.id]
        outcome = solve_in_process(problem.to_bytes(), each, start=start)
        plan = outcome.plan
        own = start if plan is None and start is not None else plan
        own = own or empty_plan(district.problem)
        own = replace(own, problem=district.problem.sha256)
        if violations(problem, own):
            own = empty_plan(district.problem)
        tell(f"          {district.id}: {own.objective.served_priority:g} + {own.objective.served:g}")
        return own

    with ThreadPoolExecutor(at_once) as pool:
        return dict(zip([row.id for row in rows], pool.map(run, rows), strict=True))


def _without_idle_moves(given: ProblemSet, answer: PlanSet) -> PlanSet:
    """Leave in the depot what no district ships, where the plans stay valid without it."""
    moves = list(answer.moves)
    for district in given.districts:
        idle = unshipped(district.problem, answer.plans[district.id], answer.moves, district.id)
        own = [
            replace(move, quantity=move.quantity - idle[move]) for move in answer.moves if move.district == district.id
        ]
        fewer = [move for move in own if move.quantity]
        if not violations(with_moves(given, district.id, fewer), answer.plans[district.id]):
            moves = [move for move in moves if move.district != district.id] + fewer
    return replace(answer, moves=tuple(sorted(moves, key=lambda m: (m.depot, m.district, m.warehouse, m.item, m.lot))))


def _bounds(given: ProblemSet, reached: Objective, coordinator: _Coordinator) -> Bounds:
    """The limits told, where they hold for this answer; else what no answer can exceed anyhow."""
    everybody = [row for district in given.districts for row in district.problem.candidates]
    told = [
        float(sum(row.count for row in everybody if row.priority)),
        float(sum(row.count for row in everybody)),
        1.0,
        0.0,
    ]
    if coordinator.first is not None:
        told[0] = min(told[0], coordinator.first)
    for level, bound in sorted(coordinator.later.items()):
        if _no_worse(reached.levels[:level], coordinator.held[:level]):
            told[level] = bound
    real = reached.levels
    first, second, third = (max(bound, value) for bound, value in zip(told[:3], real[:3], strict=True))
    return Bounds(first, second, third, min(told[3], real[3]))


def _no_worse(reached: Iterable[float], held: Iterable[float]) -> bool:
    return all(mine >= theirs - 1e-9 for mine, theirs in zip(reached, held, strict=True))
