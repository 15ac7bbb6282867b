"""Invitations of a campaign: how many stand where, and those that a person has to decide on."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign.events import queries as events
from campaign.outreach import settling
from campaign.outreach.models import Channel, InvitationState
from campaign.registry import queries as registry
from campaign.web import forms, guard

blueprint = Blueprint("invitations", __name__)


@blueprint.get("/<int:campaign_id>")
def page(campaign_id: int) -> ResponseReturnValue:
    """Show counts by channel and state, why some wait, and what is in doubt."""
    campaign = events.visible_campaign(guard.actor(), campaign_id)
    counts = settling.counts(campaign_id)
    return render_template(
        "invitations/page.html",
        campaign=campaign,
        counts=counts,
        channels=[channel for channel in Channel if any(key[0] is channel for key in counts)],
        states=list(InvitationState),
        failures=settling.failures(campaign_id),
        doubts=settling.doubts(guard.actor(), campaign_id),
        kelurahan={row.code: row.name for row in registry.kelurahan_of(campaign.district_code)},
    )


@blueprint.post("/<int:campaign_id>/<int:invitation_id>/settle")
def settle(campaign_id: int, invitation_id: int) -> ResponseReturnValue:
    """Record what a person found out about an invitation in doubt."""
    arrived = request.form.get("arrived") == "yes"
    settling.settle_unknown(guard.actor(), invitation_id, arrived=arrived)
    forms.flash_done(gettext("Dicatat: sudah sampai.") if arrived else gettext("Undangan akan dikirim lagi."))
    return redirect(url_for("invitations.page", campaign_id=campaign_id))
