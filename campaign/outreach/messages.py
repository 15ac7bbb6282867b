"""The words that go out, in the recipient's language. They name place and time: no service, no method, no NIK."""

from dataclasses import dataclass
from datetime import datetime

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
    with i18n.with_locale(language):
        blanks = {
            Blank.NAME: letter.name,
            Blank.DAY: i18n.day(clock.local(letter.expected_at).date()),
            Blank.HOUR: i18n.hour(letter.expected_at),
            Blank.PLACE: letter.place,
            Blank.ADDRESS: letter.address,
            Blank.LINK: address_of(base_url, letter.token),
            Blank.UNTIL: "–" if letter.until is None else i18n.instant(letter.until),
            Blank.SENDER: letter.sender,
        }
    return Text(fill_in(wording.subject, blanks), fill_in(wording.body, blanks))
