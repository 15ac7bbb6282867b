"""How messages are sent in this deployment: rules, texts, beliefs about turnout, calendars."""

from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign import clock
from campaign.attendance import overbooking
from campaign.config import Settings
from campaign.errors import Invalid, NotFound
from campaign.outreach import feeds, priors, sending, texts
from campaign.outreach.dispatch_models import FeedKind
from campaign.outreach.messages import Letter, Text, render
from campaign.outreach.models import InvitationKind
from campaign.outreach.text_rules import Blank, Wording
from campaign.outreach.texts import LANGUAGES, NEEDED, Texts
from campaign.registry import queries as registry
from campaign.web import forms, guard
from campaign.web.dispatch_forms import RulesForm, TextForm

blueprint = Blueprint("dispatch", __name__)


@blueprint.route("/", methods=["GET", "POST"])
def rules() -> ResponseReturnValue:
    """Show and change the rules of sending."""
    form = RulesForm.of(sending.rules())
    if form.validate_on_submit():
        with forms.attempt(form, {"risk": "risk_percent"}) as attempt:
            sending.change_rules(guard.actor(), form.rules())
        if attempt.held:
            forms.flash_done(gettext("Aturan pengiriman disimpan."))
            return redirect(url_for("dispatch.rules"))
    settings: Settings = current_app.extensions["serempak"]
    set_up = {
        "email": bool(settings.smtp_host),
        "whatsapp": bool(settings.whatsapp.url),
        "sms": bool(settings.sms.url),
        "other": bool(settings.apprise_url),
    }
    page = render_template("dispatch/rules.html", form=form, set_up=set_up, is_sandbox=settings.is_sandbox)
    return page, forms.status(form)


@blueprint.get("/texts")
def all_texts() -> ResponseReturnValue:
    """Show every text with when it was written."""
    return render_template("dispatch/texts.html", texts=texts.texts_in_force(), languages=LANGUAGES)


@blueprint.route("/texts/<kind>/<language>", methods=["GET", "POST"])
def text(kind: str, language: str) -> ResponseReturnValue:
    """Show one text, its preview, and change it."""
    if kind not in {one.value for one in InvitationKind} or language not in LANGUAGES:
        raise NotFound()
    of = InvitationKind(kind)
    now = texts.current_texts()[of, language]
    form = TextForm(subject=now.subject, body=now.body)
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            texts.write_text(guard.actor(), of, language, form.wording())
        if attempt.held:
            forms.flash_done(gettext("Teks disimpan dan berlaku untuk pesan berikutnya."))
            return redirect(url_for("dispatch.text", kind=kind, language=language))
    page = render_template(
        "dispatch/text.html",
        form=form,
        kind=of,
        of_language=language,
        preview=_preview(of, language, now),
        blanks=list(Blank),
        needed=NEEDED[of],
        is_shipped=now == texts.shipped()[of, language],
    )
    return page, forms.status(form)


def _preview(kind: InvitationKind, language: str, wording: Wording) -> Text:
    """Write a text to somebody made up."""
    at = clock.now() + timedelta(days=7)
    names = ("Ibu Contoh", "Puskesmas Contoh", "Jalan Contoh 1")
    letter = Letter(language, *names, at, "Kota Contoh", kind, "contoh", at - timedelta(days=1))
    settings: Settings = current_app.extensions["serempak"]
    return render(letter, Texts({(kind, language): wording}), settings.base_url)


@blueprint.post("/texts/<kind>/<language>/restore")
def restore(kind: str, language: str) -> ResponseReturnValue:
    """Put the shipped text in force again."""
    if kind not in {one.value for one in InvitationKind}:
        raise NotFound()
    texts.restore_text(guard.actor(), InvitationKind(kind), language)
    forms.flash_done(gettext("Teks bawaan berlaku lagi."))
    return redirect(url_for("dispatch.text", kind=kind, language=language))


@blueprint.route("/turnout", methods=["GET", "POST"])
def turnout() -> ResponseReturnValue:
    """Show what is believed and counted of each method's turnout, and change the beliefs."""
    believed = priors.beliefs()
    mistakes: dict[str, str] = {}
    if request.method == "POST":
        believed = [_typed(one) for one in believed]
        try:
            priors.change_beliefs(guard.actor(), believed)
        except Invalid as error:
            mistakes = {mistake.where: mistake.code for mistake in error.mistakes}
        else:
            forms.flash_done(gettext("Perkiraan disimpan."))
            return redirect(url_for("dispatch.turnout"))
    page = render_template(
        "dispatch/turnout.html",
        beliefs=believed,
        turnouts=overbooking.turnouts(),
        methods={row.code: row.name for row in registry.methods()},
        mistakes=mistakes,
    )
    return page, 422 if mistakes else 200


def _typed(one: priors.Belief) -> priors.Belief:
    """Return a belief as it was typed, in percent; what is no number is out of range."""
    comes = request.form.get(f"{one.method_code}-comes", type=float)
    fit = request.form.get(f"{one.method_code}-fit", type=float)
    weight = request.form.get(f"{one.method_code}-weight", type=int)
    return replace(
        one,
        comes=0.0 if comes is None else comes / 100,
        fit=0.0 if fit is None else fit / 100,
        comes_weight=weight or 0,
        fit_weight=weight or 0,
        source=request.form.get(f"{one.method_code}-source", "").strip() or one.source,
    )


@blueprint.route("/calendars", methods=["GET", "POST"])
def calendars() -> ResponseReturnValue:
    """Show the open calendars; make an address for another one, shown once."""
    made = ""
    if request.method == "POST":
        kind, _, subject = request.form.get("of", "").partition(":")
        if kind not in {one.value for one in FeedKind}:
            raise NotFound()
        token = feeds.open_feed(guard.actor(), FeedKind(kind), subject)
        settings: Settings = current_app.extensions["serempak"]
        made = f"{settings.base_url}/calendar/{token}.ics"
    facilities = registry.facilities()
    kecamatan = {code: registry.area(code).name for code in sorted({row.kecamatan_code for row in facilities})}
    names = {
        FeedKind.FACILITY: {str(row.facility_id): row.name for row in facilities},
        FeedKind.PROVIDER: {str(row.provider_id): row.name for row in registry.providers()},
        FeedKind.KECAMATAN: kecamatan,
    }
    return render_template("dispatch/calendars.html", feeds=feeds.feeds(), names=names, kinds=list(FeedKind), made=made)


@blueprint.post("/calendars/<int:calendar_feed_id>/close")
def close_calendar(calendar_feed_id: int) -> ResponseReturnValue:
    """Close an address."""
    feeds.close_feed(guard.actor(), calendar_feed_id)
    forms.flash_done(gettext("Kalender ditutup: alamatnya tidak berlaku lagi."))
    return redirect(url_for("dispatch.calendars"))
