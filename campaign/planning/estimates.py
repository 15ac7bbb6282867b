"""Before names exist: groups of estimated persons, made of the kelurahan's targets. Pure.

A group of estimated persons is told from a group of names by the end of its identifier. How many of a kelurahan's
acceptors count as poor follows the share of poor couples there; where nobody reported it, none do.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from campaign.planning.problem import Problem

SUFFIX = "/estimate"


def estimated_groups(
    targets: Mapping[tuple[str, str], int], poor_share: Mapping[str, tuple[int, int]]
) -> list[dict[str, Any]]:
    """Return candidate groups of targets per (kelurahan, method); shares are (poor couples, couples)."""
    return [
        group
        for (kelurahan, method), number in sorted(targets.items())
        for group in _groups((kelurahan, method), number, poor_share.get(kelurahan, (0, 0)))
    ]


def _groups(key: tuple[str, str], number: int, share: tuple[int, int]) -> Iterable[dict[str, Any]]:
    kelurahan, method = key
    poor, couples = share
    first = (number * poor + couples // 2) // couples if couples else 0  # rounded half up, in whole persons
    for is_poor, count in ((False, number - first), (True, first)):
        if count:
            name = "poor" if is_poor else "other"
            yield {
                "id": f"{kelurahan}/{method}/{name}{SUFFIX}",
                "kelurahan": kelurahan,
                "method": method,
                "priority": is_poor,
                "count": count,
            }


def is_estimated(problem: Problem) -> bool:
    """Tell whether a problem was made of targets, in place of names."""
    return any(group.id.endswith(SUFFIX) for group in problem.candidates)
