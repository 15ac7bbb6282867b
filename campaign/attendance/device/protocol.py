"""Events of devices: how one is written, sealed to the one before, and put in time. Pure.

A device numbers its events from 1 without gaps. Each is a text (JSON) and a seal: HMAC-SHA256 under the device's own
key over the seal of the event before, a newline, and the text. So an event proves by itself that this device made it
and which one it made just before; whoever lacks the key can neither alter nor insert one. The first follows GENESIS.
"""

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

GENESIS = "0" * 64
MOST_EVENTS = 200  # in one batch
MOST_MISSING = 500  # numbers named in one answer
LONGEST_BODY = 20_000  # characters; images travel beside the text
CHAIN_PURPOSE = b"serempak device chain"
# Clocks that differ by less are right: correcting them would only scatter the order within a minute.
CLOCK_TOLERANCE = timedelta(minutes=2)


class EventKind(StrEnum):
    """What a device can tell."""

    ARRIVED = "arrived"
    MOVED = "moved"
    SCREENED = "screened"
    CONSENTED = "consented"
    ENDED = "ended"
    AIDED = "aided"
    AFTERCARE = "aftercare"


class HeldCode(StrEnum):
    """Why something sent as an event is held for a person."""

    UNREADABLE = "unreadable"
    SEAL_BROKEN = "seal-broken"  # altered, or made by another device
    CHAIN_BROKEN = "chain-broken"  # does not follow the event before it, or the one after does not follow it
    COUNTER_USED = "counter-used"  # another event of the device has this number
    ID_USED = "id-used"  # another event has this id
    OTHER_FACILITY = "other-facility"  # its session is not held where the device is registered
    FOREIGN_DEVICE = "foreign-device"  # registered to somebody else, or to nobody


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event as it is sent."""

    body: str
    previous: str
    seal: str


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it is read."""

    event_id: UUID
    device_id: int
    counter: int
    made_at: datetime
    kind: EventKind
    service_session_id: int
    candidate_id: int | None  # who it is about; None: whoever the arrival below brought in
    arrival_id: UUID | None
    data: Mapping[str, Any]


class Unreadable(Exception):
    """The text is no event of ours."""


def chain_key(storage_key: bytes) -> bytes:
    """Return the key of the seals, made of the key that the device was given."""
    return hmac.digest(storage_key, CHAIN_PURPOSE, "sha256")


def seal(key: bytes, previous: str, body: str) -> str:
    """Return the seal of an event that follows the one sealed `previous`."""
    return hmac.digest(key, f"{previous}\n{body}".encode(), "sha256").hex()


def is_sealed(key: bytes, envelope: Envelope) -> bool:
    """Tell whether the device that holds `key` made this event, as it is."""
    return hmac.compare_digest(seal(key, envelope.previous, envelope.body), envelope.seal)


def fingerprint(device_id: int, raw: str) -> str:
    """Return what tells a held text from another."""
    return sha256(f"{device_id}\n{raw}".encode()).hexdigest()


def read(body: str) -> Event:
    """Return the event that a body tells of; raises Unreadable."""
    if len(body) > LONGEST_BODY:
        raise Unreadable
    try:
        fields = json.loads(body)
        made_at = datetime.fromisoformat(fields["made_at"])
        person = fields["person"]
        event = Event(
            event_id=UUID(fields["id"]),
            device_id=int(fields["device"]),
            counter=int(fields["counter"]),
            made_at=made_at,
            kind=EventKind(fields["kind"]),
            service_session_id=int(fields["session"]),
            candidate_id=None if person.get("candidate") is None else int(person["candidate"]),
            arrival_id=None if person.get("arrival") is None else UUID(person["arrival"]),
            data=dict(fields.get("data") or {}),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unreadable from error
    if made_at.tzinfo is None or not 1 <= event.counter < 2**31 or not 0 < event.service_session_id < 2**62:
        raise Unreadable
    return event


def offset(sent_at: datetime, received_at: datetime) -> timedelta:
    """Return what to add to the device's clock: nothing when it is about right."""
    found = received_at - sent_at
    return found if abs(found) > CLOCK_TOLERANCE else timedelta()


def happened_at(made_at: datetime, clock_offset: timedelta, earliest: datetime, latest: datetime) -> datetime:
    """Return when an event happened as well as we can know: set right by the offset, and within what is possible.

    `earliest`: the device was registered, by our clock. `latest`: we received the event.
    """
    return min(max(made_at + clock_offset, earliest), latest)


@dataclass(frozen=True, slots=True)
class Sequence:
    """How much of a device's events we have."""

    through: int  # 1 to this, nothing missing
    highest: int
    missing: tuple[int, ...]  # between through and highest

    def reaches(self, counter: int) -> bool:
        """Tell whether everything before `counter` is here."""
        return counter <= self.through + 1


def sequence(counters: Iterable[int]) -> Sequence:
    """Return how far the numbers go without a gap, and which are missing below the highest (the first of them)."""
    expected, through = 1, None
    missing: list[int] = []
    for counter in sorted(set(counters)):
        if counter > expected:
            through = expected - 1 if through is None else through
            missing += range(expected, min(counter, expected + MOST_MISSING - len(missing)))
        expected = counter + 1
    highest = expected - 1
    return Sequence(highest if through is None else through, highest, tuple(missing))
