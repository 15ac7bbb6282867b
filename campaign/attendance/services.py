"""Record who comes, and close the day."""

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
    candidate_id, campaign_id = _candidate_of(scan)
    arrival = Arrival(scan.arrived_at, clock.local(scan.arrived_at).date(), received_at=clock.now())
    desk = _desk(session, candidate_id, is_of_campaign=campaign_id == session.campaign_id)
    answer = checkin.decide(arrival, desk)
    row = {
        "scan_id": scan.scan_id,
        "service_session_id": session.service_session_id,
        "candidate_id": candidate_id,
        "is_walk_in": not desk.is_expected,
        "answer": _state_of(answer),
        "code": answer.code.value if isinstance(answer, Refused) else None,
        "arrived_at": arrival.arrived_at,
        "received_at": arrival.received_at,
        "account_id": actor.account_id,
    }
    inserted = insert(CheckIn).values(row).on_conflict_do_nothing().returning(CheckIn.check_in_id)
    if db.session.scalar(inserted) is None:
        return None
    facts = {"session": session.service_session_id, "answer": row["answer"]}
    audit.record(actor, "check-in", ("candidate", candidate_id), **facts)
    if isinstance(answer, Accepted):
        mark_dirty(session.campaign_id)
    return CheckInResult(candidate_id, answer)


def _candidate_of(scan: Scan) -> tuple[int, int]:
    """Return the candidate and their campaign."""
    candidate_id = scan.candidate_id if scan.code is None else candidate_of(scan.code)
    campaign_id = None if candidate_id is None else outreach.campaign_of_candidate(candidate_id)
    if candidate_id is None or campaign_id is None:
        raise UnknownCard()
    return candidate_id, campaign_id


def _desk(session: "ServiceSession", candidate_id: int, *, is_of_campaign: bool) -> Desk:
    return Desk(
        held_on=session.held_on,
        closed_at=session.closed_at,
        is_of_campaign=is_of_campaign,
        is_expected=outreach.is_expected(session.service_session_id, candidate_id),
        first_at=_first_at(session.service_session_id, candidate_id),
    )


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
