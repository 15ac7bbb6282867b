"""What a device asks and sends: JSON, one use-case a request."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import BadRequest

from campaign import clock
from campaign.accounts.policy import Permission, reach
from campaign.attendance.device.day import Wanted, day_of, news_of
from campaign.attendance.device.models import DeviceResult
from campaign.attendance.device.protocol import Envelope, Sequence
from campaign.attendance.device.receiving import Answer, Batch, Image
from campaign.attendance.device.registering import KEPT_FOR, Registered, register_device, unlock_device
from campaign.attendance.device.syncing import sync
from campaign.events import queries as events
from campaign.registry import queries as registry
from campaign.web import guard

blueprint = Blueprint("device", __name__)


@blueprint.get("/hello")
def hello() -> ResponseReturnValue:
    """Say what time it is, who is signed in, and which sessions are theirs: open to everybody, and empty for most."""
    who = guard.actor()
    held = reach(who, Permission.RECORD_ATTENDANCE)
    sessions = [] if held.nowhere else events.sessions_on(clock.today(), held)
    names = {row.facility_id: row.name for row in registry.facilities({row.facility_id for row in sessions})}
    return jsonify(
        now=clock.now().isoformat(),
        account=who.account_id,
        csrf=generate_csrf(),
        sessions=[
            {"id": row.service_session_id, "facility": row.facility_id, "name": names[row.facility_id]}
            for row in sessions
        ],
    )


@blueprint.post("/register")
def register() -> ResponseReturnValue:
    """Give a telephone its number and its key."""
    said = _said()
    with _reading():
        key, facility_id = UUID(said["key"]), int(said["facility"])
    return jsonify(_device(register_device(guard.actor(), key, facility_id)))


@blueprint.post("/unlock")
def unlock() -> ResponseReturnValue:
    """Give the key again to whoever signed in and registered the device."""
    with _reading():
        device_id = int(_said()["device"])
    return jsonify(_device(unlock_device(guard.actor(), device_id)))


@blueprint.post("/day")
def day() -> ResponseReturnValue:
    """Hand out a day to take along."""
    return jsonify(day_of(guard.actor(), _wanted()))


@blueprint.post("/news")
def news() -> ResponseReturnValue:
    """Hand out what changed at the session: what other devices and the forms recorded."""
    return jsonify(news_of(guard.actor(), _wanted()))


@blueprint.post("/events")
def take_events() -> ResponseReturnValue:
    """Take in a batch and answer every event of it."""
    said = _said()
    with _reading():
        batch = Batch(
            device_id=int(said["device"]),
            sent_at=_instant(said["sent_at"]),
            envelopes=tuple(Envelope(str(e["body"]), str(e["previous"]), str(e["seal"])) for e in said["events"]),
            images=tuple(Image(str(one["type"]), str(one["content"])) for one in said.get("images", ())),
        )
    done = sync(guard.actor(), batch)
    return jsonify(
        answers=[_answer(one) for one in done.answers],
        results=[_result(one) for one in done.results],
        sequence=_sequence(batch.device_id, done.sequence),
        now=clock.now().isoformat(),
    )


@contextmanager
def _reading() -> Iterator[None]:
    """Answer 400 for a request that lacks a part or has nonsense in it."""
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadRequest from error


def _said() -> dict[str, Any]:
    said = request.get_json()
    if not isinstance(said, dict):
        raise BadRequest
    return said


def _wanted() -> Wanted:
    said = _said()
    with _reading():
        known = frozenset(int(one) for one in said.get("known", ()))
        return Wanted(int(said["device"]), int(said["session"]), known)


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError
    return at


def _device(found: Registered) -> dict[str, Any]:
    return {
        "device": found.device_id,
        "letter": found.letter,
        "key": base64.b64encode(found.storage_key).decode(),
        "kept_until": (clock.now() + KEPT_FOR).isoformat(),
    }


def _answer(one: Answer) -> dict[str, Any]:
    return {
        "seal": one.seal,
        "id": None if one.event_id is None else str(one.event_id),
        "counter": one.counter,
        "answer": "held" if one.held else "kept",
        "code": one.held.value if one.held else None,
    }


def _result(one: DeviceResult | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"state": one.state.value, "code": one.code, "candidate": one.candidate_id}


def _sequence(device_id: int, found: Sequence) -> dict[str, Any]:
    return {
        "device": device_id,
        "through": found.through,
        "highest": found.highest,
        "missing": list(found.missing),
    }
