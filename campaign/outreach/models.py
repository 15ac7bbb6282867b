"""Candidates, their appointments, and the invitations that tell them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from campaign import clock
from campaign.db import Base, Instant, Key, states
from campaign.privacy import Sealed


class CandidateSource(StrEnum):
    """How the campaign came to know of a candidate."""

    LIST = "list"  # the kelurahan's list
    WALK_IN = "walk_in"


class CandidateState(StrEnum):
    """Where a candidate stands before the service day; what happens on the day is attendance's."""

    LISTED = "listed"
    ACCEPTED = "accepted"  # the city took the name over: plans count it
    WITHDRAWN = "withdrawn"


class Channel(StrEnum):
    """How a candidate can be reached."""

    EMAIL = "email"
    MESSAGE = "message"  # to the phone: by the route that the settings name, or the file outbox where there is none
    WHATSAPP = "whatsapp"
    SMS = "sms"
    OTHER = "other"  # whatever service Apprise speaks: it says yes or no, and nothing more
    CADRE = "cadre"  # a printed slip carried by the cadre


class Candidate(Base):
    """A person who may be served in one campaign. NIK, phone and e-mail are sealed; look-up is by fingerprint."""

    __tablename__ = "candidate"
    __table_args__ = (
        CheckConstraint("(nik IS NULL) = (nik_print IS NULL)", name="nik_with_its_print"),
        CheckConstraint("(phone IS NULL) = (phone_print IS NULL)", name="phone_with_its_print"),
        CheckConstraint("(poor_source IS NOT NULL) = is_poor", name="poor_has_a_source"),
        CheckConstraint("children >= 0 AND youngest_child_months >= 0", name="children_not_negative"),
        UniqueConstraint("campaign_id", "nik_print"),
        UniqueConstraint("campaign_id", "list_key"),
        Index("ix_candidate_group", "campaign_id", "kelurahan_code", "method_code", "is_poor"),
    )

    candidate_id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"))
    list_key: Mapped[str] = mapped_column(
        String(40)
    )  # number in the kelurahan's list, "33.75.01.1002/014"; or a walk-in's
    source: Mapped[CandidateSource] = mapped_column(states(CandidateSource))
    state: Mapped[CandidateState] = mapped_column(states(CandidateState))
    kelurahan_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    method_code: Mapped[str] = mapped_column(ForeignKey("method.code"))  # wished
    name: Mapped[str] = mapped_column(String(120))
    spouse_name: Mapped[str | None] = mapped_column(String(120))
    birth_on: Mapped[date | None] = mapped_column(Date)
    address: Mapped[str] = mapped_column(String(240))  # RT/RW and street
    nik: Mapped[str | None] = mapped_column(Sealed(255))
    nik_print: Mapped[str | None] = mapped_column(String(64))
    phone: Mapped[str | None] = mapped_column(Sealed(255))  # E.164; often shared by a family: contact, not identity
    phone_print: Mapped[str | None] = mapped_column(String(64), index=True)
    email: Mapped[str | None] = mapped_column(Sealed(512))
    channel: Mapped[Channel] = mapped_column(states(Channel))
    may_be_messaged: Mapped[bool]  # consent to be written to; False: the cadre tells them
    is_poor: Mapped[bool]  # served first
    poor_source: Mapped[str | None] = mapped_column(String(40))  # DTSEN, PBI, SKTM, …
    free_dates: Mapped[list[date] | None] = mapped_column(ARRAY(Date))  # the only dates they can come; None: any
    language: Mapped[str] = mapped_column(String(5))
    # What the list of candidates asks beside (domain: daftar nama calon akseptor); for counselling, not for planning.
    children: Mapped[int | None]
    youngest_child_months: Mapped[int | None]
    current_method: Mapped[str | None] = mapped_column(String(40))  # as the cadre wrote it
    insurance: Mapped[str | None] = mapped_column(String(24))  # PBI, JKN, none
    brought_by: Mapped[str | None] = mapped_column(String(120))  # PPKBD or PLKB who brings them
    created_at: Mapped[Instant]


class AppointmentState(StrEnum):
    """Whether the candidate is expected."""

    BOOKED = "booked"  # by the plan
    OFFERED = "offered"  # a freed place; not theirs before they say yes
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    LAPSED = "lapsed"  # an offer without an answer
    CANCELLED = "cancelled"  # by us: the plan changed


EXPECTED = (AppointmentState.BOOKED, AppointmentState.CONFIRMED)


class Appointment(Base):
    """One candidate expected at one session at one time, under the approved plan."""

    __tablename__ = "appointment"
    __table_args__ = (
        UniqueConstraint("plan_run_id", "candidate_id"),
        CheckConstraint("version >= 1 AND told_version BETWEEN 0 AND version", name="told_what_there_was"),
    )

    appointment_id: Mapped[Key]
    plan_run_id: Mapped[int] = mapped_column(ForeignKey("plan_run.plan_run_id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.candidate_id"), index=True)
    service_session_id: Mapped[int] = mapped_column(ForeignKey("service_session.service_session_id"), index=True)
    expected_at: Mapped[Instant]  # start of the first step
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.provider_id"))  # of the step that has a skill
    state: Mapped[AppointmentState] = mapped_column(states(AppointmentState), default=AppointmentState.BOOKED)
    version: Mapped[int] = mapped_column(default=1)  # one more whenever place or time change, or it is cancelled
    told_version: Mapped[int] = mapped_column(default=1)  # the version that a message was written about
    changed_at: Mapped[Instant] = mapped_column(default=clock.now)  # when this version came to be
    is_extra: Mapped[bool] = mapped_column(default=False)  # invited beyond the places, because not everybody comes


class InvitationKind(StrEnum):
    """Why a message goes out."""

    INVITATION = "invitation"
    OFFER = "offer"  # a freed place, to somebody of the waiting list
    REMINDER_3 = "reminder_3"  # three days before
    REMINDER_1 = "reminder_1"
    REMINDER_DAY = "reminder_day"
    MOVED = "moved"  # another place or time
    CANCELLED = "cancelled"


class InvitationState(StrEnum):
    """Life of a message: written before anything is sent, claimed by one worker, and never sent twice."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    REJECTED = "rejected"  # the gateway will never take it
    UNKNOWN = "unknown"  # a worker died between send and record: a person decides
    DROPPED = "dropped"  # nobody needs it any more: it was never sent


class Invitation(Base):
    """One message to one candidate about one version of their appointment."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("appointment_id", "appointment_version", "kind"),
        CheckConstraint("(state = 'sending') = (claimed_until IS NOT NULL)", name="claim_while_sending"),
        CheckConstraint("(claimed_by IS NULL) = (claimed_until IS NULL)", name="claimed_by_whom"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_a_time"),
        Index("ix_invitation_due", "state", "due_at"),
        Index("ix_invitation_campaign", "campaign_id", "state"),
        Index("ix_invitation_sent", "channel", "sent_at"),
    )

    invitation_id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"))
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.appointment_id"))
    appointment_version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[InvitationKind] = mapped_column(states(InvitationKind))
    channel: Mapped[Channel] = mapped_column(states(Channel))
    state: Mapped[InvitationState] = mapped_column(states(InvitationState))
    due_at: Mapped[Instant]  # not before
    attempts: Mapped[int]
    rounds: Mapped[int] = mapped_column(default=0)  # how often a person sent it anew by another way: a new key each
    claimed_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    claimed_by: Mapped[str | None] = mapped_column(String(64))  # journal of the worker that sends it
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reference: Mapped[str | None] = mapped_column(String(120))  # what the gateway calls it
    failure: Mapped[str | None] = mapped_column(String(64))  # error code of the last attempt
    created_at: Mapped[Instant]
