"""What travels to facilities: confirm it on a phone, by the QR code of the SBBK or its number; settle what differs."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign import clock
from campaign.accounts import policy
from campaign.accounts.policy import Permission, reach
from campaign.logistics import document_queries, queries, services, transit
from campaign.logistics.differences import Difference, differences
from campaign.logistics.document_queries import DocumentFilter, Movement
from campaign.logistics.models import DocumentKind, StockPlace
from campaign.logistics.transit import Transit, Underway
from campaign.registry import queries as registry
from campaign.web import forms, guard
from campaign.web.arrival_forms import ArrivalForm, SettleForm

blueprint = Blueprint("arrivals", __name__)


@dataclass(frozen=True, slots=True)
class Coming:
    """A shipment on its way to one facility."""

    shipment: Movement
    lots: tuple[Underway, ...]
    is_mine: bool  # whoever asks may confirm it


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """List what is on the way to the places of whoever asks; a number finds its shipment."""
    number = request.args.get("number", "").strip()
    if number and (found := _by_number(number)) is not None:
        return redirect(url_for("arrivals.arrive", shipment_id=found), 303)
    coming = _coming()
    lots = queries.lots_by_ids({row.stock_lot_id for one in coming for row in one.lots})
    items = registry.items_by_ids({lot.item_id for lot in lots.values()})
    shown = {"coming": coming, "lots": lots, "items": items, "number": number, "today": clock.today()}
    return render_template("stock/arrivals.html", **shown), 404 if number else 200


def _coming() -> list[Coming]:
    within = {place.stock_place_id: place for place in queries.stock_places(reach(guard.actor(), Permission.SEE_STOCK))}
    rows: dict[int, list[Underway]] = {}
    for row in transit.underway(Transit()):
        if row.shelf_id in within:
            rows.setdefault(row.shipment_id, []).append(row)
    return [
        Coming(document_queries.document(shipment_id), tuple(lots), _may_confirm(within[lots[0].shelf_id]))
        for shipment_id, lots in rows.items()
    ]


def _may_confirm(shelf: StockPlace) -> bool:
    return policy.may(guard.actor(), Permission.USE_STOCK, registry.place_of(shelf.facility_id or 0))


def _by_number(number: str) -> int | None:
    """Return the shipment of this number, whole or as much of it as names only one."""
    within = reach(guard.actor(), Permission.SEE_STOCK)
    found = [
        row.document
        for kind in (DocumentKind.ISSUE, DocumentKind.TRANSFER)
        for row in document_queries.documents(within, DocumentFilter(kind=kind, number=number))[0]
    ]
    exact = [row for row in found if row.number == number] or found
    return exact[0].stock_document_id if len(exact) == 1 else None


@blueprint.route("/<int:shipment_id>", methods=["GET", "POST"])
def arrive(shipment_id: int) -> ResponseReturnValue:
    """Say what came of a shipment, lot by lot; what is neither good, damaged nor refused is missing."""
    movement = document_queries.document_within(reach(guard.actor(), Permission.SEE_STOCK), shipment_id)
    form = ArrivalForm()
    if before := document_queries.document_by_key(form.key.data or ""):  # the button was pressed twice
        return redirect(url_for("stock.document", stock_document_id=before.stock_document_id), 303)
    underway = transit.open_of(shipment_id)
    if not underway or not _may_confirm(movement.to_place):
        return redirect(url_for("stock.document", stock_document_id=shipment_id), 303)
    form.offer(underway)
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            bast = services.confirm_arrival(guard.actor(), form.arrival(shipment_id, underway))
        if attempt.held:
            forms.flash_done(gettext("Penerimaan dicatat: BAST %(number)s.", number=bast.number))
            return redirect(url_for("stock.document", stock_document_id=bast.stock_document_id), 303)
    form.sum_up_rows()
    lots = queries.lots_by_ids(underway)
    items = registry.items_by_ids({lot.item_id for lot in lots.values()})
    drawn = render_template(
        "stock/arrive.html", form=form, movement=movement, underway=underway, lots=lots, items=items
    )
    return drawn, forms.status(form)


@blueprint.get("/differences")
def unsettled() -> ResponseReturnValue:
    """Show the warehouse what facilities did not receive, until it has said what became of it."""
    return _draw_differences(None)


def _draw_differences(came_back: SettleForm | None) -> ResponseReturnValue:
    found = differences(reach(guard.actor(), Permission.MOVE_STOCK))
    items = registry.items_by_ids({row.lot.item_id for row in found})
    shown = [(row, came_back if came_back and came_back.is_for(row) else _form_for(row)) for row in found]
    drawn = render_template("stock/differences.html", rows=shown, items=items)
    return drawn, forms.status(came_back) if came_back else 200


def _form_for(row: Difference) -> SettleForm:
    return SettleForm(
        formdata=None,
        shipment_id=row.shipment.stock_document_id,
        stock_lot_id=row.lot.stock_lot_id,
        quantity=row.open_quantity,
        occurred_on=_today(),
    )


def _today() -> date:
    return clock.today()


@blueprint.post("/differences/settle")
def settle() -> ResponseReturnValue:
    """Say what became of goods that a facility did not receive."""
    form = SettleForm()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            services.settle_difference(guard.actor(), form.settlement())
        if attempt.held:
            forms.flash_done(gettext("Selisih diselesaikan."))
            return redirect(url_for("arrivals.unsettled"), 303)
    return _draw_differences(form)
