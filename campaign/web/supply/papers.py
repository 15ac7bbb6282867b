"""Sheets to print while one waits, and the papers of a document."""

import io
from collections.abc import Callable
from datetime import date

from flask import redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign import audit, clock, i18n
from campaign.accounts.policy import Permission, require
from campaign.documents.papers import PaperFormat
from campaign.logistics import (
    asking,
    card_sheet,
    count_sheet,
    counting,
    document_queries,
    list_sheets,
    month_sheets,
    queries,
    receipts,
    requesting,
    sheets,
)
from campaign.logistics.card_sheet import Stretch
from campaign.logistics.levels import months_later
from campaign.logistics.models import DocumentKind, StockPlace
from campaign.logistics.monthly import Month
from campaign.logistics.places import UnknownStockPlace
from campaign.logistics.reversing import UnknownDocument
from campaign.logistics.sheets import Drawn
from campaign.registry import queries as registry
from campaign.web import forms, guard
from campaign.web.downloads import send_printing
from campaign.web.stock import blueprint, within

MONTHS_BACK = 24  # offered in the list of months


def place_within(stock_place_id: int) -> StockPlace:
    """Return a place that whoever asks may see; for anybody else there is none."""
    for place in queries.stock_places(within()):
        if place.stock_place_id == stock_place_id:
            return place
    raise UnknownStockPlace(stock_place_id=stock_place_id)


def send_sheet(draw: Callable[[], Drawn], file_format: str, name: str, page: str) -> ResponseReturnValue:
    """Send a sheet that `draw` reads off the books in the language of papers; the download is audited."""
    of_format = PaperFormat(file_format)
    with i18n.with_locale("id"):
        printing = sheets.rendered(draw(), of_format, url_for(page, **(request.view_args or {}), _external=True))
    audit.record(guard.actor(), "download-stock-sheet", ("stock_sheet", name), format=of_format.value)
    return send_printing(printing, of_format, name)


def day_of(name: str) -> date | None:
    """Return a day of the query; None where it is missing or none."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


@blueprint.get("/card/<int:place_id>/<int:item_id>/card.<any(pdf, xlsx):file_format>")
def card_file(place_id: int, item_id: int, file_format: str) -> ResponseReturnValue:
    """Send the stock card of an item at a place, of a stretch of days or all of it."""
    place, item = place_within(place_id), registry.items_by_ids([item_id]).get(item_id)
    if item is None:
        raise registry.UnknownItem(item_id=item_id)
    stretch = Stretch(day_of("from"), day_of("until"))
    card = card_sheet.read_card(place_id, item_id, stretch)
    name = f"kartu-{place_id}-{item_id}"
    return send_sheet(lambda: card_sheet.draw_card(place, item, stretch, card), file_format, name, "stock.card_file")


@blueprint.get("/months")
def months() -> ResponseReturnValue:
    """Choose a place and a month, look at the figures, print the report."""
    places = queries.stock_places(within())
    chosen = request.args.get("place", places[0].stock_place_id if places else 0, type=int)
    month = _month(request.args.get("month", ""))
    place = next((one for one in places if one.stock_place_id == chosen), None)
    with i18n.with_locale("id"):
        drawn = month_sheets.draw_month(place, month) if place else None
    return render_template(
        "stock/months.html",
        places=places,
        chosen=chosen,
        month=month.first,
        offered=[months_later(clock.today().replace(day=1), -back) for back in range(MONTHS_BACK)],
        month_name=sheets.month_name,
        drawn=drawn,
    )


def _month(text: str) -> Month:
    """Return the month "2027-05"; the last whole one where the query names none."""
    try:
        return Month(date.fromisoformat(f"{text}-01"))
    except ValueError:
        return Month(months_later(clock.today().replace(day=1), -1))


@blueprint.get("/months/<int:place_id>/<month>/report.<any(pdf, xlsx):file_format>")
def month_file(place_id: int, month: str, file_format: str) -> ResponseReturnValue:
    """Send the monthly report of a warehouse (F/V/KB) or the register of a facility (R/II/KB)."""
    place, of_month = place_within(place_id), _month(month)
    name = f"bulanan-{place_id}-{of_month.first:%Y-%m}"
    return send_sheet(lambda: month_sheets.draw_month(place, of_month), file_format, name, "stock.month_file")


@blueprint.get("/documents/<int:stock_document_id>/pick-list.<any(pdf, xlsx):file_format>")
def pick_list(stock_document_id: int, file_format: str) -> ResponseReturnValue:
    """Send what to take off the shelves for an SPMB."""
    movement = document_queries.document_within(within(), stock_document_id)
    if movement.document.kind is not DocumentKind.ISSUE_ORDER:
        raise UnknownDocument(stock_document_id=stock_document_id)
    name = f"pengambilan-{stock_document_id}"
    return send_sheet(lambda: list_sheets.draw_pick_list(movement), file_format, name, "stock.pick_list")


@blueprint.get("/counts/<int:stock_count_id>/blind.<any(pdf, xlsx):file_format>")
def count_sheet_file(stock_count_id: int, file_format: str) -> ResponseReturnValue:
    """Send the blind sheet of a count."""
    count = counting.count_of(guard.actor(), stock_count_id)
    place, lines = place_within(count.stock_place_id), count_sheet.sheet(count)
    name = f"lembar-hitung-{stock_count_id}"
    draw = lambda: list_sheets.draw_blind_sheet(count, place, lines)  # noqa: E731 - drawn in the language of papers
    return send_sheet(draw, file_format, name, "stock.count_sheet_file")


@blueprint.get("/counts/<int:stock_count_id>/note.<any(pdf, xlsx):file_format>")
def count_note(stock_count_id: int, file_format: str) -> ResponseReturnValue:
    """Send the minutes of a count; only once it is posted, so that nobody counts by what the books say."""
    count = counting.count_of(guard.actor(), stock_count_id)
    if count.posted_at is None:
        raise UnknownDocument(stock_count_id=stock_count_id)
    place, lines = place_within(count.stock_place_id), count_sheet.sheet(count)
    draw = lambda: list_sheets.draw_count_note(count, place, lines)  # noqa: E731 - drawn in the language of papers
    return send_sheet(draw, file_format, f"opname-{stock_count_id}", "stock.count_note")


@blueprint.get("/requests/<int:stock_request_id>/spb.<any(pdf, xlsx):file_format>")
def request_paper(stock_request_id: int, file_format: str) -> ResponseReturnValue:
    """Send a facility's SPB."""
    found = requesting.request(stock_request_id)
    require(guard.actor(), Permission.SEE_STOCK, registry.place_of(found.facility_id))
    held = list_sheets.shelf_stock(found.facility_id)
    name = f"spb-{stock_request_id}"
    return send_sheet(lambda: list_sheets.draw_request(found, held), file_format, name, "stock.request_paper")


@blueprint.post("/documents/<int:stock_document_id>/paper")
def ask_paper(stock_document_id: int) -> ResponseReturnValue:
    """Ask for the paper of a document that was written before its kind was printed."""
    found = document_queries.document_within(within(), stock_document_id)
    asking.ask_document_paper(found.document)
    forms.flash_done(gettext("Dokumen sedang dicetak."))
    return redirect(url_for("stock.document", stock_document_id=stock_document_id), 303)


@blueprint.get("/documents/<int:stock_document_id>/delivery-note")
def delivery_note(stock_document_id: int) -> ResponseReturnValue:
    """Send the supplier's note that came with a receipt; the download is audited."""
    note = receipts.download_note(guard.actor(), stock_document_id)
    return send_file(io.BytesIO(note.content), note.media_type, as_attachment=True, download_name=note.name)
