"""What a cell says: each reader turns a spreadsheet value into one of ours, or says by a code why it cannot. Pure.

A spreadsheet guesses types: a code becomes a number, a date becomes text, a NIK loses its last digit. What can be read
in one way only is accepted; what could be read in two ways, or was damaged, is refused.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from campaign.outreach.identity import NIK_DIGITS, is_nik
from campaign.registry.codes import dotted

AS_TEXT = "@"  # number format that keeps a spreadsheet from guessing
WHOLE_FORMAT, DECIMAL_FORMAT, DATE_FORMAT, TIME_FORMAT = "0", "0.0000", "yyyy-mm-dd", "hh:mm"
LARGEST_NUMBER = 2_000_000_000  # an integer column of PostgreSQL holds a little more
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")


class Unreadable(Exception):
    """The cell cannot be taken as it is; `code` and `facts` say why, never what it holds."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code, self.facts = code, facts
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Reader:
    """How the cells of a column are read, shown and chosen."""

    read: Callable[[Any], Any]
    number_format: str
    choices: tuple[str, ...] = ()


def text(most: int) -> Reader:
    """Return a reader of text of at most `most` characters; a whole number is taken as its digits."""

    def read(value: Any) -> str:
        plain = _plain(value)
        if len(plain) > most:
            raise Unreadable("text-too-long", most=most)
        return plain

    return Reader(read, AS_TEXT)


def _plain(value: Any) -> str:
    if isinstance(value, bool | date | time):
        raise Unreadable("not-text")
    if isinstance(value, float):
        if not value.is_integer():
            raise Unreadable("not-text")
        value = int(value)
    plain = " ".join(unicodedata.normalize("NFC", str(value)).split())
    if any(unicodedata.category(character) == "Cc" for character in plain):
        raise Unreadable("control-character")
    return plain


def area_code() -> Reader:
    """Return a reader of Kemendagri codes, with or without dots. 33.75 may arrive as a number, 36.70 as 36.7."""

    def read(value: Any) -> str:
        if isinstance(value, float) and not value.is_integer():
            return f"{value:.2f}"
        return dotted(_plain(value))

    return Reader(read, AS_TEXT)


def whole(least: int = 0, most: int = LARGEST_NUMBER) -> Reader:
    """Return a reader of whole numbers; digits typed as text are taken, with dots between thousands too."""

    def read(value: Any) -> int:
        number = _whole(value)
        if not least <= number <= most:
            raise Unreadable("number-outside", least=least, most=most)
        return number

    return Reader(read, WHOLE_FORMAT)


def _whole(value: Any) -> int:
    if isinstance(value, str):
        digits = value.strip().replace(".", "") if _THOUSANDS.fullmatch(value.strip()) else value.strip()
        if re.fullmatch(r"-?[0-9]{1,15}", digits):
            return int(digits)
    elif isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer():
        return int(value)
    raise Unreadable("not-a-whole-number")


def decimal() -> Reader:
    """Return a reader of numbers such as degrees; a decimal comma in text is taken."""

    def read(value: Any) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}([.,][0-9]{1,12})?", value.strip()):
            return float(value.strip().replace(",", "."))
        raise Unreadable("not-a-number")

    return Reader(read, DECIMAL_FORMAT)


def day() -> Reader:
    """Return a reader of dates. A date typed as text is refused: 05/06 is May to some and June to others."""

    def read(value: Any) -> date:
        if isinstance(value, str):
            raise Unreadable("date-as-text")
        if not isinstance(value, date):
            raise Unreadable("not-a-date")
        found = value.date() if isinstance(value, datetime) else value
        if not 1900 <= found.year <= 2100:
            raise Unreadable("date-outside")
        return found

    return Reader(read, DATE_FORMAT)


def days() -> Reader:
    """Return a reader of a list of dates, written 2027-06-14, 2027-06-15; a single real date is taken too."""

    def read(value: Any) -> tuple[date, ...]:
        if isinstance(value, date):
            return (day().read(value),)
        try:
            return tuple(
                sorted({date.fromisoformat(part) for part in re.split(r"[,;\s]+", str(value).strip()) if part})
            )
        except ValueError as error:
            raise Unreadable("not-a-list-of-dates") from error

    return Reader(read, AS_TEXT)


def clock_time() -> Reader:
    """Return a reader of times of day; 08:00 and 08.00 typed as text are taken."""

    def read(value: Any) -> time:
        if isinstance(value, datetime):
            value = value.time()
        if isinstance(value, time):
            return value.replace(second=0, microsecond=0)
        match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None:
            raise Unreadable("not-a-time")
        return time(int(match[1]), int(match[2]))

    return Reader(read, TIME_FORMAT)


def choice(words: Mapping[str, Any]) -> Reader:
    """Return a reader of one of some words, whatever their case."""
    values = {word.casefold(): value for word, value in words.items()}

    def read(value: Any) -> Any:
        plain = _plain(value).casefold()
        if plain not in values:
            raise Unreadable("not-a-choice", choices=", ".join(words))
        return values[plain]

    return Reader(read, AS_TEXT, tuple(words))


def yes_no() -> Reader:
    """Return a reader of ya and tidak."""
    reader = choice({"ya": True, "tidak": False})
    return Reader(lambda value: value if isinstance(value, bool) else reader.read(value), AS_TEXT, reader.choices)


def cross() -> Reader:
    """Return a reader of a cross in a box; an empty cell means no."""
    reader = choice({"x": True})
    return Reader(reader.read, AS_TEXT, reader.choices)


def nik() -> Reader:
    """Return a reader of NIK: sixteen digits kept as text."""

    def read(value: Any) -> str:
        # A spreadsheet keeps fifteen digits of a number: the sixteenth is gone, and nothing can bring it back.
        if not isinstance(value, str):
            raise Unreadable("nik-is-a-number")
        digits = re.sub(r"[\s.\-']", "", value)
        if digits.isdigit() and len(digits) == NIK_DIGITS - 1:
            raise Unreadable("nik-lost-a-digit")
        if not is_nik(digits):
            raise Unreadable("nik-form")
        return digits

    return Reader(read, AS_TEXT)


def phone() -> Reader:
    """Return a reader of telephone numbers; one that lost its first zero to a number cell is whole again with +62."""

    def read(value: Any) -> str:
        plain = _plain(value)
        if plain.startswith("62") and not isinstance(value, str):
            return "+" + plain
        return plain

    return Reader(read, AS_TEXT)
