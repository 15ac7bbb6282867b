"""Give a telephone its number, its letter and its key; take it out of use."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, require
from campaign.attendance.device.models import Device
from campaign.db import db
from campaign.errors import KeyReused, NotAllowed, NotFound
from campaign.registry import queries as registry
from campaign.transaction import hold

KEY_BYTES = 32
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and O: called out and written by hand
# What a device holds of people is worthless after so long: it then forgets its key and asks to sign in again.
KEPT_FOR = timedelta(days=3)


class UnknownDevice(NotFound):
    """No device of this account has this number."""

    code = "unknown-device"


class DeviceRevoked(NotAllowed):
    """The device was taken out of use: lost, or its keeper left."""

    code = "device-revoked"


@dataclass(frozen=True, slots=True)
class Registered:
    """What a device needs to know of itself."""

    device_id: int
    letter: str
    storage_key: bytes
    registered_at: datetime


def register_device(actor: Actor, registration_key: UUID, facility_id: int) -> Registered:
    """Return the device of this key, made on the first call: the same key is the same device and the same secret."""
    require(actor, Permission.RECORD_ATTENDANCE, registry.place_of(facility_id))
    if actor.account_id is None:
        raise NotAllowed(permission=Permission.RECORD_ATTENDANCE.value)
    hold(f"devices-of:{facility_id}")
    device = db.session.scalar(select(Device).where(Device.registration_key == registration_key))
    if device is None:
        device = _new(actor.account_id, registration_key, facility_id)
        audit.record(actor, "register-device", ("device", device.device_id), facility=facility_id)
    elif (device.account_id, device.facility_id) != (actor.account_id, facility_id):
        raise KeyReused(device_id=device.device_id)
    _refuse_revoked(device)
    return _registered(device)


def unlock_device(actor: Actor, device_id: int) -> Registered:
    """Return the key of a device to the account that registered it: the PIN was forgotten, or the key was wiped."""
    device = own_device(actor, device_id)
    audit.record(actor, "unlock-device", ("device", device_id))
    return _registered(device)


def revoke_device(actor: Actor, device_id: int) -> None:
    """Take a lost device out of use; whoever records at its facility may do so."""
    device = db.session.get(Device, device_id)
    if device is None:
        raise UnknownDevice(device_id=device_id)
    require(actor, Permission.RECORD_ATTENDANCE, registry.place_of(device.facility_id))
    if device.revoked_at is None:
        device.revoked_at = clock.now()
        audit.record(actor, "revoke-device", ("device", device_id))
        db.session.flush()


def own_device(actor: Actor, device_id: int) -> Device:
    """Return a device of the actor's own; raises UnknownDevice for any other, DeviceRevoked when out of use."""
    device = db.session.get(Device, device_id)
    if device is None or actor.account_id is None or device.account_id != actor.account_id:
        raise UnknownDevice(device_id=device_id)
    _refuse_revoked(device)
    return device


def devices_of(facility_id: int) -> list[Device]:
    """Return the devices of a facility, newest first."""
    query = select(Device).where(Device.facility_id == facility_id)
    return list(db.session.scalars(query.order_by(Device.device_id.desc())))


def _refuse_revoked(device: Device) -> None:
    if device.revoked_at is not None:
        raise DeviceRevoked(device_id=device.device_id)


def _new(account_id: int, registration_key: UUID, facility_id: int) -> Device:
    device = Device(
        registration_key=registration_key,
        account_id=account_id,
        facility_id=facility_id,
        letter=_letter(facility_id),
        storage_key=base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode(),
        registered_at=clock.now(),
    )
    db.session.add(device)
    db.session.flush()
    return device


def _letter(facility_id: int) -> str:
    """Return a letter that no device of the last days has here: two offline devices call out different tokens."""
    recent = Device.registered_at > clock.now() - KEPT_FOR
    query = select(func.count()).where(Device.facility_id == facility_id, recent)
    number = db.session.scalar(query) or 0
    rounds, position = divmod(number, len(LETTERS))
    return LETTERS[position] + (str(rounds) if rounds else "")


def _registered(device: Device) -> Registered:
    return Registered(device.device_id, device.letter, base64.b64decode(device.storage_key), device.registered_at)
