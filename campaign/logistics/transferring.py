"""One facility helps another out: its own document, on the way until the other facility confirms."""

from dataclasses import dataclass
from datetime import date

from campaign.accounts.policy import Actor
from campaign.errors import Mistake
from campaign.logistics import mistakes, numbering, places, posting
from campaign.logistics.asking import ask_document_paper
from campaign.logistics.conditions import require_there
from campaign.logistics.ledger import Line
from campaign.logistics.models import DocumentKind, PlaceKind, StockDocument
from campaign.logistics.posting import Draft


@dataclass(frozen=True, slots=True)
class Transfer:
    """Goods from one facility's shelf to another's."""

    key: str
    from_facility_id: int
    to_facility_id: int
    occurred_on: date
    lines: tuple[Line, ...]
    reason: str
    number: str | None = None


def transfer_stock(actor: Actor, transfer: Transfer) -> StockDocument:
    """Send goods from one facility to another; nothing expired, and never more than is there."""
    shelf = places.shelf_of(transfer.from_facility_id)
    places.require_keeper(actor, shelf)
    if before := posting.seen(DocumentKind.TRANSFER, transfer.key, from_place_id=shelf.stock_place_id):
        return before
    mistakes.refuse(_mistakes_in(transfer))
    goal = places.shelf_of(transfer.to_facility_id)
    draft = Draft(
        DocumentKind.TRANSFER,
        transfer.key,
        shelf.stock_place_id,
        places.compartment(goal.stock_place_id, PlaceKind.TRANSIT),
        transfer.occurred_on,
        reason=transfer.reason.strip(),
        number=transfer.number,
    )
    posting.lock_lots((draft.from_place_id, draft.to_place_id), [line.stock_lot_id for line in transfer.lines])
    posting.require_unexpired(transfer.lines, transfer.occurred_on)
    require_there(draft.from_place_id, transfer.lines)
    document = posting.write(actor, numbering.numbered(draft), transfer.lines)
    posting.move(document)
    ask_document_paper(document)
    return document


def _mistakes_in(transfer: Transfer) -> tuple[Mistake, ...]:
    wrong = list(
        mistakes.about_quantities([line.quantity for line in transfer.lines])
        + mistakes.about_date(transfer.occurred_on)
        + mistakes.about_text("reason", transfer.reason)
        + numbering.mistakes_in(DocumentKind.TRANSFER, transfer.number)
    )
    if transfer.from_facility_id == transfer.to_facility_id:
        wrong.append(Mistake("to_facility_id", "same-facility"))
    return tuple(wrong)
