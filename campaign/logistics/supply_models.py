"""What supply is judged by: levels per item, the office's settings, the campaign's kit; and what came with goods."""

from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    Numeric,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from campaign.db import Base, Key, states
from campaign.logistics.levels import StockLevel


class StockNorm(Base):
    """Between how many months of stock a level should hold an item; without an item: whatever has no row of its own."""

    __tablename__ = "stock_norm"
    __table_args__ = (
        CheckConstraint("0 <= min_months AND min_months < max_months AND max_months <= 60", name="min_below_max"),
        UniqueConstraint("level", "item_id", postgresql_nulls_not_distinct=True),
    )

    stock_norm_id: Mapped[Key]
    level: Mapped[StockLevel] = mapped_column(states(StockLevel))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.item_id"))
    min_months: Mapped[Decimal] = mapped_column(Numeric(4, 1))
    max_months: Mapped[Decimal] = mapped_column(Numeric(4, 1))


class SupplySetting(Base):
    """How the office reckons with stock: one row; without it the application's defaults hold."""

    __tablename__ = "supply_setting"
    __table_args__ = (
        CheckConstraint("supply_setting_id = 1", name="only_one"),
        CheckConstraint(
            "consumption_months BETWEEN 1 AND 24 AND expiring_months BETWEEN 1 AND 36"
            " AND procurement_days BETWEEN 0 AND 730 AND buffer_percent BETWEEN 0 AND 100"
            " AND receipt_days BETWEEN 0 AND 90",
            name="within_reason",
        ),
    )

    supply_setting_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    consumption_months: Mapped[int]  # whole months over which consumption is averaged
    expiring_months: Mapped[int]  # what expires within them is told
    procurement_days: Mapped[int]  # from order to delivery
    buffer_percent: Mapped[int]  # on top of what a campaign is expected to use
    receipt_days: Mapped[int]  # after which a facility that has not confirmed an SBBK is asked


class KitBasis(StrEnum):
    """What a line of the kit is counted by."""

    CANDIDATE = "candidate"
    ACCEPTOR = "acceptor"
    SESSION = "session"
    FACILITY = "facility"
    CAMPAIGN = "campaign"


class KitLine(Base):
    """A thing that a campaign needs beside what the ledger counts: cards, forms, lists, a banner."""

    __tablename__ = "kit_line"
    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 10000 AND per BETWEEN 1 AND 10000", name="rate_positive"),
        CheckConstraint("method_code IS NULL OR basis IN ('candidate', 'acceptor')", name="method_of_people"),
    )

    kit_line_id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    unit: Mapped[str] = mapped_column(String(24))
    quantity: Mapped[int]  # so many for `per` of the basis, a part of which counts as whole
    per: Mapped[int]
    basis: Mapped[KitBasis] = mapped_column(states(KitBasis))
    method_code: Mapped[str | None] = mapped_column(ForeignKey("method.code"))  # only for people of this method


class DeliveryNote(Base):
    """The supplier's note that came with a receipt, as a scan or a photo. Append-only."""

    __tablename__ = "delivery_note"
    __table_args__ = (CheckConstraint("octet_length(content) BETWEEN 1 AND 5000000", name="content_size"),)

    stock_document_id: Mapped[int] = mapped_column(ForeignKey("stock_document.stock_document_id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class ReceivedState(StrEnum):
    """In which condition goods came in."""

    GOOD = "good"
    DOUBTFUL = "doubtful"  # to be looked at: warm, wet, opened
    DAMAGED = "damaged"


class ReceivedCondition(Base):
    """In which condition a line of a receipt came in; a line without one came in good. Append-only."""

    __tablename__ = "received_condition"
    __table_args__ = (
        ForeignKeyConstraint(
            ["stock_document_id", "position"],
            ["stock_document_line.stock_document_id", "stock_document_line.position"],
            name="received_line",
        ),
    )

    stock_document_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    condition: Mapped[ReceivedState] = mapped_column(states(ReceivedState))


class ItemBarcode(Base):
    """Which item a pack's GTIN means here; learned when a scanned pack is received."""

    __tablename__ = "item_barcode"
    __table_args__ = (CheckConstraint("gtin ~ '^[0-9]{14}$'", name="gtin_form"),)

    gtin: Mapped[str] = mapped_column(String(14), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.item_id"))
