"""What a count found, pure: which tally decides, and what is still missing before the differences may be posted.

Whoever counts does not see what the books say. Several people may count the same lot; where their differences from
the books disagree, somebody counts again and says so, and the last recount decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Tally:
    """What one person counted of a lot, and what the books said at that moment."""

    account_id: int | None
    counted: int
    expected: int
    is_recount: bool

    @property
    def difference(self) -> int:
        """Return how much more was there than in the books; goods that move between two tallies leave it alone."""
        return self.counted - self.expected


class LineState(StrEnum):
    """How far the count of one lot has come."""

    NOT_COUNTED = "not-counted"
    DISPUTED = "disputed"  # two people found different things: count again
    UNEXPLAINED = "unexplained"
    EXPLAINED = "explained"
    AGREES = "agrees"


def deciding(tallies: Sequence[Tally]) -> Tally | None:
    """Return the tally that counts, the oldest first in `tallies`; None while there is none or people disagree."""
    recounts = [tally for tally in tallies if tally.is_recount]
    if recounts:
        return recounts[-1]
    last = {tally.account_id: tally for tally in tallies}
    return tallies[-1] if len({tally.difference for tally in last.values()}) == 1 else None


def line_state(tallies: Sequence[Tally], *, is_explained: bool) -> LineState:
    """Judge one lot of a count."""
    if not tallies:
        return LineState.NOT_COUNTED
    found = deciding(tallies)
    if found is None:
        return LineState.DISPUTED
    if not found.difference:
        return LineState.AGREES
    return LineState.EXPLAINED if is_explained else LineState.UNEXPLAINED


def may_be_posted(states: Iterable[LineState]) -> bool:
    """Tell whether every lot was counted and every difference explained."""
    return all(state in (LineState.AGREES, LineState.EXPLAINED) for state in states)
