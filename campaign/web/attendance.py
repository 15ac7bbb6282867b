"""The service day at a facility: who is expected, who came, what screening allows, how the visit ended."""

from collections import Counter
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import BadRequest, NotFound

from campaign import clock, i18n
from campaign.accounts.policy import Permission, reach
from campaign.attendance import queries
from campaign.attendance.checkin import Refused, Repeat
from campaign.attendance.outcomes import reason_of
from campaign.attendance.papers import ask_attendance_list, download_attendance_list, printed_lists
from campaign.attendance.queries import AttendanceRow, VisitState
from campaign.attendance.recording import OutcomeRecord, current_outcome, record_outcome
from campaign.attendance.screenings import ScreeningRecord, latest_screening, record_screening
from campaign.attendance.services import CheckInResult, Scan, UnknownCard, check_in, close_session, open_desk
from campaign.events import queries as events
from campaign.logistics import document_queries as documents
from campaign.outreach.candidates import register_walk_in
from campaign.registry import queries as registry
from campaign.web import forms, guard
from campaign.web.attendance_forms import OutcomeForm, ScreeningForm, WalkInForm, record_key
from campaign.web.downloads import send_paper

if TYPE_CHECKING:
    from campaign.events.models import ServiceSession

blueprint = Blueprint("attendance", __name__)

SHORTEST_SEARCH = 3  # letters, for those who are not expected here
_WAITING = (VisitState.ARRIVED, VisitState.ELIGIBLE, VisitState.STOPPED)
TABS = {
    "expected": (VisitState.EXPECTED,),
    "waiting": _WAITING,
    "ended": tuple(state for state in VisitState if state not in (VisitState.EXPECTED, *_WAITING)),
}


@blueprint.get("/")
def today() -> ResponseReturnValue:
    """Show the sessions of the actor's facilities; one today is opened at once."""
    held = reach(guard.actor(), Permission.RECORD_ATTENDANCE)
    now = events.sessions_on(clock.today(), held)
    if len(now) == 1 and not request.args.get("all"):
        return redirect(url_for("attendance.page", session_id=now[0].service_session_id))
    mine = events.sessions_within(held)
    names = {row.facility_id: row.name for row in registry.facilities({row.facility_id for row in mine})}
    return render_template("attendance/today.html", sessions=mine, names=names)


@blueprint.get("/<int:session_id>")
def page(session_id: int) -> ResponseReturnValue:
    """Show the attendance list of one session, or those of it who are expected, waiting, or done."""
    return _desk(session_id, show=request.args.get("show", ""))


@blueprint.post("/<int:session_id>/search")
def search(session_id: int) -> ResponseReturnValue:
    """Show who matches, here and elsewhere in the campaign. A POST: a name or NIK must not stand in an address."""
    return _desk(session_id, text=request.form.get("q", "").strip())


def _desk(session_id: int, text: str = "", show: str = "") -> ResponseReturnValue:
    rows = queries.attendance_list(guard.actor(), session_id)
    return render_template(
        "attendance/page.html",
        **_surroundings(session_id),
        rows=[row for row in rows if _matches(row, text) and (show not in TABS or row.state in TABS[show])],
        show=show,
        elsewhere=queries.find_elsewhere(guard.actor(), session_id, text) if len(text) >= SHORTEST_SEARCH else [],
        counts=_counts(rows),
        papers=printed_lists(session_id),
        q=text,
        new_key=uuid4,
    )


def _matches(row: AttendanceRow, text: str) -> bool:
    return text.casefold() in row.name.casefold() or text.replace("-", "") in row.code.replace("-", "")


def _counts(rows: list[AttendanceRow]) -> dict[str, int]:
    states = Counter(row.state for row in rows)
    return {
        "everybody": len(rows),
        "planned": sum(row.expected_at is not None for row in rows),
        "came": sum(row.arrived_at is not None for row in rows),
        "absent": states[VisitState.EXPECTED],
        "waiting": sum(states[state] for state in TABS["waiting"]),
        "ended": sum(states[state] for state in TABS["ended"]),
        "served": states[VisitState.SERVED],
    }


def _surroundings(session_id: int) -> dict[str, object]:
    """Return what every page of a session shows around its own matter."""
    session = events.session(session_id)
    return {
        "session": session,
        "facility": registry.facility(session.facility_id),
        "methods": {method.code: method for method in registry.methods()},
        "VisitState": VisitState,
    }


@blueprint.post("/<int:session_id>/check-ins")
def enter(session_id: int) -> ResponseReturnValue:
    """Check somebody in with one tap, or by the code of their card."""
    candidate_id = request.form.get("candidate_id", type=int)
    code = request.form.get("code", "")
    back = url_for("attendance.page", session_id=session_id)
    try:
        scan_id = UUID(hex=request.form.get("key", ""))
    except ValueError as error:
        raise BadRequest from error
    scan = Scan(scan_id, session_id, clock.now(), candidate_id, code=None if candidate_id else code)
    try:
        result = check_in(guard.actor(), scan)
    except UnknownCard as unknown:
        forms.flash_problem(unknown.code)
        return redirect(back)
    _tell(result)
    return redirect(f"{back}#c{result.candidate_id}")


def _tell(result: CheckInResult) -> None:
    answer = result.answer
    if isinstance(answer, Refused):
        forms.flash_problem(answer.code.value)
    elif isinstance(answer, Repeat):
        forms.flash_done(gettext("Sudah tercatat datang pukul %(hour)s.", hour=i18n.hour(answer.first_at)))
    elif answer.is_walk_in:
        forms.flash_done(gettext("Tercatat datang, tanpa janji di sesi ini."))
    else:
        forms.flash_done(gettext("Tercatat datang."))


@blueprint.route("/<int:session_id>/walk-in", methods=["GET", "POST"])
def walk_in(session_id: int) -> ResponseReturnValue:
    """Register somebody who came unlisted, and check them in."""
    session = open_desk(guard.actor(), session_id, Permission.RECORD_ATTENDANCE)
    form = WalkInForm()
    form.method_code.choices = [(method.code, method.name) for method in registry.methods()]
    form.kelurahan_code.choices = _kelurahan(session)
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            candidate_id = register_walk_in(guard.actor(), form.request(session))
            result = check_in(guard.actor(), Scan(record_key(form), session_id, clock.now(), candidate_id))
        if attempt.held:
            _tell(result)
            return redirect(_after(result, session_id))
    return render_template("attendance/walk_in.html", form=form, **_surroundings(session_id)), forms.status(form)


def _after(result: CheckInResult, session_id: int) -> str:
    """Return where to go on with a walk-in; whoever was refused is not on the list."""
    if isinstance(result.answer, Refused):
        return url_for("attendance.page", session_id=session_id)
    return url_for("attendance.visit", session_id=session_id, candidate_id=result.candidate_id)


def _kelurahan(session: "ServiceSession") -> list[tuple[str, str]]:
    district = events.campaign(session.campaign_id).district_code
    inside = [(area.code, area.name) for area in registry.kelurahan_of(district)]
    return [("", gettext("Tidak tahu, atau dari luar kota")), *sorted(inside, key=lambda pair: pair[1])]


@blueprint.get("/<int:session_id>/visits/<int:candidate_id>")
def visit(session_id: int, candidate_id: int) -> ResponseReturnValue:
    """Show one person's visit and what comes next."""
    row = _visit(session_id, candidate_id)
    return render_template(
        "attendance/visit.html",
        **_surroundings(session_id),
        row=row,
        screening=latest_screening(session_id, candidate_id),
        ending=_ending(session_id, candidate_id),
        new_key=uuid4,
    )


def _ending(session_id: int, candidate_id: int) -> dict[str, object] | None:
    """Return how the visit ended with its provider and lots by name; None while it goes on."""
    row = current_outcome(session_id, candidate_id)
    if row is None:
        return None
    providers = registry.providers_by_ids([row.provider_id] if row.provider_id else [])
    lots = documents.document(row.stock_document_id).document.lines if row.stock_document_id else []
    items = registry.items_by_ids(line.lot.item_id for line in lots)
    return {
        "row": row,
        "reason": reason_of(row.reason) if row.reason else None,
        "provider": providers.get(row.provider_id or 0),
        "lots": [(items[line.lot.item_id], line) for line in lots],
    }


def _visit(session_id: int, candidate_id: int) -> AttendanceRow:
    row = queries.visit_of(guard.actor(), session_id, candidate_id)
    if row is None:
        raise NotFound
    return row


@blueprint.route("/<int:session_id>/visits/<int:candidate_id>/screening", methods=["GET", "POST"])
def screening(session_id: int, candidate_id: int) -> ResponseReturnValue:
    """Take down the screening and show what it allows."""
    row = _visit(session_id, candidate_id)
    form = ScreeningForm()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            record = ScreeningRecord(record_key(form), session_id, candidate_id, form.answers(), clock.now())
            record_screening(guard.actor(), record)
        if attempt.held:
            return redirect(url_for("attendance.visit", session_id=session_id, candidate_id=candidate_id))
    page = render_template("attendance/screening.html", form=form, row=row, **_surroundings(session_id))
    return page, forms.status(form)


@blueprint.route("/<int:session_id>/visits/<int:candidate_id>/outcome", methods=["GET", "POST"])
def outcome(session_id: int, candidate_id: int) -> ResponseReturnValue:
    """Take down how the visit ended, or correct it."""
    row = _visit(session_id, candidate_id)
    current = current_outcome(session_id, candidate_id)
    form = OutcomeForm(method_code=row.method_code, provider_id=row.provider_id)
    _offer(form, session_id, candidate_id)
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            replaces_id = request.form.get("replaces_id", type=int)
            # A correction made days later still tells of the day itself.
            ended_at = current.ended_at if current and replaces_id else clock.now()
            record = OutcomeRecord(record_key(form), session_id, candidate_id, form.ending(), ended_at, replaces_id)
            record_outcome(guard.actor(), record)
        if attempt.held:
            forms.flash_done(gettext("Hasil kunjungan tersimpan."))
            return redirect(url_for("attendance.visit", session_id=session_id, candidate_id=candidate_id))
    page = render_template("attendance/outcome.html", form=form, row=row, current=current, **_surroundings(session_id))
    return page, forms.status(form)


def _offer(form: OutcomeForm, session_id: int, candidate_id: int) -> None:
    """Offer what screening allows first, and who works at the session before everybody else of the facility."""
    screened = latest_screening(session_id, candidate_id)
    allowed = screened.allowed_methods if screened else frozenset()
    methods = sorted(registry.methods(), key=lambda method: method.code not in allowed)
    session = events.session(session_id)
    at_work = registry.providers_by_ids(provider.provider_id for provider in session.providers)
    others = {row.provider_id: row for row in registry.providers([session.facility_id])}
    form.offer(
        [(method.code, method.name) for method in methods],
        [(provider_id, row.name) for provider_id, row in (at_work | others).items()],
    )


@blueprint.post("/<int:session_id>/papers")
def ask_list(session_id: int) -> ResponseReturnValue:
    """Ask for the attendance list on paper."""
    ask_attendance_list(guard.actor(), session_id)
    return redirect(url_for("attendance.page", session_id=session_id) + "#papers")


@blueprint.get("/<int:session_id>/papers/<int:paper_id>")
def download(session_id: int, paper_id: int) -> ResponseReturnValue:
    """Hand out a printed attendance list to staff of its facility."""
    paper = download_attendance_list(guard.actor(), session_id, paper_id)
    return send_paper(paper, f"daftar-hadir-{session_id}")


@blueprint.post("/<int:session_id>/close")
def close(session_id: int) -> ResponseReturnValue:
    """Close the facility's day."""
    close_session(guard.actor(), session_id)
    forms.flash_done(gettext("Hari pelayanan ditutup. Hitungan faskes ini tidak lagi sementara."))
    return redirect(url_for("attendance.page", session_id=session_id))
