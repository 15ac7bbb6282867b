"""What the opening balances of a place say, so that the same list can be entered twice without counting twice."""

from sqlalchemy import select
from sqlalchemy.orm import aliased

from campaign.db import db
from campaign.logistics.models import DocumentKind, StockDocument, StockDocumentLine, StockLot


def opened_lots(stock_place_id: int) -> dict[tuple[int, str], int]:
    """Return the opening quantity of each (item, lot number) of a place; reversed documents do not count."""
    undoing = aliased(StockDocument)
    query = (
        select(StockLot.item_id, StockLot.number, StockDocumentLine.quantity)
        .join(StockDocumentLine, StockDocumentLine.stock_lot_id == StockLot.stock_lot_id)
        .join(StockDocument, StockDocument.stock_document_id == StockDocumentLine.stock_document_id)
        .where(
            StockDocument.kind == DocumentKind.OPENING,
            StockDocument.to_place_id == stock_place_id,
            ~select(undoing.stock_document_id).where(undoing.reverses_id == StockDocument.stock_document_id).exists(),
        )
    )
    return {(item_id, number): quantity for item_id, number, quantity in db.session.execute(query)}
