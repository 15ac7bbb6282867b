"""Workbooks: download a template, send a file, read what it would do, apply it."""

from io import BytesIO

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField
from wtforms.validators import InputRequired

from campaign.accounts.policy import Permission, reach
from campaign.errors import Invalid
from campaign.events import queries as events
from campaign.imports import queries
from campaign.imports.asking import ask_apply, send_workbook, try_again
from campaign.imports.models import Upload, UploadState, WorkbookKind
from campaign.imports.preview import SentFile, counts_of
from campaign.imports.templates import template_workbook
from campaign.imports.workbook import LARGEST_FILE, require_size
from campaign.transaction import savepoint
from campaign.web import forms, guard

blueprint = Blueprint("imports", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200  # mistakes on a page; the rest is counted


@blueprint.record
def _limit_bodies(state: BlueprintSetupState) -> None:
    """Refuse a body larger than the largest file before it is read; the form around the file is small."""
    state.app.config["MAX_CONTENT_LENGTH"] = LARGEST_FILE + 2**16


class UploadForm(forms.Form):
    """A file, and what it holds."""

    kind = SelectField(_("Isi buku kerja"), [InputRequired()])
    campaign = SelectField(_("Kampanye"))
    file = FileField(_("Berkas"), [FileRequired(_("Pilih berkasnya."))])

    def offer(self) -> "UploadForm":
        """Fill in what can be chosen."""
        self.kind.choices = forms.choices(WorkbookKind)
        found = events.campaigns(reach(guard.actor(), Permission.LIST_CANDIDATES))
        self.campaign.choices = [("", gettext("– hanya untuk daftar calon –"))]
        self.campaign.choices += [(str(row.campaign_id), row.name) for row in found]
        return self

    def upload(self) -> Upload:
        """Look at the file."""
        kind = WorkbookKind(self.kind.data)
        campaign_id = int(self.campaign.data) if self.campaign.data and kind is WorkbookKind.CANDIDATES else None
        # One byte more than is allowed is enough to know that it is too large.
        content = self.file.data.stream.read(LARGEST_FILE + 1)
        require_size(len(content))
        return send_workbook(guard.actor(), SentFile(kind, self.file.data.filename or "", content, campaign_id))


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """Show the kinds of workbooks with their templates, a form to send one, and what was sent lately."""
    return _page(UploadForm(data={"kind": request.args.get("kind"), "campaign": request.args.get("campaign")}))


def _page(form: UploadForm) -> ResponseReturnValue:
    campaign_id = request.args.get("campaign", type=int)
    shown = render_template(
        "imports/page.html",
        form=form.offer(),
        kinds=list(WorkbookKind),
        uploads=queries.recent_uploads(),
        campaign_id=campaign_id,
        largest=LARGEST_FILE,
    )
    return shown, forms.status(form)


@blueprint.get("/templates/<kind>")
def template(kind: str) -> ResponseReturnValue:
    """Send the empty workbook of a kind."""
    if kind not in set(WorkbookKind):
        abort(404)
    content = template_workbook(WorkbookKind(kind), request.args.get("campaign", type=int))
    return send_file(BytesIO(content), XLSX, as_attachment=True, download_name=f"serempak-{kind}.xlsx")


@blueprint.post("/")
def upload() -> ResponseReturnValue:
    """Take a file and show what it would do."""
    form = UploadForm()
    form.offer()
    if form.validate():
        with forms.attempt(form) as attempt:
            found = form.upload()
        if attempt.held:
            return redirect(url_for("imports.preview", upload_id=found.upload_id))
    return _page(form)


@blueprint.get("/<int:upload_id>")
def preview(upload_id: int) -> ResponseReturnValue:
    """Show what an upload would do, or did, and every mistake by its cell; or how far its worker is."""
    found = queries.upload(upload_id)
    campaign = events.campaign(found.campaign_id) if found.campaign_id else None
    return render_template(
        "imports/preview.html",
        upload=found,
        counts=counts_of(found),
        campaign=campaign,
        mistakes=found.preview["mistakes"],
        warnings=found.preview["warnings"],
        shown=SHOWN,
    )


@blueprint.post("/<int:upload_id>/apply")
def apply(upload_id: int) -> ResponseReturnValue:
    """Store what an upload says."""
    try:
        with savepoint():
            found = ask_apply(guard.actor(), upload_id)
    except Invalid as error:
        forms.flash_problem(error.code, error.facts)
    else:
        if found.state is UploadState.APPLIED:
            forms.flash_done(gettext("Buku kerja diterapkan."))
    return redirect(url_for("imports.preview", upload_id=upload_id))


@blueprint.post("/<int:upload_id>/again")
def again(upload_id: int) -> ResponseReturnValue:
    """Have an upload looked at once more."""
    try_again(guard.actor(), upload_id)
    return redirect(url_for("imports.preview", upload_id=upload_id))
