"""Rows of field work: households, visits, lists handed in, verdicts about doubles, rules of methods."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.db import Base, Instant, Key, states
from campaign.outreach.field.visits import VisitResult
from campaign.privacy import Sealed


class Household(Base):
    """A couple to be visited. Once willing, they are a candidate, and the row points there."""

    __tablename__ = "household"
    __table_args__ = (
        UniqueConstraint("campaign_id", "idempotency_key"),
        CheckConstraint("length(trim(name)) > 0 AND length(trim(address)) > 0", name="name_and_address"),
        CheckConstraint("(poor_source IS NOT NULL) = is_poor", name="poor_has_a_source"),
        Index("ix_household_area", "campaign_id", "kelurahan_code"),
    )

    household_id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"))
    idempotency_key: Mapped[str] = mapped_column(String(64))
    kelurahan_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    name: Mapped[str] = mapped_column(String(120))  # the wife's
    spouse_name: Mapped[str | None] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(240))
    phone: Mapped[str | None] = mapped_column(Sealed(255))
    birth_on: Mapped[date | None] = mapped_column(Date)
    is_poor: Mapped[bool]
    poor_source: Mapped[str | None] = mapped_column(String(40))  # DTSEN, PBI, SKTM, …
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("candidate.candidate_id"), unique=True)
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))

    visits: Mapped[list["HouseVisit"]] = relationship(
        order_by="HouseVisit.house_visit_id", lazy="selectin", viewonly=True
    )


class HouseVisit(Base):
    """Somebody knocked. Append-only; typed in later from paper, it keeps the day on which it was."""

    __tablename__ = "house_visit"
    __table_args__ = (
        CheckConstraint("(result = 'willing') = (method_code IS NOT NULL)", name="willing_wishes_a_method"),
        CheckConstraint("poor_verified_on IS NULL OR poor_verified_by <> ''", name="verified_by_somebody"),
    )

    house_visit_id: Mapped[Key]
    household_id: Mapped[int] = mapped_column(ForeignKey("household.household_id"), index=True)
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    visited_on: Mapped[date] = mapped_column(Date)
    result: Mapped[VisitResult] = mapped_column(states(VisitResult))
    method_code: Mapped[str | None] = mapped_column(ForeignKey("method.code"))
    poor_verified_on: Mapped[date | None] = mapped_column(Date)
    poor_verified_by: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(300))
    recorded_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class SubmissionState(StrEnum):
    """Where a kecamatan's list stands."""

    SUBMITTED = "submitted"
    RETURNED = "returned"  # with remarks
    ACCEPTED = "accepted"


class CandidateSubmission(Base):
    """A kecamatan hands in its list; the city accepts it or gives it back."""

    __tablename__ = "candidate_submission"
    __table_args__ = (
        UniqueConstraint("campaign_id", "kecamatan_code", "version"),
        CheckConstraint("(state = 'submitted') = (decided_at IS NULL)", name="decided_when"),
        CheckConstraint("state <> 'returned' OR length(trim(remark)) > 0", name="returned_with_a_remark"),
        Index(
            "uq_candidate_submission_open",
            "campaign_id",
            "kecamatan_code",
            unique=True,
            postgresql_where=text("state = 'submitted'"),
        ),
    )

    candidate_submission_id: Mapped[Key]
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"))
    kecamatan_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    version: Mapped[int]
    state: Mapped[SubmissionState] = mapped_column(states(SubmissionState))
    candidates: Mapped[int]
    poor: Mapped[int]
    submitted_at: Mapped[Instant]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    remark: Mapped[str] = mapped_column(String(500))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class SubmittedCandidate(Base):
    """Who was on a list as it was handed in. Append-only."""

    __tablename__ = "submitted_candidate"

    candidate_submission_id: Mapped[int] = mapped_column(
        ForeignKey("candidate_submission.candidate_submission_id"), primary_key=True
    )
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.candidate_id"), primary_key=True, index=True)


class DoubleVerdict(Base):
    """Somebody decided whether two candidates are one person. Append-only."""

    __tablename__ = "double_verdict"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="smaller_first"),
        CheckConstraint("kept_id IS NULL OR kept_id IN (first_id, second_id)", name="keeps_one_of_them"),
    )

    double_verdict_id: Mapped[Key]
    first_id: Mapped[int] = mapped_column(ForeignKey("candidate.candidate_id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("candidate.candidate_id"), index=True)
    kept_id: Mapped[int | None] = mapped_column(BigInteger)  # None: two different people
    decided_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class ExitReason(StrEnum):
    """Why a candidate is no longer on the list."""

    CHANGED_MIND = "changed_mind"
    MOVED = "moved"
    PREGNANT = "pregnant"
    SERVED_ELSEWHERE = "served_elsewhere"
    DOUBLE = "double"  # the same person stands on the list once more
    NOT_ELIGIBLE = "not_eligible"


class CandidateExit(Base):
    """A candidate left the list. Append-only."""

    __tablename__ = "candidate_exit"

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.candidate_id"), primary_key=True)
    reason: Mapped[ExitReason] = mapped_column(states(ExitReason))
    left_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class MethodRule(Base):
    """What the city asks of candidates for a method; what is empty is not asked."""

    __tablename__ = "method_rule"
    __table_args__ = (
        CheckConstraint("min_age BETWEEN 10 AND 60 AND max_age BETWEEN 10 AND 60", name="ages_plausible"),
        CheckConstraint("min_age <= max_age", name="ages_in_order"),
        CheckConstraint("min_children BETWEEN 0 AND 20 AND min_youngest_months BETWEEN 0 AND 240", name="not_negative"),
    )

    method_code: Mapped[str] = mapped_column(ForeignKey("method.code"), primary_key=True)
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    min_children: Mapped[int | None]
    min_youngest_months: Mapped[int | None]
