"""One file a channel: hand one message over, or raise TryLater, Rejected or Unclear."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A PDF that goes with a message."""

    name: str
    pdf: bytes


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
    key: str = ""  # the same for each attempt: a gateway that takes keys sends it once
    calendar: bytes | None = None  # an iCalendar file, for channels that carry files
    enclosed: Enclosed | None = None  # for channels that carry files
    series: str = "invitation"  # which rows the id counts: a Message-ID is of one row of one series


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
    """Nothing left, or the gateway will know the same message again; it may go through later."""

    def __init__(self, code: str, wait: timedelta | None = None) -> None:
        self.wait = wait  # what the gateway asked for
        super().__init__(code)


class Rejected(GatewayError):
    """Nothing left, and nothing ever will."""


class Unclear(GatewayError):
    """The gateway fell silent after the message had left: nobody can tell whether it was taken."""


class Gateway(Protocol):
    """A channel."""

    def send(self, message: Outgoing) -> str:
        """Hand `message` over; return what the gateway calls it."""


class Asked(Protocol):
    """A channel that can say what became of a message."""

    def ask(self, key: str) -> tuple[Evidence, str]:
        """Return what is known of a key, and what the gateway calls the message if it has it."""
