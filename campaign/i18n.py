"""Codes into words, dates and numbers into text, in the reader's language: Indonesian, or English by the catalogue."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from enum import StrEnum

from babel import numbers
from babel.dates import format_date, format_time
from flask_babel import force_locale, get_locale

from campaign import clock
from campaign.words import WORDS


@contextmanager
def with_locale(language: str) -> Iterator[None]:
    """Write in `language` inside the block: for messages and papers that go to somebody else."""
    with force_locale(language):
        yield


def word(code: StrEnum | str, kind: str | None = None) -> str:
    """Return the word for a state or code; `kind` is the name of its enum, not needed for a member."""
    kind = kind or type(code).__name__
    return str(WORDS[kind][str(code)])


def action_word(action: str) -> str:
    """Return the words for an action of the audit trail; the trail outlives its words, so a code may show itself."""
    return str(WORDS["Action"].get(action, action))


def error_text(code: str, facts: Mapping[str, object] | None = None) -> str:
    """Return the sentence for an error code with its facts filled in."""
    sentence = WORDS["Error"].get(code, WORDS["Error"]["error"])  # an error page must not fail for want of a word
    return str(sentence) % _Facts(facts or {})


class _Facts(dict[str, object]):
    """Facts for a sentence, as the reader writes them; one that is not known is a dash."""

    def __getitem__(self, name: str) -> object:
        value = super().__getitem__(name)
        if isinstance(value, date):
            return short_day(value)
        return number(value) if type(value) is int else value

    def __missing__(self, name: str) -> str:
        return "–"


def day(value: date) -> str:
    """Return "Senin, 14 Juni 2027"."""
    return format_date(value, "EEEE, d MMMM y", locale=_locale())


def short_day(value: date) -> str:
    """Return "14 Jun 2027"."""
    return format_date(value, "d MMM y", locale=_locale())


def hour(value: time | datetime) -> str:
    """Return "08.30" as Indonesian papers print it, "08:30" in English."""
    wall = clock.local(value).time() if isinstance(value, datetime) else value
    return format_time(wall, "HH.mm" if _locale() == "id" else "HH:mm", locale=_locale())


def instant(value: datetime) -> str:
    """Return "14 Jun 2027 08.30" on the campaign's wall clock."""
    return f"{short_day(clock.local(value).date())} {hour(value)}"


def number(value: float) -> str:
    """Return a whole number with separators: "12.345" in Indonesian."""
    return numbers.format_decimal(value, format="#,##0", locale=_locale())


def decimal(value: float, places: int = 1) -> str:
    """Return a number with `places` after the comma."""
    return numbers.format_decimal(value, format="#,##0." + "0" * places, locale=_locale())


def percent(part: float, whole: float) -> str:
    """Return part of whole as "87 %"; a dash when there is no whole."""
    return f"{number(round(100 * part / whole))} %" if whole else "–"


def rupiah(value: float) -> str:
    """Return "Rp 1.250.000"."""
    return f"Rp {number(value)}"


def _locale() -> str:
    found = get_locale()
    return found.language if found else "id"
