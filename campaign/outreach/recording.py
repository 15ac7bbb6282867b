"""Write down what came of attempts, many in one statement.

`attempts` is the fence: what a worker learned of attempt 3 changes nothing once attempt 4 has begun.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import SystemRandom
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Integer, String, cast, column, func, update, values

from campaign import audit, clock
from campaign.accounts.policy import SYSTEM
from campaign.db import db
from campaign.outreach.models import Channel, Invitation, InvitationState
from campaign.outreach.waking import wake

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
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
_COLUMNS: tuple[Column[Any], ...] = (
    Column("invitation_id", BigInteger),
    Column("attempt", Integer),
    Column("state", String),
    Column("due_at", DateTime(timezone=True)),
    Column("sent_at", DateTime(timezone=True)),
    Column("reference", String),
    Column("failure", String),
    Column("channel", String),
)


def record(results: Sequence[Result]) -> frozenset[int]:
    """Record the results and return the messages of those that still counted."""
    if not results:
        return frozenset()
    now = clock.now()
    given = values(*(column(c.name, c.type) for c in _COLUMNS), name="given")
    given = given.data([_values(result, now) for result in results])
    typed = {c.name: cast(given.c[c.name], c.type) for c in _COLUMNS}
    done = db.session.execute(
        update(Invitation)
        .where(
            Invitation.invitation_id == given.c.invitation_id,
            Invitation.state == InvitationState.SENDING,
            Invitation.attempts == given.c.attempt,
        )
        .values(
            claimed_until=None,
            claimed_by=None,
            state=typed["state"],
            due_at=func.coalesce(typed["due_at"], Invitation.due_at),
            sent_at=typed["sent_at"],
            reference=typed["reference"],
            failure=typed["failure"],
            channel=func.coalesce(typed["channel"], Invitation.channel),
        )
        .returning(Invitation.invitation_id)
        .execution_options(synchronize_session=False)
    )
    counted = frozenset(done.scalars())
    _tell([result for result in results if result.invitation_id in counted])
    return counted


def _values(result: Result, now: datetime) -> tuple[Any, ...]:
    """Return the row of one result, as the columns above name it."""
    ending, word, due_at = result.ending, result.word, None
    if ending in (Ending.TRY_LATER, Ending.NOT_SENT) and result.attempt >= MOST_ATTEMPTS:
        ending, word = Ending.REJECTED, "gave-up"
    elif ending is Ending.TRY_LATER:
        due_at = now + max(wait_after(result.attempt, _dice.random()), result.wait or timedelta())
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


def _tell(counted: Sequence[Result]) -> None:
    """Leave a trace of what ended, and ask for what is due again."""
    again = 0
    for result in counted:
        subject = ("invitation", result.invitation_id)
        if result.ending is Ending.SENT:
            audit.record(SYSTEM, "send-invitation", subject, attempt=result.attempt)
        elif result.ending is Ending.REJECTED:
            audit.record(SYSTEM, "reject-invitation", subject, code=result.word)
        elif result.ending is Ending.UNKNOWN:
            audit.record(SYSTEM, "lose-invitation", subject, attempt=result.attempt)
        elif result.ending is Ending.DROPPED:
            audit.record(SYSTEM, "drop-invitation", subject, code=result.word)
        else:
            again += result.ending is not Ending.TRY_LATER
    if again:
        wake(again)
