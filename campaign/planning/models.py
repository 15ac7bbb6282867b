"""Requests for a plan and what came of them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Float, ForeignKey, Index, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from campaign.db import Base, Instant, Key, states


class PlanState(StrEnum):
    """Life of a plan request."""

    QUEUED = "queued"
    SOLVING = "solving"
    SOLVED = "solved"
    FAILED = "failed"
    APPROVED = "approved"


class PlanRun(Base):
    """One run of the planner, with everything needed to repeat it: problem document, seed, limits, versions."""

    __tablename__ = "plan_run"
    __table_args__ = (
        CheckConstraint("(state = 'solving') = (claimed_until IS NOT NULL)", name="claim_while_solving"),
        CheckConstraint("state NOT IN ('solved', 'approved') OR plan IS NOT NULL", name="solved_has_a_plan"),
        CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name="approved_who_and_when"),
        CheckConstraint("(state = 'approved') = (approved_at IS NOT NULL)", name="approved_by_state"),
        CheckConstraint("seconds BETWEEN 1 AND 900 AND workers BETWEEN 1 AND 16", name="limits"),
        # At most one approved plan a campaign.
        Index("uq_plan_run_approved", "campaign_id", unique=True, postgresql_where=text("state = 'approved'")),
    )

    plan_run_id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"), index=True)
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[PlanState] = mapped_column(states(PlanState), index=True)
    seconds: Mapped[int]  # wall-clock limit of the solve
    workers: Mapped[int]
    seed: Mapped[int]
    requested_at: Mapped[Instant]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))  # None: the system
    claimed_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # level, incumbent, bound, seconds
    problem: Mapped[str | None] = mapped_column(Text)  # campaign-problem/1, the exact text that was hashed
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # campaign-plan/1
    ending: Mapped[str | None] = mapped_column(String(32))  # SolveStatus
    failure: Mapped[str | None] = mapped_column(String(64))  # error code
    solved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    served_priority: Mapped[int | None]
    served: Mapped[int | None]
    min_coverage: Mapped[float | None] = mapped_column(Float)
    cost: Mapped[float | None] = mapped_column(Float)  # rupiah
    approved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
