"""What a service day leaves for a person to settle, and the devices that recorded it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import BadRequest

from campaign.accounts import queries as accounts
from campaign.accounts.policy import Permission
from campaign.attendance.device.receiving import sequence_of
from campaign.attendance.device.registering import devices_of, revoke_device
from campaign.attendance.services import open_desk
from campaign.attendance.settling import Decision, Matter, SettlementInvalid, matters_of, settle
from campaign.attendance.visit_models import SettledMatter, Settlement
from campaign.events import queries as events
from campaign.outreach.queries import candidates_by_ids
from campaign.registry import queries as registry
from campaign.transaction import savepoint
from campaign.web import forms, guard

blueprint = Blueprint("matters", __name__)


@blueprint.get("/<int:session_id>/matters")
def page(session_id: int) -> ResponseReturnValue:
    """List what is to be settled, and the facility's devices with how much of each is here."""
    found = matters_of(guard.actor(), session_id)
    session = events.session(session_id)
    devices = devices_of(session.facility_id)
    return render_template(
        "attendance/matters.html",
        session=session,
        facility=registry.facility(session.facility_id),
        matters=found,
        people=candidates_by_ids({one.candidate_id for one in found if one.candidate_id}),
        places=_places(found),
        methods={method.code: method for method in registry.methods()},
        providers=registry.providers_by_ids(
            row.provider_id for one in found for row in one.outcomes if row.provider_id
        ),
        devices=[(device, sequence_of(device.device_id)) for device in devices],
        names=accounts.names_of({device.account_id for device in devices}),
        SettledMatter=SettledMatter,
        Settlement=Settlement,
    )


def _providers(found: list[Matter]) -> dict[int, Any]:
    outcomes = (row for one in found for row in one.outcomes)
    return dict(registry.providers_by_ids(row.provider_id for row in outcomes if row.provider_id is not None))


def _places(found: list[Matter]) -> dict[int, str]:
    """Return the facility of each session that an outcome names."""
    ids = {row.service_session_id for one in found for row in one.outcomes}
    return {one: registry.facility(events.session(one).facility_id).name for one in ids}


@blueprint.post("/<int:session_id>/matters")
def decide(session_id: int) -> ResponseReturnValue:
    """Record what a person decided."""
    try:
        decision = Decision(
            SettledMatter(request.form["matter"]),
            request.form.get("subject_id", 0, type=int),
            Settlement(request.form["decision"]),
            request.form.get("note", ""),
            request.form.get("kept_outcome_id", type=int),
        )
    except (KeyError, ValueError) as error:
        raise BadRequest from error
    try:
        with savepoint():
            settle(guard.actor(), session_id, decision)
    except SettlementInvalid as invalid:
        forms.flash_problem(invalid.mistakes[0].code)
    else:
        forms.flash_done(gettext("Tersimpan. Hitungan mengikuti keputusan ini."))
    return redirect(url_for("matters.page", session_id=session_id))


@blueprint.post("/<int:session_id>/devices/<int:device_id>/revoke")
def revoke(session_id: int, device_id: int) -> ResponseReturnValue:
    """Take a lost device out of use."""
    open_desk(guard.actor(), session_id, Permission.RECORD_ATTENDANCE)
    revoke_device(guard.actor(), device_id)
    forms.flash_done(gettext("Gawai %(number)s dicabut. Yang dikirimnya mulai sekarang ditahan.", number=device_id))
    return redirect(url_for("matters.page", session_id=session_id) + "#devices")
