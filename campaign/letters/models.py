"""Rows of letters, of their texts, and of what happened to them on the way to whom they are for."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.db import Base, Instant, Key, states
from campaign.letters.handover import HandoverChannel, HandoverKind
from campaign.letters.kinds import LetterKind, Nature
from campaign.letters.lifecycle import LetterState


class LetterText(Base):
    """The text that letters of a kind begin with, as an administrator wrote it. Append-only: the newest holds."""

    __tablename__ = "letter_text"

    letter_text_id: Mapped[Key]
    kind: Mapped[LetterKind] = mapped_column(states(LetterKind), index=True)
    subject: Mapped[str] = mapped_column(String(240))
    body: Mapped[str] = mapped_column(Text)
    classification: Mapped[str] = mapped_column(String(20))
    saved_at: Mapped[Instant]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class TeamMember(Base):
    """One of the team that carries a campaign out, as its decree names them."""

    __tablename__ = "team_member"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    duty: Mapped[str] = mapped_column(String(160))
    name: Mapped[str] = mapped_column(String(160))
    office: Mapped[str] = mapped_column(String(160))


class Letter(Base):
    """One letter of a campaign. Once signed, a trigger refuses every change but that of its state."""

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint("length(trim(subject)) > 0 AND length(trim(body)) > 0", name="says_something"),
        CheckConstraint("(approved_at IS NULL) = (state IN ('draft', 'dropped'))", name="approved_when"),
        CheckConstraint("(signed_at IS NULL) = (state IN ('draft', 'approved', 'dropped'))", name="signed_when"),
        CheckConstraint("signed_at IS NULL OR (number IS NOT NULL AND frozen IS NOT NULL)", name="signed_whole"),
        CheckConstraint("version >= 1 AND (version = 1) = (replaces_id IS NULL)", name="version_replaces"),
        CheckConstraint("nip = '' OR nip ~ '^[0-9]{18}$'", name="nip_form"),
        # A number belongs to one letter; a new version of it may carry it on.
        Index("uq_letter_number", "number", unique=True, postgresql_where=text("version = 1 AND state <> 'dropped'")),
        Index("uq_letter_replaces", "replaces_id", unique=True, postgresql_where=text("state <> 'dropped'")),
    )

    letter_id: Mapped[Key]
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.meeting_id"), index=True)
    kecamatan_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))  # of whose people it speaks; None: all
    kind: Mapped[LetterKind] = mapped_column(states(LetterKind))
    state: Mapped[LetterState] = mapped_column(states(LetterState))
    version: Mapped[int]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("letter.letter_id"))
    revision: Mapped[int]  # counts the changes of the draft: nobody writes over what another just wrote
    classification: Mapped[str] = mapped_column(String(20))
    number: Mapped[str | None] = mapped_column(String(60))
    written_on: Mapped[date] = mapped_column(Date)
    nature: Mapped[Nature] = mapped_column(states(Nature))
    subject: Mapped[str] = mapped_column(String(240))
    body: Mapped[str] = mapped_column(Text)
    copies: Mapped[str] = mapped_column(Text)  # tembusan, one a line
    prefix: Mapped[str] = mapped_column(String(60))  # "Plt.", "a.n. Kepala Dinas", or empty
    position: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    rank: Mapped[str] = mapped_column(String(60))
    nip: Mapped[str] = mapped_column(String(18))
    public_token: Mapped[str] = mapped_column(String(43), unique=True)  # in the QR code; says nothing by itself
    frozen: Mapped[dict[str, Any] | None] = mapped_column(JSONB, deferred=True)  # everything printed, as it was signed
    remark: Mapped[str | None] = mapped_column(String(500))  # why it came back from who approves
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    approved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    signed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))

    addressees: Mapped[list["LetterAddressee"]] = relationship(
        order_by="LetterAddressee.position", lazy="selectin", cascade="all, delete-orphan"
    )


class LetterAddressee(Base):
    """One of those whom a letter is to: an office or an official, never a candidate."""

    __tablename__ = "letter_addressee"
    __table_args__ = (UniqueConstraint("letter_id", "position"),)

    letter_addressee_id: Mapped[Key]
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.letter_id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(160))
    place: Mapped[str] = mapped_column(String(160))
    email: Mapped[str] = mapped_column(String(160))

    handovers: Mapped[list["LetterHandover"]] = relationship(
        order_by="LetterHandover.letter_handover_id", lazy="selectin", viewonly=True
    )


class LetterHandover(Base):
    """A letter went out to somebody, arrived, or could not be delivered. Append-only."""

    __tablename__ = "letter_handover"
    __table_args__ = (
        UniqueConstraint("idempotency_key", "letter_addressee_id"),  # one form may speak of several addressees
        CheckConstraint("(kind = 'received') = (length(trim(receiver)) > 0)", name="received_by_somebody"),
        CheckConstraint("(content IS NULL) = (sha256 IS NULL)", name="content_with_its_hash"),
        CheckConstraint("content IS NULL OR octet_length(content) BETWEEN 1 AND 5000000", name="content_size"),
    )

    letter_handover_id: Mapped[Key]
    idempotency_key: Mapped[str] = mapped_column(String(64))
    letter_addressee_id: Mapped[int] = mapped_column(ForeignKey("letter_addressee.letter_addressee_id"), index=True)
    kind: Mapped[HandoverKind] = mapped_column(states(HandoverKind))
    channel: Mapped[HandoverChannel] = mapped_column(states(HandoverChannel))
    happened_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    receiver: Mapped[str] = mapped_column(String(120))  # who signed for it; empty until it is received
    note: Mapped[str] = mapped_column(String(500))
    file_name: Mapped[str] = mapped_column(String(120))  # photo of the receipt; empty: none
    media_type: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
