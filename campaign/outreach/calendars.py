"""iCalendar: the file that lets somebody put their appointment into a calendar. It names a place and a time."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from campaign import clock
from campaign.outreach.messages import Letter, address_of
from campaign.outreach.models import InvitationKind
from campaign.privacy import vault

UID, TOKEN = b"U" * 24, "T" * 22  # stand for what differs from person to person
LASTS = timedelta(hours=1)  # nobody knows how long a visit takes; an hour keeps the morning free
SUMMARY = {"id": "Janji di {place}", "en": "Appointment at {place}"}


def entry(letter: Letter, base_url: str) -> bytes:
    """Return the calendar file of one appointment; a later version replaces the earlier one in the calendar.

    A session has hundreds of people at few hours: what they share is written once, and their own parts put in.
    """
    uid = vault().fingerprint(f"appointment:{letter.appointment_id}")[: len(UID)]
    shared = replace(letter, name="", appointment_id=0, token=TOKEN[: len(letter.token)])
    text = _shared(shared, base_url).replace(UID, uid.encode())
    return text.replace(TOKEN.encode(), letter.token.encode()) if letter.token else text


@lru_cache(maxsize=256)
def _shared(letter: Letter, base_url: str) -> bytes:
    """Return the file with its own parts left open; they are short enough not to be folded."""
    event = Event()
    host = urlsplit(base_url).hostname or "localhost"
    event.add("uid", f"{UID.decode()}@{host}")
    event.add("sequence", letter.version - 1)
    event.add("dtstamp", clock.now().replace(microsecond=0))
    event.add("dtstart", letter.expected_at)
    event.add("dtend", letter.expected_at + LASTS)
    event.add("summary", SUMMARY.get(letter.language, SUMMARY["id"]).format(place=letter.place))
    event.add("location", f"{letter.place}, {letter.address}")
    event.add("status", "CANCELLED" if letter.kind is InvitationKind.CANCELLED else "CONFIRMED")
    if letter.token:
        event.add("url", address_of(base_url, letter.token))
    return calendar_of([event])


def calendar_of(entries: Iterable[Event]) -> bytes:
    """Return a calendar file with these entries."""
    calendar = Calendar()
    calendar.add("prodid", "-//Serempak//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for one in entries:
        calendar.add_component(one)
    text: bytes = calendar.to_ical()
    return text
