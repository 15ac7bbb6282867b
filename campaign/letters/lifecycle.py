"""What may happen to a letter, and in which order. Pure.

draft -> approved -> signed -> sent. A signed letter never changes: a new version replaces it.
"""

from enum import StrEnum

from campaign.errors import Conflict


class LetterState(StrEnum):
    """How far a letter is."""

    DRAFT = "draft"
    APPROVED = "approved"
    SIGNED = "signed"
    SENT = "sent"
    REPLACED = "replaced"
    DROPPED = "dropped"  # a draft that was thrown away


class LetterMove(StrEnum):
    """What somebody does with a letter."""

    CHANGE = "change"
    APPROVE = "approve"
    RETURN = "return"
    NUMBER = "number"
    SIGN = "sign"
    HAND_OVER = "hand_over"
    REPLACE = "replace"
    DROP = "drop"


class LetterMoveRefused(Conflict):
    """The letter is at another point of its way."""

    code = "letter-move-refused"


_ALLOWED: dict[LetterMove, tuple[frozenset[LetterState], LetterState | None]] = {
    LetterMove.CHANGE: (frozenset({LetterState.DRAFT}), None),
    LetterMove.APPROVE: (frozenset({LetterState.DRAFT}), LetterState.APPROVED),
    LetterMove.RETURN: (frozenset({LetterState.APPROVED}), LetterState.DRAFT),
    LetterMove.NUMBER: (frozenset({LetterState.DRAFT, LetterState.APPROVED}), None),
    LetterMove.SIGN: (frozenset({LetterState.APPROVED}), LetterState.SIGNED),
    LetterMove.HAND_OVER: (frozenset({LetterState.SIGNED, LetterState.SENT}), LetterState.SENT),
    LetterMove.REPLACE: (frozenset({LetterState.SIGNED, LetterState.SENT}), LetterState.REPLACED),
    LetterMove.DROP: (frozenset({LetterState.DRAFT}), LetterState.DROPPED),
}

FIXED = frozenset({LetterState.SIGNED, LetterState.SENT, LetterState.REPLACED})  # not a word changes any more


def may_move(state: LetterState, move: LetterMove) -> bool:
    """Tell whether a letter in `state` may do `move`."""
    return state in _ALLOWED[move][0]


def after(state: LetterState, move: LetterMove) -> LetterState:
    """Return the state after `move`; raises LetterMoveRefused where it may not happen."""
    allowed, target = _ALLOWED[move]
    if state not in allowed:
        raise LetterMoveRefused(state=state.value, move=move.value)
    return target or state


SIGNED_BASIS = "signed-"  # with its id: basis of the papers of a signed letter, which are printed once
