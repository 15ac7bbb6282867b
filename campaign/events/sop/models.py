"""Rows of SOP templates, of the checklists that campaigns make of them, and of what was ticked."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.db import Base, Instant, Key, states
from campaign.events.sop.template import Anchor, Duty, Proof, TimePer, TimeUnit
from campaign.events.sop.ticking import EventKind

OWNED = "all, delete-orphan"


class SopTemplate(Base):
    """One version of an SOP. A draft may change; once published it never does: campaigns keep what they started with.

    The district is no foreign key: the SOPs that we ship are there before any area is imported.
    """

    __tablename__ = "sop_template"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        UniqueConstraint("sop_template_id", "code"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("published_at IS NOT NULL OR published_by_id IS NULL", name="published_who_and_when"),
        Index("uq_sop_template_draft", "code", unique=True, postgresql_where=text("published_at IS NULL")),
    )

    sop_template_id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(40))  # stable over versions
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    district_code: Mapped[str | None] = mapped_column(String(5))  # Kemendagri code; None: anybody's
    source: Mapped[str] = mapped_column(String(240))  # office, title and date of the sheet
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))  # None: shipped
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # None: a draft
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))

    parties: Mapped[list["SopParty"]] = relationship(order_by="SopParty.position", lazy="selectin", cascade=OWNED)
    steps: Mapped[list["SopStep"]] = relationship(order_by="SopStep.position", lazy="selectin", cascade=OWNED)


class SopParty(Base):
    """Who takes part: a role column of the sheet, or somebody whom it forgets."""

    __tablename__ = "sop_party"

    sop_template_id: Mapped[int] = mapped_column(ForeignKey("sop_template.sop_template_id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    printed: Mapped[str] = mapped_column(String(120))  # head of the column; empty: not on the sheet
    roles: Mapped[list[str]] = mapped_column(ARRAY(String(32)))  # accounts' roles that answer for it


class SopStep(Base):
    """One step: what the sheet prints, letter by letter, and what we make of it."""

    __tablename__ = "sop_step"
    __table_args__ = (
        CheckConstraint(
            "(time_value IS NULL) = (time_unit IS NULL) AND (time_unit IS NULL) = (time_per IS NULL)", name="time_whole"
        ),
        CheckConstraint("time_value > 0", name="time_positive"),
        CheckConstraint("due_days BETWEEN -120 AND 120", name="due_within_months"),
        CheckConstraint("length(trim(title)) > 0", name="has_a_title"),
        Index("ix_sop_step_position", "sop_template_id", "position"),
    )

    sop_template_id: Mapped[int] = mapped_column(ForeignKey("sop_template.sop_template_id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)  # stable; what is printed may repeat
    position: Mapped[int]
    printed_number: Mapped[str] = mapped_column(String(10))
    printed_activity: Mapped[str] = mapped_column(String(400))
    printed_inputs: Mapped[str] = mapped_column(String(400))
    printed_time: Mapped[str] = mapped_column(String(60))
    printed_output: Mapped[str] = mapped_column(String(400))
    printed_note: Mapped[str] = mapped_column(String(400))
    title: Mapped[str] = mapped_column(String(200))
    inputs: Mapped[str] = mapped_column(String(400))
    output: Mapped[str] = mapped_column(String(400))
    note: Mapped[str] = mapped_column(String(400))
    time_value: Mapped[int | None]  # standard time; None: the sheet gives none
    time_unit: Mapped[TimeUnit | None] = mapped_column(states(TimeUnit))
    time_per: Mapped[TimePer | None] = mapped_column(states(TimePer))
    due_anchor: Mapped[Anchor] = mapped_column(states(Anchor))
    due_days: Mapped[int]  # working days after the anchor, before it when negative
    proof: Mapped[Proof | None] = mapped_column(states(Proof))  # None: ticked by hand

    waits: Mapped[list["SopWait"]] = relationship(
        foreign_keys="[SopWait.sop_template_id, SopWait.step_code]", lazy="selectin", cascade=OWNED
    )
    duties: Mapped[list["SopDuty"]] = relationship(lazy="selectin", cascade=OWNED)


class SopWait(Base):
    """One step waits for another of the same template."""

    __tablename__ = "sop_wait"
    __table_args__ = (
        ForeignKeyConstraint(["sop_template_id", "step_code"], ["sop_step.sop_template_id", "sop_step.code"]),
        ForeignKeyConstraint(["sop_template_id", "waits_for_code"], ["sop_step.sop_template_id", "sop_step.code"]),
        CheckConstraint("step_code <> waits_for_code", name="not_for_itself"),
    )

    sop_template_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    step_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    waits_for_code: Mapped[str] = mapped_column(String(40), primary_key=True)


class SopDuty(Base):
    """What a party has to do with a step."""

    __tablename__ = "sop_duty"
    __table_args__ = (
        ForeignKeyConstraint(["sop_template_id", "step_code"], ["sop_step.sop_template_id", "sop_step.code"]),
        ForeignKeyConstraint(["sop_template_id", "party_code"], ["sop_party.sop_template_id", "sop_party.code"]),
    )

    sop_template_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    step_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    party_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    duty: Mapped[Duty] = mapped_column(states(Duty))
    printed: Mapped[str] = mapped_column(String(40))  # what the sheet's cell still shows


class CampaignSop(Base):
    """A checklist: one campaign working by one version of an SOP."""

    __tablename__ = "campaign_sop"
    __table_args__ = (
        UniqueConstraint("campaign_id", "sop_code"),
        UniqueConstraint("campaign_sop_id", "sop_template_id"),
        ForeignKeyConstraint(["sop_template_id", "sop_code"], ["sop_template.sop_template_id", "sop_template.code"]),
    )

    campaign_sop_id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"))
    sop_template_id: Mapped[int] = mapped_column(BigInteger)
    sop_code: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[Instant]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))

    template: Mapped[SopTemplate] = relationship(lazy="selectin")


class SopStepEvent(Base):
    """A step was ticked, or a tick was taken back. Append-only."""

    __tablename__ = "sop_step_event"
    __table_args__ = (
        # Ticks and returns alternate: of two who tick at once, one finds the number taken.
        UniqueConstraint("campaign_sop_id", "step_code", "number"),
        CheckConstraint("number >= 1 AND (number % 2 = 1) = (kind = 'ticked')", name="takes_turns"),
        CheckConstraint("(kind = 'taken_back') = (undoes_id IS NOT NULL)", name="return_points"),
        CheckConstraint("length(trim(note)) > 0", name="has_a_note"),
        CheckConstraint("minutes IS NULL OR (minutes > 0 AND kind = 'ticked')", name="minutes_of_a_tick"),
        CheckConstraint("happened_at <= recorded_at", name="not_in_the_future"),
        ForeignKeyConstraint(
            ["campaign_sop_id", "sop_template_id"], ["campaign_sop.campaign_sop_id", "campaign_sop.sop_template_id"]
        ),
        ForeignKeyConstraint(["sop_template_id", "step_code"], ["sop_step.sop_template_id", "sop_step.code"]),
    )

    sop_step_event_id: Mapped[Key]
    campaign_sop_id: Mapped[int] = mapped_column(BigInteger)
    sop_template_id: Mapped[int] = mapped_column(BigInteger)
    step_code: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]  # 1, 2, 3, … of this step in this checklist
    kind: Mapped[EventKind] = mapped_column(states(EventKind))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("sop_step_event.sop_step_event_id"), unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    happened_at: Mapped[Instant]  # when the step was done
    recorded_at: Mapped[Instant]  # when we learned of it
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    note: Mapped[str] = mapped_column(String(500))  # what was done, or why it is taken back
    minutes: Mapped[int | None]  # of work, when somebody says so

    file: Mapped["SopStepFile | None"] = relationship(lazy="selectin")


class SopStepFile(Base):
    """The paper behind a tick: a scan, a photo, a letter. Append-only."""

    __tablename__ = "sop_step_file"
    __table_args__ = (CheckConstraint("octet_length(content) BETWEEN 1 AND 5000000", name="content_size"),)

    sop_step_event_id: Mapped[int] = mapped_column(ForeignKey("sop_step_event.sop_step_event_id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
