"""Letters of a campaign: write, approve, number, sign, hand over; and the texts that they begin with."""

import io

from flask import Blueprint, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign.accounts.policy import Permission, Place, may
from campaign.documents.papers import PaperFormat, PaperNotReady, paper_for_download
from campaign.events import queries as events
from campaign.events.meetings import queries as meetings
from campaign.letters import drafting, mailing, queries, services, team, texts
from campaign.letters.drafting import NewLetter
from campaign.letters.handover import standing
from campaign.letters.kinds import KINDS, LetterKind, placeholders
from campaign.letters.lifecycle import LetterMove, LetterState, may_move
from campaign.letters.models import Letter
from campaign.letters.rosters import Member, write_members
from campaign.letters.texts import TextChange
from campaign.registry import queries as registry
from campaign.web import forms, guard
from campaign.web.downloads import send_paper
from campaign.web.letter_forms import (
    HandingForm,
    LetterForm,
    NewLetterForm,
    NumberForm,
    RemarkForm,
    TeamForm,
    TextForm,
    stored,
)

blueprint = Blueprint("letters", __name__)

HOLDING = (LetterState.SIGNED, LetterState.SENT)


@blueprint.get("/campaigns/<int:campaign_id>/letters")
def page(campaign_id: int) -> ResponseReturnValue:
    """List the letters of a campaign and who has not confirmed one."""
    return _page(campaign_id, NewLetterForm(formdata=None), TeamForm(formdata=None))


def _page(campaign_id: int, form: NewLetterForm, team_form: TeamForm) -> ResponseReturnValue:
    campaign = events.visible_campaign(guard.actor(), campaign_id)
    found = queries.letters_of(guard.actor(), campaign_id)
    kecamatan = registry.kecamatan_of(campaign.district_code)
    kinds = _kinds_for(campaign.district_code)
    form.kind.choices = [(kind.value, kind) for kind in kinds]
    form.kecamatan_code.choices = [("", gettext("Seluruh kota")), *((row.code, row.name) for row in kecamatan)]
    if not team_form.is_submitted():
        members = [Member(one.duty, one.name, one.office) for one in team.team_of(campaign_id)]
        team_form.team.data = write_members(members)
    shown = render_template(
        "letters/page.html",
        campaign=campaign,
        letters=found,
        open_letters=[(row, queries.unconfirmed(row)) for row in found if row.state in HOLDING],
        kecamatan={row.code: row.name for row in kecamatan},
        meetings=meetings.meetings_of(campaign_id),
        form=form,
        team_form=team_form,
        kinds=kinds,
        may_write_for_city=may(guard.actor(), Permission.WRITE_LETTERS, Place(area_code=campaign.district_code)),
    )
    return shown, 422 if form.errors or team_form.errors else 200


def _kinds_for(district_code: str) -> list[LetterKind]:
    """Return the letters that whoever asks may write: all for the city, a kecamatan's own for its officers."""
    if may(guard.actor(), Permission.WRITE_LETTERS, Place(area_code=district_code)):
        return [kind for kind in LetterKind if kind is not LetterKind.MEETING_INVITATION]
    return [kind for kind in LetterKind if KINDS[kind].of_kecamatan and guard.may(Permission.WRITE_LETTERS)]


@blueprint.post("/campaigns/<int:campaign_id>/letters")
def new(campaign_id: int) -> ResponseReturnValue:
    """Begin a letter."""
    campaign = events.visible_campaign(guard.actor(), campaign_id)
    form = NewLetterForm()
    form.kind.choices = [(kind.value, kind) for kind in _kinds_for(campaign.district_code)]
    form.kecamatan_code.choices = ["", *(row.code for row in registry.kecamatan_of(campaign.district_code))]
    if form.validate():
        wanted = NewLetter(
            str(form.key.data), campaign_id, LetterKind(form.kind.data), form.kecamatan_code.data or None
        )
        with forms.attempt(form) as attempt:
            letter = drafting.draft_letter(guard.actor(), wanted)
        if attempt.held:
            return redirect(url_for("letters.letter", letter_id=letter.letter_id))
    return _page(campaign_id, form, TeamForm(formdata=None))


@blueprint.post("/meetings/<int:meeting_id>/letter")
def invite(meeting_id: int) -> ResponseReturnValue:
    """Begin the letter that invites to a meeting; one that exists is opened."""
    meeting = meetings.meeting(meeting_id)
    events.visible_campaign(guard.actor(), meeting.campaign_id)
    wanted = NewLetter(f"meeting-{meeting_id}", meeting.campaign_id, LetterKind.MEETING_INVITATION, None, meeting_id)
    letter = drafting.draft_letter(guard.actor(), wanted)
    return redirect(url_for("letters.letter", letter_id=letter.letter_id))


@blueprint.post("/campaigns/<int:campaign_id>/team")
def save_team(campaign_id: int) -> ResponseReturnValue:
    """Set the campaign's team."""
    form = TeamForm()
    if form.validate():
        with forms.attempt(form) as attempt:
            team.save_team(guard.actor(), campaign_id, form.team.data or "")
        if attempt.held:
            forms.flash_done(gettext("Susunan tim disimpan."))
            return redirect(url_for("letters.page", campaign_id=campaign_id) + "#team")
    return _page(campaign_id, NewLetterForm(formdata=None), form)


@blueprint.route("/letters/<int:letter_id>", methods=["GET", "POST"])
def letter(letter_id: int) -> ResponseReturnValue:
    """Show a letter; as a draft, take what it shall say."""
    found = queries.visible_letter(guard.actor(), letter_id)
    form = LetterForm()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            drafting.change_letter(guard.actor(), form.change(letter_id))
        if attempt.held:
            forms.flash_done(gettext("Konsep disimpan."))
            return redirect(url_for("letters.letter", letter_id=letter_id))
    return _letter(found, form if form.is_submitted() else stored(found))


def _letter(
    found: Letter,
    form: LetterForm | None = None,
    *,
    number: NumberForm | None = None,
    remark: RemarkForm | None = None,
    handing: HandingForm | None = None,
) -> ResponseReturnValue:
    came_back = [one for one in (form, number, remark, handing) if one is not None and one.errors]
    district = events.campaign(found.campaign_id).district_code
    place = Place(area_code=found.kecamatan_code or district)
    own = found.kecamatan_code is not None and may(guard.actor(), Permission.WRITE_LETTERS, place)
    shown = render_template(
        "letters/letter.html",
        letter=found,
        campaign=events.campaign(found.campaign_id),
        form=form or stored(found),
        number_form=number or NumberForm(formdata=None),
        remark_form=remark or RemarkForm(formdata=None),
        handing_form=handing or HandingForm(found, formdata=None),
        printed=queries.printed(found),
        older=queries.history_of(found),
        newer=queries.replaced_by(found),
        standing=standing,
        mails=mailing.latest_mails(found),
        may_mail=queries.signed_paper(found) is not None,
        moves={move.value: may_move(found.state, move) for move in LetterMove},
        may_write=may(guard.actor(), Permission.WRITE_LETTERS, place),
        may_sign=own or may(guard.actor(), Permission.SIGN_LETTERS, place),
    )
    return shown, 422 if came_back else 200


@blueprint.post("/letters/<int:letter_id>/approve")
def approve(letter_id: int) -> ResponseReturnValue:
    """Let a draft go to signature."""
    found = queries.visible_letter(guard.actor(), letter_id)
    form = LetterForm()
    services.approve_letter(guard.actor(), letter_id, form.revision.data or found.revision)
    forms.flash_done(gettext("Surat disetujui. Beri nomor, lalu tanda tangani."))
    return redirect(url_for("letters.letter", letter_id=letter_id))


@blueprint.post("/letters/<int:letter_id>/return")
def send_back(letter_id: int) -> ResponseReturnValue:
    """Give a letter back with a remark."""
    found = queries.visible_letter(guard.actor(), letter_id)
    form = RemarkForm()
    if form.validate():
        with forms.attempt(form) as attempt:
            services.return_letter(guard.actor(), letter_id, form.remark.data or "")
        if attempt.held:
            forms.flash_done(gettext("Surat dikembalikan kepada penulisnya."))
            return redirect(url_for("letters.letter", letter_id=letter_id))
    return _letter(found, remark=form)


@blueprint.post("/letters/<int:letter_id>/number")
def number(letter_id: int) -> ResponseReturnValue:
    """Give a letter its number."""
    found = queries.visible_letter(guard.actor(), letter_id)
    form = NumberForm()
    if form.validate():
        with forms.attempt(form) as attempt:
            services.number_letter(guard.actor(), letter_id, form.number.data or None)
        if attempt.held:
            forms.flash_done(gettext("Nomor surat: %(number)s", number=found.number))
            return redirect(url_for("letters.letter", letter_id=letter_id))
    return _letter(found, number=form)


@blueprint.post("/letters/<int:letter_id>/sign")
def sign(letter_id: int) -> ResponseReturnValue:
    """Sign a letter."""
    found = queries.visible_letter(guard.actor(), letter_id)
    form = NumberForm(formdata=None)
    with forms.attempt(form) as attempt:
        services.sign_letter(guard.actor(), letter_id)
    if attempt.held:
        forms.flash_done(gettext("Surat ditandatangani dan sedang dicetak."))
        return redirect(url_for("letters.letter", letter_id=letter_id))
    return _letter(found, number=form)


@blueprint.post("/letters/<int:letter_id>/drop")
def drop(letter_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    found = services.drop_letter(guard.actor(), letter_id)
    forms.flash_done(gettext("Konsep dibuang."))
    return redirect(url_for("letters.page", campaign_id=found.campaign_id))


@blueprint.post("/letters/<int:letter_id>/replace")
def replace(letter_id: int) -> ResponseReturnValue:
    """Begin a new version of a signed letter."""
    begun = services.replace_letter(guard.actor(), letter_id)
    forms.flash_done(gettext("Versi baru dimulai; yang lama berlaku sampai versi baru ditandatangani."))
    return redirect(url_for("letters.letter", letter_id=begun.letter_id))


@blueprint.post("/letters/<int:letter_id>/handovers")
def hand_over(letter_id: int) -> ResponseReturnValue:
    """Write down how a letter reached its addressees."""
    found = queries.visible_letter(guard.actor(), letter_id)
    form = HandingForm(found)
    if form.validate():
        with forms.attempt(form) as attempt:
            services.record_handover(guard.actor(), form.handing(letter_id))
        if attempt.held:
            forms.flash_done(gettext("Penyerahan surat dicatat."))
            return redirect(url_for("letters.letter", letter_id=letter_id) + "#handovers")
    return _letter(found, handing=form)


@blueprint.post("/letters/<int:letter_id>/mails")
def mail(letter_id: int) -> ResponseReturnValue:
    """Send a signed letter by e-mail to those who were chosen."""
    found = queries.visible_letter(guard.actor(), letter_id)
    form = HandingForm(found)
    with forms.attempt(form) as attempt:
        count = mailing.ask_mail(guard.actor(), letter_id, form.addressee_ids.data or ())
        forms.flash_done(gettext("Surel sedang dikirim.") if count else gettext("Sudah dikirim lewat surel."))
    if attempt.held:
        return redirect(url_for("letters.letter", letter_id=letter_id) + "#handovers")
    return _letter(found, handing=form)


@blueprint.get("/letters/<int:letter_id>/<of_format>")
def download(letter_id: int, of_format: str) -> ResponseReturnValue:
    """Hand out the newest PDF or Word file of a letter."""
    found = queries.visible_letter(guard.actor(), letter_id)
    paper = queries.printed(found).get(PaperFormat(of_format)) if of_format in ("pdf", "docx") else None
    if paper is None:
        raise PaperNotReady(letter_id=letter_id)
    return send_paper(paper_for_download(guard.actor(), paper.paper_id), f"letter-{letter_id}")


@blueprint.get("/letters/<int:letter_id>/receipts/<int:letter_handover_id>")
def receipt(letter_id: int, letter_handover_id: int) -> ResponseReturnValue:
    """Answer with the photo of a receipt."""
    queries.visible_letter(guard.actor(), letter_id)
    found = queries.handover_file(letter_id, letter_handover_id)
    content = io.BytesIO(found.content or b"")
    return send_file(content, found.media_type, as_attachment=True, download_name=found.file_name)


@blueprint.get("/letters/texts")
def choose_text() -> ResponseReturnValue:
    """List the kinds of letters and whose text each begins with."""
    return render_template("letters/texts.html", kinds={kind: texts.saved(kind) for kind in LetterKind})


@blueprint.route("/letters/texts/<kind>", methods=["GET", "POST"])
def text(kind: str) -> ResponseReturnValue:
    """Show and take the text that letters of a kind begin with."""
    of_kind = LetterKind(kind) if kind in list(LetterKind) else LetterKind.NOTICE
    now, form = texts.text_of(of_kind), TextForm()
    if form.validate_on_submit():
        change = TextChange(of_kind, form.subject.data or "", form.body.data or "", form.classification.data or "")
        with forms.attempt(form) as attempt:
            texts.save_text(guard.actor(), change)
        if attempt.held:
            forms.flash_done(gettext("Naskah disimpan; dipakai surat yang dibuat sesudah ini."))
            return redirect(url_for("letters.choose_text"))
    drawn = form if form.is_submitted() else TextForm(formdata=None, obj=now)
    shown = render_template("letters/text.html", form=drawn, kind=of_kind, placeholders=placeholders(of_kind))
    return shown, forms.status(form)
