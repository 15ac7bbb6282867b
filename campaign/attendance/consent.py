"""Whether somebody has agreed to a service, from what they decided. Pure.

The last decision of each signer about a method counts; refusing and withdrawing are possible until the service, and
nobody is asked why.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Signer(StrEnum):
    """Who decides."""

    CLIENT = "client"
    SPOUSE = "spouse"


class Decision(StrEnum):
    """What was decided."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Way(StrEnum):
    """How consent was signed."""

    SCREEN = "screen"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision about one method."""

    method_code: str
    signer: Signer
    decision: Decision
    number: str | None
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Agreement:
    """What stands for one method at one time: the number of what each signed, or None."""

    client: str | None = None
    spouse: str | None = None


NOBODY_YET = Agreement()


def agreement(decisions: Iterable[Decided], method_code: str, at: datetime) -> Agreement:
    """Return what stands for `method_code` at `at`; later decisions are not known yet."""
    latest: dict[Signer, Decided] = {}
    known = [row for row in decisions if row.method_code == method_code and row.decided_at <= at]
    # Of two decisions of the same instant the one against the service counts.
    for row in sorted(known, key=lambda row: (row.decided_at, row.decision is not Decision.GIVEN)):
        latest[row.signer] = row
    signed = {who: row.number for who, row in latest.items() if row.decision is Decision.GIVEN}
    return Agreement(client=signed.get(Signer.CLIENT), spouse=signed.get(Signer.SPOUSE))
