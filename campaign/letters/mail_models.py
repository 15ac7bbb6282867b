"""Letters on their way by e-mail, a row for each addressee and each time that it is sent."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.db import Base, Instant, Key, states


class LetterMailState(StrEnum):
    """How far one e-mail is."""

    WAITING = "waiting"
    CLAIMED = "claimed"  # a worker is sending it
    SENT = "sent"
    REJECTED = "rejected"  # for good
    UNKNOWN = "unknown"  # the server fell silent, or the worker died: nobody can tell


class LetterMail(Base):
    """A signed letter that leaves, or left, by e-mail to one addressee."""

    __tablename__ = "letter_mail"
    __table_args__ = (
        UniqueConstraint("letter_addressee_id", "number"),  # asked twice at once, it leaves once
        CheckConstraint("(state = 'claimed') = (claimed_at IS NOT NULL)", name="claimed_when"),
        Index("ix_letter_mail_open", "state", postgresql_where=text("state IN ('waiting', 'claimed')")),
    )

    letter_mail_id: Mapped[Key]
    letter_addressee_id: Mapped[int] = mapped_column(ForeignKey("letter_addressee.letter_addressee_id"))
    number: Mapped[int]  # 1, and one more each time that an e-mail failed and somebody asks again
    to_address: Mapped[str] = mapped_column(String(160))  # where it was sent, whatever the letter's next version says
    state: Mapped[LetterMailState] = mapped_column(states(LetterMailState))
    asked_at: Mapped[Instant]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    claimed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reference: Mapped[str] = mapped_column(String(200))  # the Message-ID, or why it did not leave
