"""One file a channel: hand one message over, or raise TryLater, Rejected or Unclear."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message ready to leave. Its invitation's id is the reference by which a gateway can tell it again."""

    invitation_id: int
    to: str
    recipient: str  # name, for a slip that a person carries
    area_code: str  # whose cadre carries it
    subject: str
    body: str
    until: datetime | None = None  # when the claim is over and somebody else may have it


class Evidence(StrEnum):
    """What can be known of a message whose sender died."""

    SENT = "sent"
    NOT_SENT = "not_sent"  # for certain: nothing left
    UNKNOWN = "unknown"
    UNDER_WAY = "under_way"  # the sender is alive


class GatewayError(Exception):
    """A message was not delivered; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class TryLater(GatewayError):
    """Nothing left; the same message may go through later."""


class Rejected(GatewayError):
    """Nothing left, and nothing ever will."""


class Unclear(GatewayError):
    """The gateway fell silent after the message had left: nobody can tell whether it was taken."""


class Gateway(Protocol):
    """A channel."""

    def send(self, message: Outgoing) -> str:
        """Hand `message` over; return what the gateway calls it."""
