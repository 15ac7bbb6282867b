"""How many more to invite to each facility-day, from what is believed and what past days have counted."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, require
from campaign.attendance.models import CheckIn, CheckInAnswer, Screening
from campaign.db import db
from campaign.events import queries as events
from campaign.events.models import ServiceSession
from campaign.outreach import priors
from campaign.outreach.dispatch_models import PlaceOffer
from campaign.outreach.invitations import queue_invitations
from campaign.outreach.models import EXPECTED, Appointment, AppointmentState, Candidate
from campaign.outreach.sending import rules
from campaign.outreach.turnout import Line, Outlook, Turnout, extras, outlook
from campaign.outreach.waiting import Opening, in_order
from campaign.registry import queries as registry
from campaign.transaction import hold


@dataclass(frozen=True, slots=True)
class DayOutlook:
    """One facility-day: what is to be expected now, and with the extra invitations that the risk allows."""

    service_session_id: int
    facility_id: int
    held_on: date
    places: int
    invited: int
    now: Outlook
    extra: dict[str, int]  # by method
    then: Outlook

    @property
    def extra_people(self) -> int:
        """Return how many more could be invited."""
        return sum(self.extra.values())


def turnouts() -> dict[str, Turnout]:
    """Return the turnout of each method: the belief, moved by every day that was closed."""
    came, fit = _came(), _fit()
    return {one.method_code: one.counted(came[one.method_code], fit[one.method_code]) for one in priors.beliefs()}


def _came() -> defaultdict[str, tuple[int, int]]:
    """Return by method how many of those expected at closed sessions came."""
    arrived = select(CheckIn.check_in_id).where(
        CheckIn.service_session_id == Appointment.service_session_id,
        CheckIn.candidate_id == Appointment.candidate_id,
        CheckIn.answer == CheckInAnswer.ACCEPTED,
    )
    query = (
        select(Candidate.method_code, func.count().filter(arrived.exists()), func.count())
        .select_from(Appointment)
        .join(Candidate, Candidate.candidate_id == Appointment.candidate_id)
        .join(ServiceSession, ServiceSession.service_session_id == Appointment.service_session_id)
        .where(ServiceSession.closed_at.is_not(None), Appointment.state.in_(EXPECTED))
        .group_by(Candidate.method_code)
    )
    return _pairs(query)


def _fit() -> defaultdict[str, tuple[int, int]]:
    """Return by method how many of those screened might have what they wished, by their latest screening."""
    latest = (
        select(Screening.screening_id)
        .ext(distinct_on(Screening.service_session_id, Screening.candidate_id))
        .order_by(Screening.service_session_id, Screening.candidate_id, Screening.screening_id.desc())
    )
    query = (
        select(Candidate.method_code, func.count().filter(Screening.is_eligible), func.count())
        .select_from(Screening)
        .join(Candidate, Candidate.candidate_id == Screening.candidate_id)
        .where(Screening.screening_id.in_(latest))
        .group_by(Candidate.method_code)
    )
    return _pairs(query)


def _pairs(query: "Select[str, int, int]") -> defaultdict[str, tuple[int, int]]:
    found: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    found.update({code: (yes, of) for code, yes, of in db.session.execute(query)})
    return found


def day_outlooks(campaign_id: int) -> list[DayOutlook]:
    """Return the outlook of each facility-day to come."""
    known, risk = turnouts(), rules().risk
    return [
        _outlook(session, known, risk)
        for session in events.sessions_of(campaign_id)
        if session.held_on >= clock.today()
    ]


def _outlook(session: ServiceSession, known: dict[str, Turnout], risk: float) -> DayOutlook:
    lines = _lines(session, known)
    more = extras(lines, risk) if session.closed_at is None else {}
    then = [
        Line(one.method_code, one.places, one.chances + (one.chance,) * more.get(one.method_code, 0)) for one in lines
    ]
    return DayOutlook(
        service_session_id=session.service_session_id,
        facility_id=session.facility_id,
        held_on=session.held_on,
        places=sum(one.places for one in lines),
        invited=sum(len(one.chances) for one in lines),
        now=outlook(lines),
        extra={code: number for code, number in more.items() if number},
        then=outlook(then),
    )


def _lines(session: ServiceSession, known: dict[str, Turnout]) -> list[Line]:
    """Return what one session offers by method: a place for each appointment of the plan, whoever holds it now."""
    offered = select(PlaceOffer.place_offer_id).where(PlaceOffer.appointment_id == Appointment.appointment_id)
    query = (
        select(Candidate.method_code, Appointment.state, Appointment.is_extra, offered.exists())
        .join(Candidate, Candidate.candidate_id == Appointment.candidate_id)
        .where(Appointment.service_session_id == session.service_session_id)
    )
    places: Counter[str] = Counter()
    chances: defaultdict[str, list[float]] = defaultdict(list)
    for method, state, is_extra, was_offered in db.session.execute(query):
        if not is_extra and not was_offered and state is not AppointmentState.CANCELLED:
            places[method] += 1
        if state in (*EXPECTED, AppointmentState.OFFERED):
            of = known[method]
            # Who said yes is counted as coming: better to expect too many than to send somebody home.
            chances[method].append(of.fit.mean if state is AppointmentState.CONFIRMED else of.chance)
    return [
        Line(
            method,
            number,
            tuple(chances[method]),
            waiting=len(in_order(_opening(session, method))),
            chance=known[method].chance,
        )
        for method, number in sorted(places.items())
    ]


def _opening(session: ServiceSession, method_code: str) -> Opening:
    return Opening(session.campaign_id, session.plan_run_id, method_code, session.held_on, session.facility_id)


def invite_extra(actor: Actor, service_session_id: int) -> int:
    """Invite as many more as the risk allows, from the waiting list; return how many."""
    session = events.session(service_session_id)
    require(actor, Permission.INVITE, registry.place_of(session.facility_id))
    hold(f"waiting-list:{session.campaign_id}")
    more = _outlook(session, turnouts(), rules().risk).extra
    made = []
    for method, number in sorted(more.items()):
        hours = _hours(session, method)
        chosen = in_order(_opening(session, method))[:number]
        for position, candidate_id in enumerate(chosen):
            made.append(
                Appointment(
                    plan_run_id=session.plan_run_id,
                    candidate_id=candidate_id,
                    service_session_id=service_session_id,
                    expected_at=hours[-1 - position % len(hours)],  # late ones first: there the gaps have shown
                    is_extra=True,
                )
            )
    db.session.add_all(made)
    db.session.flush()
    if made:
        queue_invitations(actor, session.campaign_id, made)
        audit.record(actor, "invite-extra", ("service_session", service_session_id), appointments=len(made))
    return len(made)


def _hours(session: ServiceSession, method: str) -> list[datetime]:
    """Return at what times the session expects people of a method, in order."""
    query = (
        select(Appointment.expected_at)
        .join(Candidate, Candidate.candidate_id == Appointment.candidate_id)
        .where(
            Appointment.service_session_id == session.service_session_id,
            Candidate.method_code == method,
            Appointment.is_extra.is_(False),
        )
        .distinct()
        .order_by(Appointment.expected_at)
    )
    return list(db.session.scalars(query))
