"""SPB of facilities, and SPMB that the head of dinas makes by hand: for a request, or for a need of their own."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign.accounts import policy
from campaign.accounts.policy import Permission, reach
from campaign.logistics import document_queries, queries, requesting, services
from campaign.logistics.models import StockPlace
from campaign.logistics.request_models import StockRequest
from campaign.registry import queries as registry
from campaign.registry.models import Facility
from campaign.web import forms, guard
from campaign.web.request_forms import HandOrderForm, NewRequestForm, RefuseForm

blueprint = Blueprint("requests", __name__)


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """List requests, those that wait for an answer first."""
    rows = requesting.requests(reach(guard.actor(), Permission.SEE_STOCK))
    items = registry.items_by_ids({line.item_id for row in rows for line in row.lines})
    names = {row.facility_id: registry.facility(row.facility_id).name for row in rows}
    return render_template("stock/requests.html", rows=rows, items=items, names=names)


def _my_facilities() -> list[Facility]:
    return [
        row
        for row in registry.facilities()
        if policy.may(guard.actor(), Permission.USE_STOCK, registry.place_of(row.facility_id))
    ]


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Ask the warehouse for goods."""
    form = NewRequestForm().offer(_my_facilities())
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            row = services.request_stock(guard.actor(), form.new_request())
        if attempt.held:
            forms.flash_done(gettext("SPB %(number)s dikirim ke gudang.", number=row.number))
            return redirect(url_for("requests.page"), 303)
    form.sum_up_rows()
    return render_template("stock/request.html", form=form), forms.status(form)


@blueprint.route("/order", methods=["GET", "POST"])
def order() -> ResponseReturnValue:
    """Sign an SPMB by hand: items or chosen lots, for a request or without one."""
    form = HandOrderForm()
    if before := document_queries.document_by_key(form.key.data or ""):  # the button was pressed twice
        return redirect(url_for("stock.document", stock_document_id=before.stock_document_id), 303)
    asked = _asked()
    warehouse = _warehouse()
    stock = queries.stock_on_hand(_everywhere(), warehouse.stock_place_id) if warehouse else []
    free = {row.lot.stock_lot_id: row for row in stock if row.available}
    form.offer(registry.facilities(), free, asked)
    if warehouse and form.validate_on_submit():
        with forms.attempt(form) as attempt:
            document = services.order_items(guard.actor(), form.order(warehouse.stock_place_id))
        if attempt.held:
            forms.flash_done(gettext("SPMB %(number)s ditandatangani.", number=document.number))
            return redirect(url_for("stock.document", stock_document_id=document.stock_document_id), 303)
    form.sum_up_rows()
    items = registry.items_by_ids({row.lot.item_id for row in free.values()} | form.asked_items(asked))
    drawn = render_template(
        "stock/hand_order.html",
        form=form,
        free=free,
        items=items,
        asked=asked,
        warehouse=warehouse,
        warehouses=queries.warehouses(),
        refuse_form=RefuseForm(formdata=None),
    )
    return drawn, forms.status(form)


def _asked() -> StockRequest | None:
    """Return the SPB that this order answers; gone answers are told, not overwritten."""
    request_id = request.values.get("request_id", type=int)
    if not request_id:
        return None
    row = requesting.request(request_id)
    policy.require(guard.actor(), Permission.ORDER_STOCK, registry.place_of(row.facility_id))
    return row


def _warehouse() -> StockPlace | None:
    found = queries.warehouses()
    wanted = request.values.get("warehouse_id", type=int)
    return next((place for place in found if place.stock_place_id == wanted), found[0] if found else None)


def _everywhere() -> policy.Reach:
    return reach(guard.actor(), Permission.SEE_STOCK)


@blueprint.post("/<int:stock_request_id>/refuse")
def refuse(stock_request_id: int) -> ResponseReturnValue:
    """Answer a request with no, and why."""
    form = RefuseForm()
    if form.validate_on_submit():
        services.refuse_request(guard.actor(), stock_request_id, form.refusal.data or "")
        forms.flash_done(gettext("SPB ditolak; faskes melihat alasannya."))
    else:
        forms.flash_problem("text-length")
        return redirect(url_for("requests.order", request_id=stock_request_id), 303)
    return redirect(url_for("requests.page"), 303)
