"""What a facility says of a shipment, lot by lot: written once, never changed."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from campaign.db import Base


class ArrivalLine(Base):
    """What came of one lot of a shipment, as the facility counted it; a difference stays on record for good."""

    __tablename__ = "arrival_line"
    __table_args__ = (
        CheckConstraint("least(received, refused, missing, damaged) >= 0", name="counts_not_negative"),
        CheckConstraint("received + refused + missing + damaged > 0", name="says_something"),
        CheckConstraint("refused + missing + damaged = 0 OR note <> ''", name="difference_explained"),
    )

    stock_document_id: Mapped[int] = mapped_column(ForeignKey("stock_document.stock_document_id"), primary_key=True)
    stock_lot_id: Mapped[int] = mapped_column(ForeignKey("stock_lot.stock_lot_id"), primary_key=True)
    received: Mapped[int] = mapped_column(BigInteger)  # good, onto the shelf
    refused: Mapped[int] = mapped_column(BigInteger)  # there, and sent back with whoever brought it
    missing: Mapped[int] = mapped_column(BigInteger)  # on the SBBK and not in the box
    damaged: Mapped[int] = mapped_column(BigInteger)  # there and useless: into the facility's damaged goods
    note: Mapped[str] = mapped_column(String(240))
