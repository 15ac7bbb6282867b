"""Who is to be seen again a week after a procedure; a campaign closes when they were, or with a reason."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission
from campaign.attendance.aftercare import CONTROL_DAYS
from campaign.attendance.models import ServiceOutcome
from campaign.attendance.outcomes import OutcomeKind
from campaign.attendance.screening import Kind
from campaign.attendance.services import open_desk
from campaign.attendance.stations import Complication
from campaign.attendance.visit_models import Aftercare, AftercareKind, ControlWaiver
from campaign.attendance.visits import hold_visit, require_arrival
from campaign.db import db
from campaign.errors import Conflict, Invalid, Mistake
from campaign.events import queries as events
from campaign.events.services import close_campaign
from campaign.registry import queries as registry

# What leaves a wound or a thing in the body: implants, IUD, operations.
PROCEDURES = frozenset({Kind.IMPLANT_1, Kind.IMPLANT_2, Kind.IUD, Kind.VASECTOMY, Kind.TUBECTOMY})


class ControlsMissing(Conflict):
    """People have not been seen again after their procedure; closing all the same needs a reason."""

    code = "controls-missing"


class ControlInvalid(Invalid):
    """This visit needs no control, or it is too early for one."""

    code = "control-invalid"


@dataclass(frozen=True, slots=True)
class Control:
    """One person to be seen again."""

    service_session_id: int
    candidate_id: int
    method_code: str
    due_on: date
    done_at: datetime | None
    complication: str | None

    @property
    def is_late(self) -> bool:
        """Tell whether the day has passed and nobody has seen them."""
        return self.done_at is None and self.due_on < clock.today()


def controls_of(actor: Actor, service_session_id: int) -> list[Control]:
    """Return who is to be seen again after a session, those who wait first; the read is audited."""
    open_desk(actor, service_session_id, Permission.RECORD_ATTENDANCE)
    found = _controls([service_session_id])
    ids = [one.candidate_id for one in found]
    audit.record(actor, "read-candidates", ("service_session", service_session_id), candidate_ids=ids)
    return sorted(found, key=lambda one: (one.done_at is not None, one.due_on, one.candidate_id))


def record_control(actor: Actor, key: UUID, visit: tuple[int, int], complication: Complication | None = None) -> None:
    """Record that a person (session, candidate) was seen again; the same key twice is one record."""
    service_session_id, candidate_id = visit
    session = open_desk(actor, service_session_id, Permission.RECORD_ATTENDANCE)
    hold_visit(require_arrival(service_session_id, candidate_id))
    wanted = [one for one in _controls([service_session_id]) if one.candidate_id == candidate_id]
    if not wanted:
        raise ControlInvalid((Mistake("candidate_id", "no-control-due"),))
    if clock.today() <= session.held_on:
        raise ControlInvalid((Mistake("candidate_id", "control-too-early"),))
    if wanted[0].done_at is not None:
        return  # somebody else has ticked it; the first stands
    rows: list[tuple[AftercareKind, str | None]] = [(AftercareKind.CONTROLLED, None)]
    if complication is not None:
        rows.append((AftercareKind.COMPLICATION, complication.value))
    for kind, code in rows:
        db.session.add(
            Aftercare(
                record_key=uuid5(key, kind.value),
                service_session_id=service_session_id,
                candidate_id=candidate_id,
                kind=kind,
                code=code,
                happened_at=clock.now(),
                recorded_at=clock.now(),
                account_id=actor.account_id,
            )
        )
    audit.record(actor, "record-control", ("candidate", candidate_id), session=service_session_id)
    db.session.flush()


def missing_controls(campaign_id: int) -> int:
    """Return how many people of a campaign have not been seen again."""
    ids = [row.service_session_id for row in events.sessions_of(campaign_id)]
    return sum(one.done_at is None for one in _controls(ids))


def close_after_controls(actor: Actor, campaign_id: int, reason: str = "") -> None:
    """Close a campaign when everybody was seen again, or for a reason that is kept."""
    missing = missing_controls(campaign_id)
    if missing and not reason.strip():
        raise ControlsMissing(campaign_id=campaign_id, count=missing)
    close_campaign(actor, campaign_id)
    if missing:
        waiver = ControlWaiver(
            campaign_id=campaign_id,
            missing=missing,
            reason=reason.strip()[:240],
            waived_at=clock.now(),
            account_id=actor.account_id,
        )
        db.session.add(waiver)
        audit.record(actor, "waive-controls", ("campaign", campaign_id), missing=missing)
        db.session.flush()


def _controls(session_ids: Collection[int]) -> list[Control]:
    """Return who had a procedure by the outcome that counts, and whether they were seen again."""
    replaced = select(ServiceOutcome.replaces_id).where(ServiceOutcome.replaces_id.is_not(None))
    methods = [code for code, kind in registry.register_codes().items() if kind in PROCEDURES]
    query = select(ServiceOutcome).where(
        ServiceOutcome.service_session_id.in_(session_ids),
        ServiceOutcome.kind == OutcomeKind.SERVED,
        ServiceOutcome.method_code.in_(methods),
        ServiceOutcome.service_outcome_id.not_in(replaced),
    )
    seen = select(Aftercare).where(Aftercare.service_session_id.in_(session_ids)).order_by(Aftercare.aftercare_id)
    done: dict[tuple[int, int], datetime] = {}
    wrong: dict[tuple[int, int], str] = {}
    for after in db.session.scalars(seen):
        who = (after.service_session_id, after.candidate_id)
        if after.kind is AftercareKind.CONTROLLED:
            done.setdefault(who, after.happened_at)
        elif after.kind is AftercareKind.COMPLICATION:
            wrong[who] = str(after.code)
    return [
        Control(
            row.service_session_id,
            row.candidate_id,
            row.method_code,
            clock.local(row.ended_at).date() + timedelta(days=CONTROL_DAYS),
            done.get((row.service_session_id, row.candidate_id)),
            wrong.get((row.service_session_id, row.candidate_id)),
        )
        for row in db.session.scalars(query)
    ]
