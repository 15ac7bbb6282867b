"""Whom a service day expects, and who they are, as attendance asks it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from campaign.db import db
from campaign.outreach.identity import is_nik, phone_e164
from campaign.outreach.models import EXPECTED, Appointment, Candidate, Invitation, InvitationState
from campaign.privacy import vault

MOST_FOUND = 20  # a desk that needs more must type more


@dataclass(frozen=True, slots=True)
class Appointed:
    """One appointment as the service day sees it."""

    service_session_id: int
    candidate_id: int
    expected_at: datetime
    provider_id: int | None
    is_invited: bool  # a message went out, or the cadre got the slip


@dataclass(frozen=True, slots=True)
class Origin:
    """What reports need to know of a candidate: no name."""

    candidate_id: int
    kelurahan_code: str
    method_code: str
    is_poor: bool


def appointed_in(session_ids: Iterable[int]) -> list[Appointed]:
    """Return the appointments of the sessions, by time and candidate."""
    invited = and_(Invitation.appointment_id == Appointment.appointment_id, Invitation.state == InvitationState.SENT)
    query = (
        select(
            Appointment.service_session_id,
            Appointment.candidate_id,
            Appointment.expected_at,
            Appointment.provider_id,
            func.count(Invitation.invitation_id) > 0,
        )
        .outerjoin(Invitation, invited)
        .where(Appointment.service_session_id.in_(list(session_ids)), Appointment.state.in_(EXPECTED))
        .group_by(Appointment.appointment_id)
        .order_by(Appointment.expected_at, Appointment.candidate_id)
    )
    return [Appointed(*row) for row in db.session.execute(query)]


def is_expected(service_session_id: int, candidate_id: int) -> bool:
    """Tell whether the candidate has an appointment at the session."""
    query = select(Appointment.appointment_id).where(
        Appointment.service_session_id == service_session_id,
        Appointment.candidate_id == candidate_id,
        Appointment.state.in_(EXPECTED),
    )
    return db.session.scalar(query) is not None


def known_of(service_session_id: int, candidate_ids: Iterable[int]) -> dict[int, tuple[int, bool]]:
    """Return of each candidate there is the campaign, and whether the session expects them; in one look."""
    expected = (
        select(Appointment.appointment_id)
        .where(Appointment.service_session_id == service_session_id, Appointment.candidate_id == Candidate.candidate_id)
        .exists()
    )
    query = select(Candidate.candidate_id, Candidate.campaign_id, expected)
    query = query.where(Candidate.candidate_id.in_(list(candidate_ids)))
    return {who: (campaign_id, is_expected) for who, campaign_id, is_expected in db.session.execute(query)}


def origins_of(campaign_id: int) -> list[Origin]:
    """Return where the campaign's candidates come from, by id."""
    query = select(Candidate.candidate_id, Candidate.kelurahan_code, Candidate.method_code, Candidate.is_poor)
    query = query.where(Candidate.campaign_id == campaign_id).order_by(Candidate.candidate_id)
    return [Origin(*row) for row in db.session.execute(query)]


def campaign_of_candidate(candidate_id: int) -> int | None:
    """Return the campaign to whose list the candidate belongs; None: no such candidate."""
    return db.session.scalar(select(Candidate.campaign_id).where(Candidate.candidate_id == candidate_id))


def wished_method(candidate_id: int) -> str:
    """Return the method that a candidate wishes; nothing else of the person is opened."""
    return db.session.scalars(select(Candidate.method_code).where(Candidate.candidate_id == candidate_id)).one()


def find_candidates(campaign_id: int, text: str) -> list[Candidate]:
    """Return candidates of the campaign by NIK, telephone or part of a name; whoever shows them audits the read."""
    text = text.strip()
    query = select(Candidate).where(Candidate.campaign_id == campaign_id)
    phone = phone_e164(text)
    if is_nik(text):
        query = query.where(Candidate.nik_print == vault().fingerprint(text))
    elif phone is not None:
        query = query.where(Candidate.phone_print == vault().fingerprint(phone))
    else:
        query = query.where(Candidate.name.icontains(text, autoescape=True))
    return list(db.session.scalars(query.order_by(Candidate.name, Candidate.candidate_id).limit(MOST_FOUND)))
