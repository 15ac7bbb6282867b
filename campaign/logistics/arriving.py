"""A facility says what came of a shipment; and a use or a return shows, without words, that goods have come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.errors import Conflict, Mistake, NotFound
from campaign.logistics import mistakes, numbering, places, posting, transit
from campaign.logistics.arrival_models import ArrivalLine
from campaign.logistics.asking import ask_document_paper
from campaign.logistics.ledger import Line
from campaign.logistics.mistakes import LARGEST_QUANTITY
from campaign.logistics.models import DocumentKind, PlaceKind, StockDocument
from campaign.logistics.posting import Draft
from campaign.logistics.transit import SHIPMENTS, Transit, Underway

BY_USE = "Terbukti tiba: sudah dipakai atau dikembalikan"


class UnknownShipment(NotFound):
    """No SBBK or transfer has this id."""

    code = "unknown-shipment"


class NothingUnderway(Conflict):
    """All of the shipment has been accounted for, or it was reversed."""

    code = "nothing-underway"


@dataclass(frozen=True, slots=True)
class ArrivedLot:
    """What a facility found of one lot."""

    stock_lot_id: int
    received: int
    refused: int = 0
    missing: int = 0
    damaged: int = 0
    note: str = ""

    @property
    def parts(self) -> tuple[int, int, int, int]:
        """Return the four counts."""
        return self.received, self.refused, self.missing, self.damaged


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a facility found of a shipment: every lot that is still on the way."""

    key: str
    shipment_id: int
    occurred_on: date
    lots: tuple[ArrivedLot, ...]
    number: str | None = None  # of the BAST; None draws one


def shipment(shipment_id: int) -> StockDocument:
    """Return an SBBK or a transfer whose goods travel."""
    found = db.session.get(StockDocument, shipment_id)
    if found is None or found.kind not in SHIPMENTS:
        raise UnknownShipment(stock_document_id=shipment_id)
    return found


def confirm_arrival(actor: Actor, arrival: Arrival) -> StockDocument:
    """Put what came onto the shelf, what came damaged aside, and write every difference down; return the BAST."""
    sent = shipment(arrival.shipment_id)
    shelf = places.main_place(posting.place(sent.to_place_id))
    require(actor, Permission.USE_STOCK, places.policy_place(shelf))
    if before := posting.seen(DocumentKind.ARRIVAL, arrival.key, shipment_id=arrival.shipment_id):
        return before
    damaged_id = places.compartment(shelf.stock_place_id, PlaceKind.DAMAGED)
    lots = [line.stock_lot_id for line in sent.lines]
    posting.lock_lots((sent.to_place_id, shelf.stock_place_id, damaged_id), lots)
    open_lots = transit.open_of(arrival.shipment_id)
    if not open_lots:
        raise NothingUnderway(stock_document_id=arrival.shipment_id)
    mistakes.refuse(_mistakes_in(arrival, sent, open_lots))
    draft = Draft(
        DocumentKind.ARRIVAL,
        arrival.key,
        sent.to_place_id,
        shelf.stock_place_id,
        arrival.occurred_on,
        reason=sent.reason,
        number=arrival.number,
        campaign_id=sent.campaign_id,
        shipment_id=sent.stock_document_id,
    )
    good = [Line(lot.stock_lot_id, lot.received) for lot in arrival.lots if lot.received]
    document = posting.write(actor, numbering.numbered(draft), good)
    posting.move(document)
    _write_lines(document, arrival)
    _set_damaged_aside(actor, document, arrival, damaged_id)
    ask_document_paper(document)
    return document


def _mistakes_in(arrival: Arrival, sent: StockDocument, open_lots: Mapping[int, Underway]) -> tuple[Mistake, ...]:
    wrong = list(mistakes.about_date(arrival.occurred_on) + numbering.mistakes_in(DocumentKind.ARRIVAL, arrival.number))
    if arrival.occurred_on < sent.occurred_on:
        wrong.append(Mistake("occurred_on", "before-the-shipment"))
    said = [lot.stock_lot_id for lot in arrival.lots]
    if len(set(said)) < len(said) or set(said) != open_lots.keys():
        wrong.append(Mistake("lots", "not-every-lot"))
    for index, lot in enumerate(arrival.lots):
        if lot.stock_lot_id in open_lots:
            wrong += _wrong_with(index, lot, open_lots[lot.stock_lot_id].quantity)
    return tuple(wrong)


def _wrong_with(index: int, lot: ArrivedLot, open_quantity: int) -> list[Mistake]:
    where = f"lots-{index}"
    names = ("received", "refused", "missing", "damaged")
    odd = [name for name, part in zip(names, lot.parts, strict=True) if not 0 <= part <= LARGEST_QUANTITY]
    if odd:
        return [Mistake(f"{where}-{name}", "not-a-count") for name in odd]
    wrong = []
    if sum(lot.parts) != open_quantity:
        facts: dict[str, object] = {"sent": open_quantity, "said": sum(lot.parts)}
        wrong.append(Mistake(f"{where}-received", "arrival-does-not-add-up", facts))
    if lot.received < sum(lot.parts) and not lot.note.strip():
        wrong.append(Mistake(f"{where}-note", "difference-without-note"))
    if len(lot.note.strip()) > 240:
        wrong.append(Mistake(f"{where}-note", "text-length"))
    return wrong


def _write_lines(document: StockDocument, arrival: Arrival) -> None:
    db.session.add_all(
        ArrivalLine(
            stock_document_id=document.stock_document_id,
            stock_lot_id=lot.stock_lot_id,
            received=lot.received,
            refused=lot.refused,
            missing=lot.missing,
            damaged=lot.damaged,
            note=lot.note.strip(),
        )
        for lot in arrival.lots
    )
    db.session.flush()


def _set_damaged_aside(actor: Actor, document: StockDocument, arrival: Arrival, damaged_id: int) -> None:
    lines = [Line(lot.stock_lot_id, lot.damaged, lot.note.strip()) for lot in arrival.lots if lot.damaged]
    if not lines:
        return
    draft = Draft(
        DocumentKind.DAMAGE,
        derived_key(arrival.key, "damaged"),
        document.from_place_id,
        damaged_id,
        arrival.occurred_on,
        reason=lines[0].reason,
        campaign_id=document.campaign_id,
        shipment_id=document.shipment_id,
    )
    posting.move(posting.write(actor, draft, lines))


def prove_arrival(actor: Actor, draft: Draft, lacking: Mapping[int, int]) -> None:
    """Bring to a shelf what a use or return takes beyond what was confirmed; the caller holds transit and shelf.

    `lacking` is by lot, and never more than is in transit. What was handed out has certainly come, and nobody is sent
    home because a form was not filled in. The rest of the shipment stays to be confirmed.
    """
    if not lacking:
        return
    rows = transit.underway(Transit(shelf_id=draft.from_place_id, lot_ids=tuple(lacking)))
    of = {row.shipment_id: row for row in rows}
    for shipment_id, lots in transit.oldest_first(rows, dict(lacking)).items():
        arrived = Draft(
            DocumentKind.ARRIVAL,
            derived_key(draft.key, str(shipment_id)),
            of[shipment_id].transit_id,
            draft.from_place_id,
            draft.occurred_on,
            reason=BY_USE,
            campaign_id=of[shipment_id].campaign_id,
            shipment_id=shipment_id,
        )
        posting.move(posting.write(actor, arrived, [Line(lot_id, quantity) for lot_id, quantity in lots]))


def derived_key(key: str, part: str) -> str:
    """Return the key of a document that another one brings along; as long as a key may be."""
    return sha256(f"{key}:{part}".encode()).hexdigest()
