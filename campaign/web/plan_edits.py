"""Change a plan by hand: look at it by facility and date, move people and providers, see at once what breaks."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign.events import queries as events
from campaign.planning import queries
from campaign.planning.hand import services
from campaign.planning.hand.edits import Place
from campaign.planning.models import PlanRun
from campaign.planning.plan import Plan
from campaign.planning.problem import load
from campaign.planning.repairing import RepairRequest, request_repair
from campaign.web import forms, guard
from campaign.web.edit_board import edit_board
from campaign.web.plan_breaks import breaks_in_words
from campaign.web.plan_forms import EditForm, RepairForm, StartForm

blueprint = Blueprint("plan_edits", __name__)


@blueprint.post("/by-hand/<int:campaign_id>")
def start(campaign_id: int) -> ResponseReturnValue:
    """Begin with an empty plan."""
    events.visible_campaign(guard.actor(), campaign_id)
    form = StartForm()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            run = services.start_by_hand(guard.actor(), campaign_id, form.key.data or "")
        if attempt.held:
            return redirect(url_for("plan_edits.page", plan_run_id=run.plan_run_id))
    return render_template("plans/refused.html", form=form, campaign=events.campaign(campaign_id)), 422


@blueprint.get("/<int:plan_run_id>/edit")
def page(plan_run_id: int) -> ResponseReturnValue:
    """Show the plan as a board whose people and providers can be moved."""
    run = queries.visible_run(guard.actor(), plan_run_id)
    return _page(run, EditForm(formdata=None), _chosen())


@blueprint.post("/<int:plan_run_id>/edit")
def change(plan_run_id: int) -> ResponseReturnValue:
    """Make a new version with one change, and show what it breaks."""
    run = queries.visible_run(guard.actor(), plan_run_id)
    form = EditForm()
    if form.validate_on_submit():
        with forms.attempt(form, EditForm.PLACES) as attempt:
            edit = form.edit()
            made = services.edit_plan(guard.actor(), services.EditRequest(form.key.data or "", plan_run_id, edit))
        if attempt.held:
            place = edit.target or edit.origin
            forms.flash_done(
                gettext("Perubahan disimpan sebagai versi %(n)s. Versi sebelumnya tetap ada.", n=made.plan_run_id)
            )
            return redirect(
                url_for(
                    "plan_edits.page",
                    plan_run_id=made.plan_run_id,
                    facility=place.facility if place else None,
                    date=place.day.isoformat() if place else None,
                )
            )
    return _page(run, form, form.origin())


@blueprint.post("/<int:plan_run_id>/repair")
def repair(plan_run_id: int) -> ResponseReturnValue:
    """Queue a run around what was changed by hand."""
    run = queries.visible_run(guard.actor(), plan_run_id)
    form = RepairForm()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            made = request_repair(
                guard.actor(), RepairRequest(form.key.data or "", plan_run_id, form.seconds.data or 60)
            )
        if attempt.held:
            return redirect(url_for("plans.page", plan_run_id=made.plan_run_id))
    return render_template("plans/refused.html", form=form, campaign=events.campaign(run.campaign_id)), 422


def _chosen() -> Place | None:
    try:
        return Place(request.args["facility"], date.fromisoformat(request.args["date"]))
    except (KeyError, ValueError):
        return None


def _page(run: PlanRun, form: EditForm, chosen: Place | None) -> ResponseReturnValue:
    if run.plan is None or run.problem is None:
        raise queries.NoPlanYet(plan_run_id=run.plan_run_id)
    problem = load(run.problem.encode())
    board = edit_board(problem, Plan.from_json(run.plan), chosen)
    base = queries.run(run.based_on_id) if run.based_on_id is not None else None
    text = render_template(
        "plans/edit.html",
        run=run,
        base=base,
        campaign=events.campaign(run.campaign_id),
        board=board,
        breaches=breaks_in_words(run.broken or [], problem),
        form=form,
        repair_form=RepairForm(formdata=None),
    )
    return text, forms.status(form)
