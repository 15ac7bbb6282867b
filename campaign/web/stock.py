"""Stock to look at: what stands where, the card of an item, the documents that moved it."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from campaign import clock
from campaign.accounts.policy import Permission, Reach, reach
from campaign.documents.papers import papers_of
from campaign.events import queries as events
from campaign.logistics import document_queries, issuing, queries, transit
from campaign.logistics.alerts import AlertKind, alerts
from campaign.logistics.asking import PAPER_OF
from campaign.logistics.card_sheet import Stretch, read_card
from campaign.logistics.differences import said_in
from campaign.logistics.document_queries import DocumentFilter, Movement
from campaign.logistics.expiry import ExpiryState, expiry_state
from campaign.logistics.exports import stock_workbook
from campaign.logistics.models import DocumentKind, StockDocument, StockVerification
from campaign.logistics.receipts import has_note
from campaign.logistics.standing import GoodsState, Standing, Wanted, standing
from campaign.registry import queries as registry
from campaign.web import forms, guard
from campaign.web.movement_forms import REVERSE, IssueForm, ReasonForm

blueprint = Blueprint("stock", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EVERY_PLACE = -1
# The nightly comparison missed a night.
TOO_LONG = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Verification:
    """The last comparison of balances with entries, as the page tells it."""

    found: StockVerification
    is_old: bool
    differences: list[tuple[str, Any, int, int]]  # place, lot, stored, counted


def within() -> Reach:
    """Return where whoever asks may see stock."""
    return reach(guard.actor(), Permission.SEE_STOCK)


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """Show what stands where and in which state: of one place, or of all."""
    places = queries.stock_places(within())
    chosen = request.args.get("place", places[0].stock_place_id if places else EVERY_PLACE, type=int)
    wanted = _wanted(None if chosen == EVERY_PLACE else chosen)
    found = standing(within(), wanted)
    seen_to = alerts(within())
    return render_template(
        "stock/page.html",
        places=places,
        chosen=chosen,
        wanted=wanted,
        states=GoodsState,
        items={item.item_id: item for item in registry.items()},
        groups=_by_place(found),
        totals=_totals(found),
        alert_counts={kind: count for kind in AlertKind if (count := sum(row.kind is kind for row in seen_to))},
        verification=_verification(),
        expiry_of=_expiry,
    )


def _wanted(stock_place_id: int | None) -> Wanted:
    state = request.args.get("state", "")
    return Wanted(
        stock_place_id,
        request.args.get("item", type=int),
        GoodsState(state) if state in list(GoodsState) else None,
        request.args.get("number", "").strip(),
    )


def _by_place(found: list[Standing]) -> list[tuple[Standing, list[Standing]]]:
    """Return the rows of each place, the first of them as its name."""
    grouped = [list(rows) for _, rows in groupby(found, key=lambda row: row.place.stock_place_id)]
    return [(rows[0], rows) for rows in grouped]


def _totals(found: list[Standing]) -> dict[str, int]:
    states = [_expiry(row) for row in found]
    return {
        "lots": len(found),
        "reserved": sum(row.reserved > 0 for row in found),
        "apart": sum(row.quarantined + row.damaged > 0 for row in found),
        "expired": states.count(ExpiryState.EXPIRED),
        "soon": states.count(ExpiryState.SOON),
    }


def _expiry(row: Standing) -> ExpiryState:
    return expiry_state(row.lot.expires_on, clock.today())


def _verification() -> Verification | None:
    """Return the last comparison of the books with the names of what differs."""
    found = queries.last_verification()
    if found is None:
        return None
    lots = queries.lots_by_ids({row["stock_lot_id"] for row in found.differences})
    names = queries.place_names({row["stock_place_id"] for row in found.differences})
    rows = [
        (names.get(row["stock_place_id"], "–"), lots.get(row["stock_lot_id"]), row["stored"], row["counted"])
        for row in found.differences
    ]
    return Verification(found, is_old=clock.now() - found.verified_at > TOO_LONG, differences=rows)


@blueprint.get("/card/<int:place_id>/<int:item_id>")
def card(place_id: int, item_id: int) -> ResponseReturnValue:
    """Show the stock card of an item at a place, newest line last as on paper."""
    place = next((row for row in queries.stock_places(within()) if row.stock_place_id == place_id), None)
    item = registry.items_by_ids([item_id]).get(item_id)
    if place is None or item is None:
        raise registry.UnknownItem(item_id=item_id)
    stretch = Stretch(_day("from"), _day("until"))
    found = read_card(place_id, item_id, stretch)
    return render_template(
        "stock/card.html", place=place, item=item, card=found, lines=found.lines, stretch=stretch, as_of=clock.now()
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


@blueprint.get("/documents")
def documents() -> ResponseReturnValue:
    """List the documents, filtered."""
    wanted = _filter()
    number = max(1, request.args.get("page", 1, type=int))
    rows, pages = document_queries.documents(within(), wanted, number)
    return render_template(
        "stock/documents.html",
        rows=rows,
        page=number,
        pages=pages,
        wanted=wanted,
        places=queries.stock_places(within()),
        kinds=DocumentKind,
        kept={name: value for name, value in request.args.items() if name != "page" and value},
    )


def _filter() -> DocumentFilter:
    kind = request.args.get("kind", "")
    return DocumentFilter(
        kind=DocumentKind(kind) if kind in list(DocumentKind) else None,
        stock_place_id=request.args.get("place", type=int),
        campaign_id=request.args.get("campaign", type=int),
        number=request.args.get("number", "").strip(),
    )


@blueprint.get("/documents/<int:stock_document_id>")
def document(stock_document_id: int) -> ResponseReturnValue:
    """Show one document with its lines, its papers and what came of it."""
    return draw_document(document_queries.document_within(within(), stock_document_id))


def draw_document(
    movement: Movement, issue_form: IssueForm | None = None, reason_form: ReasonForm | None = None
) -> ResponseReturnValue:
    """Draw the page of a document, with a form that came back with mistakes if one did."""
    written = movement.document
    kind = PAPER_OF.get(written.kind)
    document_id = written.stock_document_id
    is_order = written.kind is DocumentKind.ISSUE_ORDER
    shown = render_template(
        "stock/document.html",
        movement=movement,
        written=written,
        items=registry.items_by_ids({line.lot.item_id for line in written.lines}),
        campaign=events.campaign(written.campaign_id) if written.campaign_id else None,
        papers=papers_of(kind, document_id) if kind else [],
        may_ask=kind is not None and written.number is not None,
        has_note=has_note(document_id),
        order=document_queries.document(written.ordered_by_id).document if written.ordered_by_id else None,
        issues=document_queries.issues_of(document_id) if is_order else [],
        waiting=issuing.waiting_of(document_id) if is_order else {},
        **_travel(written),
        undoes=document_queries.document(written.reverses_id).document if written.reverses_id else None,
        undone_by=document_queries.reversal_of(document_id),
        deliver_on=document_queries.deliver_on(document_id),
        issue_form=issue_form or IssueForm(),
        reason_form=reason_form or ReasonForm(prefix=REVERSE),
    )
    came_back = issue_form or reason_form
    return shown, forms.status(came_back) if came_back else 200


def _travel(written: StockDocument) -> dict[str, object]:
    """Return what is still on the way of a shipment, or what a facility said of one."""
    is_shipment = written.kind in transit.SHIPMENTS
    sent = document_queries.document(written.shipment_id) if written.shipment_id else None
    return {
        "underway": transit.open_of(written.stock_document_id) if is_shipment else {},
        "shipment": sent.document if sent else None,
        "sent_from": sent.from_place if sent and written.kind is DocumentKind.ARRIVAL else None,
        "said": said_in(written.stock_document_id) if written.kind is DocumentKind.ARRIVAL else [],
    }


@blueprint.get("/export.xlsx")
def export() -> ResponseReturnValue:
    """Send what the page lists as a workbook; without a filter all of it."""
    place = request.args.get("place", EVERY_PLACE, type=int)
    headers = {"Content-Disposition": "attachment; filename=persediaan.xlsx"}
    content = stock_workbook(guard.actor(), _wanted(None if place == EVERY_PLACE else place))
    return Response(content, mimetype=XLSX, headers=headers)
