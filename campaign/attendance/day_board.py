"""The live board: how the sites of a day stand, read in a few queries whatever their number. Counts only."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import func, select

from campaign import clock
from campaign.accounts.policy import Reach
from campaign.attendance.live import Guest, Site, Standing, stand
from campaign.attendance.models import CheckIn, CheckInAnswer, Screening, ServiceOutcome
from campaign.attendance.visit_models import StationMove, Stop
from campaign.db import db
from campaign.events import queries as events
from campaign.events.models import ServiceSession
from campaign.logistics.queries import shelf
from campaign.outreach.expected import Appointed, appointed_in, origins_of
from campaign.registry import queries as registry

Who = tuple[int, int]  # session and candidate


@dataclass(frozen=True, slots=True)
class SiteNow:
    """One site with how it stands."""

    session: ServiceSession
    facility: str
    kecamatan_code: str
    standing: Standing


def board(day: date, seen: Reach) -> list[SiteNow]:
    """Return how the sites within reach stand on a day, by kecamatan and name."""
    sessions = events.sessions_on(day, seen)
    guests, now = guests_of(sessions), clock.now()
    places = {row.facility_id: row for row in registry.facilities({one.facility_id for one in sessions})}
    found = [
        SiteNow(
            one,
            places[one.facility_id].name,
            places[one.facility_id].kecamatan_code,
            stand(site_of(one), guests[one.service_session_id], now),
        )
        for one in sessions
    ]
    return sorted(found, key=lambda site: (site.kecamatan_code, site.facility))


def site_of(session: ServiceSession) -> Site:
    """Return what a site is, with how many more of each method its shelf allows."""
    left: Counter[int] = Counter()
    for row in shelf(session.facility_id):
        if row.lot.expires_on >= session.held_on:
            left[row.lot.item_id] += row.on_hand
    servings = {
        method.code: min(left[use.item_id] // use.quantity for use in method.uses)
        for method in registry.methods()
        if method.uses
    }
    return Site(
        service_session_id=session.service_session_id,
        opens_at=_at(session.held_on, session.opens_at),
        closes_at=_at(session.held_on, session.closes_at),
        is_closed=session.closed_at is not None,
        servings=servings,
    )


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.zone())


def guests_of(sessions: Sequence[ServiceSession]) -> dict[int, list[Guest]]:
    """Return the guests of each session: everybody expected, and everybody who came."""
    ids = [one.service_session_id for one in sessions]
    wished = {row.candidate_id: row.method_code for one in {s.campaign_id for s in sessions} for row in origins_of(one)}
    expected = {(row.service_session_id, row.candidate_id): row for row in appointed_in(ids)}
    came, screened, stops, ended = _came(ids), _screened(ids), _stops(ids), _ended(ids)
    guests: dict[int, list[Guest]] = defaultdict(list)
    for who in sorted(expected.keys() | came.keys()):
        appointment: Appointed | None = expected.get(who)
        outcome = ended.get(who)
        guests[who[0]].append(
            Guest(
                method_code=wished[who[1]],
                expected_at=appointment.expected_at if appointment else None,
                arrived_at=came.get(who),
                stop=stops.get(who),
                is_screened=who in screened,
                ended=outcome.kind if outcome else None,
                ended_at=outcome.ended_at if outcome else None,
            )
        )
    return {session_id: guests[session_id] for session_id in ids}


def _came(ids: Collection[int]) -> dict[Who, datetime]:
    query = select(CheckIn.service_session_id, CheckIn.candidate_id, CheckIn.arrived_at).where(
        CheckIn.service_session_id.in_(ids), CheckIn.answer == CheckInAnswer.ACCEPTED
    )
    return {(session_id, candidate_id): at for session_id, candidate_id, at in db.session.execute(query)}


def _screened(ids: Collection[int]) -> set[Who]:
    query = select(Screening.service_session_id, Screening.candidate_id).where(Screening.service_session_id.in_(ids))
    return {(session_id, candidate_id) for session_id, candidate_id in db.session.execute(query)}


def _stops(ids: Collection[int]) -> dict[Who, Stop]:
    query = (
        select(StationMove.service_session_id, StationMove.candidate_id, StationMove.stop)
        .where(StationMove.service_session_id.in_(ids))
        .order_by(StationMove.moved_at, StationMove.station_move_id)
    )
    return {(session_id, candidate_id): stop for session_id, candidate_id, stop in db.session.execute(query)}


def _ended(ids: Collection[int]) -> dict[Who, ServiceOutcome]:
    rows = list(db.session.scalars(select(ServiceOutcome).where(ServiceOutcome.service_session_id.in_(ids))))
    replaced = {row.replaces_id for row in rows}
    return {(row.service_session_id, row.candidate_id): row for row in rows if row.service_outcome_id not in replaced}


def arrived_at(service_session_id: int) -> set[int]:
    """Return the candidates who came to a session."""
    return {candidate_id for _, candidate_id in _came([service_session_id])}


def mark(day: date, seen: Reach) -> str:
    """Return a mark that changes whenever something was recorded at a site of the day: cheap to ask every second."""
    sessions = events.sessions_on(day, seen)
    ids = [one.service_session_id for one in sessions]
    newest = [
        db.session.scalar(select(func.max(key)).where(table.service_session_id.in_(ids)))
        for table, key in (
            (CheckIn, CheckIn.check_in_id),
            (Screening, Screening.screening_id),
            (StationMove, StationMove.station_move_id),
            (ServiceOutcome, ServiceOutcome.service_outcome_id),
        )
    ]
    closed = sum(one.closed_at is not None for one in sessions)
    return hashlib.sha256(repr((ids, newest, closed)).encode()).hexdigest()[:16]
