"""The campaign, what it aims at, and the sessions that an approved plan creates."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.db import Base, Instant, Key, states
from campaign.events.lifecycle import CampaignState


class Campaign(Base):
    """One mass-service campaign of a city or regency."""

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("length(trim(name)) > 0", name="has_a_name"),
        CheckConstraint("max_travel_km > 0 AND min_session >= 1", name="rules_positive"),
        CheckConstraint("trips_per_day >= 0 AND trip_cost >= 0", name="trips_not_negative"),
        CheckConstraint("max_sessions_per_day >= 1 AND max_dates_per_kecamatan >= 1", name="limits_positive"),
    )

    campaign_id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(120))
    district_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    state: Mapped[CampaignState] = mapped_column(states(CampaignState))
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    max_travel_km: Mapped[float]
    min_session: Mapped[int]  # candidates below which a session is not held
    cross_kecamatan: Mapped[bool] = mapped_column(default=True)  # False: served inside one's own kecamatan only
    max_sessions_per_day: Mapped[int | None]  # over the whole city; None: no limit
    max_dates_per_kecamatan: Mapped[int | None]  # None: no limit
    trips_per_day: Mapped[int] = mapped_column(default=20)  # facilities that a warehouse can supply on one date
    trip_cost: Mapped[int] = mapped_column(default=150_000)  # rupiah for one delivery, before distance
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))

    dates: Mapped[list["CampaignDate"]] = relationship(
        order_by="CampaignDate.held_on", lazy="selectin", cascade="all, delete-orphan"
    )


class CampaignDate(Base):
    """A day on which the campaign may serve."""

    __tablename__ = "campaign_date"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"), primary_key=True)
    held_on: Mapped[date] = mapped_column(Date, primary_key=True)


class CampaignFacility(Base):
    """A facility that takes part."""

    __tablename__ = "campaign_facility"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"), primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.facility_id"), primary_key=True)


class CampaignTarget(Base):
    """Acceptors aimed at, per kecamatan and method. A target is not a cap."""

    __tablename__ = "campaign_target"
    __table_args__ = (CheckConstraint("acceptors >= 0", name="acceptors_not_negative"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"), primary_key=True)
    kecamatan_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    method_code: Mapped[str] = mapped_column(ForeignKey("method.code"), primary_key=True)
    acceptors: Mapped[int]


class KelurahanTarget(Base):
    """Acceptors aimed at, per kelurahan and method: they add up to the kecamatan's target."""

    __tablename__ = "kelurahan_target"
    __table_args__ = (CheckConstraint("acceptors >= 0", name="acceptors_not_negative"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"), primary_key=True)
    kelurahan_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    method_code: Mapped[str] = mapped_column(ForeignKey("method.code"), primary_key=True)
    acceptors: Mapped[int]


class ServiceSession(Base):
    """One facility serving on one date under an approved plan."""

    __tablename__ = "service_session"
    __table_args__ = (
        UniqueConstraint("campaign_id", "facility_id", "held_on"),
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
    )

    service_session_id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"), index=True)
    plan_run_id: Mapped[int] = mapped_column(ForeignKey("plan_run.plan_run_id"), index=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.facility_id"), index=True)
    held_on: Mapped[date] = mapped_column(Date, index=True)
    opens_at: Mapped[time]
    closes_at: Mapped[time]
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # the facility closed its day

    providers: Mapped[list["SessionProvider"]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class SessionProvider(Base):
    """Who works at a session."""

    __tablename__ = "session_provider"

    service_session_id: Mapped[int] = mapped_column(ForeignKey("service_session.service_session_id"), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.provider_id"), primary_key=True)
