"""SOP templates: read them, copy one to a new version, change the draft, publish it; none of it needs code."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign.events.sop import editing, queries, templates
from campaign.events.sop.models import SopTemplate
from campaign.events.sop.template import Step, Template
from campaign.events.sop.templates import StepChange, TemplateIsPublished, UnknownStep
from campaign.web import forms, guard, step_words
from campaign.web.sop_forms import roles_form, step_form

blueprint = Blueprint("sop", __name__)

NEW = "new"  # address of a step that is not there yet; codes of added steps are "added-1", …


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """List every SOP with its versions."""
    rows: dict[str, list[SopTemplate]] = {}
    for row in queries.templates():
        rows.setdefault(row.code, []).append(row)
    return render_template("sop/page.html", sops=list(rows.values()), missing=templates.missing_shipped())


@blueprint.post("/load")
def load() -> ResponseReturnValue:
    """Add the SOPs that come with the product."""
    added = templates.load_shipped(guard.actor())
    forms.flash_done(gettext("%(number)s SOP dimuat.", number=len(added)))
    return redirect(url_for("sop.page"))


@blueprint.get("/<int:sop_template_id>")
def version(sop_template_id: int) -> ResponseReturnValue:
    """Show one version of an SOP."""
    row = queries.template(sop_template_id)
    return render_template("sop/version.html", row=row, template=queries.content(row), say=step_words)


@blueprint.post("/<int:sop_template_id>/copy")
def copy(sop_template_id: int) -> ResponseReturnValue:
    """Begin the next version."""
    draft = templates.copy_template(guard.actor(), sop_template_id)
    forms.flash_done(gettext("Konsep versi %(version)s siap diubah.", version=draft.version))
    return redirect(url_for("sop.version", sop_template_id=draft.sop_template_id))


@blueprint.post("/<int:sop_template_id>/publish")
def publish(sop_template_id: int) -> ResponseReturnValue:
    """Publish a draft."""
    templates.publish_template(guard.actor(), sop_template_id)
    forms.flash_done(gettext("SOP berlaku. Kampanye yang sedang berjalan tetap memakai versinya."))
    return redirect(url_for("sop.version", sop_template_id=sop_template_id))


@blueprint.post("/<int:sop_template_id>/discard")
def discard(sop_template_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    templates.discard_draft(guard.actor(), sop_template_id)
    forms.flash_done(gettext("Konsep dibuang."))
    return redirect(url_for("sop.page"))


@blueprint.route("/<int:sop_template_id>/roles", methods=["GET", "POST"])
def roles(sop_template_id: int) -> ResponseReturnValue:
    """Say which roles answer for the parties of a draft."""
    row, template = _draft(sop_template_id)
    form = roles_form(template)
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            templates.assign_roles(guard.actor(), sop_template_id, form.roles(template))
        if attempt.held:
            forms.flash_done(gettext("Peran pelaksana disimpan."))
            return redirect(url_for("sop.version", sop_template_id=sop_template_id))
    shown = render_template("sop/roles.html", row=row, template=template, form=form)
    return shown, forms.status(form)


@blueprint.route("/<int:sop_template_id>/steps/<code>", methods=["GET", "POST"])
def step(sop_template_id: int, code: str) -> ResponseReturnValue:
    """Change a step of a draft, or add one."""
    row, template = _draft(sop_template_id)
    old = editing.blank_step(template) if code == NEW else _step(template, code)
    form = step_form(template, old)
    if form.validate_on_submit():
        with forms.attempt(form, {"duties": "title"}) as attempt:
            change = StepChange(sop_template_id, form.step(old, template), form.place.data)
            templates.change_step(guard.actor(), change)
        if attempt.held:
            forms.flash_done(gettext("Langkah disimpan."))
            return redirect(url_for("sop.version", sop_template_id=sop_template_id))
    shown = render_template(
        "sop/step.html", row=row, template=template, step=old, form=form, is_new=code == NEW, say=step_words
    )
    return shown, forms.status(form)


@blueprint.post("/<int:sop_template_id>/steps/<code>/remove")
def remove_step(sop_template_id: int, code: str) -> ResponseReturnValue:
    """Take a step out of a draft."""
    templates.remove_step(guard.actor(), sop_template_id, code)
    forms.flash_done(gettext("Langkah dihapus dari konsep."))
    return redirect(url_for("sop.version", sop_template_id=sop_template_id))


def _draft(sop_template_id: int) -> tuple[SopTemplate, Template]:
    row = queries.template(sop_template_id)
    if row.published_at is not None:
        raise TemplateIsPublished(sop_template_id=sop_template_id)
    return row, queries.content(row)


def _step(template: Template, code: str) -> Step:
    found = editing.step_of(template, code)
    if found is None:
        raise UnknownStep(step=code)
    return found
