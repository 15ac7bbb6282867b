"""The words that go out, in the recipient's language. They name place and time: no service, no method, no NIK."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from campaign import clock, i18n
from campaign.outreach.models import InvitationKind
from campaign.outreach.text_rules import Blank, fill_in
from campaign.outreach.texts import LANGUAGES, Texts, shipped


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that one message says: exactly what its text may show."""

    language: str
    name: str
    place: str
    address: str
    expected_at: datetime
    sender: str
    kind: InvitationKind = InvitationKind.INVITATION
    token: str = ""  # of the personal link
    until: datetime | None = None  # of an offer: when it lapses
    appointment_id: int = 0  # these two make the entry in the recipient's calendar the same one each time
    version: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A message ready to be sent by any channel; channels without a subject leave it out."""

    subject: str
    body: str


def address_of(base_url: str, token: str) -> str:
    """Return the personal link, short enough for a text message."""
    return f"{base_url}/u/{token}"


def render(letter: Letter, texts: Texts | None = None, base_url: str = "") -> Text:
    """Write the message in the letter's language; a language without texts reads Indonesian."""
    language = letter.language if letter.language in LANGUAGES else LANGUAGES[0]
    wording = (texts or shipped())[letter.kind, language]
    blanks = _times(language, letter.expected_at, letter.until, clock.zone()) | {
        Blank.NAME: letter.name,
        Blank.PLACE: letter.place,
        Blank.ADDRESS: letter.address,
        Blank.LINK: address_of(base_url, letter.token),
        Blank.SENDER: letter.sender,
    }
    return Text(fill_in(wording.subject, blanks), fill_in(wording.body, blanks))


@lru_cache(maxsize=1024)
def _times(language: str, expected_at: datetime, until: datetime | None, zone: ZoneInfo) -> dict[Blank, str]:
    """Return the times of a letter in words; a session has hundreds of people at few hours."""
    with i18n.with_locale(language):
        return {
            Blank.DAY: i18n.day(expected_at.astimezone(zone).date()),
            Blank.HOUR: i18n.hour(expected_at),
            Blank.UNTIL: "–" if until is None else i18n.instant(until),
        }
