"""What surrounds the messages: their rules, stops, texts, replies, freed places, those who want none, calendars."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    Time,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from campaign.db import Base, Instant, Key, states
from campaign.outreach.models import Channel, InvitationKind


class DispatchRule(Base):
    """How this deployment sends: one row, changed on a page. Without a row the defaults of sending.py hold."""

    __tablename__ = "dispatch_rule"
    __table_args__ = (
        CheckConstraint("dispatch_rule_id = 1", name="one_row"),
        CheckConstraint("offer_hours >= 1 AND offer_lead_hours >= 0", name="offer_hours"),
        CheckConstraint("risk > 0 AND risk < 1", name="risk_is_a_chance"),
    )

    dispatch_rule_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    quiet_from: Mapped[time] = mapped_column(Time)  # wall clock; from then on nothing leaves electronically
    quiet_until: Mapped[time] = mapped_column(Time)  # equal to quiet_from: no quiet hours
    phone_route: Mapped[Channel] = mapped_column(states(Channel))  # what "a message to the phone" goes through
    daily_caps: Mapped[dict[str, int]] = mapped_column(JSONB)  # messages a day by channel; a channel left out: no cap
    reminders: Mapped[list[str]] = mapped_column(JSONB)  # which reminders are sent, InvitationKind values
    remind_at: Mapped[time] = mapped_column(Time)  # wall clock of H-3 and H-1
    offer_hours: Mapped[int]  # how long a freed place is offered to one person
    offer_lead_hours: Mapped[int]  # no offer later than so long before the appointment
    risk: Mapped[float] = mapped_column(Float)  # accepted chance that more come than can be served, a facility-day
    changed_at: Mapped[Instant]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class DispatchStop(Base):
    """One time that a campaign's messages were held back, until somebody let them go again."""

    __tablename__ = "dispatch_stop"
    __table_args__ = (
        CheckConstraint("(resumed_at IS NULL) OR (resumed_at >= stopped_at)", name="resumed_after_it_stopped"),
        Index("uq_dispatch_stop_open", "campaign_id", unique=True, postgresql_where=text("resumed_at IS NULL")),
    )

    dispatch_stop_id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"))
    reason: Mapped[str] = mapped_column(String(240))
    stopped_at: Mapped[Instant]
    stopped_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    resumed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    resumed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class MessageText(Base):
    """One version of a text, append-only: the newest of a kind and language is used; without one, the shipped text."""

    __tablename__ = "message_text"
    __table_args__ = (
        CheckConstraint("(subject IS NULL) = (body IS NULL)", name="subject_with_body"),
        Index("ix_message_text_newest", "kind", "language", "message_text_id"),
    )

    message_text_id: Mapped[Key]
    kind: Mapped[InvitationKind] = mapped_column(states(InvitationKind))
    language: Mapped[str] = mapped_column(String(5))
    subject: Mapped[str | None] = mapped_column(String(120))  # None: back to the shipped text
    body: Mapped[str | None] = mapped_column(Text)
    written_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class ReplyLink(Base):
    """The personal link of one appointment: the hash of its token, which is made of the salt and the privacy key."""

    __tablename__ = "reply_link"

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.appointment_id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))  # random
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256
    created_at: Mapped[Instant]


class Answer(StrEnum):
    """What somebody answered to their invitation."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    OTHER_DATE = "other_date"
    NO_MESSAGES = "no_messages"


class Reply(Base):
    """One answer, append-only: the newest about a version of an appointment counts."""

    __tablename__ = "reply"
    __table_args__ = (
        CheckConstraint("(answer = 'other_date') = (wished_on IS NOT NULL)", name="other_date_names_it"),
        Index("ix_reply_appointment", "appointment_id", "reply_id"),
    )

    reply_id: Mapped[Key]
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.appointment_id"))
    appointment_version: Mapped[int]
    answer: Mapped[Answer] = mapped_column(states(Answer))
    wished_on: Mapped[date | None] = mapped_column(Date)
    replied_at: Mapped[Instant]
    recorded_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))  # None: through the link


class OfferEnding(StrEnum):
    """How the offer of a freed place ended."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"  # no answer until the deadline
    WITHDRAWN = "withdrawn"  # the place is no longer free


class PlaceOffer(Base):
    """A freed place offered to one person of the waiting list, until a deadline; one offer of a place at a time."""

    __tablename__ = "place_offer"
    __table_args__ = (
        CheckConstraint("(ending IS NULL) = (ended_at IS NULL)", name="ending_has_a_time"),
        Index("uq_place_offer_open", "freed_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_place_offer_until", "until", postgresql_where=text("ended_at IS NULL")),
    )

    place_offer_id: Mapped[Key]
    freed_id: Mapped[int] = mapped_column(ForeignKey("appointment.appointment_id"))  # whose place it was
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.appointment_id"), unique=True)  # offered
    offered_at: Mapped[Instant]
    until: Mapped[Instant]
    ending: Mapped[OfferEnding | None] = mapped_column(states(OfferEnding))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class OptOut(Base):
    """A contact that wants no messages, by fingerprint: it holds in every campaign, whoever shares the telephone."""

    __tablename__ = "opt_out"
    __table_args__ = (
        Index("uq_opt_out_open", "contact_print", unique=True, postgresql_where=text("revoked_at IS NULL")),
    )

    opt_out_id: Mapped[Key]
    contact_print: Mapped[str] = mapped_column(String(64))  # of the telephone number or e-mail address
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("candidate.candidate_id"))  # who asked, when known
    asked_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))  # None: through the link
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class LinkMiss(Base):
    """One look at a link that does not exist, by keyed fingerprint of the network address: the brake on guessing."""

    __tablename__ = "link_miss"
    __table_args__ = (Index("ix_link_miss_address", "address_mark", "missed_at"),)

    link_miss_id: Mapped[Key]
    missed_at: Mapped[Instant]
    address_mark: Mapped[str] = mapped_column(String(64))


class FeedKind(StrEnum):
    """Whose sessions a calendar shows."""

    FACILITY = "facility"
    PROVIDER = "provider"
    KECAMATAN = "kecamatan"


class CalendarFeed(Base):
    """An address under which a calendar program fetches sessions; who has the address needs no account."""

    __tablename__ = "calendar_feed"

    calendar_feed_id: Mapped[Key]
    kind: Mapped[FeedKind] = mapped_column(states(FeedKind))
    subject: Mapped[str] = mapped_column(String(13))  # facility_id, provider_id or area code
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class TurnoutPrior(Base):
    """What is believed of a method before any campaign was counted: a rate, and how many people's worth it weighs."""

    __tablename__ = "turnout_prior"
    __table_args__ = (
        CheckConstraint("comes > 0 AND comes < 1 AND fit > 0 AND fit < 1", name="rates_are_chances"),
        CheckConstraint("comes_weight >= 1 AND fit_weight >= 1", name="weights_count"),
    )

    method_code: Mapped[str] = mapped_column(ForeignKey("method.code"), primary_key=True)
    comes: Mapped[float] = mapped_column(Float)  # of those invited, the part that comes
    comes_weight: Mapped[int]
    fit: Mapped[float] = mapped_column(Float)  # of those who come, the part that may be served with the method wished
    fit_weight: Mapped[int]
    source: Mapped[str] = mapped_column(String(240))
