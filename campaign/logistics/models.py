"""The ledger: places, lots, documents, entries, balances, reservations.

What must never be false is held here by constraints and by the triggers of migration 0008: entries cannot be changed
or deleted, a document moves what its lines say, a real place never holds less than nothing nor less than is reserved,
and nothing expired leaves for a facility or an acceptor.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.db import Base, Instant, Key, states


class PlaceKind(StrEnum):
    """Real places hold goods that one can count; the others are where goods come from and go to."""

    WAREHOUSE = "warehouse"
    FACILITY = "facility"
    TRANSIT = "transit"  # on the way to a facility: sent, and not confirmed there yet
    QUARANTINE = "quarantine"  # of a warehouse or facility: waits for a decision
    DAMAGED = "damaged"  # of a warehouse or facility: waits to be written off
    SUPPLIER = "supplier"  # virtual: may be below zero
    ACCEPTORS = "acceptors"  # virtual: used in services
    LOSSES = "losses"  # virtual: damaged, expired, count differences


class StockPlace(Base):
    """A warehouse, a facility's shelf, a compartment of either, or one of the virtual ends of the ledger.

    A warehouse and a shelf hold what may be used. A trigger gives each its compartments when it is added.
    """

    __tablename__ = "stock_place"
    __table_args__ = (
        CheckConstraint("is_real = (kind NOT IN ('supplier', 'acceptors', 'losses'))", name="real_by_kind"),
        CheckConstraint(
            "(kind IN ('transit', 'quarantine', 'damaged')) = (of_place_id IS NOT NULL)", name="compartment_by_kind"
        ),
        UniqueConstraint("of_place_id", "kind"),
        CheckConstraint("(kind = 'facility') = (facility_id IS NOT NULL)", name="facility_by_kind"),
        CheckConstraint("kind <> 'warehouse' OR (lat IS NOT NULL AND lon IS NOT NULL)", name="warehouse_has_a_point"),
        CheckConstraint("kind <> 'warehouse' OR area_code IS NOT NULL", name="warehouse_has_an_area"),
        UniqueConstraint("stock_place_id", "is_real"),  # target of the composite key in stock_balance
        Index("uq_stock_place_virtual", "kind", unique=True, postgresql_where=text("NOT is_real")),  # one of each
    )

    stock_place_id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[PlaceKind] = mapped_column(states(PlaceKind))
    is_real: Mapped[bool]
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facility.facility_id"), unique=True)
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))  # of a warehouse: the city that it serves
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    of_place_id: Mapped[int | None] = mapped_column(ForeignKey("stock_place.stock_place_id"))  # of a compartment


class StockFloor(Base):
    """Routine stock of an item that campaigns leave at a place."""

    __tablename__ = "stock_floor"
    __table_args__ = (CheckConstraint("quantity >= 0", name="quantity_not_negative"),)

    stock_place_id: Mapped[int] = mapped_column(ForeignKey("stock_place.stock_place_id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.item_id"), primary_key=True)
    quantity: Mapped[int] = mapped_column(BigInteger)


class FundSource(StrEnum):
    """Who paid for a lot, as the papers print it."""

    APBN = "apbn"
    APBD = "apbd"
    GRANT = "grant"


class StockLot(Base):
    """One batch of one item: same number, same expiry, same price."""

    __tablename__ = "stock_lot"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint("unit_price >= 0", name="price_not_negative"),
        CheckConstraint("production_year IS NULL OR production_year <= extract(year from expires_on)", name="years"),
    )

    stock_lot_id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.item_id"))
    number: Mapped[str] = mapped_column(String(40))  # as printed on the pack
    expires_on: Mapped[date] = mapped_column(Date)  # last day of use
    production_year: Mapped[int | None]
    unit_price: Mapped[int] = mapped_column(BigInteger)  # rupiah
    fund_source: Mapped[FundSource] = mapped_column(states(FundSource))


class DocumentKind(StrEnum):
    """Every movement belongs to a document."""

    OPENING = "opening"  # saldo awal
    RECEIPT = "receipt"  # SBBM
    ISSUE_ORDER = "issue_order"  # SPMB: orders, moves nothing
    ISSUE = "issue"  # SBBK: out of the warehouse, on the way to a facility
    TRANSFER = "transfer"  # from one facility on the way to another
    ARRIVAL = "arrival"  # BAST: out of transit, onto the facility's shelf
    USE = "use"  # facility to acceptors
    RETURN = "return"  # facility to warehouse
    QUARANTINE = "quarantine"  # set apart
    RELEASE = "release"  # out of quarantine
    DAMAGE = "damage"  # found damaged
    COUNT = "count"  # stock opname difference
    WRITE_OFF = "write_off"
    REVERSAL = "reversal"


class StockDocument(Base):
    """What moved goods, or ordered them moved: immutable; a mistake is undone by a reversal that points at it."""

    __tablename__ = "stock_document"
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal_points"),
        CheckConstraint("kind <> 'arrival' OR shipment_id IS NOT NULL", name="arrival_of_a_shipment"),
        CheckConstraint("(kind = 'count') = (stock_count_id IS NOT NULL)", name="count_points"),
        Index("ix_stock_document_occurred", "occurred_on", "stock_document_id"),
    )

    stock_document_id: Mapped[Key]
    kind: Mapped[DocumentKind] = mapped_column(states(DocumentKind))
    number: Mapped[str | None] = mapped_column(String(60))  # from the agenda; a use has none
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    occurred_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))  # None: the system
    from_place_id: Mapped[int] = mapped_column(ForeignKey("stock_place.stock_place_id"))
    to_place_id: Mapped[int] = mapped_column(ForeignKey("stock_place.stock_place_id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.campaign_id"), index=True)
    ordered_by_id: Mapped[int | None] = mapped_column(ForeignKey("stock_document.stock_document_id"))  # SBBK -> SPMB
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("stock_document.stock_document_id"), unique=True)
    reason: Mapped[str] = mapped_column(String(240))
    # Of what moves goods out of transit: the SBBK or transfer that sent them. Of a difference: the count that found it.
    shipment_id: Mapped[int | None] = mapped_column(ForeignKey("stock_document.stock_document_id"), index=True)
    stock_count_id: Mapped[int | None] = mapped_column(ForeignKey("stock_count.stock_count_id"), index=True)

    lines: Mapped[list["StockDocumentLine"]] = relationship(order_by="StockDocumentLine.position", lazy="selectin")


class StockDocumentLine(Base):
    """What the paper lists. The entries of a moving document agree with its lines."""

    __tablename__ = "stock_document_line"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    stock_document_id: Mapped[int] = mapped_column(ForeignKey("stock_document.stock_document_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    stock_lot_id: Mapped[int] = mapped_column(ForeignKey("stock_lot.stock_lot_id"))
    quantity: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(240), server_default="", default="")  # why not the first to expire

    lot: Mapped[StockLot] = relationship(lazy="joined")


class StockEntry(Base):
    """One side of a movement; each document's entries of a lot add up to zero. Append-only."""

    __tablename__ = "stock_entry"
    __table_args__ = (
        CheckConstraint("quantity <> 0", name="moves_something"),
        Index("ix_stock_entry_card", "stock_place_id", "stock_lot_id", "stock_entry_id"),
        Index("ix_stock_entry_of_document", "stock_document_id", "stock_entry_id"),  # the newest of a document
    )

    stock_entry_id: Mapped[Key]  # also the order of the ledger
    stock_document_id: Mapped[int] = mapped_column(ForeignKey("stock_document.stock_document_id"))
    stock_place_id: Mapped[int] = mapped_column(ForeignKey("stock_place.stock_place_id"))
    stock_lot_id: Mapped[int] = mapped_column(ForeignKey("stock_lot.stock_lot_id"))
    quantity: Mapped[int] = mapped_column(BigInteger)  # into the place, in the item's unit
    occurred_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[Instant]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("stock_entry.stock_entry_id"), unique=True)


class StockBalance(Base):
    """What a place holds of a lot: a projection of the entries that `serempak stock verify` rebuilds and compares."""

    __tablename__ = "stock_balance"
    __table_args__ = (
        CheckConstraint("NOT is_real OR quantity >= 0", name="real_place_not_negative"),
        ForeignKeyConstraint(
            ["stock_place_id", "is_real"], ["stock_place.stock_place_id", "stock_place.is_real"], name="place"
        ),
    )

    stock_place_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    stock_lot_id: Mapped[int] = mapped_column(ForeignKey("stock_lot.stock_lot_id"), primary_key=True)
    is_real: Mapped[bool] = mapped_column(Boolean)
    quantity: Mapped[int] = mapped_column(BigInteger)


HELD = "issue_id IS NULL AND released_at IS NULL"


class Reservation(Base):
    """Goods of a lot that will go from a warehouse to a facility: nobody else can issue them.

    Made by an approved plan and then ordered by an SPMB, or made by an SPMB itself; taken by an SBBK.
    """

    __tablename__ = "reservation"
    __table_args__ = (
        Index(  # an SBBK that takes a part splits the row: what is left waits beside what has gone
            "uq_reservation_waiting",
            *("plan_run_id", "warehouse_id", "facility_place_id", "stock_lot_id", "deliver_on"),
            unique=True,
            postgresql_where=text(f"{HELD} AND order_id IS NULL"),
        ),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("(released_at IS NULL) OR (issue_id IS NULL)", name="issued_or_released"),
        CheckConstraint("(plan_run_id IS NULL) = (campaign_id IS NULL)", name="plan_with_its_campaign"),
        CheckConstraint("plan_run_id IS NOT NULL OR order_id IS NOT NULL", name="for_a_plan_or_an_order"),
        CheckConstraint("issue_id IS NULL OR order_id IS NOT NULL", name="ordered_before_issued"),
        Index("ix_reservation_held", "warehouse_id", "stock_lot_id", postgresql_where=text(HELD)),
    )

    reservation_id: Mapped[Key]
    plan_run_id: Mapped[int | None] = mapped_column(ForeignKey("plan_run.plan_run_id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.campaign_id"), index=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("stock_place.stock_place_id"))
    facility_place_id: Mapped[int] = mapped_column(ForeignKey("stock_place.stock_place_id"))
    stock_lot_id: Mapped[int] = mapped_column(ForeignKey("stock_lot.stock_lot_id"), index=True)
    deliver_on: Mapped[date] = mapped_column(Date)
    quantity: Mapped[int] = mapped_column(BigInteger)
    # The SPMB that orders it out, and the SBBK that took it.
    order_id: Mapped[int | None] = mapped_column(ForeignKey("stock_document.stock_document_id"), index=True)
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("stock_document.stock_document_id"), index=True)
    released_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # given back: plan or order withdrawn


class StockVerification(Base):
    """One comparison of the stored balances with the entries they come from."""

    __tablename__ = "stock_verification"
    __table_args__ = (CheckConstraint("entries >= 0 AND balances >= 0", name="counts_not_negative"),)

    stock_verification_id: Mapped[Key]
    verified_at: Mapped[Instant]
    entries: Mapped[int] = mapped_column(BigInteger)  # how many entries were added up
    balances: Mapped[int] = mapped_column(BigInteger)  # how many balances were compared
    differences: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)  # place, lot, stored, counted; empty: all agree
