"""Papers as they were printed: bytes are stored once, with their hash."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.db import Base, Instant, Key, states


class PaperKind(StrEnum):
    """Papers that the product prints."""

    SPMB = "spmb"
    SBBK = "sbbk"
    CAMPAIGN_REPORT = "campaign_report"
    ATTENDANCE_LIST = "attendance_list"
    LETTER = "letter"
    MEETING_ATTENDANCE = "meeting_attendance"
    MEETING_MINUTES = "meeting_minutes"
    SBBM = "sbbm"  # goods came in
    BAST = "bast"  # a facility took over what an SBBK brought
    WRITE_OFF = "write_off"
    TRANSFER = "transfer"  # between facilities
    RETURN_NOTE = "return_note"


class PaperFormat(StrEnum):
    """File formats."""

    PDF = "pdf"
    XLSX = "xlsx"
    DOCX = "docx"


class PaperState(StrEnum):
    """A paper is asked for in a transaction and rendered by a worker after it."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class Paper(Base):
    """One printed paper of one thing: which document, session or campaign, in which version."""

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("kind", "format", "subject_id", "version"),
        CheckConstraint("(state = 'ready') = (content IS NOT NULL)", name="ready_has_content"),
        CheckConstraint("(content IS NULL) = (sha256 IS NULL)", name="content_with_its_hash"),
        Index("ix_paper_waiting", "state", "asked_at"),
    )

    paper_id: Mapped[Key]
    kind: Mapped[PaperKind] = mapped_column(states(PaperKind))
    format: Mapped[PaperFormat] = mapped_column(states(PaperFormat))
    subject_id: Mapped[int]  # stock_document_id, service_session_id or campaign_id, by kind
    version: Mapped[int]
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.campaign_id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    basis: Mapped[str | None] = mapped_column(String(64))  # digest of the figures; None: every asking is a new version
    state: Mapped[PaperState] = mapped_column(states(PaperState))
    asked_at: Mapped[Instant]
    ready_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sha256: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class Office(Base):
    """The office that runs campaigns, as its letterhead and numbers name it: one row."""

    __tablename__ = "office"
    __table_args__ = (CheckConstraint("office_id = 1", name="only_one"),)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    government: Mapped[str] = mapped_column(String(120))  # "Pemerintah Kota Pekalongan"
    name: Mapped[str] = mapped_column(String(160))  # "Dinas Sosial, Pengendalian Penduduk dan Keluarga Berencana"
    address: Mapped[str] = mapped_column(String(240))  # street, postal code, telephone, site, mail: as printed
    town: Mapped[str] = mapped_column(String(60))  # where papers are signed: "Pekalongan"
    unit_code: Mapped[str] = mapped_column(String(20))  # in document numbers: "P2KB"


class OfficeLogo(Base):
    """The arms of the city or regency, for the letterhead."""

    __tablename__ = "office_logo"
    __table_args__ = (CheckConstraint("octet_length(content) BETWEEN 1 AND 300000", name="content_size"),)

    office_id: Mapped[int] = mapped_column(ForeignKey("office.office_id"), primary_key=True, autoincrement=False)
    media_type: Mapped[str] = mapped_column(String(80))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class SignatoryRole(StrEnum):
    """Who signs for the office."""

    HEAD = "head"  # kepala dinas
    STOREKEEPER = "storekeeper"  # pengurus barang / bendahara materiil


class Signatory(Base):
    """An official as papers name one: position, name, rank, NIP; Plt. or a.n. when acting or on behalf."""

    __tablename__ = "signatory"

    role: Mapped[SignatoryRole] = mapped_column(states(SignatoryRole), primary_key=True)
    prefix: Mapped[str] = mapped_column(String(60))  # "Plt.", "a.n. Kepala Dinas", or empty
    position: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    rank: Mapped[str] = mapped_column(String(60))  # pangkat/golongan, or empty
    nip: Mapped[str] = mapped_column(String(18))  # 18 digits, or empty


class NumberSeries(Base):
    """The last number given out of an agenda: per classification and year. Gaps are allowed, duplicates are not."""

    __tablename__ = "number_series"

    classification: Mapped[str] = mapped_column(String(40), primary_key=True)  # "SPMB", "SBBK"
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class ReservedNumber(Base):
    """A number set aside out of a series: nobody draws it, whoever needs it enters it by hand."""

    __tablename__ = "reserved_number"
    __table_args__ = (
        UniqueConstraint("classification", "year", "number"),
        CheckConstraint("number >= 1", name="number_positive"),
    )

    reserved_number_id: Mapped[Key]
    classification: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(String(240))
    reserved_at: Mapped[Instant]
    reserved_by_id: Mapped[int | None] = mapped_column(BigInteger)  # account. No foreign key: documents lie below
    idempotency_key: Mapped[str | None] = mapped_column(String(64), index=True)  # numbers asked for together share it
