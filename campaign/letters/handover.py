"""How a letter reached whom it is to. Pure: the last thing that happened decides."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol


class HandoverKind(StrEnum):
    """What happened to a letter on its way to one addressee."""

    SENT = "sent"
    RECEIVED = "received"
    FAILED = "failed"  # nobody there, wrong address, refused


class HandoverChannel(StrEnum):
    """Who or what carries it."""

    COURIER = "courier"  # caraka
    EMAIL = "email"
    MESSAGE = "message"


class Handover(Protocol):
    """One thing that happened."""

    @property
    def kind(self) -> HandoverKind:
        """Return what it was."""


def standing(history: Iterable[Handover]) -> HandoverKind | None:
    """Return where a letter stands with one addressee: received is for good, else the last word; None: still here."""
    last = None
    for one in history:
        if one.kind is HandoverKind.RECEIVED:
            return HandoverKind.RECEIVED
        last = one.kind
    return last
