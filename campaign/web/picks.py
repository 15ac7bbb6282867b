"""Issue an SPMB in parts, or with another lot for a reason: the pick list as a form."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign.accounts.policy import Permission
from campaign.logistics import document_queries, issuing, queries, services
from campaign.logistics.queries import OnHand
from campaign.registry import queries as registry
from campaign.web import forms, guard, stock
from campaign.web.pick_forms import PickForm
from campaign.web.stock import blueprint

DOORS = {"pick": Permission.MOVE_STOCK}


@blueprint.route("/issues/<int:order_id>/pick", methods=["GET", "POST"])
def pick(order_id: int) -> ResponseReturnValue:
    """Take what is on the shelves: less than ordered, or another lot."""
    movement = document_queries.document_within(stock.within(), order_id)
    form = PickForm()
    if before := document_queries.document_by_key(form.key.data or ""):  # the button was pressed twice
        return redirect(url_for("stock.document", stock_document_id=before.stock_document_id), 303)
    waiting = issuing.waiting_of(order_id)
    if not waiting:
        return redirect(url_for("stock.document", stock_document_id=order_id), 303)
    lots = queries.lots_by_ids(waiting)
    shelves = _shelves(movement.from_place.stock_place_id, {lot.item_id for lot in lots.values()})
    form.offer(waiting, lots, shelves)
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            document = services.issue_stock(guard.actor(), form.issue(order_id))
        if attempt.held:
            forms.flash_done(gettext("Barang dikeluarkan: SBBK %(number)s.", number=document.number))
            return redirect(url_for("stock.document", stock_document_id=document.stock_document_id), 303)
    form.sum_up_rows()
    items = registry.items_by_ids({lot.item_id for lot in lots.values()})
    shown = {"form": form, "movement": movement, "waiting": waiting, "lots": lots, "items": items}
    return render_template("stock/pick.html", **shown), forms.status(form)


def _shelves(warehouse_id: int, item_ids: set[int]) -> dict[int, list[OnHand]]:
    """Return the lots of the items in the warehouse, by item, first expired first."""
    found = queries.stock_on_hand(stock.within(), warehouse_id)
    return {item_id: [row for row in found if row.lot.item_id == item_id] for item_id in item_ids}
