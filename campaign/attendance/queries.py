"""What is known of a service day: the list of names for the desk, and counts for everybody else."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select

from campaign import audit
from campaign.accounts.policy import Actor, Permission
from campaign.attendance.cards import candidate_of, card_code
from campaign.attendance.models import CheckIn, CheckInAnswer, Screening, ServiceOutcome, Tally, TallyRun
from campaign.attendance.services import open_desk
from campaign.attendance.tallies import COUNTS, Cell, Counts
from campaign.attendance.tallying import is_marked
from campaign.db import db
from campaign.events import queries as events
from campaign.outreach import expected as outreach
from campaign.outreach.expected import Appointed
from campaign.outreach.queries import candidates_by_ids

if TYPE_CHECKING:
    from campaign.outreach.models import Candidate


class VisitState(StrEnum):
    """Where somebody stands on the day: the last thing known of the visit."""

    EXPECTED = "expected"
    ARRIVED = "arrived"
    ELIGIBLE = "eligible"  # screened: the wished method may be given
    STOPPED = "stopped"  # screened: the wished method may not be given today
    SERVED = "served"
    DEFERRED = "deferred"
    REFUSED = "refused"
    REFERRED = "referred"
    WITHDREW = "withdrew"


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """One line of the attendance list: somebody expected, or a walk-in."""

    candidate_id: int
    code: str  # of the card
    name: str
    address: str
    kelurahan_code: str
    method_code: str  # wished
    is_poor: bool
    expected_at: datetime | None  # None: a walk-in
    provider_id: int | None  # planned
    arrived_at: datetime | None
    state: VisitState


@dataclass(frozen=True, slots=True)
class CampaignTally:
    """The counts of a campaign as of a time."""

    cells: dict[Cell, Counts]
    as_of: datetime | None  # None: never counted
    is_provisional: bool  # some session has not closed its day, or rows wait to be counted


def attendance_list(actor: Actor, service_session_id: int) -> list[AttendanceRow]:
    """Return everybody expected or come, by time; the read is audited, and only its own facility may read."""
    session = open_desk(actor, service_session_id, Permission.RECORD_ATTENDANCE)
    rows = _rows(service_session_id)
    facts = {"candidate_ids": [row.candidate_id for row in rows]}
    audit.record(actor, "read-attendance-list", ("service_session", session.service_session_id), **facts)
    return rows


def visit_of(actor: Actor, service_session_id: int, candidate_id: int) -> AttendanceRow | None:
    """Return one line of the attendance list; None when the candidate is neither expected nor there."""
    open_desk(actor, service_session_id, Permission.RECORD_ATTENDANCE)
    audit.record(actor, "read-candidate", ("candidate", candidate_id), session=service_session_id)
    return next((row for row in _rows(service_session_id) if row.candidate_id == candidate_id), None)


def find_elsewhere(actor: Actor, service_session_id: int, text: str) -> list[AttendanceRow]:
    """Return candidates of the campaign that this session does not expect, by code, NIK, telephone or name."""
    session = open_desk(actor, service_session_id, Permission.RECORD_ATTENDANCE)
    here = {row.candidate_id for row in _rows(service_session_id)}
    candidate_id = candidate_of(text)
    found = outreach.find_candidates(session.campaign_id, text)
    if candidate_id is not None and outreach.campaign_of_candidate(candidate_id) == session.campaign_id:
        found = list(candidates_by_ids([candidate_id]).values())
    found = [row for row in found if row.candidate_id not in here]
    facts = {"candidate_ids": [row.candidate_id for row in found]}
    audit.record(actor, "search-candidates", ("service_session", service_session_id), **facts)
    return [_row(row, None, None, VisitState.EXPECTED) for row in found]


def tally(campaign_id: int) -> CampaignTally:
    """Return the stored tallies of a campaign."""
    sessions = events.sessions_of(campaign_id)
    ids = [row.service_session_id for row in sessions]
    rows = db.session.scalars(select(Tally).where(Tally.service_session_id.in_(ids)))
    cells = {
        Cell(row.service_session_id, row.kecamatan_code, row.method_code): Counts(
            **{name: getattr(row, name) for name in COUNTS}
        )
        for row in rows
    }
    run = db.session.get(TallyRun, campaign_id)
    is_open = not sessions or any(row.closed_at is None for row in sessions)
    is_dirty = run is None or run.tallied_at is None or is_marked(campaign_id)
    return CampaignTally(cells, run.tallied_at if run else None, is_provisional=is_open or is_dirty)


def _rows(service_session_id: int) -> list[AttendanceRow]:
    appointed = {row.candidate_id: row for row in outreach.appointed_in([service_session_id])}
    arrived = _arrivals(service_session_id)
    states = _states(service_session_id)
    people = candidates_by_ids(appointed.keys() | arrived.keys())
    rows = []
    for candidate_id, person in people.items():
        came_at = arrived.get(candidate_id)
        state = states.get(candidate_id) or (VisitState.ARRIVED if came_at else VisitState.EXPECTED)
        rows.append(_row(person, appointed.get(candidate_id), came_at, state))
    return sorted(rows, key=_order)


def _order(row: AttendanceRow) -> tuple[float, int]:
    at = row.expected_at or row.arrived_at
    return (at.timestamp() if at else 0.0, row.candidate_id)


def _row(
    person: "Candidate", appointed: Appointed | None, arrived_at: datetime | None, state: VisitState
) -> AttendanceRow:
    return AttendanceRow(
        candidate_id=person.candidate_id,
        code=card_code(person.candidate_id),
        name=person.name,
        address=person.address,
        kelurahan_code=person.kelurahan_code,
        method_code=person.method_code,
        is_poor=person.is_poor,
        expected_at=appointed.expected_at if appointed else None,
        provider_id=appointed.provider_id if appointed else None,
        arrived_at=arrived_at,
        state=state,
    )


def _arrivals(service_session_id: int) -> dict[int, datetime]:
    query = select(CheckIn.candidate_id, CheckIn.arrived_at).where(
        CheckIn.service_session_id == service_session_id, CheckIn.answer == CheckInAnswer.ACCEPTED
    )
    return {row.candidate_id: row.arrived_at for row in db.session.execute(query)}


def _states(service_session_id: int) -> dict[int, VisitState]:
    screened = db.session.execute(
        select(Screening.candidate_id, Screening.is_eligible)
        .where(Screening.service_session_id == service_session_id)
        .order_by(Screening.screened_at, Screening.screening_id)
    )
    states = {who: VisitState.ELIGIBLE if eligible else VisitState.STOPPED for who, eligible in screened}
    # By id: a correction comes after what it replaces.
    ended = db.session.execute(
        select(ServiceOutcome.candidate_id, ServiceOutcome.kind)
        .where(ServiceOutcome.service_session_id == service_session_id)
        .order_by(ServiceOutcome.service_outcome_id)
    )
    return states | {who: VisitState(kind.value) for who, kind in ended}


def screened(session_ids: Collection[int]) -> set[int]:
    """Return the candidates who were screened at these sessions."""
    query = select(Screening.candidate_id).where(Screening.service_session_id.in_(session_ids))
    return set(db.session.scalars(query))


def rows_of_candidate(candidate_id: int) -> tuple[list[CheckIn], list[Screening], list[ServiceOutcome]]:
    """Return what was recorded of one candidate on service days; whoever shows it audits the read."""
    came = select(CheckIn).where(CheckIn.candidate_id == candidate_id, CheckIn.answer == CheckInAnswer.ACCEPTED)
    seen = select(Screening).where(Screening.candidate_id == candidate_id)
    ended = select(ServiceOutcome).where(ServiceOutcome.candidate_id == candidate_id)
    return list(db.session.scalars(came)), list(db.session.scalars(seen)), list(db.session.scalars(ended))
