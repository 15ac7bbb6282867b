"""What a facility did not receive stays open until the warehouse has said what became of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from campaign.accounts.policy import Actor, Permission, require
from campaign.errors import Mistake
from campaign.logistics import arriving, mistakes, numbering, places, posting, transit
from campaign.logistics.arriving import NothingUnderway
from campaign.logistics.asking import ask_document_paper
from campaign.logistics.ledger import Line
from campaign.logistics.models import DocumentKind, PlaceKind, StockDocument
from campaign.logistics.posting import Draft


class Fate(StrEnum):
    """What became of goods that a facility refused or did not find."""

    CAME_BACK = "came-back"  # refused, or never loaded: in the warehouse again
    CAME_LATER = "came-later"  # found at the facility after all
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of some of one lot of a shipment."""

    key: str
    shipment_id: int
    stock_lot_id: int
    quantity: int
    fate: Fate
    occurred_on: date
    reason: str


_KINDS = {
    Fate.CAME_BACK: DocumentKind.RETURN,
    Fate.CAME_LATER: DocumentKind.ARRIVAL,
    Fate.LOST: DocumentKind.WRITE_OFF,
}


def settle_difference(actor: Actor, settlement: Settlement) -> StockDocument:
    """Move goods out of transit to where they turned up, or to the losses, by a document with the reason."""
    sent = arriving.shipment(settlement.shipment_id)
    require(actor, Permission.MOVE_STOCK, places.policy_place(posting.place(sent.from_place_id)))
    kind = _KINDS[settlement.fate]
    if before := posting.seen(kind, settlement.key, shipment_id=settlement.shipment_id):
        return before
    draft = Draft(
        kind,
        settlement.key,
        sent.to_place_id,
        _goal(settlement.fate, sent),
        settlement.occurred_on,
        reason=settlement.reason.strip(),
        campaign_id=sent.campaign_id,
        shipment_id=sent.stock_document_id,
    )
    posting.lock_lots((draft.from_place_id, draft.to_place_id), [settlement.stock_lot_id])
    mistakes.refuse(_mistakes_in(settlement))
    document = posting.write(
        actor, numbering.numbered(draft), [Line(settlement.stock_lot_id, settlement.quantity, draft.reason)]
    )
    posting.move(document)
    ask_document_paper(document)
    return document


def _goal(fate: Fate, sent: StockDocument) -> int:
    if fate is Fate.CAME_BACK:
        return sent.from_place_id
    if fate is Fate.CAME_LATER:
        return places.main_place(posting.place(sent.to_place_id)).stock_place_id
    return places.virtual(PlaceKind.LOSSES).stock_place_id


def _mistakes_in(settlement: Settlement) -> tuple[Mistake, ...]:
    """Judge after the lock: what is still open cannot change any more."""
    still_open = transit.open_of(settlement.shipment_id).get(settlement.stock_lot_id)
    if still_open is None:
        raise NothingUnderway(stock_document_id=settlement.shipment_id)
    wrong = list(mistakes.about_date(settlement.occurred_on) + mistakes.about_text("reason", settlement.reason))
    if not 1 <= settlement.quantity <= still_open.quantity:
        wrong.append(Mistake("quantity", "not-so-much-open", {"most": still_open.quantity}))
    return tuple(wrong)
