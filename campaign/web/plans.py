"""Plan runs: ask for one, watch it, look at the board, approve it."""

import json
from datetime import date

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign import audit
from campaign.errors import Conflict, NotFound
from campaign.events import queries as events
from campaign.planning import asking, queries, services
from campaign.planning.approving import PlanIsStale, approve_plan
from campaign.planning.comparing import compare as compare_plans
from campaign.planning.geography import draw
from campaign.planning.models import PlanRun, PlanState, QuestionKind
from campaign.planning.problem import load
from campaign.planning.stopping import stop_run
from campaign.planning.timeline import chart
from campaign.transaction import savepoint
from campaign.web import forms, guard
from campaign.web.plan_breaks import breaks_in_words, clashes_in_words
from campaign.web.plan_forms import PlanForm, RepairForm
from campaign.web.plan_words import changes_in_words, proof_in_words

blueprint = Blueprint("plans", __name__)

RUNNING = (PlanState.QUEUED, PlanState.SOLVING)


class NoSessionThere(NotFound):
    """The plan holds no session there on that date."""

    code = "unknown-session"


@blueprint.post("/new/<int:campaign_id>")
def new(campaign_id: int) -> ResponseReturnValue:
    """Queue a run and show it."""
    events.visible_campaign(guard.actor(), campaign_id)
    form = PlanForm()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            run = services.request_plan(guard.actor(), form.request(campaign_id))
        if attempt.held:
            return redirect(url_for("plans.page", plan_run_id=run.plan_run_id))
    campaign = events.campaign(campaign_id)
    return render_template("plans/new.html", form=form, campaign=campaign), forms.status(form)


@blueprint.get("/<int:plan_run_id>")
def page(plan_run_id: int) -> ResponseReturnValue:
    """Show a run: its progress while it works, its board and its proof when it is done."""
    run = queries.visible_run(guard.actor(), plan_run_id)
    campaign = events.campaign(run.campaign_id)
    if run.plan is None:
        return render_template(
            "plans/waiting.html",
            run=run,
            campaign=campaign,
            is_running=run.state in RUNNING,
            shown=services.progress_of(run),
            total=_total(run),
            clashes=_clashes(run),
        )
    made = queries.made(run)
    board = queries.board(run)
    return render_template(
        "plans/page.html",
        run=run,
        campaign=campaign,
        board=board,
        proof=proof_in_words(board.certificate),
        breaches=breaks_in_words(run.broken or [], made.problem),
        versions=[row for row in queries.runs(run.campaign_id) if row.plan is not None],
        asked={row.candidate_group: row for row in asking.questions(plan_run_id) if row.kind is QuestionKind.WHY},
    )


def _total(run: PlanRun) -> int | None:
    """Return how many candidates the problem has; None before it was written down."""
    return None if run.problem is None else sum(group.count for group in load(run.problem.encode()).candidates)


def _clashes(run: PlanRun) -> list[str]:
    problem = None if run.problem is None else load(run.problem.encode())
    return clashes_in_words(run.clashes or [], problem)


@blueprint.get("/of/<int:campaign_id>")
def versions(campaign_id: int) -> ResponseReturnValue:
    """Show every version of a campaign's plan, and let two of them be compared."""
    campaign = events.visible_campaign(guard.actor(), campaign_id)
    runs = queries.runs(campaign_id)
    is_running = any(run.state in RUNNING for run in runs)
    return render_template("plans/versions.html", campaign=campaign, runs=runs, is_running=is_running)


@blueprint.get("/compare")
def compare() -> ResponseReturnValue:
    """Show two versions side by side: each level, who gains, who moves, what it costs."""
    first, second = (
        queries.visible_run(guard.actor(), request.args.get(name, 0, type=int)) for name in ("first", "second")
    )
    found = compare_plans(queries.made(first), queries.made(second))
    campaign = events.campaign(first.campaign_id)
    return render_template("plans/compare.html", campaign=campaign, first=first, second=second, found=found)


@blueprint.post("/<int:plan_run_id>/stop")
def stop(plan_run_id: int) -> ResponseReturnValue:
    """End a run early; the best plan so far is kept."""
    queries.visible_run(guard.actor(), plan_run_id)
    try:
        with savepoint():
            stop_run(guard.actor(), plan_run_id)
        forms.flash_done(gettext("Hitungan dihentikan. Rencana terbaik sejauh ini disimpan, bila sudah ada."))
    except Conflict as error:
        forms.flash_problem(error.code, error.facts)
    return redirect(url_for("plans.page", plan_run_id=plan_run_id))


@blueprint.get("/<int:plan_run_id>/map")
def on_map(plan_run_id: int) -> ResponseReturnValue:
    """Show who goes where."""
    run = queries.visible_run(guard.actor(), plan_run_id)
    made = queries.made(run)
    areas = {row.id: row.name for row in made.problem.kecamatan}
    chosen = request.args.get("kecamatan") if request.args.get("kecamatan") in areas else None
    return render_template(
        "plans/map.html",
        run=run,
        campaign=events.campaign(run.campaign_id),
        drawing=draw(made.problem, made.plan, chosen),
        areas=areas,
        chosen=chosen,
    )


@blueprint.get("/<int:plan_run_id>/state")
def state(plan_run_id: int) -> ResponseReturnValue:
    """Answer how far a run is, for the page that waits."""
    run = queries.visible_run(guard.actor(), plan_run_id)
    return jsonify({**services.progress_of(run), "is_running": run.state in RUNNING})


@blueprint.get("/<int:plan_run_id>/<facility_code>/<day>")
def facility_day(plan_run_id: int, facility_code: str, day: str) -> ResponseReturnValue:
    """Show one facility's day: who is expected when, and how full stations, providers and shelf are."""
    run = queries.visible_run(guard.actor(), plan_run_id)
    found = queries.board(run).facility_day(facility_code, _day(day))
    if found is None:
        raise NoSessionThere(plan_run_id=plan_run_id)
    made = queries.made(run)
    return render_template(
        "plans/facility_day.html",
        run=run,
        campaign=events.campaign(run.campaign_id),
        one=found,
        chart=chart(made.problem, made.plan, facility_code, found.day),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NoSessionThere() from error


@blueprint.post("/<int:plan_run_id>/approve")
def approve(plan_run_id: int) -> ResponseReturnValue:
    """Approve a plan; one that no longer fits is refused with everything that changed."""
    run = queries.visible_run(guard.actor(), plan_run_id)
    try:
        with savepoint():
            approve_plan(guard.actor(), plan_run_id)
    except PlanIsStale as error:
        changes = changes_in_words(error.changes, load((run.problem or "").encode()))
        campaign = events.campaign(run.campaign_id)
        key = RepairForm(formdata=None).key.data
        page_text = render_template("plans/stale.html", run=run, campaign=campaign, changes=changes, repair_key=key)
        return page_text, error.status
    except Conflict as error:
        forms.flash_problem(error.code, error.facts)
        return redirect(url_for("plans.page", plan_run_id=plan_run_id))
    forms.flash_done(gettext("Rencana disetujui. Sesi, pesanan barang, dan undangan sudah dibuat."))
    return redirect(url_for("campaigns.page", campaign_id=run.campaign_id))


@blueprint.get("/<int:plan_run_id>/problem.json")
def problem_document(plan_run_id: int) -> ResponseReturnValue:
    """Download the problem exactly as it was solved: its bytes are what the plan's hash names."""
    run = queries.visible_run(guard.actor(), plan_run_id)
    if run.problem is None:
        raise queries.NoPlanYet(plan_run_id=plan_run_id)
    return _download(run, run.problem, "problem")


@blueprint.get("/<int:plan_run_id>/pins.json")
def pins_document(plan_run_id: int) -> ResponseReturnValue:
    """Download what a repair had to keep."""
    run = queries.visible_run(guard.actor(), plan_run_id)
    if run.pins is None:
        raise queries.NoPlanYet(plan_run_id=plan_run_id)
    return _download(run, json.dumps(run.pins, ensure_ascii=False, indent=1), "pins")


@blueprint.get("/<int:plan_run_id>/plan.json")
def plan_document(plan_run_id: int) -> ResponseReturnValue:
    """Download the plan."""
    run = queries.visible_run(guard.actor(), plan_run_id)
    if run.plan is None:
        raise queries.NoPlanYet(plan_run_id=plan_run_id)
    return _download(run, json.dumps(run.plan, ensure_ascii=False, indent=1), "plan")


def _download(run: PlanRun, text: str, what: str) -> Response:
    audit.record(guard.actor(), "download-plan", ("plan_run", run.plan_run_id), document=what)
    name = f"{what}-{run.plan_run_id}.json"
    return Response(
        text, mimetype="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
