"""Stock opname on a page: open, count blind, look at the differences, explain them, post."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign.accounts.policy import Permission, reach
from campaign.logistics import count_sheet, counting, places, queries, services
from campaign.logistics.count_models import StockCount
from campaign.logistics.count_sheet import CountLine
from campaign.logistics.tallies import LineState, may_be_posted
from campaign.registry import queries as registry
from campaign.registry.models import Item
from campaign.web import forms, guard
from campaign.web.count_forms import CountForm, ExplainForm, OpenForm

blueprint = Blueprint("counts", __name__)


@blueprint.route("/", methods=["GET", "POST"])
def page() -> ResponseReturnValue:
    """List counts, and open one."""
    within = reach(guard.actor(), Permission.SEE_STOCK)
    mine = [place for place in queries.stock_places(within) if places.may_keep(guard.actor(), place)]
    form = OpenForm().offer(mine)
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            count = services.open_count(
                guard.actor(), form.key.data or "", form.stock_place_id.data, form.counted_on.data
            )
        if attempt.held:
            return redirect(url_for("counts.sheet", stock_count_id=count.stock_count_id), 303)
    found = [(count, place) for count, place in count_sheet.counts(within) if places.may_keep(guard.actor(), place)]
    return render_template("stock/counts.html", form=form, counts=found), forms.status(form)


def _lines(count: StockCount) -> tuple[list[CountLine], dict[int, Item]]:
    lines = count_sheet.sheet(count)
    return lines, registry.items_by_ids({line.lot.item_id for line in lines})


@blueprint.route("/<int:stock_count_id>", methods=["GET", "POST"])
def sheet(stock_count_id: int) -> ResponseReturnValue:
    """Show the blind sheet: what lies where, never how much of it the books expect."""
    count = counting.count_of(guard.actor(), stock_count_id)
    if count.posted_at is not None or count.dropped_at is not None:
        return redirect(url_for("counts.review", stock_count_id=stock_count_id), 303)
    lines, items = _lines(count)
    form = CountForm().offer(lines, registry.items(), places.names_inside(count.stock_place_id))
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            kept = services.enter_count(guard.actor(), form.entry(stock_count_id))
        if attempt.held:
            forms.flash_done(gettext("%(count)s hitungan dicatat.", count=kept))
            return redirect(url_for("counts.review", stock_count_id=stock_count_id), 303)
    form.sum_up_rows()
    known = {(line.place.stock_place_id, line.lot.stock_lot_id): line for line in lines}
    place = places.real_place(count.stock_place_id)
    shown = {"count": count, "place": place, "form": form, "known": known, "items": items}
    return render_template("stock/count.html", **shown), forms.status(form)


@blueprint.get("/<int:stock_count_id>/review")
def review(stock_count_id: int) -> ResponseReturnValue:
    """Show what the count found: what is still to count, what differs and why."""
    return _draw_review(counting.count_of(guard.actor(), stock_count_id), None)


def _draw_review(count: StockCount, came_back: ExplainForm | None) -> ResponseReturnValue:
    lines, items = _lines(count)
    is_open = count.posted_at is None and count.dropped_at is None
    drawn = render_template(
        "stock/count_review.html",
        count=count,
        place=places.real_place(count.stock_place_id),
        lines=lines,
        items=items,
        is_open=is_open,
        is_ready=is_open and bool(lines) and may_be_posted(line.state for line in lines),
        to_count=sum(line.state in (LineState.NOT_COUNTED, LineState.DISPUTED) for line in lines),
        came_back=came_back,
        explain=ExplainForm.for_line,
        form=forms.Form,
    )
    return drawn, forms.status(came_back) if came_back else 200


@blueprint.post("/<int:stock_count_id>/explain")
def explain(stock_count_id: int) -> ResponseReturnValue:
    """Say why a lot differs."""
    form = ExplainForm()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            services.explain_difference(guard.actor(), form.explanation(stock_count_id))
        if attempt.held:
            return redirect(url_for("counts.review", stock_count_id=stock_count_id), 303)
    return _draw_review(counting.count_of(guard.actor(), stock_count_id), form)


@blueprint.post("/<int:stock_count_id>/post")
def post(stock_count_id: int) -> ResponseReturnValue:
    """Bring the books to what was counted."""
    documents = services.post_count(guard.actor(), stock_count_id)
    forms.flash_done(gettext("Opname dibukukan: %(count)s dokumen selisih.", count=len(documents)))
    return redirect(url_for("counts.review", stock_count_id=stock_count_id), 303)


@blueprint.post("/<int:stock_count_id>/drop")
def drop(stock_count_id: int) -> ResponseReturnValue:
    """Give a count up."""
    services.drop_count(guard.actor(), stock_count_id)
    forms.flash_done(gettext("Opname dibatalkan; hitungannya tetap tersimpan."))
    return redirect(url_for("counts.page"), 303)
