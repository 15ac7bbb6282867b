"""What happened on the service day. Check-ins, screenings and outcomes are append-only; tallies are projections."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    String,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from campaign.attendance.outcomes import OutcomeKind
from campaign.db import Base, Instant, Key, states


class CheckInAnswer(StrEnum):
    """What the scan of a card was answered."""

    ACCEPTED = "accepted"
    REPEAT = "repeat"
    REFUSED = "refused"


class CheckIn(Base):
    """One arrival as somebody recorded it, whatever the answer was."""

    __tablename__ = "check_in"
    __table_args__ = (
        Index(
            "uq_check_in_once",
            "service_session_id",
            "candidate_id",
            unique=True,
            postgresql_where=text("answer = 'accepted'"),
        ),
        CheckConstraint("(answer = 'refused') = (code IS NOT NULL)", name="refusal_has_a_code"),
    )

    check_in_id: Mapped[Key]
    scan_id: Mapped[UUID] = mapped_column(unique=True)  # made by the device: the same scan sent twice is one row
    service_session_id: Mapped[int] = mapped_column(ForeignKey("service_session.service_session_id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.candidate_id"), index=True)
    is_walk_in: Mapped[bool]  # not expected at this session
    answer: Mapped[CheckInAnswer] = mapped_column(states(CheckInAnswer))
    code: Mapped[str | None] = mapped_column(String(32))  # why refused
    arrived_at: Mapped[Instant]  # on the device's clock
    received_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class Screening(Base):
    """What anamnesis and examination allow (K/IV/KB part XIV). Answers stay at the facility; here only the decision."""

    __tablename__ = "screening"
    __table_args__ = (
        Index("ix_screening_visit", "service_session_id", "candidate_id"),
        CheckConstraint("is_eligible = (finding IS NULL)", name="finding_when_not_eligible"),
    )

    screening_id: Mapped[Key]
    record_key: Mapped[UUID] = mapped_column(unique=True)  # made by the sender
    service_session_id: Mapped[int] = mapped_column(ForeignKey("service_session.service_session_id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.candidate_id"), index=True)
    is_eligible: Mapped[bool]  # for the method wished
    finding: Mapped[str | None] = mapped_column(String(40))  # code of screening.Finding when not eligible
    allowed_methods: Mapped[list[str]] = mapped_column(
        ARRAY(String(24))
    )  # item 12 of the card: methods that may be used
    screened_at: Mapped[Instant]
    recorded_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class ServiceOutcome(Base):
    """How one visit ended; a correction is a new row that replaces the old one."""

    __tablename__ = "service_outcome"
    __table_args__ = (
        # A visit ends once; whatever comes later says which row it replaces.
        Index(
            "uq_service_outcome_first",
            "service_session_id",
            "candidate_id",
            unique=True,
            postgresql_where=text("replaces_id IS NULL"),
        ),
        CheckConstraint(
            "(kind = 'served') = (stock_document_id IS NOT NULL OR uses_nothing OR is_stock_short)",
            name="served_uses_stock",
        ),
        CheckConstraint("(kind = 'served') = (provider_id IS NOT NULL)", name="served_has_a_provider"),
        CheckConstraint("kind NOT IN ('deferred', 'refused', 'referred') OR reason IS NOT NULL", name="has_a_reason"),
        CheckConstraint("kind <> 'served' OR consent_number IS NOT NULL", name="served_has_consent"),
    )

    service_outcome_id: Mapped[Key]
    record_key: Mapped[UUID] = mapped_column(unique=True)
    service_session_id: Mapped[int] = mapped_column(ForeignKey("service_session.service_session_id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.candidate_id"), index=True)
    kind: Mapped[OutcomeKind] = mapped_column(states(OutcomeKind))
    method_code: Mapped[str] = mapped_column(ForeignKey("method.code"))  # given, or wished when not served
    reason: Mapped[str | None] = mapped_column(String(40))  # code of screening.Finding or Obstacle
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.provider_id"))
    consent_number: Mapped[str | None] = mapped_column(String(40))  # of the signed informed consent
    has_spouse_consent: Mapped[bool]  # the spouse signed too
    stock_document_id: Mapped[int | None] = mapped_column(ForeignKey("stock_document.stock_document_id"), unique=True)
    uses_nothing: Mapped[bool]  # the method uses no item
    # The ledger saw too little on the shelf of what was given: see stock_discrepancy.
    is_stock_short: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    ended_at: Mapped[Instant]
    recorded_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("service_outcome.service_outcome_id"), unique=True)


class Tally(Base):
    """Counts per session, kecamatan of origin and method: recomputed from rows, never incremented."""

    __tablename__ = "tally"
    __table_args__ = (
        CheckConstraint("invited >= 0 AND came >= 0 AND walk_ins >= 0 AND walk_ins <= came", name="counts"),
    )

    service_session_id: Mapped[int] = mapped_column(ForeignKey("service_session.service_session_id"), primary_key=True)
    kecamatan_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    method_code: Mapped[str] = mapped_column(ForeignKey("method.code"), primary_key=True)
    planned: Mapped[int]  # appointments
    invited: Mapped[int]  # of them, message sent or slip handed to the cadre
    came: Mapped[int]
    walk_ins: Mapped[int]
    served: Mapped[int]
    served_poor: Mapped[int]
    deferred: Mapped[int]
    refused: Mapped[int]
    referred: Mapped[int]
    withdrew: Mapped[int]


class TallyRun(Base):
    """When a campaign was last counted."""

    __tablename__ = "tally_run"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"), primary_key=True)
    tallied_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    rows_seen: Mapped[int]


class TallyMark(Base):
    """Rows were written that the tallies do not show yet; a recount deletes the marks that it saw before it began."""

    __tablename__ = "tally_mark"

    tally_mark_id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"), index=True)
    marked_at: Mapped[Instant]
