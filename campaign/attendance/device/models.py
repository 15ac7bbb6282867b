"""Devices and what they send. Events are kept as they came; what became of each is a row beside it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.attendance.device.protocol import EventKind
from campaign.db import Base, Instant, Key, states
from campaign.privacy import Sealed


class Device(Base):
    """One telephone in the hands of one account at one facility, from a sign-in on."""

    __tablename__ = "device"

    device_id: Mapped[Key]
    registration_key: Mapped[UUID] = mapped_column(unique=True)  # made by the device
    account_id: Mapped[int] = mapped_column(ForeignKey("account.account_id"), index=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.facility_id"), index=True)
    letter: Mapped[str] = mapped_column(String(3))  # of its token numbers, apart from the facility's other devices
    storage_key: Mapped[str] = mapped_column(
        Sealed()
    )  # base64 of 32 bytes: opens what the device stores, seals its chain
    registered_at: Mapped[Instant]
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    clock_offset_seconds: Mapped[int | None]  # our clock minus its clock, at the last sync


class DeviceEvent(Base):
    """One event as the device made it. Append-only."""

    __tablename__ = "device_event"
    __table_args__ = (
        UniqueConstraint("device_id", "counter"),
        CheckConstraint("counter >= 1", name="counter_positive"),
    )

    device_event_id: Mapped[Key]
    event_id: Mapped[UUID] = mapped_column(unique=True)  # UUIDv7, made by the device
    device_id: Mapped[int] = mapped_column(ForeignKey("device.device_id"))
    counter: Mapped[int]
    service_session_id: Mapped[int] = mapped_column(ForeignKey("service_session.service_session_id"))
    kind: Mapped[EventKind] = mapped_column(states(EventKind))
    body: Mapped[str] = mapped_column(Sealed())  # exactly the text that the chain seals; may name a person
    previous: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[Instant]  # on the device's clock, as claimed
    offset_seconds: Mapped[int]  # our clock minus the device's when it was sent
    happened_at: Mapped[Instant]  # made_at set right by the offset, never later than received
    received_at: Mapped[Instant]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.account_id"))


class ResultState(StrEnum):
    """What became of an event."""

    WAITING = "waiting"  # for an earlier one of its device, or for another device's
    APPLIED = "applied"
    REFUSED = "refused"  # the rules do not allow it; a person looks at it
    CONFLICT = "conflict"  # somebody else recorded another end of the visit; a person settles it


class DeviceResult(Base):
    """What became of an event; a projection that may be worked out again from the events."""

    __tablename__ = "device_result"
    __table_args__ = (
        Index("ix_device_result_waiting", "service_session_id", postgresql_where=text("state = 'waiting'")),
    )

    device_event_id: Mapped[int] = mapped_column(ForeignKey("device_event.device_event_id"), primary_key=True)
    service_session_id: Mapped[int] = mapped_column(ForeignKey("service_session.service_session_id"))
    state: Mapped[ResultState] = mapped_column(states(ResultState))
    code: Mapped[str | None] = mapped_column(String(40))  # why it waits or was refused
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("candidate.candidate_id"), index=True)
    tried_at: Mapped[Instant]


class HeldEvent(Base):
    """Something sent as an event that cannot be trusted or read: kept as it came, for a person. Append-only."""

    __tablename__ = "held_event"

    held_event_id: Mapped[Key]
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)  # of device and raw text: sent again, held once
    device_id: Mapped[int] = mapped_column(BigInteger, index=True)  # as the sender claims: no foreign key
    counter: Mapped[int | None]
    code: Mapped[str] = mapped_column(String(40))
    raw: Mapped[str] = mapped_column(Sealed())
    received_at: Mapped[Instant]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.account_id"))
