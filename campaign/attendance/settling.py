"""What a day of telephones leaves for a person: served twice, ended twice, held, stuck, or short on the shelf."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission
from campaign.attendance.device.models import Device, DeviceEvent, DeviceResult, HeldEvent, ResultState
from campaign.attendance.device.protocol import read
from campaign.attendance.models import ServiceOutcome
from campaign.attendance.services import open_desk
from campaign.attendance.tallies import current, double_services
from campaign.attendance.tallying import mark_dirty, rows_of
from campaign.attendance.visit_models import DaySettlement, SettledMatter, Settlement, StockDiscrepancy
from campaign.db import db
from campaign.errors import Invalid, Mistake
from campaign.registry import queries as registry

if TYPE_CHECKING:
    from campaign.events.models import ServiceSession

# After this long a record that waits for another is no longer a matter of the network.
STUCK_AFTER_MINUTES = 60


class SettlementInvalid(Invalid):
    """The decision does not fit the matter."""

    code = "settlement-invalid"


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing for a person to settle at a session."""

    matter: SettledMatter
    subject_id: int
    candidate_id: int | None
    found_at: datetime
    code: str | None = None  # why it is held or stuck
    outcomes: tuple[ServiceOutcome, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    decided: DaySettlement | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decides of one matter."""

    matter: SettledMatter
    subject_id: int
    decision: Settlement
    note: str = ""
    kept_outcome_id: int | None = None


def matters_of(actor: Actor, service_session_id: int) -> list[Matter]:
    """Return what is to be settled at a session, and what was; open ones first, then by time."""
    session = open_desk(actor, service_session_id, Permission.RECORD_ATTENDANCE)
    found = [
        *_double_services(session),
        *_events(session),
        *_held(session),
        *_discrepancies(session),
    ]
    decided = _decided(found)
    whole = [_with(one, decided.get((one.matter, one.subject_id))) for one in found]
    ids = sorted({one.candidate_id for one in whole if one.candidate_id})
    if ids:
        audit.record(actor, "read-candidates", ("service_session", service_session_id), candidate_ids=ids)
    return sorted(whole, key=lambda one: (one.decided is not None, one.found_at))


def settle(actor: Actor, service_session_id: int, decision: Decision) -> int:
    """Record a person's decision; counts follow it, and a later decision of the same matter stands instead."""
    session = open_desk(actor, service_session_id, Permission.RECORD_ATTENDANCE)
    known = {(one.matter, one.subject_id): one for one in matters_of(actor, service_session_id)}
    matter = known.get((decision.matter, decision.subject_id))
    outcomes = {row.service_outcome_id for row in matter.outcomes} if matter else set()
    is_double = decision.matter is SettledMatter.DOUBLE_SERVICE
    rules = (
        ("subject", "matter-unknown", matter is None),
        ("decision", "decision-missing", is_double and decision.decision is Settlement.NOTED),
        ("decision", "decision-not-asked", not is_double and decision.decision is not Settlement.NOTED),
        ("kept", "outcome-missing", is_double and not _names_one(decision, outcomes)),
        ("note", "note-missing", not is_double and not decision.note.strip()),
    )
    mistakes = tuple(Mistake(where, code) for where, code, is_broken in rules if is_broken)
    if mistakes:
        raise SettlementInvalid(mistakes)
    row = DaySettlement(
        matter=decision.matter,
        subject_id=decision.subject_id,
        decision=decision.decision,
        kept_outcome_id=decision.kept_outcome_id,
        note=decision.note.strip()[:240],
        settled_at=clock.now(),
        account_id=actor.account_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "settle-day-matter", ("day_settlement", row.day_settlement_id), session=service_session_id)
    mark_dirty(session.campaign_id)
    return row.day_settlement_id


def read_held(actor: Actor, service_session_id: int, held_event_id: int) -> HeldEvent:
    """Return a held event as it came; the read is audited, for it may name somebody."""
    session = open_desk(actor, service_session_id, Permission.RECORD_ATTENDANCE)
    row = db.session.get(HeldEvent, held_event_id)
    if row is None or row.held_event_id not in {one.subject_id for one in _held(session)}:
        raise SettlementInvalid((Mistake("subject", "matter-unknown"),))
    audit.record(actor, "read-held-event", ("held_event", held_event_id), session=service_session_id)
    return row


def _names_one(decision: Decision, outcomes: set[int]) -> bool:
    is_one = decision.decision is Settlement.KEEP_ONE
    return (decision.kept_outcome_id in outcomes) if is_one else decision.kept_outcome_id is None


def _with(one: Matter, decided: DaySettlement | None) -> Matter:
    return Matter(
        one.matter, one.subject_id, one.candidate_id, one.found_at, one.code, one.outcomes, one.facts, decided
    )


def _decided(found: Sequence[Matter]) -> dict[tuple[SettledMatter, int], DaySettlement]:
    query = select(DaySettlement).where(DaySettlement.subject_id.in_([one.subject_id for one in found]))
    rows = db.session.scalars(query.order_by(DaySettlement.day_settlement_id))
    return {(row.matter, row.subject_id): row for row in rows}


def _double_services(session: "ServiceSession") -> list[Matter]:
    """Return who was served here and at another session of the campaign."""
    doubles = double_services(current(rows_of(session.campaign_id).ended))
    here = {
        who: rows for who, rows in doubles.items() if session.service_session_id in {r.service_session_id for r in rows}
    }
    ids = [row.service_outcome_id for rows in here.values() for row in rows]
    outcomes = {row.service_outcome_id: row for row in _outcomes(ids)}
    return [
        Matter(
            SettledMatter.DOUBLE_SERVICE,
            who,
            who,
            max(outcomes[row.service_outcome_id].recorded_at for row in rows),
            outcomes=tuple(outcomes[row.service_outcome_id] for row in rows),
        )
        for who, rows in here.items()
    ]


def _outcomes(ids: Sequence[int]) -> list[ServiceOutcome]:
    return list(db.session.scalars(select(ServiceOutcome).where(ServiceOutcome.service_outcome_id.in_(ids))))


def _events(session: "ServiceSession") -> list[Matter]:
    """Return events that met another outcome, that the rules refuse, or that have waited too long."""
    query = (
        select(DeviceEvent, DeviceResult)
        .join(DeviceResult, DeviceResult.device_event_id == DeviceEvent.device_event_id)
        .where(DeviceResult.service_session_id == session.service_session_id)
        .where(DeviceResult.state != ResultState.APPLIED)
        .order_by(DeviceEvent.device_event_id)
    )
    found = []
    for event, result in db.session.execute(query):
        waited = (clock.now() - event.received_at).total_seconds() / 60
        if result.state is ResultState.WAITING and waited < STUCK_AFTER_MINUTES and session.closed_at is None:
            continue
        is_second = result.state is ResultState.CONFLICT
        matter = SettledMatter.SECOND_ENDING if is_second else SettledMatter.STUCK_EVENT
        standing = _standing(session, result.candidate_id) if is_second and result.candidate_id else ()
        facts = {"kind": event.kind, "device": event.device_id, "at": event.happened_at, "said": _said(event)}
        found.append(
            Matter(matter, event.device_event_id, result.candidate_id, event.received_at, result.code, standing, facts)
        )
    return found


def _said(event: DeviceEvent) -> dict[str, Any]:
    """Return of an end what a person must compare: how and with which method."""
    data = read(event.body).data
    return {name: data[name] for name in ("kind", "method", "reason", "provider") if data.get(name) is not None}


def _standing(session: "ServiceSession", candidate_id: int) -> tuple[ServiceOutcome, ...]:
    query = select(ServiceOutcome).where(
        ServiceOutcome.service_session_id == session.service_session_id, ServiceOutcome.candidate_id == candidate_id
    )
    rows = list(db.session.scalars(query.order_by(ServiceOutcome.service_outcome_id)))
    return tuple(rows[-1:])


def _held(session: "ServiceSession") -> list[Matter]:
    """Return what was held of the facility's devices on the session's day."""
    own = select(Device.device_id).where(Device.facility_id == session.facility_id)
    rows = db.session.scalars(select(HeldEvent).where(HeldEvent.device_id.in_(own)))
    return [
        Matter(
            SettledMatter.HELD_EVENT,
            row.held_event_id,
            None,
            row.received_at,
            row.code,
            facts={"device": row.device_id, "counter": row.counter},
        )
        for row in rows
        if clock.local(row.received_at).date() >= session.held_on
    ]


def _discrepancies(session: "ServiceSession") -> list[Matter]:
    query = (
        select(StockDiscrepancy, ServiceOutcome.candidate_id)
        .join(ServiceOutcome, ServiceOutcome.service_outcome_id == StockDiscrepancy.service_outcome_id)
        .where(ServiceOutcome.service_session_id == session.service_session_id)
    )
    rows = list(db.session.execute(query))
    items = registry.items_by_ids({row.item_id for row, _ in rows})
    return [
        Matter(
            SettledMatter.STOCK_DISCREPANCY,
            row.stock_discrepancy_id,
            candidate_id,
            row.found_at,
            facts={"item": items[row.item_id].name, "wanted": row.wanted, "available": row.available},
        )
        for row, candidate_id in rows
    ]
