"""Meetings of a campaign: call one, say who came, keep minutes and agreements."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from campaign.accounts.policy import Permission, Place, may
from campaign.documents.papers import PaperKind, UnknownPaper, paper, paper_for_download, papers_of
from campaign.errors import Invalid
from campaign.events import queries as events
from campaign.events.meetings import queries, services
from campaign.events.meetings.models import Meeting, MeetingKind
from campaign.events.meetings.services import Invited, MeetingPlan, Presence, Promise
from campaign.letters.meeting_papers import TEMPLATES, ask_meeting_paper
from campaign.letters.rosters import Addressee, read_addressees, write_addressees
from campaign.web import forms, guard
from campaign.web.downloads import send_paper

blueprint = Blueprint("meetings", __name__)


class MeetingForm(forms.Form):
    """What a meeting is to be."""

    kind = SelectField(_("Jenis rapat"), [InputRequired()])
    title = StringField(_("Nama rapat"), [InputRequired(), Length(max=160)])
    meets_on = DateField(_("Tanggal"), [InputRequired()])
    starts_at = TimeField(_("Mulai"), [InputRequired()])
    ends_at = TimeField(_("Selesai"), [Optional()])
    place = StringField(_("Tempat"), [InputRequired(), Length(max=200)])
    agenda = TextAreaField(_("Acara"), [InputRequired(), Length(max=2000)])
    invitees = TextAreaField(_("Yang diundang"), [InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = forms.choices(MeetingKind)

    def plan(self) -> MeetingPlan:
        """Return what the use-case takes; raises Invalid with every line that cannot be read."""
        people, mistakes = read_addressees("invitees", self.invitees.data or "")
        if mistakes:
            raise Invalid(tuple(mistakes))
        return MeetingPlan(
            kind=MeetingKind(self.kind.data),
            title=self.title.data or "",
            meets_on=self.meets_on.data,
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
            place=self.place.data or "",
            agenda=self.agenda.data or "",
            invitees=tuple(Invited(one.name, one.place, one.email) for one in people),
        )


class MinutesForm(forms.Form):
    """What was said."""

    text = TextAreaField(_("Notulen"), [InputRequired()])


class AgreementForm(forms.Form):
    """Who said what they would do."""

    task = StringField(_("Yang disepakati"), [InputRequired(), Length(max=300)])
    who = StringField(_("Yang mengerjakan"), [InputRequired(), Length(max=160)])
    due_on = DateField(_("Paling lambat"), [Optional()])


class PresenceForm(forms.Form):
    """Who came; the ticks are read from the request, one for each invitee."""

    unasked = TextAreaField(_("Hadir tanpa undangan"), [Optional()])

    def presence(self, meeting_id: int) -> Presence:
        """Return what the use-case takes; raises Invalid with every line that cannot be read."""
        people, mistakes = read_addressees("unasked", self.unasked.data or "")
        if mistakes:
            raise Invalid(tuple(mistakes))
        came = frozenset(request.form.getlist("came", type=int))
        stood_in = {one: request.form.get(f"stood-in-{one}", "") for one in came}
        return Presence(meeting_id, came, stood_in, tuple(Invited(one.name, one.place, one.email) for one in people))


@blueprint.get("/campaigns/<int:campaign_id>/meetings")
def page(campaign_id: int) -> ResponseReturnValue:
    """List the meetings of a campaign and what is still to be done."""
    campaign = events.visible_campaign(guard.actor(), campaign_id)
    return render_template(
        "meetings/page.html",
        campaign=campaign,
        meetings=queries.meetings_of(campaign_id),
        agreements=queries.open_agreements(campaign_id),
        may_call=_may_call(campaign.district_code),
    )


def _may_call(district_code: str) -> bool:
    return may(guard.actor(), Permission.EDIT_CAMPAIGN, Place(area_code=district_code))


@blueprint.route("/campaigns/<int:campaign_id>/meetings/new", methods=["GET", "POST"])
def new(campaign_id: int) -> ResponseReturnValue:
    """Call a meeting."""
    campaign = events.visible_campaign(guard.actor(), campaign_id)
    form = MeetingForm()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            meeting = services.call_meeting(guard.actor(), campaign_id, str(form.key.data), form.plan())
        if attempt.held:
            forms.flash_done(gettext("Rapat dicatat. Buat undangannya dari halaman ini."))
            return redirect(url_for("meetings.meeting", meeting_id=meeting.meeting_id))
    return render_template("meetings/edit.html", campaign=campaign, form=form, meeting=None), forms.status(form)


@blueprint.route("/meetings/<int:meeting_id>/edit", methods=["GET", "POST"])
def edit(meeting_id: int) -> ResponseReturnValue:
    """Change a meeting that was not held yet."""
    found = _visible(meeting_id)
    form = MeetingForm()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            services.change_meeting(guard.actor(), meeting_id, form.plan())
        if attempt.held:
            forms.flash_done(gettext("Rapat diubah."))
            return redirect(url_for("meetings.meeting", meeting_id=meeting_id))
    if not form.is_submitted():
        people = [Addressee(one.name, one.office, one.email) for one in found.invitees]
        form = MeetingForm(formdata=None, obj=found)
        form.kind.data, form.invitees.data = found.kind.value, write_addressees(people)
    campaign = events.campaign(found.campaign_id)
    return render_template("meetings/edit.html", campaign=campaign, form=form, meeting=found), forms.status(form)


@blueprint.get("/meetings/<int:meeting_id>")
def meeting(meeting_id: int) -> ResponseReturnValue:
    """Show a meeting: guests, minutes, agreements, papers."""
    return _meeting(_visible(meeting_id))


def _visible(meeting_id: int) -> Meeting:
    found = queries.meeting(meeting_id)
    events.visible_campaign(guard.actor(), found.campaign_id)
    return found


def _meeting(found: Meeting, came_back: forms.Form | None = None) -> ResponseReturnValue:
    campaign = events.campaign(found.campaign_id)
    last = found.minutes[-1].text if found.minutes else ""

    def drawn(kind: type[forms.Form], **values: str) -> forms.Form:
        return came_back if isinstance(came_back, kind) else kind(formdata=None, data=values)

    shown = render_template(
        "meetings/meeting.html",
        meeting=found,
        campaign=campaign,
        minutes_form=drawn(MinutesForm, text=last),
        agreement_form=drawn(AgreementForm),
        presence_form=drawn(PresenceForm),
        papers={kind: next(iter(papers_of(kind, found.meeting_id)), None) for kind in TEMPLATES},
        may_call=_may_call(campaign.district_code),
        is_open=found.held_at is None and found.cancelled_at is None,
    )
    return shown, 422 if came_back is not None and came_back.errors else 200


@blueprint.post("/meetings/<int:meeting_id>/presence")
def presence(meeting_id: int) -> ResponseReturnValue:
    """Write down who came."""
    form = PresenceForm()
    with forms.attempt(form) as attempt:
        services.record_presence(guard.actor(), form.presence(meeting_id))
    return _done(meeting_id, form, attempt.held, gettext("Kehadiran disimpan."))


@blueprint.post("/meetings/<int:meeting_id>/minutes")
def minutes(meeting_id: int) -> ResponseReturnValue:
    """Keep what was said."""
    form = MinutesForm()
    held = False
    if form.validate():
        with forms.attempt(form) as attempt:
            services.write_minutes(guard.actor(), meeting_id, form.text.data or "")
        held = attempt.held
    return _done(meeting_id, form, held, gettext("Notulen disimpan sebagai versi baru."))


@blueprint.post("/meetings/<int:meeting_id>/agreements")
def agree(meeting_id: int) -> ResponseReturnValue:
    """Keep who said what they would do."""
    form = AgreementForm()
    held = False
    if form.validate():
        promise = Promise(str(form.key.data), meeting_id, form.task.data or "", form.who.data or "", form.due_on.data)
        with forms.attempt(form) as attempt:
            services.record_agreement(guard.actor(), promise)
        held = attempt.held
    return _done(meeting_id, form, held, gettext("Kesepakatan dicatat."))


@blueprint.post("/meetings/agreements/<int:agreement_id>/done")
def finish(agreement_id: int) -> ResponseReturnValue:
    """Say that what was promised is done."""
    found = services.finish_agreement(guard.actor(), agreement_id)
    forms.flash_done(gettext("Kesepakatan ditandai selesai."))
    return redirect(url_for("meetings.meeting", meeting_id=found.meeting_id) + "#agreements")


@blueprint.post("/meetings/<int:meeting_id>/close")
def close(meeting_id: int) -> ResponseReturnValue:
    """Say that a meeting was held."""
    form = MinutesForm(formdata=None)
    with forms.attempt(form) as attempt:
        services.close_meeting(guard.actor(), meeting_id)
    return _done(meeting_id, form, attempt.held, gettext("Rapat ditutup."))


@blueprint.post("/meetings/<int:meeting_id>/cancel")
def cancel(meeting_id: int) -> ResponseReturnValue:
    """Call a meeting off."""
    services.cancel_meeting(guard.actor(), meeting_id)
    forms.flash_done(gettext("Rapat dibatalkan."))
    return redirect(url_for("meetings.meeting", meeting_id=meeting_id))


def _done(meeting_id: int, form: forms.Form, held: bool, text: str) -> ResponseReturnValue:
    if not held:
        return _meeting(_visible(meeting_id), form)
    forms.flash_done(text)
    return redirect(url_for("meetings.meeting", meeting_id=meeting_id))


@blueprint.post("/meetings/<int:meeting_id>/papers/<kind>")
def ask_paper(meeting_id: int, kind: str) -> ResponseReturnValue:
    """Ask for the attendance list or the minutes on paper."""
    _visible(meeting_id)
    if kind not in [one.value for one in TEMPLATES]:
        raise UnknownPaper(kind=kind)
    ask_meeting_paper(guard.actor(), meeting_id, PaperKind(kind))
    forms.flash_done(gettext("Dokumen sedang dicetak; muat ulang sebentar lagi."))
    return redirect(url_for("meetings.meeting", meeting_id=meeting_id) + "#papers")


@blueprint.get("/meetings/<int:meeting_id>/papers/<int:paper_id>")
def download(meeting_id: int, paper_id: int) -> ResponseReturnValue:
    """Hand out a paper of a meeting."""
    _visible(meeting_id)
    found = paper(paper_id)
    if found.kind not in TEMPLATES or found.subject_id != meeting_id:
        raise UnknownPaper(paper_id=paper_id)
    return send_paper(paper_for_download(guard.actor(), paper_id), f"{found.kind.value}-{meeting_id}")
