"""Whether an answer to a set is valid: the moves, each district's plan, and what they come to together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from campaign.planning.check import violations
from campaign.planning.check_case import Violation, broken
from campaign.planning.sets.answer import PlanSet, together, with_moves
from campaign.planning.sets.document import ProblemSet

_SLACK = 1e-6


def set_violations(given: ProblemSet, answer: PlanSet) -> list[Violation]:
    """Everything that is wrong with the answer; the plans are looked at only when the moves are sound."""
    found = list(_moves(given, answer))
    if not found:
        for district in given.districts:
            problem = with_moves(given, district.id, answer.moves)
            for row in violations(problem, answer.plans[district.id]):
                found.append(Violation(row.code, {"district": district.id, **row.facts}))
    return [*found, *_figures(answer)]


def _moves(given: ProblemSet, answer: PlanSet) -> Iterator[Violation]:
    """A depot moves lots it has, no more than it has, to warehouses it supplies that know the item."""
    depots = {row.id: row for row in given.depots}
    gone: Counter[tuple[str, str, str]] = Counter()
    for move in answer.moves:
        facts = {"depot": move.depot, "district": move.district, "warehouse": move.warehouse, "item": move.item}
        depot = depots.get(move.depot)
        pairs = {(row.district, row.warehouse) for row in depot.supplies} if depot else set()
        if (move.district, move.warehouse) not in pairs:
            yield broken("move-not-supplied", **facts)
        elif move.item not in given.district(move.district).problem.item:
            yield broken("move-unknown-item", **facts)
        if move.quantity < 1:
            yield broken("move-quantity", **facts, lot=move.lot, quantity=move.quantity)
        gone[move.depot, move.item, move.lot] += move.quantity
    held = {(depot.id, lot.item, lot.lot): lot.quantity for depot in given.depots for lot in depot.stock}
    for (key, item, lot), quantity in sorted(gone.items()):
        if quantity > held.get((key, item, lot), 0):
            yield broken(
                "move-too-much", depot=key, item=item, lot=lot, moved=quantity, held=held.get((key, item, lot), 0)
            )


def _figures(answer: PlanSet) -> Iterator[Violation]:
    real = together(plan.objective for plan in answer.plans.values())
    names, signs = ("served_priority", "served", "min_coverage", "cost"), (1, 1, 1, -1)
    rows = zip(names, signs, real.levels, answer.objective.levels, answer.bounds.levels, strict=True)
    for name, sign, value, told, bound in rows:
        slack = _SLACK * max(1.0, abs(value))
        if not math.isfinite(told) or abs(told - value) > slack:
            yield broken("objective", level=name, told=told, real=value)
        if not math.isfinite(bound) or sign * (bound - value) < -slack:
            yield broken("bound", level=name, told=bound, real=value)
