"""Campaigns: list, detail, and what a planner sets before there is a plan."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign.accounts.policy import Permission, reach
from campaign.events import queries, services
from campaign.events.models import Campaign
from campaign.outreach import queries as outreach
from campaign.outreach import settling
from campaign.planning import queries as planning
from campaign.registry import queries as registry
from campaign.web import forms, guard
from campaign.web.campaign_forms import CampaignForm
from campaign.web.campaign_progress import progress_of
from campaign.web.plan_forms import PlanForm

blueprint = Blueprint("campaigns", __name__)


@blueprint.get("/")
def list_all() -> ResponseReturnValue:
    """Show every campaign that the reader may see."""
    found = queries.campaigns(reach(guard.actor(), Permission.SEE_CAMPAIGNS))
    names = {row.code: row.name for row in registry.districts()}
    return render_template("campaigns/list_all.html", campaigns=found, districts=names)


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Create a campaign."""
    form = CampaignForm().offer(request.args.get("district"))
    if form.validate_on_submit():
        with forms.attempt(form, CampaignForm.PLACES) as attempt:
            campaign = services.create_campaign(guard.actor(), form.new_campaign())
        if attempt.held:
            forms.flash_done(gettext("Kampanye dibuat. Berikutnya: daftar calon dan target."))
            return redirect(url_for("campaigns.page", campaign_id=campaign.campaign_id))
    return render_template("campaigns/edit.html", form=form, campaign=None), forms.status(form)


@blueprint.get("/<int:campaign_id>")
def page(campaign_id: int) -> ResponseReturnValue:
    """Show one campaign: what it has, what it lacks, what comes next."""
    campaign = queries.visible_campaign(guard.actor(), campaign_id)
    runs = planning.runs(campaign_id)
    counts = outreach.candidate_counts(campaign_id)
    targets_set = queries.targets(campaign_id)
    named = {code for _, code in targets_set} | {row.method_code for row in counts}
    return render_template(
        "campaigns/page.html",
        campaign=campaign,
        district=registry.area(campaign.district_code),
        facilities=registry.facilities(queries.facility_ids_of(campaign_id)),
        kecamatan={row.code: row.name for row in registry.kecamatan_of(campaign.district_code)},
        methods=[row for row in registry.methods() if row.code in named],
        targets=targets_set,
        candidates={(row.kecamatan_code, row.method_code): row.listed for row in counts},
        poor=sum(row.poor for row in counts),
        runs=runs,
        invitations=settling.counts(campaign_id),
        progress=progress_of(campaign, counts, runs),
        plan_form=PlanForm(formdata=None),
    )


@blueprint.route("/<int:campaign_id>/edit", methods=["GET", "POST"])
def edit(campaign_id: int) -> ResponseReturnValue:
    """Change dates, facilities and rules of a draft."""
    campaign = queries.visible_campaign(guard.actor(), campaign_id)
    form = CampaignForm(data=_values(campaign)).offer(campaign.district_code)
    if form.validate_on_submit():
        with forms.attempt(form, CampaignForm.PLACES) as attempt:
            services.change_campaign(guard.actor(), form.change(campaign_id))
        if attempt.held:
            forms.flash_done(gettext("Kampanye disimpan."))
            return redirect(url_for("campaigns.page", campaign_id=campaign_id))
    return render_template("campaigns/edit.html", form=form, campaign=campaign), forms.status(form)


def _values(campaign: Campaign) -> dict[str, object]:
    days: list[date] = [row.held_on for row in campaign.dates]
    return {
        "name": campaign.name,
        "district": campaign.district_code,
        "dates": days,
        "facilities": [str(row) for row in queries.facility_ids_of(campaign.campaign_id)],
        "max_travel_km": campaign.max_travel_km,
        "min_session": campaign.min_session,
        "cross_kecamatan": campaign.cross_kecamatan,
        "max_sessions_per_day": campaign.max_sessions_per_day,
        "max_dates_per_kecamatan": campaign.max_dates_per_kecamatan,
        "trips_per_day": campaign.trips_per_day,
        "trip_cost": campaign.trip_cost,
    }
