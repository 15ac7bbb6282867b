"""A facility uses goods in services, and sends back what a campaign left over."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campaign import clock
from campaign.accounts.policy import Actor, Permission, may, require
from campaign.logistics import arriving, campaign_stock, ledger, mistakes, numbering, places, posting
from campaign.logistics.asking import ask_document_paper
from campaign.logistics.ledger import InsufficientStock, Line, LotStock, Shortage
from campaign.logistics.models import DocumentKind, PlaceKind, StockDocument
from campaign.logistics.posting import Draft
from campaign.logistics.reserving import UnknownLot
from campaign.registry import queries as registry


@dataclass(frozen=True, slots=True)
class StockUse:
    """What one service used up at a facility."""

    key: str
    facility_id: int
    campaign_id: int | None  # None: routine
    occurred_on: date
    items: tuple[tuple[int, int], ...]  # (item_id, quantity)
    lot_ids: tuple[int, ...] = ()  # what was taken in hand; of other items the first to expire


@dataclass(frozen=True, slots=True)
class StockReturn:
    """What a facility sends back to the warehouse that issued it."""

    key: str
    facility_id: int
    campaign_id: int
    warehouse_id: int
    occurred_on: date
    lines: tuple[Line, ...]
    number: str | None = None


def use_stock(actor: Actor, use: StockUse) -> int:
    """Take what a service used off the facility's shelf, first expired first; return the document's id.

    Routine stock of the facility is no limit here: it bounds what is planned, never the care of who has come.
    """
    require(actor, Permission.USE_STOCK, registry.place_of(use.facility_id))
    shelf_id = places.shelf_of(use.facility_id).stock_place_id
    if before := posting.seen(DocumentKind.USE, use.key, from_place_id=shelf_id):
        return before.stock_document_id
    mistakes.refuse(
        mistakes.about_quantities([quantity for _, quantity in use.items]) + mistakes.about_date(use.occurred_on)
    )
    wanted: Counter[int] = Counter()
    for item_id, quantity in use.items:
        wanted[item_id] += quantity
    draft = Draft(
        DocumentKind.USE,
        use.key,
        shelf_id,
        places.virtual(PlaceKind.ACCEPTORS).stock_place_id,
        use.occurred_on,
        campaign_id=use.campaign_id,
    )
    transit_id = places.compartment(shelf_id, PlaceKind.TRANSIT)
    lot_ids = posting.lots_at((shelf_id, transit_id), wanted)
    posting.lock_lots((shelf_id, transit_id, draft.to_place_id), lot_ids)
    here, underway = posting.stock_at(shelf_id, lot_ids), posting.stock_at(transit_id, lot_ids)
    held = ledger.in_hand(here, wanted, use.lot_ids, use.occurred_on)
    others = {item_id: quantity for item_id, quantity in wanted.items() if item_id not in held}
    lines = (*held.values(), *ledger.pick_near_first(here, underway, others, use.occurred_on))
    arriving.prove_arrival(actor, draft, ledger.lacking(here, lines))
    document = posting.write(actor, draft, lines)
    posting.move(document)
    return document.stock_document_id


def return_stock(actor: Actor, back: StockReturn) -> StockDocument:
    """Send leftovers of a campaign back; never more of a lot than the campaign brought and did not use."""
    warehouse = places.warehouse(back.warehouse_id)
    if not may(actor, Permission.MOVE_STOCK, places.policy_place(warehouse)):
        require(actor, Permission.USE_STOCK, registry.place_of(back.facility_id))
    shelf_id = places.shelf_of(back.facility_id).stock_place_id
    if before := posting.seen(DocumentKind.RETURN, back.key, from_place_id=shelf_id, to_place_id=back.warehouse_id):
        return before
    mistakes.refuse(
        mistakes.about_quantities([line.quantity for line in back.lines])
        + mistakes.about_date(back.occurred_on)
        + numbering.mistakes_in(DocumentKind.RETURN, back.number)
    )
    draft = Draft(
        DocumentKind.RETURN,
        back.key,
        shelf_id,
        warehouse.stock_place_id,
        back.occurred_on,
        number=back.number,
        campaign_id=back.campaign_id,
    )
    transit_id, lot_ids = places.compartment(shelf_id, PlaceKind.TRANSIT), [line.stock_lot_id for line in back.lines]
    posting.lock_lots((shelf_id, transit_id, draft.to_place_id), lot_ids)
    here = posting.stock_at(shelf_id, lot_ids)
    _require_left_over(back, ledger.together(here, posting.stock_at(transit_id, lot_ids)))
    arriving.prove_arrival(actor, draft, ledger.lacking(here, back.lines))
    document = posting.write(actor, numbering.numbered(draft), back.lines)
    posting.move(document)
    ask_document_paper(document)
    return document


def return_leftovers(actor: Actor, key: str, campaign_id: int, facility_id: int) -> list[StockDocument]:
    """Send everything back that a campaign left at a facility: one document per warehouse it came from."""
    require(actor, Permission.USE_STOCK, registry.place_of(facility_id))
    to_send: defaultdict[int, list[Line]] = defaultdict(list)
    for row in campaign_stock.leftovers(campaign_id, facility_id):
        to_send[row.warehouse_id].append(Line(row.stock_lot_id, row.quantity))
    return [
        return_stock(
            actor,
            StockReturn(f"{key}:{warehouse_id}", facility_id, campaign_id, warehouse_id, clock.today(), tuple(lines)),
        )
        for warehouse_id, lines in sorted(to_send.items())
    ]


def _require_left_over(back: StockReturn, stock: Sequence[LotStock]) -> None:
    left = {
        row.stock_lot_id: row.quantity
        for row in campaign_stock.leftovers(back.campaign_id, back.facility_id)
        if row.warehouse_id == back.warehouse_id
    }
    wanted = ledger.total(back.lines)
    short = tuple(
        Shortage(lot.item_id, wanted[lot.stock_lot_id], found)
        for lot in stock
        if (found := min(left.get(lot.stock_lot_id, 0), lot.on_hand)) < wanted[lot.stock_lot_id]
    )
    if short:
        raise InsufficientStock(short)
    if unknown := wanted.keys() - left.keys():
        raise UnknownLot(stock_lot_id=min(unknown))
