"""Record what anamnesis and examination allow: the verdict, never the answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission
from campaign.attendance import screening
from campaign.attendance.models import Screening
from campaign.attendance.screening import Answers, Finding
from campaign.attendance.services import open_desk
from campaign.attendance.tallying import mark_dirty
from campaign.attendance.visits import hold_visit, require_arrival, require_time
from campaign.db import db
from campaign.errors import Invalid, KeyReused, Mistake
from campaign.outreach import expected as outreach
from campaign.registry import queries as registry


@dataclass(frozen=True, slots=True)
class ScreeningRecord:
    """The card K/IV/KB of one visit, as the trained staff filled it in."""

    record_key: UUID  # made by the sender
    service_session_id: int
    candidate_id: int
    answers: Answers
    screened_at: datetime


@dataclass(frozen=True, slots=True)
class ScreeningResult:
    """Whether the wished method may be given, why not, and which methods may."""

    is_eligible: bool
    finding: Finding | None
    allowed_methods: frozenset[str]


@dataclass(frozen=True, slots=True)
class CardVerdict:
    """What item 12 of a card that was filled in on paper says: the answers stay on the card."""

    record_key: UUID
    service_session_id: int
    candidate_id: int
    allowed_methods: frozenset[str]
    finding: Finding | None  # why the wished method is not among them
    screened_at: datetime


def record_card(actor: Actor, card: CardVerdict) -> ScreeningResult:
    """Store the verdict of a paper card as the trained staff wrote it."""
    session = open_desk(actor, card.service_session_id, Permission.SCREEN)
    hold_visit(require_arrival(card.service_session_id, card.candidate_id))
    stored = db.session.scalar(select(Screening).where(Screening.record_key == card.record_key))
    if stored is not None:
        return _result(stored)
    require_time(session, card.screened_at)
    is_eligible = outreach.wished_method(card.candidate_id) in card.allowed_methods
    if is_eligible == (card.finding is not None):
        raise Invalid((Mistake("finding", "finding-missing"),))
    row = Screening(
        record_key=card.record_key,
        service_session_id=card.service_session_id,
        candidate_id=card.candidate_id,
        is_eligible=is_eligible,
        finding=card.finding,
        allowed_methods=sorted(card.allowed_methods),
        screened_at=card.screened_at,
        recorded_at=clock.now(),
        account_id=actor.account_id,
    )
    db.session.add(row)
    audit.record(actor, "record-screening", ("candidate", card.candidate_id), session=card.service_session_id)
    mark_dirty(session.campaign_id)
    db.session.flush()
    return _result(row)


def record_screening(actor: Actor, record: ScreeningRecord) -> ScreeningResult:
    """Judge the answers and store the verdict; a later screening of the same visit counts instead."""
    session = open_desk(actor, record.service_session_id, Permission.SCREEN)
    hold_visit(require_arrival(record.service_session_id, record.candidate_id))
    stored = db.session.scalar(select(Screening).where(Screening.record_key == record.record_key))
    if stored is not None:
        return _stored_result(stored, record)
    require_time(session, record.screened_at)
    row = _row(record)
    row.account_id = actor.account_id
    db.session.add(row)
    audit.record(actor, "record-screening", ("candidate", record.candidate_id), session=record.service_session_id)
    mark_dirty(session.campaign_id)
    db.session.flush()
    return _result(row)


def latest_screening(service_session_id: int, candidate_id: int) -> ScreeningResult | None:
    """Return the verdict that counts for a visit; None when nobody was screened."""
    row = db.session.scalars(
        select(Screening)
        .where(Screening.service_session_id == service_session_id, Screening.candidate_id == candidate_id)
        .order_by(Screening.screened_at.desc(), Screening.screening_id.desc())
    ).first()
    return None if row is None else _result(row)


def _row(record: ScreeningRecord) -> Screening:
    methods = registry.register_codes()
    by_kind = screening.verdicts(record.answers, set(methods.values()))
    wished = by_kind[methods[outreach.wished_method(record.candidate_id)]]
    return Screening(
        record_key=record.record_key,
        service_session_id=record.service_session_id,
        candidate_id=record.candidate_id,
        is_eligible=wished.may_proceed,
        finding=wished.finding,
        allowed_methods=[code for code, kind in methods.items() if by_kind[kind].may_proceed],
        screened_at=record.screened_at,
        recorded_at=clock.now(),
    )


def _stored_result(row: Screening, record: ScreeningRecord) -> ScreeningResult:
    if (row.service_session_id, row.candidate_id) != (record.service_session_id, record.candidate_id):
        raise KeyReused(record_key=str(record.record_key))
    return _result(row)


def _result(row: Screening) -> ScreeningResult:
    finding = None if row.finding is None else Finding(row.finding)
    return ScreeningResult(row.is_eligible, finding, frozenset(row.allowed_methods))
