"""The audit trail on a page: who did what when."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from campaign.accounts import queries, trail
from campaign.web import guard

blueprint = Blueprint("audit", __name__)


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """Show the newest entries, or those that the filter asks for."""
    asked = request.args
    wanted = trail.TrailFilter(
        account_id=asked.get("account", type=int),
        action=asked.get("action") or None,
        subject_kind=asked.get("kind") or None,
        subject_id=asked.get("subject") or None,
        day=_date(asked.get("day")),
        before_id=asked.get("before", type=int),
    )
    found = trail.entries(guard.actor(), wanted)
    names = queries.names_of({entry.account_id for entry in found.entries if entry.account_id})
    return render_template(
        "audit/page.html",
        found=found,
        names=names,
        wanted=wanted,
        actions=trail.actions(guard.actor()),
        kept={key: value for key, value in asked.items() if key != "before"},
    )


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
