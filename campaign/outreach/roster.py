"""Who is expected at a session and how they answered, by name; every read leaves one audit line."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.events import queries as events
from campaign.outreach.dispatch_models import Answer, Reply
from campaign.outreach.models import EXPECTED, Appointment, AppointmentState, Candidate
from campaign.registry import queries as registry


@dataclass(frozen=True, slots=True)
class ExpectedPerson:
    """One person with an appointment."""

    appointment_id: int
    service_session_id: int
    candidate_id: int
    name: str
    kelurahan_code: str
    expected_at: datetime
    state: AppointmentState
    is_extra: bool
    is_told: bool  # of where and when it is now


@dataclass(frozen=True, slots=True)
class DateWish:
    """One person who asked for another date; the appointment stands until somebody decides."""

    person: ExpectedPerson
    wished_on: date


_PERSON = (
    Appointment.appointment_id,
    Appointment.service_session_id,
    Appointment.candidate_id,
    Candidate.name,
    Candidate.kelurahan_code,
    Appointment.expected_at,
    Appointment.state,
    Appointment.is_extra,
    Appointment.told_version == Appointment.version,
)


def people_of(actor: Actor, service_session_id: int) -> list[ExpectedPerson]:
    """Return everybody with an appointment at a session, whatever became of it, by time."""
    session = events.session(service_session_id)
    require(actor, Permission.INVITE, registry.place_of(session.facility_id))
    query = (
        select(*_PERSON)
        .join(Candidate, Candidate.candidate_id == Appointment.candidate_id)
        .where(Appointment.service_session_id == service_session_id)
        .order_by(Appointment.expected_at, Appointment.appointment_id)
    )
    found = [ExpectedPerson(*row) for row in db.session.execute(query)]
    _leave_a_trace(actor, session.campaign_id, [one.candidate_id for one in found])
    return found


def wishes(actor: Actor, campaign_id: int) -> list[DateWish]:
    """Return who asked for another date and was not moved since, by the time of their appointment."""
    require(actor, Permission.INVITE, Place(area_code=events.campaign(campaign_id).district_code))
    later = aliased(Reply)
    newest = (
        select(func.max(later.reply_id))
        .where(
            later.appointment_id == Appointment.appointment_id,
            later.appointment_version == Appointment.version,
            later.answer != Answer.NO_MESSAGES,
        )
        .correlate(Appointment)
        .scalar_subquery()
    )
    query = (
        select(*_PERSON, Reply.wished_on)
        .join(Candidate, Candidate.candidate_id == Appointment.candidate_id)
        .join(Reply, Reply.reply_id == newest)
        .where(
            Candidate.campaign_id == campaign_id,
            Reply.answer == Answer.OTHER_DATE,
            Appointment.state.in_(EXPECTED),
            Appointment.expected_at > clock.now(),
        )
        .order_by(Appointment.expected_at)
    )
    found = []
    for row in db.session.execute(query):
        *person, wished_on = row
        found.append(DateWish(ExpectedPerson(*person), wished_on))
    _leave_a_trace(actor, campaign_id, [one.person.candidate_id for one in found])
    return found


def _leave_a_trace(actor: Actor, campaign_id: int, candidate_ids: list[int]) -> None:
    if candidate_ids:
        audit.record(actor, "read-candidates", ("campaign", campaign_id), candidate_ids=candidate_ids)
