"""Take in what a device sends: keep every event, answer every event, and hold what cannot be trusted.

The answer to an event says whether we have it, and nothing that can still change: it is the same whenever and in
whatever company the event comes again. What became of the event is told beside it (applying.py).
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from campaign import audit, clock
from campaign.accounts.policy import Actor
from campaign.attendance.consenting import keep_image
from campaign.attendance.device import protocol
from campaign.attendance.device.models import Device, DeviceEvent, DeviceResult, HeldEvent, ResultState
from campaign.attendance.device.protocol import Envelope, Event, HeldCode, Unreadable
from campaign.db import db
from campaign.errors import Invalid, Mistake, NotAllowed
from campaign.events import queries as events
from campaign.transaction import hold

IMAGES = ("image/png", "image/jpeg", "image/webp")
LARGEST_IMAGE = 400_000  # characters of base64


class BatchInvalid(Invalid):
    """The batch as a whole cannot be read; its events stay on the device."""

    code = "batch-invalid"


@dataclass(frozen=True, slots=True)
class Image:
    """A signature or photo that an event of the batch names by its hash."""

    media_type: str
    content: str  # base64


@dataclass(frozen=True, slots=True)
class Batch:
    """What a device sends at once."""

    device_id: int
    sent_at: datetime  # on the device's clock
    envelopes: tuple[Envelope, ...]
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the device is told of one event; code is None when it is kept."""

    seal: str
    event_id: UUID | None
    counter: int | None
    held: HeldCode | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """The answers in the order of the batch, and the sessions that something new was told of."""

    answers: tuple[Answer, ...]
    session_ids: tuple[int, ...]


def receive(actor: Actor, batch: Batch) -> Received:
    """Keep the events of a batch. Who sends a foreign device's events is not told so by an error: they are held."""
    if len(batch.envelopes) > protocol.MOST_EVENTS:
        raise BatchInvalid((Mistake("events", "too-many-events", {"most": protocol.MOST_EVENTS}),))
    if actor.account_id is None:
        raise NotAllowed()
    device = db.session.get(Device, batch.device_id)
    if device is None or device.account_id != actor.account_id or device.revoked_at is not None:
        return Received(
            tuple(_hold(actor, batch.device_id, one, HeldCode.FOREIGN_DEVICE) for one in batch.envelopes), ()
        )
    hold(f"device:{device.device_id}")
    for image in batch.images:
        _keep_image(actor, image)
    offset = _clock_offset(device, batch.sent_at)
    desk = _Desk(actor, device, offset)
    desk.load(batch.envelopes)
    answers = tuple(desk.take(one) for one in batch.envelopes)
    desk.write()
    return Received(answers, tuple(sorted(desk.session_ids)))


def sequence_of(device_id: int) -> protocol.Sequence:
    """Return how much of a device's events we have, those held for a person included."""
    # Most often nothing is missing and nothing is held: two numbers tell.
    whole = select(func.count(), func.coalesce(func.max(DeviceEvent.counter), 0), _has_held(device_id))
    number, highest, is_held = db.session.execute(whole.where(DeviceEvent.device_id == device_id)).one()
    if number == highest and not is_held:
        return protocol.Sequence(highest, highest, ())
    kept = select(DeviceEvent.counter).where(DeviceEvent.device_id == device_id)
    held = select(HeldEvent.counter).where(HeldEvent.device_id == device_id, HeldEvent.counter.is_not(None))
    return protocol.sequence([*db.session.scalars(kept), *(one for one in db.session.scalars(held) if one)])


def _has_held(device_id: int) -> ColumnElement[bool]:
    return exists().where(HeldEvent.device_id == device_id)


def _clock_offset(device: Device, sent_at: datetime) -> timedelta:
    """Return what to add to the device's clock; a second more or less than last time is the network, not the clock."""
    now = clock.now()
    found = protocol.offset(sent_at, now)
    known = None if device.clock_offset_seconds is None else timedelta(seconds=device.clock_offset_seconds)
    if known is None or abs(known - found) > protocol.CLOCK_TOLERANCE:
        device.clock_offset_seconds = round(found.total_seconds())
        known = timedelta(seconds=device.clock_offset_seconds)
    device.last_seen_at = now
    return known


def _keep_image(actor: Actor, image: Image) -> None:
    try:
        content = base64.b64decode(image.content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BatchInvalid((Mistake("images", "image-unreadable"),)) from error
    if image.media_type not in IMAGES or len(image.content) > LARGEST_IMAGE:
        raise BatchInvalid((Mistake("images", "image-unreadable"),))
    keep_image(actor, sha256(content).hexdigest(), image.media_type, image.content)


def _hold(actor: Actor, device_id: int, one: Envelope, code: HeldCode, event: Event | None = None) -> Answer:
    """Keep what cannot be trusted for a person to look at; sent again it is the same row and the same answer."""
    raw = json.dumps([one.body, one.previous, one.seal], ensure_ascii=False)
    row = {
        "fingerprint": protocol.fingerprint(device_id, raw),
        "device_id": device_id,
        "counter": event.counter if event else None,
        "code": code.value,
        "raw": raw,
        "received_at": clock.now(),
        "account_id": actor.account_id,
    }
    inserted = insert(HeldEvent).values(row).on_conflict_do_nothing(index_elements=["fingerprint"])
    held_id = db.session.scalar(inserted.returning(HeldEvent.held_event_id))
    if held_id is not None:
        audit.record(actor, "hold-event", ("held_event", held_id), device=device_id, code=code.value)
    else:
        known = select(HeldEvent.code).where(HeldEvent.fingerprint == row["fingerprint"])
        code = HeldCode(db.session.scalars(known).one())
    return Answer(one.seal, event.event_id if event else None, event.counter if event else None, code)


@dataclass(frozen=True, slots=True)
class _Link:
    """What the chain needs to know of an event that we have."""

    event_id: UUID
    counter: int
    previous: str
    seal: str


class _Desk:
    """Takes the events of one batch, one by one, against what is known of the device."""

    def __init__(self, actor: Actor, device: Device, offset: timedelta) -> None:
        self.actor, self.device, self.offset = actor, device, offset
        self.key = protocol.chain_key(base64.b64decode(device.storage_key))
        self.by_counter: dict[int, _Link] = {}
        self.by_id: dict[UUID, tuple[int, int]] = {}  # device and counter that have an id
        self.sessions: set[int] = set()  # of the device's facility
        self.rows: list[dict[str, object]] = []
        self.session_ids: set[int] = set()

    def load(self, envelopes: Sequence[Envelope]) -> None:
        """Read what is known of these events and their neighbours, in two queries."""
        read = [event for event in map(_read, envelopes) if event is not None]
        near = {event.counter + step for event in read for step in (-1, 0, 1)}
        columns = (DeviceEvent.event_id, DeviceEvent.counter, DeviceEvent.previous, DeviceEvent.seal)
        own = select(*columns).where(DeviceEvent.device_id == self.device.device_id, DeviceEvent.counter.in_(near))
        self.by_counter = {row.counter: _Link(*row) for row in db.session.execute(own)}
        ids = select(DeviceEvent.event_id, DeviceEvent.device_id, DeviceEvent.counter)
        ids = ids.where(DeviceEvent.event_id.in_([event.event_id for event in read]))
        self.by_id = {event_id: (device_id, counter) for event_id, device_id, counter in db.session.execute(ids)}
        wanted = {event.service_session_id for event in read}
        self.sessions = events.sessions_at(self.device.facility_id, wanted)

    def take(self, one: Envelope) -> Answer:
        """Keep one event and return its answer, or hold it and say why."""
        event = _read(one)
        if event is None:
            return _hold(self.actor, self.device.device_id, one, HeldCode.UNREADABLE)
        known = self.by_counter.get(event.counter)
        if known is not None and known.seal == one.seal and known.event_id == event.event_id:
            return Answer(one.seal, event.event_id, event.counter)
        problem = self._problem(one, event)
        if problem is not None:
            return _hold(self.actor, self.device.device_id, one, problem, event)
        self._keep(one, event)
        return Answer(one.seal, event.event_id, event.counter)

    def _problem(self, one: Envelope, event: Event) -> HeldCode | None:
        before, after = self.by_counter.get(event.counter - 1), self.by_counter.get(event.counter + 1)
        follows = one.previous == (before.seal if before else one.previous if event.counter > 1 else protocol.GENESIS)
        rules = (
            (HeldCode.FOREIGN_DEVICE, event.device_id != self.device.device_id),
            (HeldCode.SEAL_BROKEN, not protocol.is_sealed(self.key, one)),
            (HeldCode.COUNTER_USED, event.counter in self.by_counter),
            (HeldCode.ID_USED, event.event_id in self.by_id),
            (HeldCode.CHAIN_BROKEN, not follows or (after is not None and after.previous != one.seal)),
            (HeldCode.OTHER_FACILITY, event.service_session_id not in self.sessions),
        )
        return next((code for code, is_broken in rules if is_broken), None)

    def _keep(self, one: Envelope, event: Event) -> None:
        now = clock.now()
        self.by_counter[event.counter] = _Link(event.event_id, event.counter, one.previous, one.seal)
        self.by_id[event.event_id] = (self.device.device_id, event.counter)
        self.session_ids.add(event.service_session_id)
        self.rows.append(
            {
                "event_id": event.event_id,
                "device_id": self.device.device_id,
                "counter": event.counter,
                "service_session_id": event.service_session_id,
                "kind": event.kind,
                "body": one.body,
                "previous": one.previous,
                "seal": one.seal,
                "made_at": event.made_at,
                "offset_seconds": round(self.offset.total_seconds()),
                "happened_at": protocol.happened_at(event.made_at, self.offset, self.device.registered_at, now),
                "received_at": now,
                "account_id": self.actor.account_id,
            }
        )

    def write(self) -> None:
        """Insert what was kept, each with a result that waits to be worked out."""
        if not self.rows:
            return
        inserted = insert(DeviceEvent).returning(DeviceEvent.device_event_id, DeviceEvent.service_session_id)
        kept = db.session.execute(inserted, self.rows).all()
        waiting = [
            {
                "device_event_id": event_id,
                "service_session_id": session_id,
                "state": ResultState.WAITING,
                "tried_at": clock.now(),
            }
            for event_id, session_id in kept
        ]
        db.session.execute(insert(DeviceResult), waiting)


def _read(one: Envelope) -> Event | None:
    try:
        return protocol.read(one.body)
    except Unreadable:
        return None
