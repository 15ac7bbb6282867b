"""Goods on the move: receive a delivery, sign SPMB, issue SBBK, undo a document, compare the books.

The views hang on the blueprint of stock.py: to its readers it is one area of the site.
"""

from collections import defaultdict
from datetime import date
from itertools import groupby

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign import clock
from campaign.accounts import policy
from campaign.accounts.policy import Permission
from campaign.errors import Conflict
from campaign.events import queries as events
from campaign.logistics import document_queries, queries, receipts, receiving, services
from campaign.logistics.document_queries import Delivery
from campaign.logistics.ordering import NothingToOrder
from campaign.logistics.services import IssueOrder, Reversal, StockIssue
from campaign.registry import queries as registry
from campaign.transaction import savepoint
from campaign.web import forms, guard, stock
from campaign.web.movement_forms import EMPTY_ROWS, MOST_ROWS, REVERSE, IssueForm, OrderForm, ReasonForm, ReceiveForm
from campaign.web.stock import blueprint


def _to(stock_document_id: int) -> ResponseReturnValue:
    return redirect(url_for("stock.document", stock_document_id=stock_document_id), 303)


@blueprint.route("/receive", methods=["GET", "POST"])
def receive() -> ResponseReturnValue:
    """Take a delivery in; every mistake comes back at once beside its field."""
    form = ReceiveForm()
    is_draft = bool({"more", "fill"} & request.form.keys())  # asks for rows or for a label to be read: nothing is kept
    if "more" in request.form:
        for _row in range(min(EMPTY_ROWS, MOST_ROWS - len(form.lines))):
            form.lines.append_entry()
    if "fill" in request.form:
        form.fill_from_label()
    form.offer()
    note, wrong = form.attachment()
    if not is_draft and form.validate_on_submit() and not wrong:
        with forms.attempt(form) as attempt:
            document = receipts.receive_delivery(guard.actor(), form.delivery(note))
        if attempt.held:
            forms.flash_done(gettext("Barang diterima: SBBM %(number)s.", number=document.number))
            return _to(document.stock_document_id)
    elif request.method == "POST" and not is_draft:
        form.show_what_else((*wrong, *receiving.mistakes_in(form.receipt())))
    form.sum_up_rows()
    return render_template("stock/receive.html", form=form), forms.status(form)


@blueprint.get("/issues")
def waiting() -> ResponseReturnValue:
    """List the SPMB that wait for their SBBK, earliest delivery first."""
    orders = document_queries.orders_to_issue(stock.within())
    lots = {line.lot.item_id for movement, _ in orders for line in movement.document.lines}
    return render_template(
        "stock/issues.html", orders=orders, items=registry.items_by_ids(lots), form=IssueForm, today=clock.today()
    )


@blueprint.post("/issues/<int:order_id>")
def issue(order_id: int) -> ResponseReturnValue:
    """Issue what an SPMB orders; without a number of one's own the next one is drawn."""
    form = IssueForm()
    if form.validate_on_submit():
        number = (form.number.data or "").strip() or None
        request_of = StockIssue(form.key.data or "", order_id, form.occurred_on.data, number)
        with forms.attempt(form) as attempt:
            document = services.issue_stock(guard.actor(), request_of)
        if attempt.held:
            forms.flash_done(gettext("Barang dikeluarkan: SBBK %(number)s.", number=document.number))
            return _to(document.stock_document_id)
    return stock.draw_document(document_queries.document_within(stock.within(), order_id), issue_form=form)


@blueprint.get("/orders")
def to_order() -> ResponseReturnValue:
    """List what approved plans deliver and nobody has ordered out yet, by campaign."""
    deliveries = document_queries.deliveries_to_order()
    groups: defaultdict[int, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        groups[delivery.campaign_id].append(delivery)
    lots = queries.lots_by_ids({lot for delivery in deliveries for lot in delivery.quantities})
    return render_template(
        "stock/orders.html",
        groups=[(events.campaign(campaign_id), rows) for campaign_id, rows in groups.items()],
        lots=lots,
        items=registry.items_by_ids({lot.item_id for lot in lots.values()}),
        form=forms.Form,
    )


@blueprint.post("/orders/<int:campaign_id>")
def order_all(campaign_id: int) -> ResponseReturnValue:
    """Sign an SPMB for each delivery of a campaign that has none; one that cannot be ordered is skipped, aloud."""
    form = forms.Form()
    if not form.validate_on_submit():
        return to_order()
    signed = sum(_sign(form.key.data or "", delivery) for delivery in document_queries.deliveries_to_order(campaign_id))
    forms.flash_done(gettext("%(count)s SPMB ditandatangani.", count=signed))
    return redirect(url_for("stock.to_order"), 303)


def _sign(key: str, delivery: Delivery) -> int:
    order = IssueOrder(
        key=f"{key}:{delivery.warehouse.stock_place_id}:{delivery.facility_place.facility_id}:{delivery.deliver_on}",
        campaign_id=delivery.campaign_id,
        warehouse_id=delivery.warehouse.stock_place_id,
        facility_id=delivery.facility_place.facility_id or 0,
        deliver_on=delivery.deliver_on,
        signed_on=clock.today(),
        purpose=events.campaign(delivery.campaign_id).name,
    )
    try:
        with savepoint():
            services.order_issue(guard.actor(), order)
    except Conflict as error:
        forms.flash_problem(error.code, error.facts)
        return 0
    return 1


@blueprint.route("/orders/<int:campaign_id>/<int:warehouse_id>/<int:facility_id>/<day>", methods=["GET", "POST"])
def order(campaign_id: int, warehouse_id: int, facility_id: int, day: str) -> ResponseReturnValue:
    """Sign the SPMB of one delivery, with a number from the agenda book if there is one."""
    campaign = events.campaign(campaign_id)
    form = OrderForm(purpose=campaign.name)
    if before := document_queries.document_by_key(form.key.data or ""):  # the button was pressed twice
        return _to(before.stock_document_id)
    delivery = _delivery(campaign_id, warehouse_id, facility_id, day)
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            wanted = form.order(campaign_id, warehouse_id, facility_id, delivery.deliver_on)
            document = services.order_issue(guard.actor(), wanted)
        if attempt.held:
            forms.flash_done(gettext("SPMB %(number)s ditandatangani.", number=document.number))
            return _to(document.stock_document_id)
    lots = queries.lots_by_ids(delivery.quantities)
    items = registry.items_by_ids({lot.item_id for lot in lots.values()})
    drawn = render_template("stock/order.html", form=form, campaign=campaign, delivery=delivery, lots=lots, items=items)
    return drawn, forms.status(form)


def _delivery(campaign_id: int, warehouse_id: int, facility_id: int, day: str) -> Delivery:
    for delivery in document_queries.deliveries_to_order(campaign_id):
        ends = (delivery.warehouse.stock_place_id, delivery.facility_place.facility_id)
        if ends == (warehouse_id, facility_id) and delivery.deliver_on == _date(day):
            return delivery
    raise NothingToOrder(campaign_id=campaign_id, facility_id=facility_id)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@blueprint.get("/returns")
def returns() -> ResponseReturnValue:
    """Show what campaigns left at the facilities of whoever asks."""
    groups = [
        (campaign_id, facility_id, list(rows))
        for campaign_id in queries.supplied_campaigns()
        for facility_id, rows in groupby(queries.leftovers(campaign_id), key=lambda row: row.facility_id)
        if policy.may(guard.actor(), Permission.USE_STOCK, registry.place_of(facility_id))
    ]
    lots = queries.lots_by_ids({row.stock_lot_id for _, _, rows in groups for row in rows})
    return render_template(
        "stock/returns.html",
        groups=[(events.campaign(campaign), registry.facility(facility), rows) for campaign, facility, rows in groups],
        lots=lots,
        items=registry.items_by_ids({lot.item_id for lot in lots.values()}),
        form=forms.Form,
    )


@blueprint.post("/returns/<int:campaign_id>/<int:facility_id>")
def give_back(campaign_id: int, facility_id: int) -> ResponseReturnValue:
    """Send back what a campaign left at a facility."""
    form = forms.Form()
    if form.validate_on_submit():
        sent = services.return_leftovers(guard.actor(), form.key.data or "", campaign_id, facility_id)
        if sent:
            forms.flash_done(gettext("Sisa dikembalikan: %(number)s.", number=", ".join(d.number or "" for d in sent)))
    return redirect(url_for("stock.returns"), 303)


@blueprint.post("/documents/<int:stock_document_id>/reverse")
def reverse(stock_document_id: int) -> ResponseReturnValue:
    """Undo a receipt, an issue or a return by its opposite."""
    return _undo(stock_document_id)


@blueprint.post("/documents/<int:stock_document_id>/withdraw")
def withdraw(stock_document_id: int) -> ResponseReturnValue:
    """Withdraw an SPMB that has not been issued."""
    return _undo(stock_document_id)


def _undo(stock_document_id: int) -> ResponseReturnValue:
    form = ReasonForm(prefix=REVERSE)
    movement = document_queries.document_within(stock.within(), stock_document_id)
    if form.validate_on_submit():
        reversal = Reversal(form.key.data or "", stock_document_id, clock.today(), form.reason.data or "")
        with forms.attempt(form) as attempt:
            document = services.reverse(guard.actor(), reversal)
        if attempt.held:
            forms.flash_done(gettext("Dokumen dibatalkan."))
            return _to(document.stock_document_id)
    return stock.draw_document(movement, reason_form=form)


@blueprint.post("/verify")
def verify() -> ResponseReturnValue:
    """Compare every balance with its entries, now."""
    found = services.verify_stock(guard.actor())
    if not found.differences:
        forms.flash_done(gettext("Semua saldo cocok dengan catatannya."))
    return redirect(url_for("stock.page"), 303)
