"""How many of an area's candidates go where in the next days: counts for the home page, no names."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, false, func, or_, select, true

from campaign import clock
from campaign.accounts.policy import Reach
from campaign.db import db
from campaign.outreach.models import EXPECTED, Appointment, Candidate


@dataclass(frozen=True, slots=True)
class Upcoming:
    """Candidates of the area expected at one session."""

    service_session_id: int
    first_at: datetime
    last_at: datetime
    candidates: int


def upcoming(reach: Reach, from_on: date) -> list[Upcoming]:
    """Return what waits for the candidates within reach from a day on, by time."""
    day = func.date(func.timezone(clock.zone().key, Appointment.expected_at))
    query = (
        select(
            Appointment.service_session_id,
            func.min(Appointment.expected_at),
            func.max(Appointment.expected_at),
            func.count(),
        )
        .join(Candidate, Candidate.candidate_id == Appointment.candidate_id)
        .where(_within(reach), day >= from_on, Appointment.state.in_(EXPECTED))
        .group_by(Appointment.service_session_id)
        .order_by(func.min(Appointment.expected_at), Appointment.service_session_id)
    )
    return [Upcoming(*row) for row in db.session.execute(query)]


def first_days(campaign_id: int) -> dict[str, date]:
    """Return for each kelurahan the first day on which one of its candidates is expected."""
    day = func.date(func.timezone(clock.zone().key, Appointment.expected_at))
    query = (
        select(Candidate.kelurahan_code, func.min(day).label("first"))
        .join(Appointment, Appointment.candidate_id == Candidate.candidate_id)
        .where(Candidate.campaign_id == campaign_id, Appointment.state.in_(EXPECTED))
        .group_by(Candidate.kelurahan_code)
    )
    return {row.kelurahan_code: row.first for row in db.session.execute(query)}


def _within(reach: Reach) -> ColumnElement[bool]:
    if reach.everywhere:
        return true()
    inside: list[ColumnElement[bool]] = []
    for code in reach.areas:
        inside += [Candidate.kelurahan_code == code, Candidate.kelurahan_code.startswith(code + ".", autoescape=True)]
    return or_(false(), *inside)
