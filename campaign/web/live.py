"""The live board: how today's sites stand, what a site will not manage, and what could be done about it."""

import time
from collections.abc import Iterator
from datetime import date
from threading import BoundedSemaphore

from flask import Blueprint, Response, current_app, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign import clock
from campaign.accounts.policy import Permission, Reach, reach
from campaign.attendance import day_board, relieving
from campaign.attendance.live import Alarm
from campaign.attendance.outcomes import OutcomeKind
from campaign.attendance.visit_models import Stop
from campaign.db import db
from campaign.events import queries as events
from campaign.registry import queries as registry
from campaign.transaction import transaction
from campaign.web import forms, guard

blueprint = Blueprint("live", __name__)

STREAM_SECONDS, LOOK_EVERY = 25.0, 2.0
# A stream holds a thread of the server as long as it lasts: whoever finds none free asks every few seconds instead.
_streams = BoundedSemaphore(2)
STATIONS = (Stop.REGISTRATION, Stop.EXAMINATION, Stop.SERVICE, Stop.RECOVERY)


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """Show how the sites of a day stand."""
    return render_template("live/page.html", **_board(_day()), may_move=guard.may(Permission.INVITE))


@blueprint.get("/projector")
def projector() -> ResponseReturnValue:
    """Show the same in large letters for a hall: counts only, no buttons."""
    return render_template("live/projector.html", **_board(_day()), may_move=False)


@blueprint.get("/part")
def part() -> ResponseReturnValue:
    """Answer with the part of the page that changes."""
    template = "live/_wall.html" if request.args.get("view") == "projector" else "live/_board.html"
    return render_template(template, **_board(_day()), may_move=guard.may(Permission.INVITE))


def _day() -> date:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return clock.today()


def _seen() -> Reach:
    return reach(guard.actor(), Permission.SEE_CAMPAIGNS)


def _board(day: date) -> dict[str, object]:
    """Return what the board shows, and what could be done where an alarm rings."""
    sites = day_board.board(day, _seen())
    in_alarm = any(site.standing.alarms for site in sites)
    campaigns = {events.campaign(site.session.campaign_id).district_code for site in sites}
    areas = {area.code: area.name for code in campaigns for area in registry.areas_below(code)}
    return {
        "day": day,
        "sites": sites,
        "names": {site.session.service_session_id: site.facility for site in sites},
        "areas": areas,
        "methods": {method.code: method.name for method in registry.methods()},
        "stations": STATIONS,
        "served": sum(site.standing.ended.get(OutcomeKind.SERVED, 0) for site in sites),
        "alarms": Alarm,
        "mark": day_board.mark(day, _seen()),
        "proposals": relieving.proposals(day, _seen()) if in_alarm else [],
        "supplies": relieving.supplies(day, _seen()) if in_alarm else [],
        "as_of": clock.now(),
        "local": clock.local,
    }


@blueprint.get("/stream")
def stream() -> ResponseReturnValue:
    """Send a mark whenever something was recorded at a site: server-sent events."""
    if not _streams.acquire(blocking=False):
        return Response(status=503, headers={"Retry-After": "15"})
    answer = Response(stream_with_context(_marks(_day(), _seen())), mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"  # a proxy must not keep events back
    answer.call_on_close(_streams.release)
    return answer


def _marks(day: date, seen: Reach) -> Iterator[str]:
    """Yield an event for each change; each look is a transaction of its own, so that none stays open."""
    last, until = "", time.monotonic() + STREAM_SECONDS
    yield "retry: 2000\n\n"
    while time.monotonic() < until:
        with transaction(current_app.extensions["send"]):
            now = day_board.mark(day, seen)
        db.session.remove()
        yield f"event: mark\ndata: {now}\n\n" if now != last else ": still here\n\n"
        last = now
        time.sleep(LOOK_EVERY)


@blueprint.post("/moves")
def move() -> ResponseReturnValue:
    """Carry a proposal out: somebody said yes."""
    moved = relieving.accept(guard.actor(), _day(), request.form.get("mark", ""))
    forms.flash_done(gettext("%(count)s janji dipindahkan. Beri tahu mereka dari halaman undangan.", count=moved))
    return redirect(url_for("live.page", day=_day().isoformat()), 303)
