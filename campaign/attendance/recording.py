"""Record how a visit ended, and take what was given off the facility's shelf in the same transaction."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission
from campaign.attendance import outcomes
from campaign.attendance.consent import Agreement
from campaign.attendance.consenting import agreed_on, keep_paper
from campaign.attendance.models import ServiceOutcome
from campaign.attendance.outcomes import Ending, OutcomeKind, Visit
from campaign.attendance.screenings import latest_screening
from campaign.attendance.services import open_desk
from campaign.attendance.shelf import Taken, note_shortages, take_from_shelf
from campaign.attendance.tallying import mark_dirty
from campaign.attendance.visits import hold_visit, require_arrival, require_time
from campaign.db import db
from campaign.errors import Conflict, Invalid, KeyReused
from campaign.logistics.services import Reversal, reverse
from campaign.registry import queries as registry

if TYPE_CHECKING:
    from campaign.events.models import ServiceSession
    from campaign.registry.models import Method, Provider


class EndingRefused(Invalid):
    """The visit cannot end like this: consent, screening, provider or reason is missing."""

    code = "ending-refused"


class VisitEnded(Conflict):
    """The visit has an outcome already, another than the one to be replaced."""

    code = "visit-ended"


class DayClosed(Conflict):
    """The facility closed its day before this service."""

    code = "day-closed"


@dataclass(frozen=True, slots=True)
class OutcomeRecord:
    """How one visit ended; a correction names the outcome that it replaces."""

    record_key: UUID  # made by the sender
    service_session_id: int
    candidate_id: int
    ending: Ending
    ended_at: datetime
    replaces_id: int | None = None
    lot_ids: tuple[int, ...] = ()  # what was taken in hand, where it is known; else first expired first
    may_lack_stock: bool = False  # from a device: the service has happened, whatever the ledger holds


def record_outcome(actor: Actor, record: OutcomeRecord) -> int:
    """Store the outcome and return its id; a correction gives back what the replaced one took from the shelf."""
    session = open_desk(actor, record.service_session_id, Permission.RECORD_ATTENDANCE)
    hold_visit(require_arrival(record.service_session_id, record.candidate_id))
    stored = db.session.scalar(select(ServiceOutcome).where(ServiceOutcome.record_key == record.record_key))
    if stored is not None:
        return _stored_id(stored, record)
    method = registry.method(record.ending.method_code)
    visit = _visit(session, record, method)
    _refuse_impossible(session, record, visit)
    replaced = _replaced(record)
    if replaced is not None and replaced.stock_document_id is not None:
        undo = f"outcome-undo-{record.record_key}"
        reverse(actor, Reversal(undo, replaced.stock_document_id, clock.today(), "correction"))
    row = _row(actor, record, visit.agreed)
    taken = Taken()
    if row.kind is OutcomeKind.SERVED:
        keep_paper(actor, record)
        taken = take_from_shelf(actor, session, record, method)
        row.stock_document_id, row.is_stock_short = taken.stock_document_id, bool(taken.shortages)
        row.uses_nothing = row.stock_document_id is None and not row.is_stock_short
    db.session.add(row)
    db.session.flush()
    note_shortages(actor, row.service_outcome_id, taken)
    _audit(actor, row)
    mark_dirty(session.campaign_id)
    return row.service_outcome_id


def current_outcome(service_session_id: int, candidate_id: int) -> ServiceOutcome | None:
    """Return the outcome of a visit that counts: each correction replaces the one before, so it is the last."""
    return db.session.scalars(
        select(ServiceOutcome)
        .where(ServiceOutcome.service_session_id == service_session_id, ServiceOutcome.candidate_id == candidate_id)
        .order_by(ServiceOutcome.service_outcome_id.desc())
        .limit(1)
    ).first()


def outcome_of_record(record_key: UUID) -> int | None:
    """Return the outcome that a sender's record made; None when none came of it."""
    return db.session.scalar(select(ServiceOutcome.service_outcome_id).where(ServiceOutcome.record_key == record_key))


def _stored_id(row: ServiceOutcome, record: OutcomeRecord) -> int:
    if (row.service_session_id, row.candidate_id) != (record.service_session_id, record.candidate_id):
        raise KeyReused(record_key=str(record.record_key))
    return row.service_outcome_id


def _refuse_impossible(session: "ServiceSession", record: OutcomeRecord, visit: Visit) -> None:
    require_time(session, record.ended_at)
    is_correction = record.replaces_id is not None
    if session.closed_at is not None and record.ended_at > session.closed_at and not is_correction:
        raise DayClosed(service_session_id=session.service_session_id)
    found = outcomes.mistakes(record.ending, visit)
    if found:
        raise EndingRefused(found)


def _visit(session: "ServiceSession", record: OutcomeRecord, method: "Method") -> Visit:
    screened = latest_screening(record.service_session_id, record.candidate_id)
    provider_id = record.ending.provider_id
    provider = registry.providers_by_ids([] if provider_id is None else [provider_id]).get(provider_id or 0)
    return Visit(
        is_screened=screened is not None,
        allowed_methods=screened.allowed_methods if screened else frozenset(),
        needs_spouse_consent=method.needs_spouse_consent,
        is_provider_trained=provider is not None and is_trained(provider, method, session.held_on),
        agreed=agreed_on(record, method.code, record.ended_at),
    )


def is_trained(provider: "Provider", method: "Method", on: date) -> bool:
    """Tell whether the provider holds a skill that the method asks for, valid on the day; some methods ask none."""
    asked = {step.skill for step in method.steps if step.skill is not None}
    held = {skill.skill for skill in provider.skills if skill.valid_until is None or skill.valid_until >= on}
    return not asked or bool(asked & held)


def _replaced(record: OutcomeRecord) -> ServiceOutcome | None:
    """Return the outcome to replace; raises VisitEnded when another one counts than the sender believes."""
    current = current_outcome(record.service_session_id, record.candidate_id)
    if (current.service_outcome_id if current else None) != record.replaces_id:
        raise VisitEnded(service_outcome_id=current.service_outcome_id if current else None)
    return current


def _row(actor: Actor, record: OutcomeRecord, agreed: Agreement) -> ServiceOutcome:
    ending = record.ending
    is_served = ending.kind is OutcomeKind.SERVED
    return ServiceOutcome(
        record_key=record.record_key,
        service_session_id=record.service_session_id,
        candidate_id=record.candidate_id,
        kind=ending.kind,
        method_code=ending.method_code,
        reason=ending.reason,
        provider_id=ending.provider_id,
        consent_number=(ending.consent_number or agreed.client) if is_served else None,
        has_spouse_consent=is_served and (ending.has_spouse_consent or agreed.spouse is not None),
        uses_nothing=False,
        ended_at=record.ended_at,
        recorded_at=clock.now(),
        account_id=actor.account_id,
        replaces_id=record.replaces_id,
    )


def _audit(actor: Actor, row: ServiceOutcome) -> None:
    action = "record-outcome" if row.replaces_id is None else "correct-outcome"
    subject = ("service_outcome", row.service_outcome_id)
    audit.record(actor, action, subject, candidate=row.candidate_id, session=row.service_session_id)
