"""The queues of a session: who stands where, how long, and how that compares with the standard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import uuid5

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission
from campaign.attendance.aftercare import NEXT_VISIT_DAYS, NOT_WATCHED, WATCHED_MINUTES
from campaign.attendance.device.visits import VisitNow, visits_now
from campaign.attendance.models import CheckIn, CheckInAnswer
from campaign.attendance.outcomes import OutcomeKind
from campaign.attendance.screening import Kind
from campaign.attendance.services import open_desk
from campaign.attendance.stations import STANDARD_MINUTES, AftercareRecord, VisitKey, move_to, record_aftercare
from campaign.attendance.visit_models import AftercareKind, Stop
from campaign.db import db
from campaign.outreach.queries import candidates_by_ids
from campaign.registry import queries as registry

STATIONS = (Stop.REGISTRATION, Stop.EXAMINATION, Stop.SERVICE, Stop.RECOVERY)
_NEXT = dict(zip(STATIONS, (*STATIONS[1:], Stop.HOME), strict=True))
_NEAR = 80  # percent of the standard


class Pace(StrEnum):
    """How a wait compares with the standard."""

    WITHIN = "within"
    NEAR = "near"
    OVER = "over"
    WATCHED = "watched"  # recovering: too early to go home
    MAY_GO = "may-go"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One visitor in a queue. The waiting room sees the token alone."""

    candidate_id: int
    token: str
    stop: Stop
    since: datetime
    minutes: int
    at_least: int  # minutes to be watched; 0 outside recovery
    at_most: int
    pace: Pace
    then: Stop
    method_code: str | None  # given

    @property
    def minutes_left(self) -> int:
        """Return how long a recovering visitor is still to be watched."""
        return max(0, self.at_least - self.minutes)


def pace(minutes: int, at_least: int, at_most: int) -> Pace:
    """Return how a wait stands; `at_least` is only above 0 where somebody is watched."""
    if minutes > at_most:
        return Pace.OVER
    if at_least:
        return Pace.WATCHED if minutes < at_least else Pace.MAY_GO
    return Pace.NEAR if minutes * 100 >= at_most * _NEAR else Pace.WITHIN


def queues(actor: Actor, service_session_id: int) -> dict[Stop, list[Waiting]]:
    """Return who waits at each station, longest first; nobody's name."""
    open_desk(actor, service_session_id, Permission.RECORD_ATTENDANCE)
    tokens, kinds, now = _tokens(service_session_id), registry.register_codes(), clock.now()
    found: dict[Stop, list[Waiting]] = {stop: [] for stop in STATIONS}
    for visit in visits_now(service_session_id):
        one = _waiting(visit, tokens, kinds, now)
        if one.stop in found:
            found[one.stop].append(one)
    return {stop: sorted(rows, key=lambda one: one.since) for stop, rows in found.items()}


def names_in_queues(actor: Actor, service_session_id: int) -> dict[int, str]:
    """Return what the desk calls those who wait by; nothing else of them. The read is audited."""
    waiting = [one.candidate_id for rows in queues(actor, service_session_id).values() for one in rows]
    audit.record(actor, "read-candidates", ("service_session", service_session_id), candidate_ids=sorted(waiting))
    return {who: person.name for who, person in candidates_by_ids(waiting).items()}


def send_on(actor: Actor, visit: VisitKey, to: Stop) -> None:
    """Send a visitor to a station; going home is a discharge and, after a service, names the day of the next visit."""
    token = _tokens(visit.service_session_id).get(visit.candidate_id, "")
    known = {one.candidate_id: one for one in visits_now(visit.service_session_id)}.get(visit.candidate_id)
    move_to(actor, visit, to, (known.token if known else None) or token)
    if to is not Stop.HOME or known is None:
        return
    told = {one["kind"] for one in known.aftercare}
    if AftercareKind.DISCHARGED.value not in told:
        record_aftercare(actor, _also(visit, "discharged"), AftercareRecord(AftercareKind.DISCHARGED))
    if _is_served(known) and AftercareKind.NEXT_VISIT.value not in told:
        kind = Kind(registry.register_codes()[known.outcome["method"]])  # type: ignore[index]
        due_on = clock.local(visit.at).date() + timedelta(days=NEXT_VISIT_DAYS[kind])
        after = AftercareRecord(AftercareKind.NEXT_VISIT, due_on=due_on)
        record_aftercare(actor, _also(visit, "next-visit"), after)


def _also(visit: VisitKey, what: str) -> VisitKey:
    return VisitKey(uuid5(visit.record_key, what), visit.service_session_id, visit.candidate_id, visit.at)


def _is_served(visit: VisitNow) -> bool:
    return visit.outcome is not None and visit.outcome["kind"] == OutcomeKind.SERVED.value


def _tokens(service_session_id: int) -> dict[int, str]:
    """Return the token of everybody by the order in which arrivals were recorded: rows stay, so tokens do."""
    query = select(CheckIn.candidate_id).where(
        CheckIn.service_session_id == service_session_id, CheckIn.answer == CheckInAnswer.ACCEPTED
    )
    rows = db.session.scalars(query.order_by(CheckIn.check_in_id))
    return {who: f"{number:03d}" for number, who in enumerate(rows, start=1)}


def _waiting(visit: VisitNow, tokens: Mapping[int, str], kinds: Mapping[str, int], now: datetime) -> Waiting:
    stop = Stop(visit.stop) if visit.stop else Stop.REGISTRATION
    since = datetime.fromisoformat(visit.moved_at or visit.arrived_at)
    minutes = max(0, int((now - since).total_seconds() // 60))
    given = visit.outcome["method"] if visit.outcome and _is_served(visit) else None
    at_least, at_most = 0, STANDARD_MINUTES[stop]
    if stop is Stop.RECOVERY and given is not None:
        at_least, at_most = WATCHED_MINUTES.get(Kind(kinds[given]), NOT_WATCHED)
    return Waiting(
        candidate_id=visit.candidate_id,
        token=visit.token or tokens[visit.candidate_id],
        stop=stop,
        since=since,
        minutes=minutes,
        at_least=at_least,
        at_most=at_most,
        pace=pace(minutes, at_least, at_most),
        then=_NEXT.get(stop, Stop.HOME),
        method_code=given,
    )
