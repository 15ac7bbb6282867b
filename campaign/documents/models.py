"""Papers as they were printed: bytes are stored once, with their hash."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.db import Base, Instant, Key, states


class PaperKind(StrEnum):
    """Papers that the product prints."""

    SPMB = "spmb"
    SBBK = "sbbk"
    CAMPAIGN_REPORT = "campaign_report"
    ATTENDANCE_LIST = "attendance_list"


class PaperFormat(StrEnum):
    """File formats."""

    PDF = "pdf"
    XLSX = "xlsx"


class PaperState(StrEnum):
    """A paper is asked for in a transaction and rendered by a worker after it."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class Paper(Base):
    """One printed paper of one thing: which document, session or campaign, in which version."""

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("kind", "format", "subject_id", "version"),
        CheckConstraint("(state = 'ready') = (content IS NOT NULL)", name="ready_has_content"),
        CheckConstraint("(content IS NULL) = (sha256 IS NULL)", name="content_with_its_hash"),
        Index("ix_paper_waiting", "state", "asked_at"),
    )

    paper_id: Mapped[Key]
    kind: Mapped[PaperKind] = mapped_column(states(PaperKind))
    format: Mapped[PaperFormat] = mapped_column(states(PaperFormat))
    subject_id: Mapped[int]  # stock_document_id, service_session_id or campaign_id, by kind
    version: Mapped[int]
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.campaign_id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    state: Mapped[PaperState] = mapped_column(states(PaperState))
    asked_at: Mapped[Instant]
    ready_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sha256: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
