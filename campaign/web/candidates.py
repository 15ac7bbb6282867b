"""Who is on a campaign's list: by name for those who may see names, and every look leaves a trace."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from campaign.accounts.policy import Permission, reach
from campaign.events import queries as events
from campaign.outreach import candidates, identity, queries
from campaign.outreach.queries import CandidateFilter
from campaign.registry import queries as registry
from campaign.web import guard

blueprint = Blueprint("candidates", __name__)


@blueprint.get("/")
def choose() -> ResponseReturnValue:
    """List the campaigns whose candidates one may see."""
    found = events.campaigns(reach(guard.actor(), Permission.SEE_CANDIDATES))
    totals = {row.campaign_id: sum(one.listed for one in queries.candidate_counts(row.campaign_id)) for row in found}
    return render_template("candidates/choose.html", campaigns=found, totals=totals)


@blueprint.get("/<int:campaign_id>")
def page(campaign_id: int) -> ResponseReturnValue:
    """Show a page of a campaign's list: filtered by area and method, numbers masked."""
    campaign = events.visible_campaign(guard.actor(), campaign_id)
    which = CandidateFilter(campaign_id, request.args.get("area") or None, request.args.get("method") or None)
    found = candidates.read_candidates(guard.actor(), which, request.args.get("page", 1, type=int))
    return render_template(
        "candidates/page.html",
        campaign=campaign,
        which=which,
        found=found,
        counts=queries.candidate_counts(campaign_id),
        kecamatan=registry.kecamatan_of(campaign.district_code),
        kelurahan=registry.kelurahan_of(campaign.district_code),
        names={area.code: area.name for area in registry.areas_below(campaign.district_code)},
        methods={method.code: method.name for method in registry.methods()},
        masked=identity.masked,
        is_synthetic=identity.is_synthetic,
    )
