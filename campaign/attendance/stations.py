"""Where visitors stand: registration, examination, service, recovery, home; and what follows a service."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission
from campaign.attendance.services import open_desk
from campaign.attendance.visit_models import Aftercare, AftercareKind, AidGiven, AidKind, StationMove, Stop
from campaign.attendance.visits import require_arrival, require_time
from campaign.db import db
from campaign.errors import Invalid, KeyReused, Mistake

if TYPE_CHECKING:
    from campaign.events.models import ServiceSession

# Minutes that the SOP allows at each station (Kota Pekalongan, S3: registration, anamnesis, service, going home).
STANDARD_MINUTES = {Stop.REGISTRATION: 5, Stop.EXAMINATION: 30, Stop.SERVICE: 60, Stop.RECOVERY: 30, Stop.HOME: 0}
# After tubectomy a person is watched for 4 to 6 hours before going home.
TUBECTOMY_WATCHED = (timedelta(hours=4), timedelta(hours=6))
MOST_AID = 100_000_000


class Complication(StrEnum):
    """What may go wrong during or after a service, as the register counts it."""

    BLEEDING = "bleeding"
    FAINTING = "fainting"
    ALLERGY = "allergy"
    PERFORATION = "perforation"
    INFECTION = "infection"
    EXPULSION = "expulsion"
    SEVERE = "severe"  # anything that is sent to a hospital


class AftercareInvalid(Invalid):
    """What is told after a service lacks its day or its code."""

    code = "aftercare-invalid"


@dataclass(frozen=True, slots=True)
class VisitKey:
    """Whose visit, when, under which key of the sender."""

    record_key: UUID
    service_session_id: int
    candidate_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AftercareRecord:
    """Discharge, the day of the next visit, or a complication."""

    kind: AftercareKind
    code: str | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class AidRecord:
    """What was handed over, in the unit of its kind."""

    kind: AidKind
    quantity: int
    image_sha256: str | None = None


Row = TypeVar("Row", StationMove, AidGiven, Aftercare)


def move_to(actor: Actor, visit: VisitKey, stop: Stop, token: str) -> int:
    """Record that a visitor goes to a station; the latest by time says where they are."""
    session = _open(actor, visit)
    row = _stored(StationMove, visit)
    if row is None:
        require_time(session, visit.at)
        row = StationMove(stop=stop, token=token[:8], moved_at=visit.at, **_whose(actor, visit))
        _add(actor, row, "move-visitor", visit)
    return row.station_move_id


def give_aid(actor: Actor, visit: VisitKey, aid: AidRecord) -> int:
    """Record aid that was handed over. No service is asked for: aid is no reward for a method."""
    session = _open(actor, visit)
    row = _stored(AidGiven, visit)
    if row is None:
        require_time(session, visit.at)
        if not 1 <= aid.quantity <= MOST_AID:
            raise AftercareInvalid((Mistake("quantity", "quantity-out-of-range"),))
        row = AidGiven(
            kind=aid.kind,
            quantity=aid.quantity,
            image_sha256=aid.image_sha256,
            given_at=visit.at,
            **_whose(actor, visit),
        )
        _add(actor, row, "give-aid", visit)
    return row.aid_given_id


def record_aftercare(actor: Actor, visit: VisitKey, after: AftercareRecord) -> int:
    """Record what follows a service."""
    session = _open(actor, visit)
    row = _stored(Aftercare, visit)
    if row is None:
        require_time(session, visit.at)
        _refuse_nonsense(after)
        row = Aftercare(
            kind=after.kind, code=after.code, due_on=after.due_on, happened_at=visit.at, **_whose(actor, visit)
        )
        _add(actor, row, "record-aftercare", visit)
    return row.aftercare_id


def stops_of(service_session_id: int) -> list[StationMove]:
    """Return every move of a session by time: the last of a visitor says where they are."""
    query = select(StationMove).where(StationMove.service_session_id == service_session_id)
    return list(db.session.scalars(query.order_by(StationMove.moved_at, StationMove.station_move_id)))


def aftercare_of(service_session_id: int) -> list[Aftercare]:
    """Return what followed the services of a session, by time."""
    query = select(Aftercare).where(Aftercare.service_session_id == service_session_id)
    return list(db.session.scalars(query.order_by(Aftercare.happened_at, Aftercare.aftercare_id)))


def _refuse_nonsense(after: AftercareRecord) -> None:
    is_visit, is_complication = after.kind is AftercareKind.NEXT_VISIT, after.kind is AftercareKind.COMPLICATION
    rules = (
        ("due_on", "date-missing", is_visit and after.due_on is None),
        ("due_on", "date-not-asked", not is_visit and after.due_on is not None),
        ("code", "complication-unknown", is_complication and after.code not in tuple(Complication)),
        ("kind", "control-too-early", after.kind is AftercareKind.CONTROLLED),  # a visit of its own: see controls.py
        ("code", "complication-not-asked", not is_complication and after.code is not None),
    )
    mistakes = tuple(Mistake(where, code) for where, code, is_broken in rules if is_broken)
    if mistakes:
        raise AftercareInvalid(mistakes)


def _open(actor: Actor, visit: VisitKey) -> "ServiceSession":
    session = open_desk(actor, visit.service_session_id, Permission.RECORD_ATTENDANCE)
    require_arrival(visit.service_session_id, visit.candidate_id)
    return session


def _stored(table: type[Row], visit: VisitKey) -> Row | None:
    row = db.session.scalar(select(table).where(table.record_key == visit.record_key))
    if row is not None and (row.service_session_id, row.candidate_id) != (visit.service_session_id, visit.candidate_id):
        raise KeyReused(record_key=str(visit.record_key))
    return row


def _whose(actor: Actor, visit: VisitKey) -> dict[str, object]:
    return {
        "record_key": visit.record_key,
        "service_session_id": visit.service_session_id,
        "candidate_id": visit.candidate_id,
        "recorded_at": clock.now(),
        "account_id": actor.account_id,
    }


def _add(actor: Actor, row: StationMove | AidGiven | Aftercare, action: str, visit: VisitKey) -> None:
    db.session.add(row)
    audit.record(actor, action, ("candidate", visit.candidate_id), session=visit.service_session_id)
    db.session.flush()
