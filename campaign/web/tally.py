"""The tally of a campaign: counts only, provisional until every facility has closed its day."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign.accounts import queries as accounts
from campaign.accounts.policy import Permission, Place, may, reach
from campaign.attendance import finals, queries
from campaign.attendance.queries import CampaignTally
from campaign.attendance.tallies import Counts, total
from campaign.events import queries as events
from campaign.events.lifecycle import CampaignState
from campaign.registry import queries as registry
from campaign.reports.campaign_report import require_visible
from campaign.reports.results import ResultRow, by_kecamatan_and_method, sum_of
from campaign.web import forms, guard

blueprint = Blueprint("tally", __name__)

WITH_SESSIONS = (CampaignState.APPROVED, CampaignState.CLOSED)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Kecamatan by method, with sums both ways."""

    cells: dict[tuple[str, str], ResultRow]
    by_kecamatan: dict[str, ResultRow]
    by_method: dict[str, ResultRow]
    total: ResultRow


@blueprint.get("/")
def choose() -> ResponseReturnValue:
    """Show the campaigns that have sessions; the only one is opened at once."""
    seen = events.campaigns(reach(guard.actor(), Permission.SEE_CAMPAIGNS))
    held = [campaign for campaign in seen if campaign.state in WITH_SESSIONS]
    if len(held) == 1:
        return redirect(url_for("tally.page", campaign_id=held[0].campaign_id))
    return render_template("tally/choose.html", campaigns=held)


@blueprint.get("/<int:campaign_id>")
def page(campaign_id: int) -> ResponseReturnValue:
    """Show kecamatan by method, and how far each session is."""
    require_visible(guard.actor(), campaign_id)
    campaign = events.campaign(campaign_id)
    found = queries.tally(campaign_id)
    matrix = _matrix(by_kecamatan_and_method(found.cells, events.targets(campaign_id)))
    sessions = events.sessions_of(campaign_id)
    kecamatan = {area.code: area.name for area in registry.kecamatan_of(campaign.district_code)}
    kecamatan |= {code: registry.area(code).name for code in matrix.by_kecamatan.keys() - kecamatan.keys()}
    return render_template(
        "tally/page.html",
        campaign=campaign,
        tally=found,
        matrix=matrix,
        kecamatan=kecamatan,
        methods={m.code: m.name for m in registry.methods() if m.code in matrix.by_method},
        sessions=sessions,
        of_session=_of_sessions(found),
        finals=finals.finals(campaign_id),
        has_changed=finals.has_changed(campaign_id),
        signers=accounts.names_of({row.signed_by_id for row in finals.finals(campaign_id) if row.signed_by_id}),
        may_sign=may(guard.actor(), Permission.SIGN_RESULTS, Place(area_code=campaign.district_code)),
        facilities={row.facility_id: row.name for row in registry.facilities({s.facility_id for s in sessions})},
    )


@blueprint.post("/<int:campaign_id>/sign")
def sign(campaign_id: int) -> ResponseReturnValue:
    """Make the tally final."""
    signed = finals.sign_tally(guard.actor(), campaign_id)
    forms.flash_done(gettext("Rekapitulasi versi %(version)s ditandatangani.", version=signed.version))
    return redirect(url_for("tally.page", campaign_id=campaign_id), 303)


def _matrix(rows: list[ResultRow]) -> Matrix:
    return Matrix(
        cells={(row.kecamatan_code, row.method_code): row for row in rows},
        by_kecamatan={code: sum_of(rows, kecamatan_code=code) for code in sorted({r.kecamatan_code for r in rows})},
        by_method={code: sum_of(rows, method_code=code) for code in {row.method_code for row in rows}},
        total=sum_of(rows),
    )


def _of_sessions(found: CampaignTally) -> dict[int, Counts]:
    sessions = {cell.service_session_id for cell in found.cells}
    return {
        session_id: total(counts for cell, counts in found.cells.items() if cell.service_session_id == session_id)
        for session_id in sessions
    }
