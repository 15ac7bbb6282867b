"""The report of a campaign: its figures on the page, and as papers to download."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import NotFound

from campaign.accounts.policy import Permission, reach
from campaign.documents.papers import PaperKind, paper_for_download, papers_of
from campaign.events import queries as events
from campaign.reports.campaign_report import NothingToReport, ask_report, read_report, require_visible
from campaign.reports.results import sum_of
from campaign.web import forms, guard
from campaign.web.downloads import send_paper
from campaign.web.tally import WITH_SESSIONS

blueprint = Blueprint("reports", __name__)


@blueprint.get("/")
def choose() -> ResponseReturnValue:
    """Show the campaigns that have something to report."""
    seen = events.campaigns(reach(guard.actor(), Permission.SEE_CAMPAIGNS))
    held = [campaign for campaign in seen if campaign.state in WITH_SESSIONS]
    if len(held) == 1:
        return redirect(url_for("reports.page", campaign_id=held[0].campaign_id))
    return render_template("reports/choose.html", campaigns=held)


@blueprint.get("/<int:campaign_id>")
def page(campaign_id: int) -> ResponseReturnValue:
    """Show the figures as of now, and the papers that were printed."""
    report = read_report(guard.actor(), campaign_id)
    codes = dict.fromkeys(row.kecamatan_code for row in report.results)
    return render_template(
        "reports/page.html",
        report=report,
        by_kecamatan=[sum_of(report.results, kecamatan_code=code) for code in codes],
        papers=papers_of(PaperKind.CAMPAIGN_REPORT, campaign_id),
    )


@blueprint.post("/<int:campaign_id>/papers")
def ask(campaign_id: int) -> ResponseReturnValue:
    """Ask for the report as PDF and workbook."""
    try:
        asked = ask_report(guard.actor(), campaign_id)
    except NothingToReport as nothing:
        forms.flash_problem(nothing.code)
    else:
        forms.flash_done(gettext("Laporan versi %(version)s diminta.", version=asked[0].version))
    return redirect(url_for("reports.page", campaign_id=campaign_id) + "#papers")


@blueprint.get("/<int:campaign_id>/papers/<int:paper_id>")
def download(campaign_id: int, paper_id: int) -> ResponseReturnValue:
    """Hand out a printed report; the download is audited."""
    require_visible(guard.actor(), campaign_id)
    if paper_id not in {paper.paper_id for paper in papers_of(PaperKind.CAMPAIGN_REPORT, campaign_id)}:
        raise NotFound
    return send_paper(paper_for_download(guard.actor(), paper_id), f"laporan-{campaign_id}")
