"""Work out what kept events mean, through the same use-cases that a form calls; each in its own savepoint.

Events are facts, and facts need no order: whoever arrived, moved, signed or was screened did so at a time of its own.
Only two things wait: whatever is told of a person waits until the person's arrival is here, and the end of a visit
waits until everything that its device recorded before is here, because it is judged by that.
"""

import logging
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, update

from campaign import clock
from campaign.accounts import queries as accounts
from campaign.accounts.policy import Actor
from campaign.attendance.device import meaning
from campaign.attendance.device.meaning import Told
from campaign.attendance.device.models import DeviceEvent, DeviceResult, ResultState
from campaign.attendance.device.protocol import EventKind, Sequence, Unreadable, read
from campaign.attendance.device.receiving import sequence_of
from campaign.attendance.recording import EndingRefused, VisitEnded
from campaign.attendance.services import Scan, check_in_all
from campaign.attendance.visits import NotCheckedIn
from campaign.db import db
from campaign.errors import CampaignError, Invalid, Unavailable
from campaign.privacy import Untold
from campaign.transaction import hold, savepoint

log = logging.getLogger(__name__)

# What may yet come from another device: the visit's arrival, its screening, what was signed.
_MAY_COME = frozenset({"not-screened", "method-not-allowed", "consent-missing", "spouse-consent-missing"})


def apply_waiting(service_session_ids: Iterable[int]) -> None:
    """Apply what can be applied of these sessions; again as long as one event lets another go on.

    Each event acts for the account that made it, whoever's sync brings the news that it waited for.
    """
    for session_id in sorted(service_session_ids):
        hold(f"session-events:{session_id}")
        while _one_round(session_id):
            pass


def _one_round(session_id: int) -> bool:
    """Try every waiting event once, in the order in which things happened; tell whether any went through."""
    query = (
        select(DeviceEvent)
        .join(DeviceResult, DeviceResult.device_event_id == DeviceEvent.device_event_id)
        .where(DeviceResult.service_session_id == session_id, DeviceResult.state == ResultState.WAITING)
        .order_by(DeviceEvent.happened_at, DeviceEvent.device_id, DeviceEvent.counter)
    )
    rows = list(db.session.scalars(query))
    actors = {account_id: accounts.actor_of(account_id) for account_id in {row.account_id for row in rows}}
    done = _arrive_together(actors, session_id, rows)
    rest = [row for row in rows if row.device_event_id not in done]
    ending = {row.device_id for row in rest if row.kind is EventKind.ENDED}
    reach = {device_id: sequence_of(device_id) for device_id in ending}
    went = [_try(actors[row.account_id], row, reach.get(row.device_id)) for row in rest]
    return (bool(done) and bool(rest)) or (any(went) and not all(went))


def _arrive_together(actors: dict[int, Actor], session_id: int, rows: list[DeviceEvent]) -> set[int]:
    """Check in everybody whom a device knew, in a few statements; return the events that are done.

    What goes wrong for one undoes it for all, and they are tried one by one.
    """
    done: dict[int, dict[str, object]] = {}
    for account_id, actor in actors.items():
        own = {row.event_id: row for row in rows if row.account_id == account_id and row.kind is EventKind.ARRIVED}
        try:
            with savepoint():
                found = check_in_all(actor, session_id, [one for row in own.values() for one in _scans(row)])
        except CampaignError:
            continue
        for event_id, result in found.items():
            event_row = own[event_id].device_event_id
            done[event_row] = {"device_event_id": event_row, "candidate_id": result.candidate_id} | {
                "state": ResultState.APPLIED,
                "code": meaning.code_of(result.answer),
                "tried_at": clock.now(),
            }
    if done:
        db.session.execute(update(DeviceResult), list(done.values()))
    return set(done)


def _scans(row: DeviceEvent) -> list[Scan]:
    try:
        candidate_id = read(row.body).candidate_id
    except Unreadable:
        return []
    return [] if candidate_id is None else [Scan(row.event_id, row.service_session_id, row.happened_at, candidate_id)]


def _try(actor: Actor, row: DeviceEvent, reach: Sequence | None) -> bool:
    """Apply one event, or note why not; True when it waits no longer."""
    state, code, candidate_id = ResultState.WAITING, None, None
    if reach is not None and row.kind is EventKind.ENDED and not reach.reaches(row.counter):
        code = "gap-before"
    else:
        state, code, candidate_id = _attempt(actor, row)
    values = {"state": state, "code": code, "candidate_id": candidate_id, "tried_at": clock.now()}
    db.session.execute(update(DeviceResult).where(DeviceResult.device_event_id == row.device_event_id).values(values))
    return state is not ResultState.WAITING


def _attempt(actor: Actor, row: DeviceEvent) -> tuple[ResultState, str | None, int | None]:
    candidate_id = None
    try:
        with savepoint():
            event = read(row.body)
            if event.kind is EventKind.ARRIVED:
                told = Told(event.event_id, row.service_session_id, None, row.happened_at, event.data)
                candidate_id, code = meaning.arrive(actor, told, event.candidate_id)
                return ResultState.APPLIED, code, candidate_id
            candidate_id = event.candidate_id if event.arrival_id is None else _who_arrived(event.arrival_id)
            if candidate_id is None:
                return ResultState.WAITING, "arrival-not-here", None
            told = Told(event.event_id, row.service_session_id, candidate_id, row.happened_at, event.data)
            meaning.record(actor, event.kind, told)
            return ResultState.APPLIED, None, candidate_id
    except NotCheckedIn:
        return ResultState.WAITING, "arrival-not-here", candidate_id
    except VisitEnded:
        return ResultState.CONFLICT, "visit-ended", candidate_id
    except EndingRefused as refused:
        codes = [mistake.code for mistake in refused.mistakes]
        may_come = set(codes) <= _MAY_COME
        return (ResultState.WAITING if may_come else ResultState.REFUSED), codes[0], candidate_id
    except Unavailable:
        raise
    except Invalid as invalid:
        code = invalid.mistakes[0].code if invalid.mistakes else invalid.code
        return ResultState.REFUSED, code[:40], candidate_id
    except CampaignError as error:
        return ResultState.REFUSED, error.code[:40], candidate_id
    except (Unreadable, ValueError, TypeError, KeyError) as error:
        # A newer or broken device: the event stays as it came, and a person sees it.
        log.warning("event has no meaning", extra={"device_event_id": row.device_event_id}, exc_info=Untold(error))
        return ResultState.REFUSED, "unreadable", candidate_id


def _who_arrived(arrival_id: UUID) -> int | None:
    query = (
        select(DeviceResult.candidate_id)
        .join(DeviceEvent, DeviceEvent.device_event_id == DeviceResult.device_event_id)
        .where(DeviceEvent.event_id == arrival_id)
    )
    return db.session.scalar(query)


def results_of(event_ids: Iterable[UUID]) -> dict[UUID, DeviceResult]:
    """Return what became of events, by event id."""
    query = (
        select(DeviceEvent.event_id, DeviceResult)
        .join(DeviceResult, DeviceResult.device_event_id == DeviceEvent.device_event_id)
        .where(DeviceEvent.event_id.in_(list(event_ids)))
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
