"""Take in a list that was kept on paper, as if it were one more telephone of the day that was late to send.

So paper merges as telephones do: nothing is recorded twice, what contradicts another record is kept for a person to
settle, and a day that was closed takes what happened before its closing.
"""

import base64
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission
from campaign.attendance.cards import candidate_of
from campaign.attendance.device import protocol
from campaign.attendance.device.models import Device, DeviceEvent, ResultState
from campaign.attendance.device.protocol import MOST_EVENTS, Envelope
from campaign.attendance.device.receiving import Batch
from campaign.attendance.device.syncing import sync
from campaign.attendance.paper.knowing import paper_day
from campaign.attendance.paper.lines import Known, Line, Typed, read_line
from campaign.attendance.paper.telling import PAPER, PaperEvent, events_of
from campaign.attendance.services import open_desk
from campaign.db import db
from campaign.errors import Invalid, Mistake, NotAllowed
from campaign.transaction import hold

if TYPE_CHECKING:
    from campaign.events.models import ServiceSession

LETTER = "KRT"  # kertas: no telephone has three letters
KEY_BYTES = 32


class PaperRefused(Invalid):
    """Some lines cannot be read; nothing of any was taken in. A mistake's place is "line:column"."""

    code = "paper-refused"


@dataclass(frozen=True, slots=True)
class Keyed:
    """What became of the lines."""

    lines: int  # that told something
    repeats: int  # that told nothing new
    recorded: int  # events that count
    to_settle: int  # events that a person must look at


def key_in(actor: Actor, service_session_id: int, typed: Sequence[Typed]) -> Keyed:
    """Record what the lines tell beyond what is known; the same lines again change nothing."""
    session = open_desk(actor, service_session_id, Permission.RECORD_ATTENDANCE)
    if actor.account_id is None:
        raise NotAllowed(permission=Permission.RECORD_ATTENDANCE.value)
    hold(f"paper:{service_session_id}")
    lines, known = _read(session, typed)
    told = [events_of(line, known.get(line.candidate_id or 0, Known()), service_session_id) for line in lines]
    wanted = [event for events in told for event in events]
    taken = set(_seen(event.event_id for event in wanted))
    fresh = list({event.event_id: event for event in wanted if event.event_id not in taken}.values())
    results = _send(actor, session, fresh)
    new = sum(any(event.event_id not in taken for event in events) for events in told)
    recorded = sum(state is ResultState.APPLIED for state in results)
    audit.record(actor, "key-in-paper", ("service_session", service_session_id), lines=len(lines), events=len(fresh))
    return Keyed(new, len(lines) - new, recorded, len(results) - recorded)


def check(actor: Actor, service_session_id: int, typed: Sequence[Typed]) -> tuple[Mistake, ...]:
    """Return everything that is wrong with the lines and record nothing: what a preview shows."""
    session = open_desk(actor, service_session_id, Permission.RECORD_ATTENDANCE)
    try:
        _read(session, typed)
    except PaperRefused as refused:
        return refused.mistakes
    return ()


def _read(session: "ServiceSession", typed: Sequence[Typed]) -> tuple[list[Line], dict[int, Known]]:
    codes = frozenset(who for who in (candidate_of(one.code) for one in typed if not one.is_blank) if who)
    day = paper_day(session, codes)
    lines, mistakes = [], []
    for number, one in enumerate(typed):
        if one.is_blank:
            continue
        found = read_line(one, day)
        if isinstance(found, Line):
            lines.append(found)
        else:
            mistakes += [Mistake(f"{number}:{wrong.where}", wrong.code, wrong.facts) for wrong in found]
    if mistakes:
        raise PaperRefused(tuple(mistakes))
    return lines, dict(day.known)


def _seen(event_ids: Iterable[UUID]) -> Iterable[UUID]:
    return db.session.scalars(select(DeviceEvent.event_id).where(DeviceEvent.event_id.in_(list(event_ids))))


def _send(actor: Actor, session: "ServiceSession", fresh: list[PaperEvent]) -> list[ResultState]:
    """Number and seal the events as the paper's own device, and sync them."""
    if not fresh:
        return []
    device = _paper_device(actor, session)
    last = select(DeviceEvent).where(DeviceEvent.device_id == device.device_id).order_by(DeviceEvent.counter.desc())
    before = db.session.scalars(last.limit(1)).first()
    counter, previous = (before.counter, before.seal) if before else (0, protocol.GENESIS)
    key = protocol.chain_key(base64.b64decode(device.storage_key))
    envelopes = []
    for event in fresh:
        counter += 1
        body = _body(event, device.device_id, counter, session.service_session_id)
        envelopes.append(Envelope(body, previous, protocol.seal(key, previous, body)))
        previous = envelopes[-1].seal
    states = []
    for start in range(0, len(envelopes), MOST_EVENTS):
        batch = Batch(device.device_id, clock.now(), tuple(envelopes[start : start + MOST_EVENTS]))
        states += [one.state if one else ResultState.REFUSED for one in sync(actor, batch).results]
    return states


def _body(event: PaperEvent, device_id: int, counter: int, service_session_id: int) -> str:
    fields = {
        "id": str(event.event_id),
        "device": device_id,
        "counter": counter,
        "made_at": event.at.isoformat(),
        "kind": event.kind.value,
        "session": service_session_id,
        "person": event.person,
        "data": event.data,
    }
    return json.dumps(fields, ensure_ascii=False)


def _paper_device(actor: Actor, session: "ServiceSession") -> Device:
    """Return the device that stands for this session's paper in the hands of whoever types it."""
    registration_key = uuid5(PAPER, f"device:{session.service_session_id}:{actor.account_id}")
    found = db.session.scalar(select(Device).where(Device.registration_key == registration_key))
    if found is None:
        assert actor.account_id is not None, "key_in refuses whoever has no account"
        found = Device(
            registration_key=registration_key,
            account_id=actor.account_id,
            facility_id=session.facility_id,
            letter=LETTER,
            storage_key=base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode(),
            # No event of a device is older than the device: the paper has been there since the morning.
            registered_at=datetime.combine(session.held_on, time(), clock.zone()).astimezone(UTC),
        )
        db.session.add(found)
        db.session.flush()
        audit.record(actor, "register-device", ("device", found.device_id), facility=session.facility_id)
    return found
