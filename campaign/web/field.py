"""Field work in the browser: whom to visit, what came of it, lists handed in, doubles, the funnel, one person's way."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign import audit
from campaign.accounts import queries as accounts
from campaign.accounts.policy import Permission, Place, may, require
from campaign.events import queries as events
from campaign.outreach import identity
from campaign.outreach.field import households, rules, settling, submissions, worklist
from campaign.outreach.field.journey import Stage
from campaign.outreach.field.models import CandidateSubmission, ExitReason
from campaign.outreach.field.settling import UnknownCandidate, Verdict
from campaign.outreach.field.visits import VisitResult
from campaign.outreach.queries import candidate_counts, candidates_by_ids
from campaign.registry import queries as registry
from campaign.reports import funnel as funnels
from campaign.web import forms, guard
from campaign.web.field_forms import DecideForm, ExitForm, HouseholdForm, RuleForm, SubmitForm, VisitForm

blueprint = Blueprint("field", __name__)


@blueprint.get("/campaigns/<int:campaign_id>/visits")
def work(campaign_id: int) -> ResponseReturnValue:
    """Show whom to visit now, in the order of the walk."""
    return _work(campaign_id, HouseholdForm(formdata=None))


def _work(campaign_id: int, form: HouseholdForm) -> ResponseReturnValue:
    campaign = events.visible_campaign(guard.actor(), campaign_id)
    form.kelurahan_code.choices = _kelurahan(campaign.district_code)
    shown = render_template(
        "field/work.html",
        campaign=campaign,
        households=worklist.due_households(guard.actor(), campaign_id),
        results=worklist.results(guard.actor(), campaign_id),
        kinds=list(VisitResult),
        names=dict(form.kelurahan_code.choices),
        form=form,
    )
    return shown, forms.status(form)


def _kelurahan(district_code: str) -> list[tuple[str, str]]:
    """Return the kelurahan in which whoever asks may list candidates."""
    everywhere = registry.kelurahan_of(district_code)
    mine = (row for row in everywhere if may(guard.actor(), Permission.LIST_CANDIDATES, Place(area_code=row.code)))
    return [(row.code, row.name) for row in mine]


@blueprint.post("/campaigns/<int:campaign_id>/visits")
def add(campaign_id: int) -> ResponseReturnValue:
    """Put a household on the work list, and go on to the visit."""
    campaign = events.visible_campaign(guard.actor(), campaign_id)
    form = HouseholdForm()
    form.kelurahan_code.choices = _kelurahan(campaign.district_code)
    if form.validate():
        with forms.attempt(form) as attempt:
            household = households.add_household(guard.actor(), form.request(campaign_id))
        if attempt.held:
            return redirect(url_for("field.visit", household_id=household.household_id))
    return _work(campaign_id, form)


@blueprint.route("/visits/<int:household_id>", methods=["GET", "POST"])
def visit(household_id: int) -> ResponseReturnValue:
    """Show one household and take what came of a visit."""
    household = households.read_household(guard.actor(), household_id)
    form = VisitForm()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            households.record_visit(guard.actor(), form.request(household_id))
        if attempt.held:
            forms.flash_done(gettext("Kunjungan dicatat."))
            return redirect(url_for("field.work", campaign_id=household.campaign_id))
    shown = render_template(
        "field/visit.html",
        household=household,
        campaign=events.campaign(household.campaign_id),
        area=registry.area(household.kelurahan_code),
        form=form,
        masked=identity.masked,
    )
    return shown, forms.status(form)


@blueprint.get("/campaigns/<int:campaign_id>/lists")
def lists(campaign_id: int) -> ResponseReturnValue:
    """Show how far each kecamatan's list is, against its target."""
    return _lists(campaign_id, SubmitForm(formdata=None))


def _lists(campaign_id: int, form: forms.Form) -> ResponseReturnValue:
    campaign = events.visible_campaign(guard.actor(), campaign_id)
    kecamatan = registry.kecamatan_of(campaign.district_code)
    latest, counts = submissions.latest_of(campaign_id), candidate_counts(campaign_id)
    targets = events.targets(campaign_id)
    reached = funnels.funnel(campaign_id)
    shown = render_template(
        "field/lists.html",
        campaign=campaign,
        kecamatan=kecamatan,
        latest=latest,
        decide_by={code: submissions.decide_by(row) for code, row in latest.items()},
        listed={row.code: sum(one.listed for one in counts if one.kecamatan_code == row.code) for row in kecamatan},
        poor={row.code: sum(one.poor for one in counts if one.kecamatan_code == row.code) for row in kecamatan},
        targets={row.code: sum(n for (code, _), n in targets.items() if code == row.code) for row in kecamatan},
        planned={row.code: reached.get(row.code, {}).get(Stage.PLANNED, 0) for row in kecamatan},
        flagged={row.code: len(rules.flagged(campaign_id, row.code)) for row in kecamatan},
        may_submit={row.code: _may(Permission.LIST_CANDIDATES, row.code) for row in kecamatan},
        may_decide=_may(Permission.PLAN, campaign.district_code),
        form=form,
        decide_form=DecideForm(formdata=None),
    )
    return shown, 422 if form.errors else 200


def _may(permission: Permission, area_code: str) -> bool:
    return may(guard.actor(), permission, Place(area_code=area_code))


@blueprint.post("/campaigns/<int:campaign_id>/lists/<kecamatan_code>")
def submit(campaign_id: int, kecamatan_code: str) -> ResponseReturnValue:
    """Hand in the list of a kecamatan."""
    form = SubmitForm()
    if form.validate():
        with forms.attempt(form) as attempt:
            submissions.submit_list(guard.actor(), submissions.Handing(str(form.key.data), campaign_id, kecamatan_code))
        if attempt.held:
            forms.flash_done(gettext("Daftar diajukan ke kota."))
            return redirect(url_for("field.lists", campaign_id=campaign_id))
    return _lists(campaign_id, form)


@blueprint.post("/lists/<int:submission_id>/accept")
def accept(submission_id: int) -> ResponseReturnValue:
    """Take a list over."""
    return _decided(submissions.accept_list(guard.actor(), submission_id), gettext("Daftar diterima."))


@blueprint.post("/lists/<int:submission_id>/return")
def give_back(submission_id: int) -> ResponseReturnValue:
    """Give a list back with remarks."""
    form = DecideForm()
    row = submissions.return_list(guard.actor(), submission_id, form.remark.data or "")
    return _decided(row, gettext("Daftar dikembalikan ke kecamatan."))


def _decided(row: CandidateSubmission, text: str) -> ResponseReturnValue:
    forms.flash_done(text)
    return redirect(url_for("field.lists", campaign_id=row.campaign_id))


@blueprint.get("/campaigns/<int:campaign_id>/doubles")
def doubles(campaign_id: int) -> ResponseReturnValue:
    """Show who may be on the list twice."""
    campaign = events.visible_campaign(guard.actor(), campaign_id)
    pairs, people = settling.doubles_of(guard.actor(), campaign_id)
    return render_template(
        "field/doubles.html",
        campaign=campaign,
        pairs=pairs,
        people=people,
        names={area.code: area.name for area in registry.areas_below(campaign.district_code)},
        methods={method.code: method.name for method in registry.methods()},
        masked=identity.masked,
    )


@blueprint.post("/campaigns/<int:campaign_id>/doubles")
def decide(campaign_id: int) -> ResponseReturnValue:
    """Keep what somebody decided about a pair."""
    first, second = request.form.get("first", 0, type=int), request.form.get("second", 0, type=int)
    settling.decide_double(guard.actor(), Verdict(first, second, request.form.get("kept", type=int)))
    forms.flash_done(gettext("Keputusan dicatat."))
    return redirect(url_for("field.doubles", campaign_id=campaign_id))


@blueprint.get("/campaigns/<int:campaign_id>/funnel")
def funnel(campaign_id: int) -> ResponseReturnValue:
    """Show how many came how far, per kecamatan."""
    campaign = events.visible_campaign(guard.actor(), campaign_id)
    found = funnels.funnel(campaign_id)
    kecamatan = {row.code: row.name for row in registry.kecamatan_of(campaign.district_code)}
    whole = {stage: sum(row.get(stage, 0) for row in found.values()) for stage in Stage}
    return render_template(
        "field/funnel.html", campaign=campaign, funnel=found, kecamatan=kecamatan, whole=whole, stages=list(Stage)
    )


@blueprint.route("/candidates/people/<int:candidate_id>", methods=["GET", "POST"])
def person(candidate_id: int) -> ResponseReturnValue:
    """Show one candidate's way, and take them off the list."""
    found = candidates_by_ids([candidate_id]).get(candidate_id)
    if found is None or not _may(Permission.SEE_CANDIDATES, found.kelurahan_code):
        raise UnknownCandidate(candidate_id=candidate_id)
    require(guard.actor(), Permission.SEE_CANDIDATES, Place(area_code=found.kelurahan_code))
    form = ExitForm()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            settling.withdraw_candidate(guard.actor(), candidate_id, ExitReason(form.reason.data))
        if attempt.held:
            forms.flash_done(gettext("Calon dikeluarkan dari daftar."))
            return redirect(url_for("field.person", candidate_id=candidate_id))
    audit.record(guard.actor(), "read-candidate", ("candidate", candidate_id))
    way = funnels.way_of(candidate_id)
    marks = {one.candidate_id: one.codes for one in rules.flagged(found.campaign_id, found.kelurahan_code[:8])}
    shown = render_template(
        "field/person.html",
        person=found,
        campaign=events.campaign(found.campaign_id),
        area=registry.area(found.kelurahan_code),
        method=registry.method(found.method_code),
        way=way,
        flags=marks.get(candidate_id, ()),
        names=accounts.names_of({one.account_id for one in way if one.account_id is not None}),
        may_change=_may(Permission.LIST_CANDIDATES, found.kelurahan_code),
        masked=identity.masked,
        form=form,
    )
    return shown, forms.status(form)


@blueprint.get("/registry/method-rules")
def method_rules() -> ResponseReturnValue:
    """List what is asked of candidates for each method."""
    return render_template("field/rules.html", methods=registry.methods(), rules=rules.rules())


@blueprint.route("/registry/method-rules/<method_code>", methods=["GET", "POST"])
def method_rule(method_code: str) -> ResponseReturnValue:
    """Show and take what is asked of candidates for one method."""
    method, form = registry.method(method_code), RuleForm()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            rules.save_rule(guard.actor(), method_code, form.rule())
        if attempt.held:
            forms.flash_done(gettext("Syarat disimpan."))
            return redirect(url_for("field.method_rules"))
    if not form.is_submitted():
        form = RuleForm(formdata=None, obj=rules.rules().get(method_code))
    return render_template("field/rule.html", method=method, form=form), forms.status(form)
