"""Record who comes, and close the day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, require
from campaign.attendance import checkin
from campaign.attendance.cards import candidate_of
from campaign.attendance.checkin import Accepted, Arrival, Desk, RefusalCode, Refused, Repeat
from campaign.attendance.models import CheckIn, CheckInAnswer
from campaign.attendance.tallying import mark_dirty
from campaign.db import db
from campaign.errors import KeyReused, NotFound
from campaign.events import closing
from campaign.events import queries as events
from campaign.outreach import expected as outreach
from campaign.registry import queries as registry

if TYPE_CHECKING:
    from campaign.events.models import ServiceSession


class UnknownCard(NotFound):
    """No candidate has this code: look for the name, or register a walk-in."""

    code = "unknown-card"


@dataclass(frozen=True, slots=True)
class Scan:
    """One arrival as a device saw it; the candidate by id, or by the code on the card."""

    scan_id: UUID  # made by the device
    service_session_id: int
    arrived_at: datetime
    candidate_id: int | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class CheckInResult:
    """Who it was, and what the desk is told."""

    candidate_id: int
    answer: checkin.Answer


def check_in(actor: Actor, scan: Scan) -> CheckInResult:
    """Record an arrival, whatever the answer; the same scan again gets its first answer again."""
    session = open_desk(actor, scan.service_session_id, Permission.RECORD_ATTENDANCE)
    # No answer: the same person was checked in elsewhere between our look and our insert. The second look sees it.
    for _ in range(2):
        result = _stored(scan) or _decided(actor, session, scan)
        if result is not None:
            return result
    raise KeyReused(scan_id=str(scan.scan_id))


def close_session(actor: Actor, service_session_id: int) -> "ServiceSession":
    """End the facility's day: its counts are no longer provisional. Closing twice is closing once."""
    open_desk(actor, service_session_id, Permission.RECORD_ATTENDANCE)
    session = closing.locked_session(service_session_id)
    if closing.mark_closed(session, clock.now()):
        audit.record(actor, "close-session", ("service_session", service_session_id))
        mark_dirty(session.campaign_id)
    return session


def open_desk(actor: Actor, service_session_id: int, permission: Permission) -> "ServiceSession":
    """Return the session when the actor holds `permission` at its facility."""
    session = events.session(service_session_id)
    require(actor, permission, registry.place_of(session.facility_id))
    return session


def check_in_all(actor: Actor, service_session_id: int, scans: Sequence[Scan]) -> dict[UUID, CheckInResult]:
    """Record arrivals at one session by candidate in a few statements; each is answered as by check_in.

    Who is left out of the answer met somebody else's insert, or is unknown: check_in says so one by one.
    """
    session = open_desk(actor, service_session_id, Permission.RECORD_ATTENDANCE)
    wanted = {scan.candidate_id for scan in scans if scan.candidate_id is not None}
    known = outreach.known_of(service_session_id, wanted)
    before = select(CheckIn.scan_id).where(CheckIn.scan_id.in_([scan.scan_id for scan in scans]))
    seen = set(db.session.scalars(before))
    first_at = _first_of(service_session_id, wanted)
    decided: dict[UUID, CheckInResult] = {}
    rows: list[dict[str, object]] = []
    for scan in scans:
        if scan.scan_id in seen or scan.candidate_id is None or scan.candidate_id not in known:
            continue
        campaign_id, is_expected = known[scan.candidate_id]
        first = first_at.get(scan.candidate_id)
        desk = Desk(session.held_on, session.closed_at, campaign_id == session.campaign_id, is_expected, first)
        arrival = _arrival(scan)
        answer = checkin.decide(arrival, desk)
        if isinstance(answer, Accepted):
            first_at[scan.candidate_id] = arrival.arrived_at
        rows.append(_values(actor, scan, arrival, answer) | {"is_walk_in": not is_expected})
        decided[scan.scan_id] = CheckInResult(scan.candidate_id, answer)
    return _inserted(actor, session, rows, decided)


def _inserted(
    actor: Actor, session: "ServiceSession", rows: list[dict[str, object]], decided: dict[UUID, CheckInResult]
) -> dict[UUID, CheckInResult]:
    """Insert the rows and return the answers of those that got in."""
    if not rows:
        return {}
    inserted = insert(CheckIn).on_conflict_do_nothing().returning(CheckIn.scan_id)
    found = {scan_id: decided[scan_id] for scan_id in db.session.scalars(inserted, rows)}
    for result in found.values():
        facts = {"session": session.service_session_id, "answer": _state_of(result.answer)}
        audit.record(actor, "check-in", ("candidate", result.candidate_id), **facts)
    if any(isinstance(result.answer, Accepted) for result in found.values()):
        mark_dirty(session.campaign_id)
    return found


def _stored(scan: Scan) -> CheckInResult | None:
    row = db.session.scalar(select(CheckIn).where(CheckIn.scan_id == scan.scan_id))
    if row is None:
        return None
    if row.service_session_id != scan.service_session_id:
        raise KeyReused(scan_id=str(scan.scan_id))
    return CheckInResult(row.candidate_id, _answer_of(row))


def _answer_of(row: CheckIn) -> checkin.Answer:
    if row.answer is CheckInAnswer.ACCEPTED:
        return Accepted(is_walk_in=row.is_walk_in)
    if row.answer is CheckInAnswer.REFUSED:
        return Refused(RefusalCode(str(row.code)))
    first_at = _first_at(row.service_session_id, row.candidate_id)
    assert first_at is not None, "a repeat follows an accepted arrival, and rows stay"
    return Repeat(first_at)


def _decided(actor: Actor, session: "ServiceSession", scan: Scan) -> CheckInResult | None:
    """Judge and insert; None when another connection was faster."""
    candidate_id = scan.candidate_id if scan.code is None else candidate_of(scan.code)
    known = outreach.known_of(session.service_session_id, [] if candidate_id is None else [candidate_id])
    if candidate_id is None or candidate_id not in known:
        raise UnknownCard()
    campaign_id, is_expected = known[candidate_id]
    first_at = _first_at(session.service_session_id, candidate_id)
    desk = Desk(session.held_on, session.closed_at, campaign_id == session.campaign_id, is_expected, first_at)
    arrival = _arrival(scan)
    answer = checkin.decide(arrival, desk)
    row = _values(actor, scan, arrival, answer) | {"candidate_id": candidate_id, "is_walk_in": not is_expected}
    return _inserted(actor, session, [row], {scan.scan_id: CheckInResult(candidate_id, answer)}).get(scan.scan_id)


def _arrival(scan: Scan) -> Arrival:
    return Arrival(scan.arrived_at, clock.local(scan.arrived_at).date(), received_at=clock.now())


def _values(actor: Actor, scan: Scan, arrival: Arrival, answer: checkin.Answer) -> dict[str, object]:
    return {
        "scan_id": scan.scan_id,
        "service_session_id": scan.service_session_id,
        "candidate_id": scan.candidate_id,
        "answer": _state_of(answer),
        "code": answer.code.value if isinstance(answer, Refused) else None,
        "arrived_at": arrival.arrived_at,
        "received_at": arrival.received_at,
        "account_id": actor.account_id,
    }


def _first_of(service_session_id: int, candidate_ids: Iterable[int]) -> dict[int, datetime]:
    query = select(CheckIn.candidate_id, CheckIn.arrived_at).where(
        CheckIn.service_session_id == service_session_id,
        CheckIn.candidate_id.in_(list(candidate_ids)),
        CheckIn.answer == CheckInAnswer.ACCEPTED,
    )
    return {row.candidate_id: row.arrived_at for row in db.session.execute(query)}


def _first_at(service_session_id: int, candidate_id: int) -> datetime | None:
    return db.session.scalar(
        select(CheckIn.arrived_at).where(
            CheckIn.service_session_id == service_session_id,
            CheckIn.candidate_id == candidate_id,
            CheckIn.answer == CheckInAnswer.ACCEPTED,
        )
    )


def _state_of(answer: checkin.Answer) -> CheckInAnswer:
    states = {Accepted: CheckInAnswer.ACCEPTED, Repeat: CheckInAnswer.REPEAT, Refused: CheckInAnswer.REFUSED}
    return states[type(answer)]
