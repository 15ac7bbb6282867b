"""What changes slowly: areas, facilities, items, methods, providers, the calendar."""

from datetime import date, time
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Date, Float, ForeignKey, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.db import Base, Key, states


class AreaLevel(StrEnum):
    """Depth of an area, by the number of dots in its Kemendagri code."""

    PROVINCE = "province"
    DISTRICT = "district"  # kota or kabupaten
    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"  # or desa


class Area(Base):
    """An administrative area by Kemendagri code: 33, 33.75, 33.75.01, 33.75.01.1002."""

    __tablename__ = "area"
    __table_args__ = (
        CheckConstraint("code ~ '^[0-9]{2}([.][0-9]{2}([.][0-9]{2}([.][0-9]{4})?)?)?$'", name="code_form"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="point_whole"),
    )

    code: Mapped[str] = mapped_column(String(13), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"), index=True)
    level: Mapped[AreaLevel] = mapped_column(states(AreaLevel))
    name: Mapped[str] = mapped_column(String(120))
    aliases: Mapped[list[str]] = mapped_column(ARRAY(String(120)))  # spellings on signs and in other systems
    lat: Mapped[float | None] = mapped_column(Float)  # degrees, of a point inside
    lon: Mapped[float | None] = mapped_column(Float)


class AreaFigure(Base):
    """Couples and unmet need of a kelurahan in a year: what target setting starts from."""

    __tablename__ = "area_figure"
    __table_args__ = (
        CheckConstraint("couples >= 0 AND active_users >= 0 AND unmet_need >= 0 AND poor_couples >= 0", name="counts"),
        CheckConstraint("active_users + unmet_need <= couples AND poor_couples <= couples", name="parts_of_couples"),
    )

    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    couples: Mapped[int]  # PUS
    active_users: Mapped[int]  # PA
    unmet_need: Mapped[int]  # IAT + TIAL
    poor_couples: Mapped[int]
    source: Mapped[str] = mapped_column(String(120))  # every figure says where it comes from


class FacilityKind(StrEnum):
    """Kinds of K/0/KB that a campaign uses."""

    PUSKESMAS = "puskesmas"
    HOSPITAL = "hospital"
    CLINIC = "clinic"
    MIDWIFE_PRACTICE = "midwife_practice"  # PMB
    MOBILE_CLINIC = "mobile_clinic"  # Muyan


class Facility(Base):
    """A place that serves, registered with K/0/KB; only registered ones may receive programme alokon."""

    __tablename__ = "facility"
    __table_args__ = (CheckConstraint("code ~ '^([0-9]{7}|[0-9]{9})$'", name="code_form"),)

    facility_id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(9), unique=True)  # K/0/KB, 7 digits, or 9 under a parent
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[FacilityKind] = mapped_column(states(FacilityKind))
    kecamatan_code: Mapped[str] = mapped_column(ForeignKey("area.code"), index=True)
    address: Mapped[str] = mapped_column(String(240))
    lat: Mapped[float] = mapped_column(Float)
    lon: Mapped[float] = mapped_column(Float)
    session_cost: Mapped[int]  # rupiah for holding one session
    is_active: Mapped[bool]

    stations: Mapped[list["FacilityStation"]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    hours: Mapped[list["FacilityHours"]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class Station(StrEnum):
    """Where a step of a service happens; one candidate at a time at each."""

    REGISTRATION_DESK = "registration_desk"
    EXAM_ROOM = "exam_room"
    PROCEDURE_ROOM = "procedure_room"
    OPERATING_ROOM = "operating_room"
    RECOVERY_BED = "recovery_bed"


class FacilityStation(Base):
    """How many stations of a type a facility has."""

    __tablename__ = "facility_station"
    __table_args__ = (CheckConstraint("count >= 1", name="count_positive"),)

    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.facility_id"), primary_key=True)
    station: Mapped[Station] = mapped_column(states(Station), primary_key=True)
    count: Mapped[int]


class FacilityHours(Base):
    """One opening window of a weekday. Two rows a day make a break; Friday has its own rows."""

    __tablename__ = "facility_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
    )

    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.facility_id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True)  # 0 Monday … 6 Sunday
    opens_at: Mapped[time] = mapped_column(primary_key=True)  # wall clock of the campaign's zone
    closes_at: Mapped[time]


class ItemKind(StrEnum):
    """Alokon are counted for the programme; kits and consumables only for the campaign."""

    ALOKON = "alokon"
    KIT = "kit"
    CONSUMABLE = "consumable"


class Item(Base):
    """A thing that the warehouse counts, in one unit."""

    __tablename__ = "item"
    __table_args__ = (CheckConstraint("pack >= 1", name="pack_positive"),)

    item_id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(24), unique=True)  # "iud", "implant_2"
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[ItemKind] = mapped_column(states(ItemKind))
    unit: Mapped[str] = mapped_column(String(24))  # what quantities count: "set", "vial", "cycle", "piece"
    pack: Mapped[int]  # units that a delivery moves together


class Method(Base):
    """A contraceptive method as the campaign plans and records it."""

    __tablename__ = "method"

    code: Mapped[str] = mapped_column(String(24), primary_key=True)  # "iud", "implant_2", "tubectomy"
    name: Mapped[str] = mapped_column(String(120))
    register_code: Mapped[int]  # code in R/I/KB edition 2020
    is_long_acting: Mapped[bool]  # MKJP
    needs_spouse_consent: Mapped[bool]
    display_order: Mapped[int] = mapped_column(unique=True)

    steps: Mapped[list["MethodStep"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="MethodStep.position"
    )
    uses: Mapped[list["MethodUse"]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class MethodStep(Base):
    """One step of a service: how long, at which station, with which skill."""

    __tablename__ = "method_step"
    __table_args__ = (CheckConstraint("minutes >= 0", name="minutes_not_negative"),)

    method_code: Mapped[str] = mapped_column(ForeignKey("method.code"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)  # 1, 2, …
    name: Mapped[str] = mapped_column(String(60))
    station: Mapped[Station] = mapped_column(states(Station))
    minutes: Mapped[int]
    skill: Mapped[str | None] = mapped_column(String(24))  # None: any member of staff


class MethodUse(Base):
    """What one acceptor of a method uses up."""

    __tablename__ = "method_use"
    __table_args__ = (CheckConstraint("quantity >= 1", name="quantity_positive"),)

    method_code: Mapped[str] = mapped_column(ForeignKey("method.code"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.item_id"), primary_key=True)
    quantity: Mapped[int]  # in the item's unit

    item: Mapped[Item] = relationship(lazy="joined")


class Provider(Base):
    """A doctor, midwife or nurse, or a team that moves as one."""

    __tablename__ = "provider"
    __table_args__ = (CheckConstraint("max_days >= 0 AND minutes_per_day >= 0 AND day_cost >= 0", name="not_negative"),)

    provider_id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    base_facility_id: Mapped[int] = mapped_column(ForeignKey("facility.facility_id"), index=True)
    is_mobile: Mapped[bool]  # may work at other facilities
    max_days: Mapped[int]  # in one campaign
    minutes_per_day: Mapped[int]
    day_cost: Mapped[int]  # rupiah
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))  # 0 Monday … 6 Sunday
    is_active: Mapped[bool]

    skills: Mapped[list["ProviderSkill"]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    absences: Mapped[list["ProviderAbsence"]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class ProviderSkill(Base):
    """What a provider is certified for, and until when."""

    __tablename__ = "provider_skill"

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.provider_id"), primary_key=True)
    skill: Mapped[str] = mapped_column(String(24), primary_key=True)  # as in MethodStep.skill
    valid_until: Mapped[date | None] = mapped_column(Date)  # last day; None: without end


class ProviderAbsence(Base):
    """A stretch of days on which a provider cannot work."""

    __tablename__ = "provider_absence"
    __table_args__ = (CheckConstraint("from_on <= until_on", name="from_before_until"),)

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.provider_id"), primary_key=True)
    from_on: Mapped[date] = mapped_column(Date, primary_key=True)
    until_on: Mapped[date] = mapped_column(Date)  # this day included


class LocalDayOff(Base):
    """A day off that no national calendar knows: an election, a flood. None as area means the whole city."""

    __tablename__ = "local_day_off"
    __table_args__ = (UniqueConstraint("off_on", "area_code", postgresql_nulls_not_distinct=True),)

    local_day_off_id: Mapped[Key]
    off_on: Mapped[date] = mapped_column(Date)
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    reason: Mapped[str] = mapped_column(String(120))
