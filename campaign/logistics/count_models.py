"""Stock opname: a count of what a place holds, tallies that stay, and why they differ from the books."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.db import Base, Instant, Key, states


class StockCount(Base):
    """One count of a place; open until its differences are posted or it is given up."""

    __tablename__ = "stock_count"
    __table_args__ = (
        CheckConstraint("posted_at IS NOT NULL OR posted_by_id IS NULL", name="posted_by_somebody"),
        CheckConstraint("posted_at IS NULL OR dropped_at IS NULL", name="posted_or_dropped"),
        Index(  # two counts of one place at once would post the same difference twice
            "uq_stock_count_open",
            "stock_place_id",
            unique=True,
            postgresql_where=text("posted_at IS NULL AND dropped_at IS NULL"),
        ),
    )

    stock_count_id: Mapped[Key]
    stock_place_id: Mapped[int] = mapped_column(ForeignKey("stock_place.stock_place_id"))
    number: Mapped[str] = mapped_column(String(60), unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    counted_on: Mapped[date] = mapped_column(Date)
    opened_at: Mapped[Instant]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    posted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    posted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    dropped_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class StockCountTally(Base):
    """What one person counted of one lot in one compartment; counting again is another row."""

    __tablename__ = "stock_count_tally"
    __table_args__ = (
        CheckConstraint("counted >= 0", name="counted_not_negative"),
        Index("ix_stock_count_tally_line", "stock_count_id", "stock_place_id", "stock_lot_id"),
    )

    stock_count_tally_id: Mapped[Key]
    stock_count_id: Mapped[int] = mapped_column(ForeignKey("stock_count.stock_count_id"))
    stock_place_id: Mapped[int] = mapped_column(ForeignKey("stock_place.stock_place_id"))  # the place or a compartment
    stock_lot_id: Mapped[int] = mapped_column(ForeignKey("stock_lot.stock_lot_id"))
    counted: Mapped[int] = mapped_column(BigInteger)
    expected: Mapped[int] = mapped_column(BigInteger)  # by the books at that moment; whoever counts does not see it
    is_recount: Mapped[bool]  # decides where two people counted differently
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    idempotency_key: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[Instant]


class CountCause(StrEnum):
    """Why the shelf and the books differ."""

    NOT_RECORDED = "not-recorded"  # goods moved and nobody wrote it down
    WRONG_ENTRY = "wrong-entry"
    DAMAGED = "damaged"
    LOST = "lost"
    FOUND = "found"
    UNKNOWN = "unknown"


class StockCountExplanation(Base):
    """Why a lot differs; the newest row of a lot is the one that counts."""

    __tablename__ = "stock_count_explanation"
    __table_args__ = (Index("ix_stock_count_explanation_line", "stock_count_id", "stock_place_id", "stock_lot_id"),)

    stock_count_explanation_id: Mapped[Key]
    stock_count_id: Mapped[int] = mapped_column(ForeignKey("stock_count.stock_count_id"))
    stock_place_id: Mapped[int] = mapped_column(ForeignKey("stock_place.stock_place_id"))
    stock_lot_id: Mapped[int] = mapped_column(ForeignKey("stock_lot.stock_lot_id"))
    cause: Mapped[CountCause] = mapped_column(states(CountCause))
    note: Mapped[str] = mapped_column(String(240))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    recorded_at: Mapped[Instant]
