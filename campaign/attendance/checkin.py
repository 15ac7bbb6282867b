"""What the scan of a card is answered. Pure: the same facts give the same answer, on a device or here."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

# Telephones drift. More than this ahead of us is a wrong clock, and the time would be worthless in a report.
CLOCK_TOLERANCE = timedelta(minutes=5)


class RefusalCode(StrEnum):
    """Why an arrival does not count. None of them refuses care: the staff see the code and set it right."""

    FROM_THE_FUTURE = "scan-from-the-future"
    WRONG_DAY = "wrong-day"
    AFTER_CLOSING = "after-closing"  # the facility has closed its day before this arrival
    OTHER_CAMPAIGN = "other-campaign"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody at the desk: when the device saw them, when we heard of it."""

    arrived_at: datetime
    arrived_on: date  # the same instant as a date where the campaign is held
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """What is known at the session before this arrival."""

    held_on: date
    closed_at: datetime | None
    is_of_campaign: bool  # the candidate belongs to this session's campaign
    is_expected: bool  # has an appointment at this session
    first_at: datetime | None  # arrival already accepted here


@dataclass(frozen=True, slots=True)
class Accepted:
    """The arrival counts."""

    is_walk_in: bool


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same person was here already; nothing is counted again."""

    first_at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """The arrival does not count, for this reason."""

    code: RefusalCode


Answer = Accepted | Repeat | Refused


def decide(arrival: Arrival, desk: Desk) -> Answer:
    """Judge an arrival at the time the device gives, however late it was uploaded."""
    if arrival.arrived_at > arrival.received_at + CLOCK_TOLERANCE:
        return Refused(RefusalCode.FROM_THE_FUTURE)
    if not desk.is_of_campaign:
        return Refused(RefusalCode.OTHER_CAMPAIGN)
    if arrival.arrived_on != desk.held_on:
        return Refused(RefusalCode.WRONG_DAY)
    if desk.first_at is not None:
        return Repeat(desk.first_at)
    if desk.closed_at is not None and arrival.arrived_at > desk.closed_at:
        return Refused(RefusalCode.AFTER_CLOSING)
    return Accepted(is_walk_in=not desk.is_expected)
