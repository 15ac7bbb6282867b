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
    DRAFT = "draft"  # changed by hand, and breaks rules
    SOLVED = "solved"
    FAILED = "failed"
    APPROVED = "approved"


class PlanOrigin(StrEnum):
    """Where a plan comes from."""

    PLANNER = "planner"
    REPAIR = "repair"  # the planner, around what people want kept
    HAND = "hand"


class PlanRun(Base):
    """One version of a campaign's plan, with everything needed to repeat it: problem document, seed, limits, versions.

    A version made by hand is a row of its own that points at the one it changes; a plan that is there stays as it is.
    """

    __tablename__ = "plan_run"
    __table_args__ = (
        CheckConstraint("(state = 'solving') = (claimed_until IS NOT NULL)", name="claim_while_solving"),
        CheckConstraint("state NOT IN ('draft', 'solved', 'approved') OR plan IS NOT NULL", name="solved_has_a_plan"),
        CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name="approved_who_and_when"),
        CheckConstraint("(state = 'approved') = (approved_at IS NOT NULL)", name="approved_by_state"),
        CheckConstraint("seconds BETWEEN 1 AND 900 AND workers BETWEEN 1 AND 16", name="limits"),
        CheckConstraint("(origin = 'hand') = (edit IS NOT NULL)", name="hand_says_what"),
        CheckConstraint(
            "(origin = 'repair') = (pins IS NOT NULL) AND (origin <> 'repair' OR based_on_id IS NOT NULL)",
            name="repair_has_pins",
        ),
        CheckConstraint("(state = 'draft') = (coalesce(broken, '[]') <> '[]')", name="draft_breaks_rules"),
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
    origin: Mapped[PlanOrigin] = mapped_column(states(PlanOrigin), default=PlanOrigin.PLANNER)
    based_on_id: Mapped[int | None] = mapped_column(ForeignKey("plan_run.plan_run_id"), index=True)
    edit: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))  # what was changed by hand
    broken: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))  # rules: code and facts
    pins: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))  # what a repair keeps
    clashes: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))  # pins that cannot be kept
    stop_asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    is_estimated: Mapped[bool] = mapped_column(default=False)  # made of targets: there were no names yet
    approved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class QuestionKind(StrEnum):
    """What can be asked about a plan."""

    WHY = "why"  # is this group not served, and what would help
    PRICES = "prices"  # what would each of the usual changes be worth


class QuestionState(StrEnum):
    """Life of a question."""

    QUEUED = "queued"
    WORKING = "working"
    ANSWERED = "answered"
    FAILED = "failed"


class PlanQuestion(Base):
    """A question about a plan that takes solves to answer: a worker does it."""

    __tablename__ = "plan_question"
    __table_args__ = (
        CheckConstraint("(kind = 'why') = (candidate_group IS NOT NULL)", name="why_of_whom"),
        CheckConstraint("(state = 'working') = (claimed_until IS NOT NULL)", name="claim_while_working"),
        CheckConstraint("(state = 'answered') = (answer IS NOT NULL)", name="answered"),
        CheckConstraint("seconds BETWEEN 1 AND 60", name="limits"),
        # One question at a time about the same thing: whoever asks again gets the one under way.
        Index(
            "uq_plan_question_open",
            "plan_run_id",
            "kind",
            text("coalesce(candidate_group, '')"),
            unique=True,
            postgresql_where=text("state <> 'failed'"),
        ),
    )

    plan_question_id: Mapped[Key]
    plan_run_id: Mapped[int] = mapped_column(ForeignKey("plan_run.plan_run_id"), index=True)
    kind: Mapped[QuestionKind] = mapped_column(states(QuestionKind))
    candidate_group: Mapped[str | None] = mapped_column(String(200))  # of the plan's problem: nobody's name
    seconds: Mapped[int]  # limit of each single solve
    state: Mapped[QuestionState] = mapped_column(states(QuestionState))
    asked_at: Mapped[Instant]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    claimed_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    done: Mapped[int] = mapped_column(default=0)  # solves so far
    total: Mapped[int | None]  # solves in all, once it is known
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    failure: Mapped[str | None] = mapped_column(String(64))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
