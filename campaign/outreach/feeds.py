"""Calendars of sessions behind an address: for a facility, a provider or a kecamatan.

An entry says where, when and how many are expected, and no names. The address is the key: whoever has it needs no
account, it is shown once, and it can be closed.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from icalendar import Event
from sqlalchemy import func, select

from campaign import audit, clock, i18n
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import NotFound
from campaign.events import queries as events
from campaign.events.models import ServiceSession
from campaign.outreach.calendars import calendar_of
from campaign.outreach.dispatch_models import CalendarFeed, FeedKind
from campaign.outreach.links import hash_of
from campaign.outreach.models import EXPECTED, Appointment
from campaign.registry import queries as registry

PAST = timedelta(weeks=4)
WORDS = {"id": ("Buka: {place}", "Diharapkan datang: {number}"), "en": ("Open: {place}", "Expected: {number}")}


class UnknownFeed(NotFound):
    """No calendar has this address, or it was closed."""

    code = "unknown-feed"


def open_feed(actor: Actor, kind: FeedKind, subject: str) -> str:
    """Make an address for a calendar and return its token, which is shown once."""
    require(actor, Permission.INVITE, _place(kind, subject))
    token = secrets.token_urlsafe(24)
    row = CalendarFeed(
        kind=kind,
        subject=subject,
        token_hash=hash_of(token),
        created_at=clock.now(),
        created_by_id=actor.account_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "open-feed", ("calendar_feed", row.calendar_feed_id), kind=kind.value, of=subject)
    return token


def close_feed(actor: Actor, calendar_feed_id: int) -> None:
    """Close an address: calendar programs find nothing there any more."""
    row = db.session.get(CalendarFeed, calendar_feed_id, with_for_update=True)
    if row is None or row.revoked_at is not None:
        raise UnknownFeed(calendar_feed_id=calendar_feed_id)
    require(actor, Permission.INVITE, _place(row.kind, row.subject))
    row.revoked_at = clock.now()
    audit.record(actor, "close-feed", ("calendar_feed", calendar_feed_id))


def feeds() -> list[CalendarFeed]:
    """Return the open addresses, by kind and subject."""
    query = select(CalendarFeed).where(CalendarFeed.revoked_at.is_(None))
    return list(db.session.scalars(query.order_by(CalendarFeed.kind, CalendarFeed.subject)))


def _place(kind: FeedKind, subject: str) -> Place:
    if kind is FeedKind.KECAMATAN:
        return Place(area_code=registry.area(subject).code)
    if kind is FeedKind.FACILITY:
        return registry.place_of(int(subject))
    provider = registry.providers_by_ids([int(subject)]).get(int(subject))
    if provider is None:
        raise UnknownFeed(subject=subject)
    return registry.place_of(provider.base_facility_id)


def feed(token: str, language: str = "id") -> bytes:
    """Return the calendar behind an address: the sessions from four weeks ago on."""
    query = select(CalendarFeed).where(CalendarFeed.token_hash == hash_of(token), CalendarFeed.revoked_at.is_(None))
    row = db.session.scalars(query).one_or_none()
    if row is None:
        raise UnknownFeed()
    sessions = _sessions(row)
    ids = [one.service_session_id for one in sessions]
    counts = select(Appointment.service_session_id, func.count()).where(
        Appointment.service_session_id.in_(ids), Appointment.state.in_(EXPECTED)
    )
    expected = dict(db.session.execute(counts.group_by(Appointment.service_session_id)).all())
    signs = registry.signs({one.facility_id for one in sessions})
    words = WORDS.get(language, WORDS["id"])
    made = []
    for one in sessions:
        name, address, _ = signs[one.facility_id]
        event = Event()
        event.add("uid", _uid(row, one.service_session_id))
        event.add("dtstamp", clock.now().replace(microsecond=0))
        event.add("dtstart", datetime.combine(one.held_on, one.opens_at, clock.zone()).astimezone(UTC))
        event.add("dtend", datetime.combine(one.held_on, one.closes_at, clock.zone()).astimezone(UTC))
        event.add("summary", words[0].format(place=name))
        event.add("location", f"{name}, {address}")
        event.add("description", words[1].format(number=i18n.number(expected.get(one.service_session_id, 0))))
        made.append(event)
    return calendar_of(made)


def _sessions(row: CalendarFeed) -> list[ServiceSession]:
    since = clock.today() - PAST
    if row.kind is FeedKind.PROVIDER:
        return events.sessions_of_provider_since(since, int(row.subject))
    if row.kind is FeedKind.FACILITY:
        return events.sessions_since(since, [int(row.subject)])
    of_district = registry.facilities_of(row.subject[:5])
    return events.sessions_since(since, [one.facility_id for one in of_district if one.kecamatan_code == row.subject])


def _uid(row: CalendarFeed, service_session_id: int) -> str:
    """Return what names an entry, the same each time, without our own numbers."""
    return hashlib.sha256(f"{row.token_hash}:{service_session_id}".encode()).hexdigest()[:24] + "@serempak"
