"""A kecamatan hands in its list; the city accepts it, or gives it back with remarks. Three working days, by the SOP."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import Conflict, Invalid, KeyReused, Mistake, NotFound
from campaign.events import queries as events
from campaign.events.sop.schedule import OfficeCalendar
from campaign.outreach.candidates import lock_list
from campaign.outreach.field.models import CandidateSubmission, SubmissionState, SubmittedCandidate
from campaign.outreach.models import Candidate, CandidateState
from campaign.registry import calendar
from campaign.registry import queries as registry

DECIDE_WITHIN = 3  # working days
LONGEST_SPAN = 30  # days in which three working days surely lie


class UnknownSubmission(NotFound):
    """No list with this id was handed in."""

    code = "unknown-submission"


class ListIsOut(Conflict):
    """The kecamatan's list is already with the city."""

    code = "list-is-out"


class AlreadyDecided(Conflict):
    """The list was accepted or returned by somebody else."""

    code = "submission-decided"


@dataclass(frozen=True, slots=True)
class Handing:
    """A list is handed in; the same `key` again is the same list."""

    key: str
    campaign_id: int
    kecamatan_code: str


def submit_list(actor: Actor, handing: Handing) -> CandidateSubmission:
    """Hand in the names of a kecamatan as they stand now."""
    require(actor, Permission.LIST_CANDIDATES, Place(area_code=handing.kecamatan_code))
    campaign = events.campaign(handing.campaign_id)
    lock_list(handing.campaign_id)
    first = db.session.scalar(select(CandidateSubmission).where(CandidateSubmission.idempotency_key == handing.key))
    if first is not None:
        if (first.campaign_id, first.kecamatan_code) != (handing.campaign_id, handing.kecamatan_code):
            raise KeyReused(submission_id=first.candidate_submission_id)
        return first
    if handing.kecamatan_code not in {row.code for row in registry.kecamatan_of(campaign.district_code)}:
        raise Invalid((Mistake("kecamatan_code", "unknown-area"),))
    latest = latest_of(handing.campaign_id).get(handing.kecamatan_code)
    if latest is not None and latest.state is SubmissionState.SUBMITTED:
        raise ListIsOut(submission_id=latest.candidate_submission_id)
    people = _listed(handing)
    if not people:
        raise Invalid((Mistake("kecamatan_code", "nobody-listed"),))
    return _hand_in(actor, handing, people, 1 if latest is None else latest.version + 1)


def _listed(handing: Handing) -> list[Candidate]:
    query = select(Candidate).where(
        Candidate.campaign_id == handing.campaign_id,
        Candidate.state.in_((CandidateState.LISTED, CandidateState.ACCEPTED)),
        Candidate.kelurahan_code.startswith(handing.kecamatan_code + ".", autoescape=True),
    )
    return list(db.session.scalars(query))


def _hand_in(actor: Actor, handing: Handing, people: list[Candidate], version: int) -> CandidateSubmission:
    row = CandidateSubmission(
        idempotency_key=handing.key,
        campaign_id=handing.campaign_id,
        kecamatan_code=handing.kecamatan_code,
        version=version,
        state=SubmissionState.SUBMITTED,
        candidates=len(people),
        poor=sum(one.is_poor for one in people),
        submitted_at=clock.now(),
        submitted_by_id=actor.account_id,
        remark="",
    )
    db.session.add(row)
    db.session.flush()
    names = [
        {"candidate_submission_id": row.candidate_submission_id, "candidate_id": one.candidate_id} for one in people
    ]
    db.session.execute(insert(SubmittedCandidate), names)
    audit.record(actor, "submit-candidates", ("candidate_submission", row.candidate_submission_id), count=len(people))
    return row


def accept_list(actor: Actor, submission_id: int) -> CandidateSubmission:
    """Take the names over: whoever was handed in and is still listed is accepted."""
    row = _open(actor, submission_id)
    lock_list(row.campaign_id)
    handed_in = select(SubmittedCandidate.candidate_id).where(
        SubmittedCandidate.candidate_submission_id == submission_id
    )
    db.session.execute(
        update(Candidate)
        .where(Candidate.candidate_id.in_(handed_in), Candidate.state == CandidateState.LISTED)
        .values(state=CandidateState.ACCEPTED)
        .execution_options(synchronize_session="fetch")
    )
    _decide(actor, row, SubmissionState.ACCEPTED, "")
    return row


def return_list(actor: Actor, submission_id: int, remark: str) -> CandidateSubmission:
    """Give a list back to its kecamatan, saying what is wrong with it."""
    row = _open(actor, submission_id)
    if not 3 <= len(remark.strip()) <= 500:
        raise Invalid((Mistake("remark", "note-length", {"min": 3, "max": 500}),))
    _decide(actor, row, SubmissionState.RETURNED, remark.strip())
    return row


def _open(actor: Actor, submission_id: int) -> CandidateSubmission:
    row = db.session.get(CandidateSubmission, submission_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise UnknownSubmission(submission_id=submission_id)
    require(actor, Permission.PLAN, Place(area_code=events.campaign(row.campaign_id).district_code))
    if row.state is not SubmissionState.SUBMITTED:
        raise AlreadyDecided(submission_id=submission_id, state=row.state.value)
    return row


def _decide(actor: Actor, row: CandidateSubmission, state: SubmissionState, remark: str) -> None:
    row.state, row.remark = state, remark
    row.decided_at, row.decided_by_id = clock.now(), actor.account_id
    db.session.flush()
    audit.record(actor, f"{state.value}-candidates", ("candidate_submission", row.candidate_submission_id))


def latest_of(campaign_id: int) -> dict[str, CandidateSubmission]:
    """Return the newest list of each kecamatan that handed one in."""
    newest = (
        select(CandidateSubmission.kecamatan_code, func.max(CandidateSubmission.version).label("version"))
        .where(CandidateSubmission.campaign_id == campaign_id)
        .group_by(CandidateSubmission.kecamatan_code)
        .subquery()
    )
    query = select(CandidateSubmission).join(
        newest,
        (CandidateSubmission.kecamatan_code == newest.c.kecamatan_code)
        & (CandidateSubmission.version == newest.c.version),
    )
    rows = db.session.scalars(query.where(CandidateSubmission.campaign_id == campaign_id))
    return {row.kecamatan_code: row for row in rows}


def decide_by(row: CandidateSubmission) -> date:
    """Return the day by which the city should have decided: three working days after it came."""
    came = clock.local(row.submitted_at).date()
    days = [date.fromordinal(came.toordinal() + number) for number in range(LONGEST_SPAN)]
    office = OfficeCalendar(frozenset(closure.day for closure in calendar.national(days)))
    return office.shift(came, DECIDE_WITHIN)
