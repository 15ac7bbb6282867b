"""Write down what came of attempts, many in one statement.

`attempts` is the fence: what a worker learned of attempt 3 changes nothing once attempt 4 has begun.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import SystemRandom
from typing import Any

from sqlalchemy import text

from campaign import audit, clock
from campaign.accounts.policy import SYSTEM
from campaign.db import db
from campaign.outreach.models import Channel, InvitationState
from campaign.outreach.waking import wake

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
ROUND = 100  # attempts after somebody sent a message by another way begin at the next hundred
MOST_ATTEMPTS = 12  # about eight hours of a gateway that does not answer

_dice = SystemRandom()


class Ending(StrEnum):
    """What came of one attempt."""

    SENT = "sent"
    REJECTED = "rejected"  # the gateway will never take it
    UNKNOWN = "unknown"  # nobody can tell whether it left
    TRY_LATER = "try_later"  # nothing left
    NOT_SENT = "not_sent"  # nothing left: the worker died, or had no time; due at once
    DROPPED = "dropped"  # nobody needs it any more
    BY_CADRE = "by_cadre"  # may not go electronically: a slip instead


@dataclass(frozen=True, slots=True)
class Result:
    """One attempt and its ending; `word` is the gateway's reference of what was sent, otherwise a code."""

    invitation_id: int
    attempt: int
    ending: Ending
    word: str = ""
    wait: timedelta | None = None  # what the gateway asked for, when it is to be tried later


_STATES = {
    Ending.SENT: InvitationState.SENT,
    Ending.REJECTED: InvitationState.REJECTED,
    Ending.UNKNOWN: InvitationState.UNKNOWN,
    Ending.DROPPED: InvitationState.DROPPED,
}
# One statement, the same text however many rows: PostgreSQL and SQLAlchemy read it once.
_FINISH = text("""
UPDATE invitation SET claimed_until = NULL, claimed_by = NULL, state = given.state,
       due_at = coalesce(given.due_at, invitation.due_at), sent_at = given.sent_at,
       reference = given.reference, failure = given.failure, channel = coalesce(given.channel, invitation.channel)
  FROM unnest(CAST(:ids AS bigint[]), CAST(:attempts AS integer[]), CAST(:states AS text[]),
              CAST(:due AS timestamptz[]), CAST(:sent AS timestamptz[]), CAST(:refs AS text[]),
              CAST(:failures AS text[]), CAST(:channels AS text[]))
       AS given (invitation_id, attempt, state, due_at, sent_at, reference, failure, channel)
 WHERE invitation.invitation_id = given.invitation_id AND invitation.state = 'sending'
   AND invitation.attempts = given.attempt
RETURNING invitation.invitation_id
""")
_ARRAYS = ("ids", "attempts", "states", "due", "sent", "refs", "failures", "channels")


def record(results: Sequence[Result]) -> frozenset[int]:
    """Record the results and return the messages of those that still counted."""
    if not results:
        return frozenset()
    now = clock.now()
    columns = zip(*(_values(result, now) for result in results), strict=True)
    done = db.session.execute(_FINISH, dict(zip(_ARRAYS, map(list, columns), strict=True)))
    counted = frozenset(done.scalars())
    _tell([result for result in results if result.invitation_id in counted])
    return counted


def _values(result: Result, now: datetime) -> tuple[Any, ...]:
    """Return the row of one result, in the order of _ARRAYS."""
    ending, word, due_at = result.ending, result.word, None
    if ending in (Ending.TRY_LATER, Ending.NOT_SENT) and result.attempt % ROUND >= MOST_ATTEMPTS:
        ending, word = Ending.REJECTED, "gave-up"
    elif ending is Ending.TRY_LATER:
        due_at = now + max(wait_after(result.attempt % ROUND, _dice.random()), result.wait or timedelta())
    elif ending in (Ending.NOT_SENT, Ending.BY_CADRE):
        due_at = now
    state = _STATES.get(ending, InvitationState.PENDING)
    is_sent = ending is Ending.SENT
    return (
        result.invitation_id,
        result.attempt,
        state.value,
        due_at,
        now if is_sent else None,
        word[:120] if is_sent else None,
        None if is_sent else word[:64] or None,
        Channel.CADRE.value if ending is Ending.BY_CADRE else None,
    )


def wait_after(attempt: int, chance: float) -> timedelta:
    """Return how long to wait after an attempt: doubling to an hour, and spread by half (`chance` in 0..1)."""
    doubled: timedelta = FIRST_WAIT * 2 ** (attempt - 1)
    return min(doubled, LONGEST_WAIT) * (0.5 + chance / 2)


_ACTIONS = {
    Ending.SENT: "send-invitation",
    Ending.REJECTED: "reject-invitation",
    Ending.UNKNOWN: "lose-invitation",
    Ending.DROPPED: "drop-invitation",
}


def _tell(counted: Sequence[Result]) -> None:
    """Leave a trace of what ended, and ask for what is due again."""
    ended = [one for one in counted if one.ending in _ACTIONS]
    audit.record_each(SYSTEM, "invitation", [(_ACTIONS[one.ending], one.invitation_id, _facts(one)) for one in ended])
    again = sum(one.ending in (Ending.NOT_SENT, Ending.BY_CADRE) for one in counted)
    if again:
        wake(again)


def _facts(result: Result) -> dict[str, object]:
    is_sent = result.ending is Ending.SENT  # what a gateway calls a message is in the row
    return {"attempt": result.attempt} | ({} if is_sent else {"code": result.word})
