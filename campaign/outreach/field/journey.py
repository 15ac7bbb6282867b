"""What happened to candidates before the service day: for the funnel, and for one person's page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, select

from campaign.db import db
from campaign.outreach.expected import appointed_in
from campaign.outreach.field.models import CandidateExit, CandidateSubmission, Household, HouseVisit, SubmittedCandidate
from campaign.outreach.models import Appointment, AppointmentState, Candidate, CandidateState, Invitation


class Stage(StrEnum):
    """How far somebody came, in the order in which it happens."""

    TARGET = "target"
    VISITED = "visited"
    CANDIDATE = "candidate"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    PLANNED = "planned"
    INVITED = "invited"
    CONFIRMED = "confirmed"
    CAME = "came"
    SCREENED = "screened"
    SERVED = "served"
    DEFERRED = "deferred"
    REFUSED = "refused"
    REFERRED = "referred"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened to somebody: when, what, why, and who wrote it down."""

    at: datetime
    stage: Stage
    reason: str = ""  # code; empty: none is asked
    account_id: int | None = None


def visited(campaign_id: int) -> list[str]:
    """Return the kelurahan of every household that somebody has visited."""
    query = select(Household.kelurahan_code).where(Household.campaign_id == campaign_id, Household.visits.any())
    return list(db.session.scalars(query))


def stages(campaign_id: int, session_ids: Collection[int]) -> dict[Stage, set[int]]:
    """Return who reached each stage before the service day, by candidate."""
    everybody = list(
        db.session.execute(select(Candidate.candidate_id, Candidate.state).where(Candidate.campaign_id == campaign_id))
    )
    appointed = appointed_in(session_ids)
    confirmed = select(Appointment.candidate_id).where(
        Appointment.service_session_id.in_(session_ids), Appointment.state == AppointmentState.CONFIRMED
    )
    return {
        Stage.CANDIDATE: {candidate_id for candidate_id, _ in everybody},
        Stage.SUBMITTED: set(db.session.scalars(_submitted(campaign_id))),
        Stage.ACCEPTED: {one for one, state in everybody if state is CandidateState.ACCEPTED},
        Stage.PLANNED: {row.candidate_id for row in appointed},
        Stage.INVITED: {row.candidate_id for row in appointed if row.is_invited},
        Stage.CONFIRMED: set(db.session.scalars(confirmed)),
        Stage.CANCELLED: {one for one, state in everybody if state is CandidateState.WITHDRAWN},
    }


def _submitted(campaign_id: int) -> Select[int]:
    return (
        select(SubmittedCandidate.candidate_id)
        .join(CandidateSubmission)
        .where(CandidateSubmission.campaign_id == campaign_id)
        .distinct()
    )


def moments(candidate_id: int) -> list[Moment]:
    """Return what happened to one candidate before the service day, in any order."""
    row = db.session.get_one(Candidate, candidate_id)
    found = [Moment(row.created_at, Stage.CANDIDATE)]
    visits = select(HouseVisit).join(Household).where(Household.candidate_id == candidate_id)
    found += [
        Moment(one.recorded_at, Stage.VISITED, one.result.value, one.account_id) for one in db.session.scalars(visits)
    ]
    lists = select(CandidateSubmission).join(SubmittedCandidate).where(SubmittedCandidate.candidate_id == candidate_id)
    for handed in db.session.scalars(lists):
        found.append(Moment(handed.submitted_at, Stage.SUBMITTED, "", handed.submitted_by_id))
        if handed.decided_at is not None and handed.state == "accepted":
            found.append(Moment(handed.decided_at, Stage.ACCEPTED, "", handed.decided_by_id))
    appointments = select(Appointment).where(Appointment.candidate_id == candidate_id)
    for appointment in db.session.scalars(appointments):
        found.append(Moment(appointment.changed_at, _PLANNED.get(appointment.state, Stage.PLANNED)))
        sent = select(Invitation.sent_at).where(
            Invitation.appointment_id == appointment.appointment_id, Invitation.sent_at.is_not(None)
        )
        found += [Moment(at, Stage.INVITED) for at in db.session.scalars(sent) if at is not None]
    left = db.session.get(CandidateExit, candidate_id)
    return [*found, *([Moment(left.left_at, Stage.CANCELLED, left.reason.value, left.account_id)] if left else [])]


_PLANNED = {AppointmentState.CONFIRMED: Stage.CONFIRMED, AppointmentState.CANCELLED: Stage.CANCELLED}
