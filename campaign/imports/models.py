"""Workbooks that came in."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from campaign.db import Base, Instant, Key, states


class WorkbookKind(StrEnum):
    """Workbooks that can be imported, in the order in which a new city is filled."""

    AREAS = "areas"
    FACILITIES = "facilities"
    ITEMS_METHODS = "items_methods"
    PROVIDERS = "providers"
    STOCK = "stock"  # opening balances
    CANDIDATES = "candidates"


class UploadState(StrEnum):
    """How far an upload is."""

    WAITING = "waiting"  # to be looked at by a worker
    PREVIEWING = "previewing"
    READY = "ready"  # looked at: with mistakes, or to be applied
    APPLYING = "applying"  # asked for; a worker does it, or will
    APPLIED = "applied"
    FAILED = "failed"  # could not be looked at or applied: `failure` says why


class Upload(Base):
    """A stored file with its preview; applying reads these bytes again, never the user's disk."""

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("applied_by_id IS NULL OR applied_at IS NOT NULL", name="applied_who_and_when"),
        CheckConstraint("(state = 'applied') = (applied_at IS NOT NULL)", name="applied_state"),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failed_why"),
        Index("ix_upload_open", "asked_at", postgresql_where=text("state IN ('waiting', 'previewing', 'applying')")),
    )

    upload_id: Mapped[Key]
    kind: Mapped[WorkbookKind] = mapped_column(states(WorkbookKind))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.campaign_id"))  # candidates belong to one
    file_name: Mapped[str] = mapped_column(String(160))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)  # sealed: lists of candidates hold people
    preview: Mapped[dict[str, Any]] = mapped_column(JSONB)  # counts and mistakes with codes; no cell contents
    uploaded_at: Mapped[Instant]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))  # None: the system
    applied_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    state: Mapped[UploadState] = mapped_column(states(UploadState))
    asked_at: Mapped[Instant]  # the latest preview or apply that somebody asked for
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))  # who asked for it
    attempt: Mapped[int]  # counts the workers that took it: only the latest may record anything
    tries: Mapped[int]  # of what was asked for latest
    claimed_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # a living worker keeps moving it
    rows_total: Mapped[int | None]  # None: not read yet
    rows_done: Mapped[int]
    failure: Mapped[str | None] = mapped_column(String(60))
