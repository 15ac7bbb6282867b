"""Goods come in: the opening balance of a place, and receipts of a warehouse (SBBM)."""

from dataclasses import dataclass
from datetime import date

from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.errors import Mistake
from campaign.logistics import lots, mistakes, numbering, places, posting
from campaign.logistics.lots import IncomingLot
from campaign.logistics.models import DocumentKind, PlaceKind, StockDocument, StockPlace
from campaign.logistics.places import UnknownStockPlace
from campaign.logistics.posting import Draft


@dataclass(frozen=True, slots=True)
class OpeningBalance:
    """What a warehouse or a shelf held on the day the ledger began; expired goods are counted too."""

    key: str
    stock_place_id: int
    occurred_on: date
    lines: tuple[IncomingLot, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A delivery to a warehouse."""

    key: str
    warehouse_id: int
    occurred_on: date
    lines: tuple[IncomingLot, ...]
    source: str  # who delivered, and on which note
    number: str | None = None  # of the SBBM; None draws one


def open_balance(actor: Actor, opening: OpeningBalance) -> StockDocument:
    """Enter what a place held when the ledger began."""
    place = db.session.get(StockPlace, opening.stock_place_id)
    if place is None or not place.is_real:
        raise UnknownStockPlace(stock_place_id=opening.stock_place_id)
    require(actor, Permission.MOVE_STOCK, places.policy_place(place))
    if before := posting.seen(DocumentKind.OPENING, opening.key, to_place_id=place.stock_place_id):
        return before
    mistakes.refuse(lots.mistakes_in(opening.lines) + mistakes.about_date(opening.occurred_on))
    draft = Draft(
        DocumentKind.OPENING,
        opening.key,
        places.virtual(PlaceKind.SUPPLIER).stock_place_id,
        place.stock_place_id,
        opening.occurred_on,
    )
    return _take_in(actor, draft, opening.lines)


def receive_stock(actor: Actor, receipt: Receipt) -> StockDocument:
    """Take a delivery into a warehouse; an expired lot is refused."""
    place = places.warehouse(receipt.warehouse_id)
    require(actor, Permission.MOVE_STOCK, places.policy_place(place))
    if before := posting.seen(DocumentKind.RECEIPT, receipt.key, to_place_id=place.stock_place_id):
        return before
    mistakes.refuse(mistakes_in(receipt))
    draft = Draft(
        DocumentKind.RECEIPT,
        receipt.key,
        places.virtual(PlaceKind.SUPPLIER).stock_place_id,
        place.stock_place_id,
        receipt.occurred_on,
        reason=receipt.source.strip(),
        number=receipt.number,
    )
    return _take_in(actor, draft, receipt.lines)


def mistakes_in(receipt: Receipt) -> tuple[Mistake, ...]:
    """Return everything wrong with a delivery, each where the form shows it."""
    return (
        lots.mistakes_in(receipt.lines)
        + _expired(receipt)
        + mistakes.about_date(receipt.occurred_on)
        + mistakes.about_text("source", receipt.source)
        + numbering.mistakes_in(DocumentKind.RECEIPT, receipt.number)
    )


def _take_in(actor: Actor, draft: Draft, lines: tuple[IncomingLot, ...]) -> StockDocument:
    rows = lots.rows_for(lines)
    posting.lock_lots((draft.from_place_id, draft.to_place_id), [row.stock_lot_id for row in rows])
    document = posting.write(actor, numbering.numbered(draft), rows)
    posting.move(document)
    return document


def _expired(receipt: Receipt) -> tuple[Mistake, ...]:
    return tuple(
        Mistake(f"lines-{index}-expires_on", "lot-expired")
        for index, line in enumerate(receipt.lines)
        if line.expires_on < receipt.occurred_on
    )
