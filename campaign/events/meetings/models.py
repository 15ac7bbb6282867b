"""Rows of meetings."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.db import Base, Instant, Key, states


class MeetingKind(StrEnum):
    """Meetings that the SOPs name."""

    PREPARATION = "preparation"
    COORDINATION = "coordination"
    EVALUATION = "evaluation"


class Meeting(Base):
    """One meeting. Who came is written on its invitees; what was said is kept in versions."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("length(trim(title)) > 0 AND length(trim(place)) > 0", name="has_title_and_place"),
        CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint("cancelled_at IS NULL OR held_at IS NULL", name="held_or_cancelled"),
    )

    meeting_id: Mapped[Key]
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"), index=True)
    kind: Mapped[MeetingKind] = mapped_column(states(MeetingKind))
    title: Mapped[str] = mapped_column(String(160))
    meets_on: Mapped[date] = mapped_column(Date)
    starts_at: Mapped[time]
    ends_at: Mapped[time | None]
    place: Mapped[str] = mapped_column(String(200))
    agenda: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    held_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # attendance and minutes were closed
    cancelled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    invitees: Mapped[list["Invitee"]] = relationship(
        order_by="Invitee.position", lazy="selectin", cascade="all, delete-orphan"
    )
    minutes: Mapped[list["Minutes"]] = relationship(order_by="Minutes.version", lazy="selectin", viewonly=True)
    agreements: Mapped[list["Agreement"]] = relationship(
        order_by="Agreement.agreement_id", lazy="selectin", viewonly=True
    )


class Invitee(Base):
    """An office or official who is asked to come; somebody who came unasked is added as one."""

    __tablename__ = "meeting_invitee"
    __table_args__ = (UniqueConstraint("meeting_id", "position"),)

    meeting_invitee_id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.meeting_id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(160))
    office: Mapped[str] = mapped_column(String(160))
    email: Mapped[str] = mapped_column(String(160))
    came: Mapped[bool] = mapped_column(default=False)
    stood_in: Mapped[str] = mapped_column(String(160))  # who came in their place; empty: themselves


class Minutes(Base):
    """What was said, in one version. Append-only: a correction is the next version."""

    __tablename__ = "meeting_minutes"
    __table_args__ = (UniqueConstraint("meeting_id", "version"),)

    meeting_minutes_id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.meeting_id"), index=True)
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class Agreement(Base):
    """Somebody said that they would do something by a day. What was said stays; that it is done is added."""

    __tablename__ = "meeting_agreement"
    __table_args__ = (
        CheckConstraint("length(trim(task)) > 0 AND length(trim(who)) > 0", name="somebody_does_something"),
        CheckConstraint("done_by_id IS NULL OR done_at IS NOT NULL", name="done_who_and_when"),
    )

    agreement_id: Mapped[Key]
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.meeting_id"), index=True)
    task: Mapped[str] = mapped_column(String(300))
    who: Mapped[str] = mapped_column(String(160))
    due_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
