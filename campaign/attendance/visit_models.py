"""What is recorded of a visit between arrival and outcome. Append-only: a later row tells more, none is changed."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.attendance.consent import Decision, Signer, Way
from campaign.db import Base, Instant, Key, states
from campaign.privacy import Sealed


class Stop(StrEnum):
    """Where a visitor stands in the SOP of the day."""

    REGISTRATION = "registration"
    EXAMINATION = "examination"
    SERVICE = "service"
    RECOVERY = "recovery"
    HOME = "home"


class AidKind(StrEnum):
    """What a visitor is given to come and go home; never for a method."""

    TRANSPORT = "transport"  # rupiah
    RICE = "rice"  # kg
    LOST_EARNINGS = "lost-earnings"  # rupiah
    OTHER = "other"  # pieces


class AftercareKind(StrEnum):
    """What belongs to a visit after its service."""

    DISCHARGED = "discharged"
    NEXT_VISIT = "next-visit"
    COMPLICATION = "complication"
    CONTROLLED = "controlled"  # seen again some days after a procedure


class StationMove(Base):
    """A visitor goes to a station; the latest by time says where they are."""

    __tablename__ = "station_move"
    __table_args__ = (Index("ix_station_move_visit", "service_session_id", "candidate_id"),)

    station_move_id: Mapped[Key]
    record_key: Mapped[UUID] = mapped_column(unique=True)  # made by the sender
    service_session_id: Mapped[int] = mapped_column(ForeignKey("service_session.service_session_id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.candidate_id"), index=True)
    stop: Mapped[Stop] = mapped_column(states(Stop))
    token: Mapped[str] = mapped_column(String(8))  # called out in the queue instead of a name: A-012
    moved_at: Mapped[Instant]
    recorded_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class SignatureImage(Base):
    """A signature drawn on the screen, or the photo of a signed paper; named by its SHA-256."""

    __tablename__ = "signature_image"
    __table_args__ = (CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_form"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(40))
    content: Mapped[str] = mapped_column(Sealed())  # base64
    recorded_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class Consent(Base):
    """What the client or the spouse decided about one method. Nobody is asked why they refuse or withdraw."""

    __tablename__ = "consent"
    __table_args__ = (
        Index("ix_consent_visit", "service_session_id", "candidate_id"),
        CheckConstraint("(decision = 'given') = (way IS NOT NULL)", name="given_in_a_way"),
        CheckConstraint("(decision = 'given') = (number IS NOT NULL)", name="given_has_a_number"),
        CheckConstraint("way IS DISTINCT FROM 'screen' OR image_sha256 IS NOT NULL", name="screen_has_a_signature"),
    )

    consent_id: Mapped[Key]
    record_key: Mapped[UUID] = mapped_column(unique=True)
    service_session_id: Mapped[int] = mapped_column(ForeignKey("service_session.service_session_id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.candidate_id"), index=True)
    method_code: Mapped[str] = mapped_column(ForeignKey("method.code"))
    signer: Mapped[Signer] = mapped_column(states(Signer))
    decision: Mapped[Decision] = mapped_column(states(Decision))
    way: Mapped[Way | None] = mapped_column(states(Way))
    number: Mapped[str | None] = mapped_column(String(40))  # of the paper, or made of the record for a screen
    image_sha256: Mapped[str | None] = mapped_column(ForeignKey("signature_image.sha256"))
    decided_at: Mapped[Instant]
    recorded_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class AidGiven(Base):
    """Aid handed over, with a signature of its own: a log apart from services, and no condition of any."""

    __tablename__ = "aid_given"
    __table_args__ = (CheckConstraint("quantity >= 1", name="quantity_positive"),)

    aid_given_id: Mapped[Key]
    record_key: Mapped[UUID] = mapped_column(unique=True)
    service_session_id: Mapped[int] = mapped_column(ForeignKey("service_session.service_session_id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.candidate_id"), index=True)
    kind: Mapped[AidKind] = mapped_column(states(AidKind))
    quantity: Mapped[int]  # in the unit of its kind
    image_sha256: Mapped[str | None] = mapped_column(ForeignKey("signature_image.sha256"))
    given_at: Mapped[Instant]
    recorded_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class Aftercare(Base):
    """Discharge, the next visit, or a complication."""

    __tablename__ = "aftercare"
    __table_args__ = (
        Index("ix_aftercare_visit", "service_session_id", "candidate_id"),
        CheckConstraint("(kind = 'next-visit') = (due_on IS NOT NULL)", name="next_visit_has_a_day"),
        CheckConstraint("(kind = 'complication') = (code IS NOT NULL)", name="complication_has_a_code"),
    )

    aftercare_id: Mapped[Key]
    record_key: Mapped[UUID] = mapped_column(unique=True)
    service_session_id: Mapped[int] = mapped_column(ForeignKey("service_session.service_session_id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.candidate_id"), index=True)
    kind: Mapped[AftercareKind] = mapped_column(states(AftercareKind))
    code: Mapped[str | None] = mapped_column(String(40))  # of aftercare.Complication
    due_on: Mapped[date | None] = mapped_column(Date)  # of the next visit
    happened_at: Mapped[Instant]
    recorded_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class StockDiscrepancy(Base):
    """A service that took what the ledger did not see on the shelf: the service stands, the stock is to be settled."""

    __tablename__ = "stock_discrepancy"
    __table_args__ = (
        UniqueConstraint("service_outcome_id", "item_id"),
        CheckConstraint("wanted > available AND available >= 0", name="really_short"),
    )

    stock_discrepancy_id: Mapped[Key]
    service_outcome_id: Mapped[int] = mapped_column(ForeignKey("service_outcome.service_outcome_id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.item_id"))
    wanted: Mapped[int]  # in the item's unit
    available: Mapped[int]  # on the shelf, as the ledger had it then
    found_at: Mapped[Instant]


class SettledMatter(StrEnum):
    """What a person settles after a day of telephones."""

    DOUBLE_SERVICE = "double-service"  # served at two sessions
    SECOND_ENDING = "second-ending"  # two devices ended one visit
    HELD_EVENT = "held-event"  # a record that cannot be trusted or read
    STUCK_EVENT = "stuck-event"  # a record that the rules refuse, or that waits for another
    STOCK_DISCREPANCY = "stock-discrepancy"


class Settlement(StrEnum):
    """How it was settled."""

    KEEP_ONE = "keep-one"  # the named outcome counts, the other does not
    KEEP_BOTH = "keep-both"  # both happened and both count
    NOTED = "noted"  # seen and written up; no row follows from it


class DaySettlement(Base):
    """A person's decision about a matter of the service day; whoever changes their mind adds a row."""

    __tablename__ = "day_settlement"
    __table_args__ = (
        Index("ix_day_settlement_matter", "matter", "subject_id"),
        CheckConstraint("(decision = 'keep-one') = (kept_outcome_id IS NOT NULL)", name="one_is_named"),
    )

    day_settlement_id: Mapped[Key]
    matter: Mapped[SettledMatter] = mapped_column(states(SettledMatter))
    subject_id: Mapped[int] = mapped_column(BigInteger)  # candidate, device event, held event or discrepancy, by matter
    decision: Mapped[Settlement] = mapped_column(states(Settlement))
    kept_outcome_id: Mapped[int | None] = mapped_column(ForeignKey("service_outcome.service_outcome_id"))
    note: Mapped[str] = mapped_column(String(240))
    settled_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


class ControlWaiver(Base):
    """A campaign was closed although people were not seen again after their procedure. Append-only."""

    __tablename__ = "control_waiver"
    __table_args__ = (
        CheckConstraint("missing >= 1", name="something_missing"),
        CheckConstraint("length(trim(reason)) > 0", name="has_a_reason"),
    )

    control_waiver_id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"), index=True)
    missing: Mapped[int]  # people not seen again
    reason: Mapped[str] = mapped_column(String(240))
    waived_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
