"""The words that go out, in the recipient's language. They name place and time: no service, no method, no NIK."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from campaign import clock, i18n

# templates/ lies beside campaign/, in a checkout and in an installed wheel.
FOLDER = Path(__file__).resolve().parents[2] / "templates" / "messages"
LANGUAGES = ("id", "en")


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that one message says: exactly what its template may show."""

    language: str
    name: str
    place: str
    address: str
    expected_at: datetime
    sender: str


@dataclass(frozen=True, slots=True)
class Text:
    """A message ready to be sent by any channel; channels without a subject leave it out."""

    subject: str
    body: str


def render(letter: Letter, template: str = "invitation") -> Text:
    """Write the message in the letter's language; a language without templates reads Indonesian."""
    language = letter.language if letter.language in LANGUAGES else LANGUAGES[0]
    with i18n.with_locale(language):
        text = (
            _templates()
            .get_template(f"{language}/{template}.txt")
            .render(
                name=letter.name,
                place=letter.place,
                address=letter.address,
                day=i18n.day(clock.local(letter.expected_at).date()),
                hour=i18n.hour(letter.expected_at),
                sender=letter.sender,
            )
        )
    subject, _, body = text.strip().partition("\n")
    return Text(subject.removeprefix("Subject: "), body.strip() + "\n")


@cache
def _templates() -> Environment:
    # Plain text: nothing is escaped, and nothing is HTML.
    return Environment(loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, autoescape=False)  # noqa: S701
