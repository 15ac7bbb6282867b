"""The SOP of a campaign as a live checklist: where each step stands, and ticking one."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import DateField, IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional

from campaign import clock
from campaign.accounts import queries as accounts
from campaign.accounts.policy import Permission, Place, may
from campaign.documents.attachments import MAX_BYTES
from campaign.events import queries as events
from campaign.events.sop import queries as sops
from campaign.events.sop import services
from campaign.events.sop.services import StepFile, StepReturn, StepTick
from campaign.events.sop.templates import UnknownStep
from campaign.progress.checklists import Checklist, StepLine, checklists
from campaign.progress.owed import roles_in
from campaign.web import forms, guard, step_words

if TYPE_CHECKING:
    from campaign.events.models import Campaign

blueprint = Blueprint("steps", __name__)

# Where a step that completes itself is worked on.
WORKPLACES = {
    "plan_approved": ("campaigns.page", _("Buka kampanye")),
    "lists_received": ("candidates.page", _("Buka daftar calon")),
    "alokon_issued": ("stock.waiting", _("Buka SBBK yang menunggu")),
    "letters_sent": ("letters.page", _("Buka surat")),
    "meetings_held": ("meetings.page", _("Buka rapat")),
    "sessions_closed": ("tally.page", _("Buka rekapitulasi")),
    "report_ready": ("reports.page", _("Buka laporan")),
}


@dataclass(frozen=True, slots=True)
class StepAt:
    """One step, in its checklist, in its campaign."""

    campaign: "Campaign"
    checklist: Checklist
    line: StepLine


class StartForm(forms.Form):
    """Which SOP a campaign works by."""

    sop = SelectField(_("SOP"), [InputRequired()])


class TickForm(forms.Form):
    """A step was done."""

    done_on = DateField(_("Tanggal selesai"), [InputRequired()], default=clock.today)
    note = TextAreaField(_("Catatan"), [InputRequired()])
    minutes = IntegerField(_("Lama pengerjaan (menit)"), [Optional()])
    file = FileField(_("Berkas bukti"))

    def request(self, at: StepAt) -> StepTick:
        """Return what the use-case takes."""
        return StepTick(
            key=str(self.key.data),
            campaign_sop_id=at.checklist.row.campaign_sop_id,
            step_code=at.line.step.code,
            done_on=self.done_on.data,
            note=self.note.data or "",
            minutes=self.minutes.data,
            file=self._file(),
        )

    def _file(self) -> StepFile | None:
        if not self.file.data:
            return None
        # One byte more than is allowed is enough to know that it is too large.
        return StepFile(self.file.data.filename or "", self.file.data.stream.read(MAX_BYTES + 1))


class ReturnForm(forms.Form):
    """A tick was wrong."""

    reason = TextAreaField(_("Alasan"), [InputRequired()])


@blueprint.get("/<int:campaign_id>/steps")
def page(campaign_id: int) -> ResponseReturnValue:
    """Show where each step of the campaign's SOP stands."""
    return _page(campaign_id, StartForm(formdata=None))


def _page(campaign_id: int, form: StartForm) -> ResponseReturnValue:
    campaign = events.visible_campaign(guard.actor(), campaign_id)
    found = checklists(campaign_id)
    used = {one.row.sop_code for one in found}
    offered = [row for row in sops.offered(campaign.district_code) if row.code not in used]
    form.sop.choices = [(str(row.sop_template_id), f"{row.name}: {row.source}") for row in offered]
    shown = render_template(
        "steps/page.html",
        campaign=campaign,
        checklists=found,
        mine=roles_in(guard.actor(), campaign),
        may_start=may(guard.actor(), Permission.EDIT_CAMPAIGN, Place(area_code=campaign.district_code)),
        form=form,
        say=step_words,
    )
    return shown, forms.status(form)


@blueprint.post("/<int:campaign_id>/steps")
def start(campaign_id: int) -> ResponseReturnValue:
    """Let the campaign work by an SOP."""
    campaign = events.visible_campaign(guard.actor(), campaign_id)
    form = StartForm()
    form.sop.choices = [(str(row.sop_template_id), row.name) for row in sops.offered(campaign.district_code)]
    if form.validate():
        with forms.attempt(form) as attempt:
            services.start_checklist(guard.actor(), campaign_id, int(form.sop.data))
        if attempt.held:
            forms.flash_done(gettext("Daftar periksa dimulai."))
            return redirect(url_for("steps.page", campaign_id=campaign_id))
    return _page(campaign_id, form)


@blueprint.post("/steps/<int:campaign_sop_id>/drop")
def drop(campaign_sop_id: int) -> ResponseReturnValue:
    """Throw away a checklist on which nothing was ticked."""
    campaign_id = services.drop_checklist(guard.actor(), campaign_sop_id)
    forms.flash_done(gettext("Daftar periksa dibuang."))
    return redirect(url_for("steps.page", campaign_id=campaign_id))


@blueprint.route("/steps/<int:campaign_sop_id>/<code>", methods=["GET", "POST"])
def step(campaign_sop_id: int, code: str) -> ResponseReturnValue:
    """Show one step with what the sheet says of it, and take its tick."""
    at = _find(campaign_sop_id, code)
    form = TickForm()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            services.tick_step(guard.actor(), form.request(at))
        if attempt.held:
            forms.flash_done(gettext("Langkah dicentang: %(title)s", title=at.line.step.title))
            return redirect(url_for("steps.page", campaign_id=at.campaign.campaign_id))
    return _step(at, tick=form)


@blueprint.post("/steps/<int:campaign_sop_id>/<code>/return")
def take_back(campaign_sop_id: int, code: str) -> ResponseReturnValue:
    """Take a tick back."""
    at = _find(campaign_sop_id, code)
    form = ReturnForm()
    if form.validate():
        back = StepReturn(str(form.key.data), campaign_sop_id, code, form.reason.data or "")
        with forms.attempt(form) as attempt:
            services.take_back(guard.actor(), back)
        if attempt.held:
            forms.flash_done(gettext("Centang ditarik kembali; riwayatnya tetap ada."))
            return redirect(url_for("steps.step", campaign_sop_id=campaign_sop_id, code=code))
    return _step(at, back=form)


def _find(campaign_sop_id: int, code: str) -> StepAt:
    campaign = events.visible_campaign(guard.actor(), sops.checklist(campaign_sop_id).campaign_id)
    checklist = next(one for one in checklists(campaign.campaign_id) if one.row.campaign_sop_id == campaign_sop_id)
    line = next((one for one in checklist.lines if one.step.code == code), None)
    if line is None:
        raise UnknownStep(campaign_sop_id=campaign_sop_id, step=code)
    return StepAt(campaign, checklist, line)


def _step(at: StepAt, *, tick: TickForm | None = None, back: ReturnForm | None = None) -> ResponseReturnValue:
    ids = {event.account_id for event in at.line.history if event.account_id is not None}
    shown = render_template(
        "steps/step.html",
        campaign=at.campaign,
        checklist=at.checklist,
        line=at.line,
        is_mine=bool(at.line.acting & roles_in(guard.actor(), at.campaign)),
        tick=tick or TickForm(formdata=None),
        back=back or ReturnForm(formdata=None),
        names=accounts.names_of(ids),
        workplace=_workplace(at.line, at.campaign.campaign_id),
        say=step_words,
    )
    return shown, forms.status(back or tick or ReturnForm(formdata=None))


def _workplace(line: StepLine, campaign_id: int) -> tuple[str, str] | None:
    """Return address and name of the page where a step that completes itself is worked on, for whoever may open it."""
    if line.step.proof is None:
        return None
    endpoint, name = WORKPLACES[line.step.proof.value]
    values = {} if endpoint == "stock.waiting" else {"campaign_id": campaign_id}
    found = guard.address(endpoint, **values)
    return (found, str(name)) if found else None


@blueprint.get("/steps/files/<int:sop_step_event_id>")
def download(sop_step_event_id: int) -> ResponseReturnValue:
    """Answer with the file behind a tick."""
    events.visible_campaign(guard.actor(), sops.campaign_of_event(sop_step_event_id))
    file = sops.file_for_download(guard.actor(), sop_step_event_id)
    return send_file(io.BytesIO(file.content), file.media_type, as_attachment=True, download_name=file.name)
