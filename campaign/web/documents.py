"""Printed papers of the whole office, and the letterhead that they carry."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from campaign.accounts.policy import Permission, reach
from campaign.documents import office
from campaign.documents.office import Letterhead, Official, SignatoryRole
from campaign.documents.papers import PaperKind, UnknownPaper, list_papers, paper, try_again
from campaign.events import queries as events
from campaign.logistics import document_queries
from campaign.logistics.asking import PAPER_OF
from campaign.logistics.papers import download_paper
from campaign.web import forms, guard
from campaign.web.downloads import send_paper

blueprint = Blueprint("documents", __name__)

NIP_FORM = _("NIP terdiri atas 18 angka.")

# Attendance lists hold names: they are listed and handed out at their session alone.
LISTED = (*PAPER_OF.values(), PaperKind.CAMPAIGN_REPORT)


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """List the papers that whoever asks may have."""
    kind = request.args.get("kind", "")
    number = max(1, request.args.get("page", 1, type=int))
    visible = {one: subjects for one, subjects in _visible().items() if not kind or one.value == kind}
    found, pages = list_papers(visible, number)
    return render_template(
        "documents_pages/page.html",
        papers=found,
        page=number,
        pages=pages,
        kind=kind,
        kinds=LISTED,
    )


def _visible() -> dict[PaperKind, list[int] | None]:
    """Return the subjects of each kind of paper within reach; None: all."""
    stock = document_queries.document_ids(reach(guard.actor(), Permission.SEE_STOCK))
    campaigns = events.campaigns(reach(guard.actor(), Permission.SEE_CAMPAIGNS))
    return {
        **dict.fromkeys(PAPER_OF.values(), stock),
        PaperKind.CAMPAIGN_REPORT: [row.campaign_id for row in campaigns],
    }


@blueprint.get("/papers/<int:paper_id>")
def download(paper_id: int) -> ResponseReturnValue:
    """Hand out a printed paper of a stock document; the download is audited."""
    found = download_paper(guard.actor(), paper_id)
    return send_paper(found, f"{found.kind.value}-{found.subject_id}")


@blueprint.post("/papers/<int:paper_id>/again")
def again(paper_id: int) -> ResponseReturnValue:
    """Ask once more for a paper that could not be printed."""
    asked = paper(paper_id)
    subjects = _visible().get(asked.kind, [])
    if subjects is not None and asked.subject_id not in subjects:
        raise UnknownPaper(paper_id=paper_id)
    try_again(guard.actor(), paper_id)
    forms.flash_done(gettext("Dokumen diminta lagi."))
    return redirect(url_for("documents.page"), 303)


class LetterheadForm(forms.Form):
    """What stands at the head of every paper."""

    government = StringField(_("Pemerintah"), [InputRequired(), Length(max=120)])
    name = StringField(_("Nama dinas"), [InputRequired(), Length(max=160)])
    address = StringField(_("Alamat, telepon, laman"), [InputRequired(), Length(max=240)])
    town = StringField(_("Kota penandatanganan"), [InputRequired(), Length(max=60)])
    unit_code = StringField(_("Kode unit dalam nomor surat"), [InputRequired(), Length(max=20)])

    def letterhead(self) -> Letterhead:
        """Return what was filled in."""
        return Letterhead(**{name: getattr(self, name).data for name in office.TEXTS})


class LogoForm(forms.Form):
    """The arms on the letterhead."""

    logo = FileField(_("Lambang daerah (PNG atau JPG)"), [FileRequired()])


class OfficialForm(forms.Form):
    """Who signs."""

    prefix = StringField(_("Plt. atau a.n."), [Optional(), Length(max=60)])
    position = StringField(_("Jabatan"), [InputRequired(), Length(max=120)])
    name = StringField(_("Nama dan gelar"), [InputRequired(), Length(max=120)])
    rank = StringField(_("Pangkat, golongan"), [Optional(), Length(max=60)])
    nip = StringField(_("NIP (18 angka)"), [Optional(), Regexp(r"^[0-9]{18}$", message=NIP_FORM)])

    def official(self) -> Official:
        """Return who was filled in."""
        return Official(**{name: getattr(self, name).data or "" for name in Official.__dataclass_fields__})


@blueprint.get("/office")
def office_page() -> ResponseReturnValue:
    """Show the letterhead and who signs."""
    return _office({})


@blueprint.post("/office")
def save_letterhead() -> ResponseReturnValue:
    """Set the letterhead."""
    form = LetterheadForm()
    if form.validate_on_submit():
        office.save_office(guard.actor(), form.letterhead())
        forms.flash_done(gettext("Kop surat disimpan. Dokumen yang sudah dicetak tidak berubah."))
        return redirect(url_for("documents.office_page"), 303)
    return _office({"letterhead": form})


@blueprint.post("/office/logo")
def save_logo() -> ResponseReturnValue:
    """Set the arms on the letterhead."""
    form = LogoForm()
    if form.validate():
        upload = form.logo.data
        with forms.attempt(form) as attempt:
            office.save_logo(guard.actor(), upload.filename or "", upload.stream.read(office.MOST_LOGO_BYTES + 1))
        if attempt.held:
            forms.flash_done(gettext("Lambang disimpan."))
            return redirect(url_for("documents.office_page"), 303)
    return _office({"logo": form})


@blueprint.post("/office/<role>")
def save_official(role: str) -> ResponseReturnValue:
    """Set who signs in a role."""
    form = OfficialForm(prefix=role)
    if role in list(SignatoryRole) and form.validate_on_submit():
        office.save_official(guard.actor(), SignatoryRole(role), form.official())
        forms.flash_done(gettext("Penanda tangan disimpan."))
        return redirect(url_for("documents.office_page"), 303)
    return _office({role: form})


def _office(came_back: dict[str, forms.Form]) -> ResponseReturnValue:
    """Draw the settings; a form that came back keeps what was typed, the others show what is stored."""
    letterhead = came_back.get("letterhead") or LetterheadForm(formdata=None, obj=office.office())
    people = [
        (role, came_back.get(role.value) or OfficialForm(formdata=None, obj=office.official(role), prefix=role.value))
        for role in SignatoryRole
    ]
    logo = came_back.get("logo") or LogoForm(formdata=None)
    now = office.office().logo
    shown = render_template("documents_pages/office.html", letterhead=letterhead, people=people, logo=logo, now=now)
    return shown, 422 if came_back else 200
