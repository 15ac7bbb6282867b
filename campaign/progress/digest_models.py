"""The daily letter that tells people which steps are late."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.db import Base, Instant, Key, states


class DigestState(StrEnum):
    """How far one person's letter of one day is."""

    NOTHING = "nothing"  # nothing of theirs is late: no letter
    WAITING = "waiting"
    CLAIMED = "claimed"  # a worker sends it
    SENT = "sent"
    UNKNOWN = "unknown"  # the worker died: it may have left; it is not sent again
    REJECTED = "rejected"


class Digest(Base):
    """One person's letter of one day: there is at most one."""

    __tablename__ = "digest"
    __table_args__ = (
        UniqueConstraint("account_id", "for_on"),
        CheckConstraint("(state = 'nothing') = (late_steps = 0)", name="letter_when_late"),
        CheckConstraint("(state = 'claimed') = (claimed_at IS NOT NULL)", name="claimed_when"),
        Index("ix_digest_open", "state", "for_on"),
    )

    digest_id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.account_id"))
    for_on: Mapped[date] = mapped_column(Date)
    late_steps: Mapped[int]
    state: Mapped[DigestState] = mapped_column(states(DigestState))
    written_at: Mapped[Instant]
    claimed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reference: Mapped[str] = mapped_column(String(200))  # Message-ID, or why it was refused
