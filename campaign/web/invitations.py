"""Messages of a campaign: how many stand where, what a person has to decide on, who is expected, how many more fit."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from campaign import clock
from campaign.attendance import overbooking
from campaign.errors import CampaignError, Conflict, Invalid
from campaign.events import queries as events
from campaign.outreach import changing, resending, roster, sending, settling
from campaign.outreach.changing import Move
from campaign.outreach.dispatch_models import Answer
from campaign.outreach.models import Channel, InvitationState
from campaign.outreach.replies import NewReply, answer_for
from campaign.outreach.resending import AnotherWay
from campaign.registry import queries as registry
from campaign.web import days, forms, guard

blueprint = Blueprint("invitations", __name__)


@blueprint.get("/<int:campaign_id>")
def page(campaign_id: int) -> ResponseReturnValue:
    """Show counts by channel and state, why some wait, what is in doubt, rejected or untold."""
    campaign = events.visible_campaign(guard.actor(), campaign_id)
    counts = settling.counts(campaign_id)
    return render_template(
        "invitations/page.html",
        campaign=campaign,
        counts=counts,
        channels=[channel for channel in Channel if any(key[0] is channel for key in counts)],
        states=list(InvitationState),
        failures=settling.failures(campaign_id),
        doubts=settling.doubts(guard.actor(), campaign_id),
        rejected=resending.rejected(guard.actor(), campaign_id),
        every_channel=[Channel.CADRE, *sending.ELECTRONIC],
        stop=sending.held_back(campaign_id),
        quiet_until=_quiet_until(),
        untold=changing.untold(campaign_id),
        kelurahan={row.code: row.name for row in registry.kelurahan_of(campaign.district_code)},
    )


def _quiet_until() -> object | None:
    ends = sending.quiet_ends(sending.rules(), clock.now())
    return ends if ends > clock.now() else None


def _back(campaign_id: int) -> Response:
    return redirect(url_for("invitations.page", campaign_id=campaign_id))


def _told(error: CampaignError) -> None:
    mistakes = error.mistakes if isinstance(error, Invalid) else ()
    forms.flash_problem(mistakes[0].code if mistakes else error.code, error.facts)


@blueprint.post("/<int:campaign_id>/<int:invitation_id>/settle")
def settle(campaign_id: int, invitation_id: int) -> ResponseReturnValue:
    """Record what a person found out about an invitation in doubt."""
    arrived = request.form.get("arrived") == "yes"
    settling.settle_unknown(guard.actor(), invitation_id, arrived=arrived)
    forms.flash_done(gettext("Dicatat: sudah sampai.") if arrived else gettext("Undangan akan dikirim lagi."))
    return _back(campaign_id)


@blueprint.post("/<int:campaign_id>/<int:invitation_id>/anew")
def anew(campaign_id: int, invitation_id: int) -> ResponseReturnValue:
    """Send a rejected message by another way."""
    try:
        channel = Channel(request.form.get("channel", ""))
        resending.send_anew(guard.actor(), invitation_id, AnotherWay(channel, request.form.get("contact", "")))
    except (Conflict, Invalid) as error:
        _told(error)
    except ValueError:
        forms.flash_problem("contact-missing")
    else:
        forms.flash_done(gettext("Pesan akan dikirim lewat cara yang dipilih."))
    return _back(campaign_id)


@blueprint.post("/<int:campaign_id>/stop")
def stop(campaign_id: int) -> ResponseReturnValue:
    """Hold back every message of the campaign."""
    try:
        sending.stop_campaign(guard.actor(), campaign_id, request.form.get("reason", ""))
    except (Conflict, Invalid) as error:
        _told(error)
    else:
        forms.flash_done(gettext("Pengiriman dihentikan. Yang sedang keluar saat ini masih sampai."))
    return _back(campaign_id)


@blueprint.post("/<int:campaign_id>/resume")
def resume(campaign_id: int) -> ResponseReturnValue:
    """Let the campaign's messages go again."""
    try:
        sending.resume_campaign(guard.actor(), campaign_id)
    except Conflict as error:
        _told(error)
    else:
        forms.flash_done(gettext("Pengiriman dilanjutkan."))
    return _back(campaign_id)


@blueprint.post("/<int:campaign_id>/tell")
def tell(campaign_id: int) -> ResponseReturnValue:
    """Tell everybody touched by a change, as the preview showed it."""
    try:
        number = changing.tell_changes(guard.actor(), campaign_id, request.form.get("mark", ""))
    except Conflict as error:
        _told(error)
    else:
        forms.flash_done(gettext("%(number)s pesan disiapkan.", number=number))
    return _back(campaign_id)


@blueprint.get("/<int:campaign_id>/appointments")
def appointments(campaign_id: int) -> ResponseReturnValue:
    """Show who is expected at one session, how they answered, and who asks for another date."""
    campaign = events.visible_campaign(guard.actor(), campaign_id)
    sessions = events.sessions_of(campaign_id)
    chosen = request.args.get("session", type=int)
    session = next((one for one in sessions if one.service_session_id == chosen), sessions[0] if sessions else None)
    facilities = {row.facility_id: row.name for row in registry.facilities({one.facility_id for one in sessions})}
    return render_template(
        "invitations/appointments.html",
        campaign=campaign,
        sessions=sessions,
        session=session,
        facilities=facilities,
        rows=[] if session is None else roster.people_of(guard.actor(), session.service_session_id),
        wishes=roster.wishes(guard.actor(), campaign_id),
        answers=[Answer.CONFIRMED, Answer.DECLINED, Answer.NO_MESSAGES],
    )


@blueprint.post("/<int:campaign_id>/appointments/<int:appointment_id>")
def change(campaign_id: int, appointment_id: int) -> ResponseReturnValue:
    """Move or cancel one appointment, or write down what the person said."""
    what, session_id = request.form.get("what", ""), request.form.get("session", type=int) or 0
    try:
        if what == "move":
            session = events.session(session_id)
            at = days.instant_or_none(session.held_on, request.form.get("at"))
            move = Move(appointment_id, session_id, at or clock.now())
            changing.move_appointments(guard.actor(), campaign_id, [move])
            forms.flash_done(gettext("Janji dipindahkan. Beritahukan lewat halaman Undangan."))
        elif what == "cancel":
            changing.cancel_appointments(guard.actor(), campaign_id, [appointment_id])
            forms.flash_done(gettext("Janji dibatalkan. Beritahukan lewat halaman Undangan."))
        elif what in {Answer.CONFIRMED, Answer.DECLINED, Answer.NO_MESSAGES}:
            answer_for(guard.actor(), appointment_id, NewReply(request.form.get("key", "")[:64], Answer(what)))
            forms.flash_done(gettext("Jawaban dicatat."))
    except (Conflict, Invalid) as error:
        _told(error)
    back = request.form.get("back", type=int) or session_id
    return redirect(url_for("invitations.appointments", campaign_id=campaign_id, session=back))


@blueprint.get("/<int:campaign_id>/extra")
def extra(campaign_id: int) -> ResponseReturnValue:
    """Show for each facility-day how many will be served, at what risk, and how many more could be invited."""
    campaign = events.visible_campaign(guard.actor(), campaign_id)
    outlooks = overbooking.day_outlooks(campaign_id)
    return render_template(
        "invitations/extra.html",
        campaign=campaign,
        outlooks=outlooks,
        facilities={row.facility_id: row.name for row in registry.facilities({one.facility_id for one in outlooks})},
        methods={row.code: row.name for row in registry.methods()},
        turnouts=overbooking.turnouts(),
        risk=sending.rules().risk,
    )


@blueprint.post("/<int:campaign_id>/extra/<int:service_session_id>")
def invite_extra(campaign_id: int, service_session_id: int) -> ResponseReturnValue:
    """Invite as many more to one facility-day as the risk allows."""
    number = overbooking.invite_extra(guard.actor(), service_session_id)
    forms.flash_done(gettext("%(number)s orang dari daftar tunggu diundang.", number=number))
    return redirect(url_for("invitations.extra", campaign_id=campaign_id))
