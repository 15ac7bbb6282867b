"""The end of a campaign: closed when everything is accounted for, or given up while it is a draft."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign.attendance.controls import close_after_controls, missing_controls
from campaign.errors import Conflict
from campaign.events import queries, services
from campaign.logistics.closing import LotAccount, settlement
from campaign.registry import queries as registry
from campaign.transaction import savepoint
from campaign.web import forms, guard

blueprint = Blueprint("campaign_ends", __name__)


@blueprint.get("/<int:campaign_id>/close")
def page(campaign_id: int) -> ResponseReturnValue:
    """Show what still keeps a campaign open, or offer to close it."""
    campaign = queries.visible_campaign(guard.actor(), campaign_id)
    names = {row.facility_id: row.name for row in registry.facilities(queries.facility_ids_of(campaign_id))}
    return render_template(
        "campaigns/close.html",
        campaign=campaign,
        sessions=[(row, names.get(row.facility_id, "")) for row in queries.open_sessions(campaign_id)],
        lots=[(row, names.get(row.facility_id, "")) for row in _unsettled(campaign_id)],
        items={row.item_id: row.name for row in registry.items()},
        controls=missing_controls(campaign_id),
    )


def _unsettled(campaign_id: int) -> list[LotAccount]:
    return [row for row in settlement(campaign_id) if row.unsettled is not None]


@blueprint.post("/<int:campaign_id>/close")
def close(campaign_id: int) -> ResponseReturnValue:
    """Close a campaign; what keeps it open is shown when there is something."""
    queries.visible_campaign(guard.actor(), campaign_id)
    try:
        with savepoint():
            close_after_controls(guard.actor(), campaign_id, request.form.get("reason", ""))
    except Conflict as error:
        forms.flash_problem(error.code, error.facts)
        return redirect(url_for("campaign_ends.page", campaign_id=campaign_id))
    forms.flash_done(gettext("Kampanye ditutup."))
    return redirect(url_for("campaigns.page", campaign_id=campaign_id))


@blueprint.post("/<int:campaign_id>/cancel")
def cancel(campaign_id: int) -> ResponseReturnValue:
    """Give a draft up; one whose plan is approved has invited people and cannot be given up so."""
    queries.visible_campaign(guard.actor(), campaign_id)
    try:
        with savepoint():
            services.cancel_campaign(guard.actor(), campaign_id)
        forms.flash_done(gettext("Kampanye dibatalkan. Rencana dan daftarnya tetap tersimpan."))
    except Conflict as error:
        forms.flash_problem(error.code, error.facts)
    return redirect(url_for("campaigns.page", campaign_id=campaign_id))
