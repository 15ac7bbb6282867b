"""The papers of a service day as one PDF, for the facility's own staff."""

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from campaign.accounts.policy import Permission
from campaign.attendance.pack.printing import PackRequest, print_pack
from campaign.attendance.pack.sheets import PackPart, PaperSize
from campaign.attendance.services import open_desk
from campaign.documents.papers import PaperFormat
from campaign.registry import queries as registry
from campaign.web import guard
from campaign.web.downloads import send_printing

blueprint = Blueprint("day_pack", __name__)


@blueprint.get("/<int:session_id>/pack")
def page(session_id: int) -> ResponseReturnValue:
    """Offer the whole pack with one press, and its papers one by one."""
    session = open_desk(guard.actor(), session_id, Permission.RECORD_ATTENDANCE)
    return render_template(
        "attendance/pack.html",
        session=session,
        facility=registry.facility(session.facility_id),
        parts=list(PackPart),
        sizes=list(PaperSize),
    )


@blueprint.get("/<int:session_id>/pack.pdf")
def download(session_id: int) -> ResponseReturnValue:
    """Hand out the chosen papers, or all of them; who took them is audited."""
    try:
        parts = tuple(PackPart(one) for one in request.args.getlist("part")) or tuple(PackPart)
        size = PaperSize(request.args.get("size", PaperSize.F4.value))
    except ValueError as error:
        raise BadRequest from error
    site: str = current_app.extensions["serempak"].base_url
    printing = print_pack(guard.actor(), PackRequest(session_id, parts, size, site))
    return send_printing(printing, PaperFormat.PDF, f"berkas-hari-{session_id}")
