"""Where every visitor of a session stands, from the rows: what devices tell one another through us."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from campaign.attendance.models import CheckIn, CheckInAnswer, Screening, ServiceOutcome
from campaign.attendance.stations import aftercare_of, stops_of
from campaign.attendance.visit_models import AidGiven, Consent
from campaign.db import db


@dataclass(slots=True)
class VisitNow:
    """One visit as the rows have it; plain values, ready for a device."""

    candidate_id: int
    arrived_at: str
    stop: str | None = None
    moved_at: str | None = None
    token: str | None = None
    allowed: list[str] | None = None  # methods by the latest screening
    finding: str | None = None
    screened_at: str | None = None
    consents: list[dict[str, Any]] = field(default_factory=list)
    outcome: dict[str, Any] | None = None
    aids: list[dict[str, Any]] = field(default_factory=list)
    aftercare: list[dict[str, Any]] = field(default_factory=list)


def visits_now(service_session_id: int) -> list[VisitNow]:
    """Return the visits of everybody who has arrived, by candidate."""
    arrivals = select(CheckIn.candidate_id, CheckIn.arrived_at).where(
        CheckIn.service_session_id == service_session_id, CheckIn.answer == CheckInAnswer.ACCEPTED
    )
    found = {who: VisitNow(who, _text(at)) for who, at in db.session.execute(arrivals)}
    for move in stops_of(service_session_id):
        visit = found[move.candidate_id]
        visit.stop, visit.moved_at, visit.token = move.stop.value, _text(move.moved_at), move.token or visit.token
    _add_screenings(found, service_session_id)
    _add_consents(found, service_session_id)
    _add_outcomes(found, service_session_id)
    aids = select(AidGiven).where(AidGiven.service_session_id == service_session_id)
    for aid in db.session.scalars(aids.order_by(AidGiven.aid_given_id)):
        given = {"key": str(aid.record_key), "kind": aid.kind.value, "quantity": aid.quantity}
        found[aid.candidate_id].aids.append(given)
    for row in aftercare_of(service_session_id):
        due_on = row.due_on.isoformat() if row.due_on else None
        after = {"key": str(row.record_key), "kind": row.kind.value, "code": row.code, "due_on": due_on}
        found[row.candidate_id].aftercare.append(after)
    return [found[who] for who in sorted(found)]


def _add_screenings(found: dict[int, VisitNow], service_session_id: int) -> None:
    query = select(Screening).where(Screening.service_session_id == service_session_id)
    for row in db.session.scalars(query.order_by(Screening.screened_at, Screening.screening_id)):
        visit = found[row.candidate_id]
        visit.allowed, visit.finding = list(row.allowed_methods), row.finding
        visit.screened_at = _text(row.screened_at)


def _add_consents(found: dict[int, VisitNow], service_session_id: int) -> None:
    query = select(Consent).where(Consent.service_session_id == service_session_id)
    for row in db.session.scalars(query.order_by(Consent.decided_at, Consent.consent_id)):
        said = {
            "key": str(row.record_key),
            "method": row.method_code,
            "signer": row.signer.value,
            "decision": row.decision.value,
            "number": row.number,
            "at": _text(row.decided_at),
        }
        found[row.candidate_id].consents.append(said)


def _add_outcomes(found: dict[int, VisitNow], service_session_id: int) -> None:
    query = select(ServiceOutcome).where(ServiceOutcome.service_session_id == service_session_id)
    for row in db.session.scalars(query.order_by(ServiceOutcome.service_outcome_id)):
        found[row.candidate_id].outcome = {
            "key": str(row.record_key),
            "kind": row.kind.value,
            "method": row.method_code,
            "reason": row.reason,
            "provider": row.provider_id,
            "at": _text(row.ended_at),
        }


def _text(at: datetime) -> str:
    return at.isoformat()
