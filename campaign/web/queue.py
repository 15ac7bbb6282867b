"""Queues of a session: for the waiting room by token alone, for the desk with one tap to the next station."""

from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import BadRequest

from campaign import clock, i18n
from campaign.attendance.controls import ControlInvalid, controls_of, record_control
from campaign.attendance.queues import STATIONS, Pace, names_in_queues, queues, send_on
from campaign.attendance.stations import STANDARD_MINUTES, Complication, VisitKey
from campaign.attendance.visit_models import Stop
from campaign.events import queries as events
from campaign.outreach.queries import candidates_by_ids
from campaign.registry import queries as registry
from campaign.transaction import savepoint
from campaign.web import forms, guard

blueprint = Blueprint("queue", __name__)

TONES = {
    Pace.WITHIN: "good",
    Pace.NEAR: "warn",
    Pace.OVER: "bad",
    Pace.WATCHED: "info",
    Pace.MAY_GO: "good",
}


@blueprint.get("/<int:session_id>/queue")
def board(session_id: int) -> ResponseReturnValue:
    """Show the waiting room who is where: tokens and minutes, nothing that tells who it is."""
    return render_template("queue/board.html", **_shown(session_id))


@blueprint.get("/<int:session_id>/queue/part")
def part(session_id: int) -> ResponseReturnValue:
    """Answer with the part of the waiting room's page that changes."""
    return render_template("queue/_board.html", **_shown(session_id))


@blueprint.get("/<int:session_id>/stations")
def stations(session_id: int) -> ResponseReturnValue:
    """Show the desk each station's queue, with the one step that comes next."""
    names = names_in_queues(guard.actor(), session_id)
    methods = {method.code: method.name for method in registry.methods()}
    return render_template(
        "queue/stations.html", **_shown(session_id), names=names, methods=methods, new_key=uuid4, Stop=Stop
    )


def _shown(session_id: int) -> dict[str, object]:
    found = queues(guard.actor(), session_id)
    session = events.session(session_id)
    return {
        "session": session,
        "facility": registry.facility(session.facility_id),
        "queues": found,
        "stations": STATIONS,
        "standard": STANDARD_MINUTES,
        "tones": TONES,
        "mark": clock.now().isoformat(timespec="seconds"),
        "as_of": clock.now(),
    }


@blueprint.post("/<int:session_id>/stations")
def move(session_id: int) -> ResponseReturnValue:
    """Send somebody to a station; the same press twice is one move."""
    try:
        key, to = UUID(hex=request.form.get("key", "")), Stop(request.form.get("to", ""))
    except ValueError as error:
        raise BadRequest from error
    visit = VisitKey(key, session_id, request.form.get("candidate_id", 0, type=int), clock.now())
    send_on(guard.actor(), visit, to)
    forms.flash_done(gettext("Diteruskan ke: %(stop)s.", stop=i18n.word(to)))
    return redirect(url_for("queue.stations", session_id=session_id), 303)


@blueprint.get("/<int:session_id>/controls")
def controls(session_id: int) -> ResponseReturnValue:
    """List who is to be seen again after a procedure."""
    found = controls_of(guard.actor(), session_id)
    session = events.session(session_id)
    return render_template(
        "queue/controls.html",
        session=session,
        facility=registry.facility(session.facility_id),
        controls=found,
        people=candidates_by_ids(one.candidate_id for one in found),
        methods={method.code: method.name for method in registry.methods()},
        complications=list(Complication),
        new_key=uuid4,
    )


@blueprint.post("/<int:session_id>/controls")
def done(session_id: int) -> ResponseReturnValue:
    """Tick that somebody was seen again, with a complication where there is one."""
    try:
        key = UUID(hex=request.form.get("key", ""))
        wrong = request.form.get("complication", "")
        complication = Complication(wrong) if wrong else None
    except ValueError as error:
        raise BadRequest from error
    who = (session_id, request.form.get("candidate_id", 0, type=int))
    try:
        with savepoint():
            record_control(guard.actor(), key, who, complication)
    except ControlInvalid as invalid:
        forms.flash_problem(invalid.mistakes[0].code)
    else:
        forms.flash_done(gettext("Kontrol tercatat."))
    return redirect(url_for("queue.controls", session_id=session_id), 303)
