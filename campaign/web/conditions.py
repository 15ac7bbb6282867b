"""The state of goods: set apart, give free, call damaged, write off; and transfer between facilities."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign import clock
from campaign.accounts.policy import Permission, reach
from campaign.logistics import document_queries, places, queries, services
from campaign.logistics.conditions import StockState, state_rows
from campaign.logistics.expiry import ExpiryState, expiry_state
from campaign.logistics.models import PlaceKind, StockLot, StockPlace
from campaign.registry import queries as registry
from campaign.web import forms, guard
from campaign.web.condition_forms import StateForm, TransferForm

blueprint = Blueprint("conditions", __name__)


@dataclass(frozen=True, slots=True)
class Subject:
    """Goods whose state may change: so much of a lot in a state at a place."""

    place: StockPlace
    stock_lot_id: int
    state: StockState
    on_hand: int


def _my_places() -> list[StockPlace]:
    found = queries.stock_places(reach(guard.actor(), Permission.SEE_STOCK))
    return [place for place in found if places.may_keep(guard.actor(), place)]


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """Show the lots of one place by state, each with what may be done."""
    mine = _my_places()
    wanted = request.args.get("place", type=int)
    chosen = next((place for place in mine if place.stock_place_id == wanted), mine[0] if mine else None)
    rows = state_rows(chosen.stock_place_id) if chosen else []
    lots = queries.lots_by_ids({row.stock_lot_id for row in rows})
    items = registry.items_by_ids({lot.item_id for lot in lots.values()})
    rows = sorted(rows, key=lambda row: (lots[row.stock_lot_id].item_id, lots[row.stock_lot_id].expires_on))
    shown = {"places": mine, "chosen": chosen, "rows": rows, "lots": lots, "items": items, "expiry_of": _expiry}
    return render_template("stock/conditions.html", **shown)


def _expiry(lot: StockLot) -> ExpiryState:
    return expiry_state(lot.expires_on, clock.today())


def _subject(place_id: int, lot_id: int, state: str) -> Subject:
    place = places.real_place(place_id)
    places.require_keeper(guard.actor(), place)
    wanted = StockState(state) if state in list(StockState) else StockState.USABLE
    held = {(row.stock_lot_id, row.state): row.on_hand for row in state_rows(place_id)}
    return Subject(place, lot_id, wanted, held.get((lot_id, wanted), 0))


@blueprint.route("/<int:place_id>/<int:lot_id>/<state>", methods=["GET", "POST"])
def change(place_id: int, lot_id: int, state: str) -> ResponseReturnValue:
    """Change the state of some of a lot, with the reason."""
    subject = _subject(place_id, lot_id, state)
    lots = queries.lots_by_ids([lot_id])
    if lot_id not in lots:
        raise registry.UnknownItem(stock_lot_id=lot_id)
    form = StateForm().offer(subject.state, _campaigns(subject))
    if form.validate_on_submit():
        with forms.attempt(form, {"lines-0-quantity": "quantity"}) as attempt:
            document = services.change_state(guard.actor(), form.change(subject.place.stock_place_id, lot_id))
        if attempt.held:
            forms.flash_done(gettext("Keadaan barang dicatat."))
            return redirect(url_for("stock.document", stock_document_id=document.stock_document_id), 303)
    item = registry.items_by_ids([lots[lot_id].item_id])[lots[lot_id].item_id]
    drawn = render_template("stock/condition.html", form=form, subject=subject, lot=lots[lot_id], item=item)
    return drawn, forms.status(form)


def _campaigns(subject: Subject) -> list[int]:
    """Return the campaigns that brought this lot to this facility and want it back."""
    if subject.place.kind is not PlaceKind.FACILITY:
        return []
    return [
        campaign_id
        for campaign_id in queries.supplied_campaigns()
        if any(
            row.stock_lot_id == subject.stock_lot_id
            for row in queries.leftovers(campaign_id, subject.place.facility_id)
        )
    ]


@blueprint.route("/transfer/<int:from_facility_id>", methods=["GET", "POST"])
def transfer(from_facility_id: int) -> ResponseReturnValue:
    """Send goods from one facility's shelf to another facility."""
    shelf = places.shelf_of(from_facility_id)
    places.require_keeper(guard.actor(), shelf)
    form = TransferForm()
    if before := document_queries.document_by_key(form.key.data or ""):  # the button was pressed twice
        return redirect(url_for("stock.document", stock_document_id=before.stock_document_id), 303)
    held = {row.lot.stock_lot_id: row for row in queries.shelf(from_facility_id) if row.available}
    form.offer(from_facility_id, list(held))
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            document = services.transfer_stock(guard.actor(), form.transfer(from_facility_id))
        if attempt.held:
            forms.flash_done(gettext("Barang dikirim: %(number)s. Faskes penerima memastikan.", number=document.number))
            return redirect(url_for("stock.document", stock_document_id=document.stock_document_id), 303)
    form.sum_up_rows()
    items = registry.items_by_ids({row.lot.item_id for row in held.values()})
    drawn = render_template("stock/transfer.html", form=form, shelf=shelf, held=held, items=items)
    return drawn, forms.status(form)
