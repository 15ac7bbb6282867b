"""Shipments, counts and requests of a small depot; everything that a test does not name is valid by default."""

from dataclasses import dataclass

from campaign.accounts.policy import SYSTEM
from campaign.db import db
from campaign.logistics import services, transit
from campaign.logistics.ledger import Line
from campaign.logistics.models import PlaceKind, StockDocument, StockLot, StockPlace
from campaign.logistics.places import compartment, shelf_of
from campaign.logistics.services import Arrival, ArrivedLot, IssueOrder, StateChange, StateStep, StockIssue, StockState
from tests.builders.logistics import TODAY, Depot, item_order, key, make_depot, make_reservations, make_stock, on_hand


@dataclass(frozen=True, slots=True)
class Sent:
    """A depot that has sent IUD to the puskesmas by an SBBK."""

    depot: Depot
    lot: StockLot
    sbbk: StockDocument

    @property
    def facility_id(self) -> int:
        """Return the puskesmas."""
        return self.depot.city.puskesmas.facility_id


def make_shipment(quantity: int = 10, depot: Depot | None = None) -> Sent:
    """Send goods by an SPMB made by hand."""
    depot = depot or make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, quantity)
    order = services.order_items(SYSTEM, item_order(depot, quantity))
    return Sent(depot, lot, services.issue_stock(SYSTEM, StockIssue(key(), order.stock_document_id, TODAY)))


def make_campaign_shipment(quantity: int = 10) -> Sent:
    """Send goods that the plan of a campaign reserved."""
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, quantity)
    held = make_reservations(depot, lot, quantity)[0]
    ends = (held.warehouse_id, depot.city.puskesmas.facility_id, held.deliver_on)
    order = services.order_issue(SYSTEM, IssueOrder(key(), held.campaign_id or 0, *ends, TODAY))
    return Sent(depot, lot, services.issue_stock(SYSTEM, StockIssue(key(), order.stock_document_id, TODAY)))


def arrival(sent: Sent, *lots: ArrivedLot, **changes: object) -> Arrival:
    """Return what the puskesmas found; by default all that is still open, in order."""
    found = lots or tuple(
        ArrivedLot(lot_id, row.quantity) for lot_id, row in transit.open_of(sent.sbbk.stock_document_id).items()
    )
    values: dict[str, object] = {
        "key": key(),
        "shipment_id": sent.sbbk.stock_document_id,
        "occurred_on": TODAY,
        "lots": found,
    }
    return Arrival(**values | changes)  # type: ignore[arg-type]


def hospital_shelf(depot: Depot) -> StockPlace:
    """Return the shelf of the other facility."""
    return shelf_of(depot.city.hospital.facility_id)


def state_change(place: StockPlace, lot: StockLot, quantity: int, **changes: object) -> StateChange:
    """Return a valid change: good goods into quarantine."""
    values: dict[str, object] = {
        "key": key(),
        "stock_place_id": place.stock_place_id,
        "state": StockState.USABLE,
        "step": StateStep.QUARANTINE,
        "occurred_on": TODAY,
        "lines": (Line(lot.stock_lot_id, quantity),),
        "reason": "Suhu gudang terlalu tinggi",
    }
    return StateChange(**values | changes)  # type: ignore[arg-type]


def held_in(place: StockPlace, kind: PlaceKind, lot: StockLot) -> int:
    """Return what a compartment of a place holds of a lot."""
    return on_hand(db.session.get_one(StockPlace, compartment(place.stock_place_id, kind)), lot)
