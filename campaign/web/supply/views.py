"""How long stock lasts, what expires, what to see to."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from campaign import clock
from campaign.logistics import alerts as watch
from campaign.logistics import levels as months
from campaign.logistics import queries
from campaign.logistics.alerts import AlertKind
from campaign.logistics.levels import Verdict
from campaign.logistics.models import StockPlace
from campaign.logistics.norms import LIMITS, reckoning
from campaign.logistics.standing import items_standing
from campaign.registry import queries as registry
from campaign.web.stock import EVERY_PLACE, blueprint, within


def by_place(rows: Iterable[Any]) -> list[tuple[StockPlace, list[Any]]]:
    """Return rows that name a place under the place; they come sorted by it."""
    grouped = [list(group) for _, group in groupby(rows, key=lambda row: row.place.stock_place_id)]
    return [(group[0].place, group) for group in grouped]


@blueprint.get("/levels")
def levels() -> ResponseReturnValue:
    """Show how many months each item lasts at each place, and whether that is enough."""
    places = queries.stock_places(within())
    chosen = request.args.get("place", places[0].stock_place_id if places else EVERY_PLACE, type=int)
    verdict = request.args.get("verdict", "")
    found = items_standing(within(), None if chosen == EVERY_PLACE else chosen)
    return render_template(
        "stock/levels.html",
        places=places,
        chosen=chosen,
        verdict=verdict,
        verdicts=Verdict,
        counts={one: sum(row.verdict is one for row in found) for one in Verdict},
        groups=by_place(row for row in found if verdict in ("", row.verdict.value)),
        items=registry.items_by_ids({row.item_id for row in found}),
        reckoning=reckoning(),
    )


@blueprint.get("/expiring")
def expiring() -> ResponseReturnValue:
    """Show what expires within a number of months, and what has expired already."""
    least, most = LIMITS["expiring_months"]
    count = request.args.get("months", reckoning().expiring_months, type=int)
    count = max(least, min(most, count))
    found = watch.expiring_lots(within(), months.months_later(clock.today(), count))
    return render_template(
        "stock/expiring.html",
        months=count,
        most=most,
        rows=found,
        items=registry.items_by_ids({row.lot.item_id for row in found}),
        today=clock.today(),
    )


@blueprint.get("/alerts")
def alerts() -> ResponseReturnValue:
    """Show everything to see to, by kind."""
    found = watch.alerts(within())
    return render_template(
        "stock/alerts.html",
        groups=[(kind, rows) for kind in AlertKind if (rows := [row for row in found if row.kind is kind])],
        items=registry.items_by_ids({row.item_id for row in found}),
        reckoning=reckoning(),
    )
