"""iCalendar: the file that lets somebody put their appointment into a calendar. It names a place and a time."""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from campaign import clock
from campaign.outreach.messages import Letter, address_of
from campaign.outreach.models import InvitationKind
from campaign.privacy import vault

LASTS = timedelta(hours=1)  # nobody knows how long a visit takes; an hour keeps the morning free
SUMMARY = {"id": "Janji di {place}", "en": "Appointment at {place}"}


def entry(letter: Letter, base_url: str) -> bytes:
    """Return the calendar file of one appointment; a later version replaces the earlier one in the calendar."""
    event = Event()
    host = urlsplit(base_url).hostname or "localhost"
    event.add("uid", f"{vault().fingerprint(f'appointment:{letter.appointment_id}')[:24]}@{host}")
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
