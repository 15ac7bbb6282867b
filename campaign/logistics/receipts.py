"""A delivery as it came: in which condition each line was, and the supplier's note that came with it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import undefer

from campaign import audit, i18n
from campaign.accounts.policy import Actor, Permission, reach, require
from campaign.db import db
from campaign.documents.attachments import Attachment
from campaign.errors import Mistake, NotFound
from campaign.logistics import document_queries, mistakes, posting, receiving
from campaign.logistics.arriving import derived_key
from campaign.logistics.asking import ask_document_paper
from campaign.logistics.conditions import StateChange, StateStep, StockState, change_state
from campaign.logistics.ledger import Line
from campaign.logistics.models import DocumentKind, StockDocument
from campaign.logistics.receiving import Receipt, receive_stock
from campaign.logistics.supply_models import DeliveryNote, ItemBarcode, ReceivedCondition
from campaign.logistics.supply_models import ReceivedState as ReceivedState  # for callers: they may not import models

SET_APART = {ReceivedState.DOUBTFUL: StateStep.QUARANTINE, ReceivedState.DAMAGED: StateStep.DAMAGE}


class UnknownDeliveryNote(NotFound):
    """No note came with this receipt."""

    code = "unknown-delivery-note"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A receipt with what else the storekeeper saw."""

    receipt: Receipt
    conditions: tuple[ReceivedState, ...]  # of each line
    note: Attachment | None = None
    barcodes: Mapping[str, int] = field(default_factory=dict)  # GTIN of scanned packs -> item


def receive_delivery(actor: Actor, delivery: Delivery) -> StockDocument:
    """Take a delivery in, set apart what is doubtful or damaged, keep the note, and print the SBBM."""
    receipt = delivery.receipt
    require(actor, Permission.MOVE_STOCK)
    if before := posting.seen(DocumentKind.RECEIPT, receipt.key, to_place_id=receipt.warehouse_id):
        return before
    document = receive_stock(actor, receipt)
    _write_conditions(document, delivery.conditions)
    for condition, step in SET_APART.items():
        _set_apart(actor, document, delivery, (condition, step))
    if delivery.note is not None:
        db.session.add(DeliveryNote(stock_document_id=document.stock_document_id, **asdict(delivery.note)))
    _learn(delivery.barcodes)
    ask_document_paper(document)
    return document


def _learn(barcodes: Mapping[str, int]) -> None:
    """Remember which item a scanned pack was, so that the next scan chooses it; the storekeeper's word wins."""
    for gtin, item_id in sorted(barcodes.items()):
        db.session.execute(
            insert(ItemBarcode)
            .values(gtin=gtin, item_id=item_id)
            .on_conflict_do_update(index_elements=["gtin"], set_={"item_id": item_id})
        )


def item_of(gtin: str) -> int | None:
    """Return which item a pack's GTIN means, if one was received before."""
    return db.session.scalar(select(ItemBarcode.item_id).where(ItemBarcode.gtin == gtin))


def mistakes_in(delivery: Delivery) -> tuple[Mistake, ...]:
    """Return everything wrong with a delivery, each where the form shows it."""
    return receiving.mistakes_in(delivery.receipt)


def _write_conditions(document: StockDocument, conditions: tuple[ReceivedState, ...]) -> None:
    if len(conditions) != len(document.lines):
        mistakes.refuse((Mistake("lines", "nothing-listed"),))
    db.session.add_all(
        ReceivedCondition(stock_document_id=document.stock_document_id, position=position, condition=condition)
        for position, condition in enumerate(conditions, start=1)
        if condition is not ReceivedState.GOOD
    )
    db.session.flush()


def _set_apart(
    actor: Actor, document: StockDocument, delivery: Delivery, wanted: tuple[ReceivedState, StateStep]
) -> None:
    condition, step = wanted
    lines = tuple(
        Line(line.stock_lot_id, line.quantity)
        for line, found in zip(document.lines, delivery.conditions, strict=True)
        if found is condition
    )
    if lines:
        change_state(
            actor,
            StateChange(
                derived_key(delivery.receipt.key, step.value),
                document.to_place_id,
                StockState.USABLE,
                step,
                document.occurred_on,
                lines,
                f"Keadaan saat diterima, SBBM {document.number}",
            ),
        )


def conditions_of(stock_document_id: int) -> Mapping[int, str]:
    """Return what a paper says of each line that did not come in good, by position."""
    query = select(ReceivedCondition).where(ReceivedCondition.stock_document_id == stock_document_id)
    return {row.position: i18n.word(row.condition) for row in db.session.scalars(query)}


def has_note(stock_document_id: int) -> bool:
    """Tell whether the supplier's note is kept with a receipt."""
    query = select(DeliveryNote.stock_document_id).where(DeliveryNote.stock_document_id == stock_document_id)
    return db.session.scalar(query) is not None


def download_note(actor: Actor, stock_document_id: int) -> DeliveryNote:
    """Return the supplier's note to whoever may see the warehouse; written down in the audit trail."""
    require(actor, Permission.SEE_STOCK)
    document_queries.document_within(reach(actor, Permission.SEE_STOCK), stock_document_id)
    found = db.session.get(DeliveryNote, stock_document_id, options=[undefer(DeliveryNote.content)])
    if found is None:
        raise UnknownDeliveryNote(stock_document_id=stock_document_id)
    audit.record(actor, "download-delivery-note", ("stock_document", stock_document_id))
    return found
