"""The one way into the ledger: hold the key, lock the balances, write a document with its lines and entries.

Lock order, everywhere: the document's key; then the balances of the lots that may move, by (place, lot), once, just
before looking at quantities; then reservations; then number series. Nobody who follows it can deadlock with another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, cast, func, select, text

from campaign import audit, clock
from campaign.accounts.policy import Actor
from campaign.db import db
from campaign.errors import KeyReused
from campaign.logistics import ledger
from campaign.logistics.ledger import InsufficientStock, Line, LotStock, Shortage
from campaign.logistics.models import (
    DocumentKind,
    Reservation,
    StockBalance,
    StockDocument,
    StockDocumentLine,
    StockLot,
    StockPlace,
)
from campaign.transaction import hold, hold_all


@dataclass(frozen=True, slots=True)
class Draft:
    """The head of a document that is about to be written."""

    kind: DocumentKind
    key: str
    from_place_id: int
    to_place_id: int
    occurred_on: date
    reason: str = ""
    number: str | None = None
    campaign_id: int | None = None
    ordered_by_id: int | None = None
    reverses_id: int | None = None
    shipment_id: int | None = None  # what sent the goods that this moves out of transit
    stock_count_id: int | None = None


def seen(kind: DocumentKind, key: str, **same: int | None) -> StockDocument | None:
    """Return the document that this key made before, holding the key until the transaction ends.

    `same` names columns of the document that must be what they are now; raise KeyReused when one is not.
    """
    hold(_key_name(key))
    found = db.session.scalar(select(StockDocument).where(StockDocument.idempotency_key == key))
    if found is not None and (found.kind is not kind or any(getattr(found, name) != same[name] for name in same)):
        raise KeyReused(stock_document_id=found.stock_document_id, kind=found.kind.value)
    return found


def place(stock_place_id: int) -> StockPlace:
    """Return a place that a document names."""
    return db.session.get_one(StockPlace, stock_place_id)


def lock_lots(place_ids: Sequence[int], lot_ids: Iterable[int]) -> None:
    """Lock the balances of lots at places, in the one order that everybody uses.

    By name and not by row: a balance that does not exist yet has no row, and whoever makes it would meet the others
    out of order. The guards of the ledger lock the rows as well, when they write them.
    """
    hold_all(_balances(place_ids, lot_ids))


def lock_all(key: str, place_ids: Sequence[int], lot_ids: Iterable[int]) -> None:
    """Hold a document's key and then the balances that it may move, in one statement."""
    hold_all((_key_name(key), *_balances(place_ids, lot_ids)))


def _key_name(key: str) -> str:
    return f"stock-document:{key}"


def _balances(place_ids: Sequence[int], lot_ids: Iterable[int]) -> list[str]:
    lots = sorted(set(lot_ids))
    return [f"stock-balance:{place_id}:{lot_id}" for place_id in sorted(set(place_ids)) for lot_id in lots]


def lots_at(place_ids: Sequence[int], item_ids: Iterable[int]) -> list[int]:
    """Return the lots of these items that the places have ever held; to be locked before their balances are read."""
    query = (
        select(StockBalance.stock_lot_id)
        .join(StockLot, StockLot.stock_lot_id == StockBalance.stock_lot_id)
        .where(StockBalance.stock_place_id.in_(place_ids), StockLot.item_id.in_(list(item_ids)))
        .distinct()
    )
    return list(db.session.scalars(query))


def stock_at(place_id: int, lot_ids: Iterable[int]) -> list[LotStock]:
    """Return what a place holds of lots and what is reserved there; columns, never cached rows."""
    held = (
        select(cast(func.coalesce(func.sum(Reservation.quantity), 0), BigInteger))  # sum() alone is numeric
        .where(
            Reservation.warehouse_id == StockBalance.stock_place_id,
            Reservation.stock_lot_id == StockBalance.stock_lot_id,
            Reservation.issue_id.is_(None),
            Reservation.released_at.is_(None),
        )
        .scalar_subquery()
    )
    query = (
        select(StockLot.stock_lot_id, StockLot.item_id, StockLot.expires_on, StockBalance.quantity, held)
        .join(StockBalance, StockBalance.stock_lot_id == StockLot.stock_lot_id)
        .where(StockBalance.stock_place_id == place_id, StockLot.stock_lot_id.in_(list(lot_ids)))
    )
    return [LotStock(*row) for row in db.session.execute(query)]


def require_unexpired(lines: Sequence[Line], on: date) -> None:
    """Refuse lines of lots that have run out since they were chosen; raise InsufficientStock with each of them."""
    wanted = ledger.total(lines)
    lots = db.session.scalars(select(StockLot).where(StockLot.stock_lot_id.in_(wanted)))
    refuse_expired(lots, lines, on)


def refuse_expired(lots: Iterable[StockLot], lines: Sequence[Line], on: date) -> None:
    """Refuse lines of those of these lots that have run out by `on`; raise InsufficientStock with each of them."""
    wanted = ledger.total(lines)
    expired = tuple(
        Shortage(lot.item_id, wanted[lot.stock_lot_id], 0)
        for lot in lots
        if lot.stock_lot_id in wanted and lot.expires_on < on
    )
    if expired:
        raise InsufficientStock(expired)


def write(actor: Actor, draft: Draft, lines: Sequence[Line]) -> StockDocument:
    """Write a document with its lines, without moving anything yet; the caller audits under its own verb."""
    document = StockDocument(
        kind=draft.kind,
        number=draft.number,
        idempotency_key=draft.key,
        occurred_on=draft.occurred_on,
        recorded_at=clock.now(),
        account_id=actor.account_id,
        from_place_id=draft.from_place_id,
        to_place_id=draft.to_place_id,
        campaign_id=draft.campaign_id,
        ordered_by_id=draft.ordered_by_id,
        reverses_id=draft.reverses_id,
        shipment_id=draft.shipment_id,
        stock_count_id=draft.stock_count_id,
        reason=draft.reason,
        lines=[
            StockDocumentLine(
                position=position, stock_lot_id=line.stock_lot_id, quantity=line.quantity, reason=line.reason
            )
            for position, line in enumerate(lines, start=1)
        ],
    )
    db.session.add(document)
    db.session.flush()
    audit.record(
        actor, f"write-stock-{draft.kind.value}".replace("_", "-"), ("stock_document", document.stock_document_id)
    )
    return document


# One statement, however long the document: the rows are posted in the order given, which is the order of the locks.
_POST = text(
    "INSERT INTO stock_entry"
    " (stock_document_id, stock_place_id, stock_lot_id, quantity, occurred_on, recorded_at, reverses_id)"
    " SELECT :document, place, lot, quantity, :occurred_on, :recorded_at, undone FROM unnest(CAST(:places AS bigint[]),"
    " CAST(:lots AS bigint[]), CAST(:quantities AS bigint[]), CAST(:undone AS bigint[]))"
    " WITH ORDINALITY AS given (place, lot, quantity, undone, position) ORDER BY position"
)


def move(document: StockDocument, undone: dict[tuple[int, int], int] | None = None) -> None:
    """Append the entries of a document; `undone` names for (place, lot) the entry that each one reverses."""
    lines = [Line(line.stock_lot_id, line.quantity) for line in document.lines]
    entries = ledger.entries_of(lines, document.from_place_id, document.to_place_id)
    undone = undone or {}
    if not entries:  # a shipment of which nothing arrived
        return
    values = {
        "document": document.stock_document_id,
        "occurred_on": document.occurred_on,
        "recorded_at": document.recorded_at,
        "places": [entry.stock_place_id for entry in entries],
        "lots": [entry.stock_lot_id for entry in entries],
        "quantities": [entry.quantity for entry in entries],
        "undone": [undone.get((entry.stock_place_id, entry.stock_lot_id)) for entry in entries],
    }
    db.session.execute(_POST, values)
