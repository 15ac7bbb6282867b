"""What a change would be worth: the difference at all four levels, by real solves that start from the plan at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from campaign.planning.changes import changed
from campaign.planning.plan import Objective, Plan
from campaign.planning.problem import Problem
from campaign.planning.solver import Limits, Outcome, solve

Solve = Callable[[Problem, Limits, Plan], Outcome]
Range = tuple[float, float]
_CLOSED = 1e-6
_MOST_TEAMS = 3


@dataclass(frozen=True)
class Worth:
    """A change, what the plan of the changed problem reaches, what there was before, and both plans' proven limits."""

    change: Mapping[str, Any]
    reached: Objective
    limits: Objective
    before: Objective
    before_limits: Objective

    @property
    def difference(self) -> tuple[float, float, float, float]:
        """Priority served, served, coverage, rupiah: what was found after less what was found before."""
        pairs = zip(self.reached.levels, self.before.levels, strict=True)
        first, second, third, fourth = (after - before for after, before in pairs)
        return first, second, third, fourth

    @property
    def ranges(self) -> tuple[Range | None, ...]:
        """For each level between what the true difference lies; None where nothing is proven.

        A limit speaks of the best that the levels before it allow: it counts once these are proven on both sides.
        """
        found: list[Range | None] = []
        rows = zip(self.reached.levels, self.limits.levels, self.before.levels, self.before_limits.levels, strict=True)
        known = True
        for level, (after, after_limit, before, before_limit) in enumerate(rows):
            ends = (after - before_limit, after_limit - before)
            found.append((min(ends), max(ends)) if known else None)
            closed = (_closed(after, after_limit, level), _closed(before, before_limit, level))
            known = known and all(closed)
        return tuple(found)


def _closed(value: float, limit: float, level: int) -> bool:
    return abs(value - limit) <= _CLOSED * max(1.0, abs(value)) or (level < 2 and abs(value - limit) < 1)


def in_this_process(problem: Problem, limits: Limits, start: Plan) -> Outcome:
    """Solve from a plan, without a process of its own."""
    return solve(problem, limits, start=start)


def what_if(
    problem: Problem,
    plan: Plan,
    changes: Sequence[Mapping[str, Any]],
    limits: Limits,
    run: Solve = in_this_process,
    *,
    at_once: int = 1,
) -> Iterable[Worth]:
    """The worth of each change by itself, one after the other as they are known.

    Raises UnknownChange or InvalidProblem at once for a change that cannot be made. The plan is improved first, with
    the same limits, and every change starts from what comes of it: a difference is never only the longer search.
    """
    others = [changed(problem, change) for change in changes]
    base = run(problem, limits, plan).plan
    if base is None or plan.objective.better_than(base.objective):
        base = plan
    return _worths(list(zip(changes, others, strict=True)), base, limits, run, at_once)


def _worths(
    rows: list[tuple[Mapping[str, Any], Problem]], base: Plan, limits: Limits, run: Solve, at_once: int
) -> Iterable[Worth]:
    each = replace(limits, workers=max(1, limits.workers // at_once))
    with ThreadPoolExecutor(at_once) if at_once > 1 else _OneByOne() as pool:
        for (change, _), outcome in zip(rows, pool.map(lambda row: run(row[1], each, base), rows), strict=True):
            if outcome.plan is not None:
                yield Worth(change, outcome.plan.objective, outcome.plan.bounds, base.objective, base.bounds)


class _OneByOne:
    """A pool without threads."""

    def __enter__(self) -> _OneByOne:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    @staticmethod
    def map(run: Callable[[Any], Any], rows: Iterable[Any]) -> Iterable[Any]:
        """Run on each row when its answer is asked for."""
        return map(run, rows)


def standard_changes(problem: Problem) -> list[dict[str, Any]]:
    """The usual questions: a team, an hour, fifty sets of each item, wider travel, a date more; a doctor ill."""
    found: list[dict[str, Any]] = []
    kinds: dict[tuple[str, ...], str] = {}
    for row in problem.providers:
        if row.mobile:
            kinds.setdefault(tuple(sorted(row.skills)), row.id)
    found += [{"change": "team", "provider": who} for who in list(kinds.values())[:_MOST_TEAMS]]
    found.append({"change": "hours", "minutes": 60})
    for house in problem.warehouses[:1]:
        for item in problem.items:
            quantity = -(-50 // item.pack) * item.pack
            found.append({"change": "stock", "warehouse": house.id, "item": item.id, "quantity": quantity})
        found.append({"change": "trips", "warehouse": house.id, "trips": 2})
    found.append({"change": "travel", "km": 5})
    if problem.outreach:
        found.append({"change": "stops", "stops": 2})
    if problem.dates:
        last = problem.dates[-1]
        found.append({"change": "date", "date": (last + timedelta(1)).isoformat(), "like": last.isoformat()})
    busiest = max(problem.providers, key=lambda row: (len(row.skills), row.id), default=None)
    if busiest is not None:
        found.append({"change": "ill", "provider": busiest.id})
    return found
