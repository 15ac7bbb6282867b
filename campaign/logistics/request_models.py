"""SPB: what a facility asks the warehouse for, and what became of it."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.db import Base, Instant, Key


class StockRequest(Base):
    """A facility's request for goods (SPB); answered once, by an SPMB or by a refusal."""

    __tablename__ = "stock_request"
    __table_args__ = (
        CheckConstraint("(refused_at IS NULL) = (refusal = '')", name="refusal_has_a_reason"),
        CheckConstraint("refused_at IS NULL OR order_id IS NULL", name="ordered_or_refused"),
    )

    stock_request_id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(60), unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.facility_id"), index=True)
    requested_on: Mapped[date] = mapped_column(Date)
    needed_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(240))
    recorded_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("stock_document.stock_document_id"), unique=True)
    refused_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    refused_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))
    refusal: Mapped[str] = mapped_column(String(240), default="", server_default="")

    lines: Mapped[list["StockRequestLine"]] = relationship(order_by="StockRequestLine.item_id", lazy="selectin")


class StockRequestLine(Base):
    """So much of an item."""

    __tablename__ = "stock_request_line"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    stock_request_id: Mapped[int] = mapped_column(ForeignKey("stock_request.stock_request_id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.item_id"), primary_key=True)
    quantity: Mapped[int] = mapped_column(BigInteger)  # in the item's unit
