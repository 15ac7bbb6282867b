"""GS1 element strings, as a DataMatrix on a pack carries them. Pure.

Scanned ("]d2" and FNC1 as the control sign GS), as people read it ("(01)…(17)…(10)…"), or typed without brackets. A
field of variable length ends at GS, at the next bracket, or at the end.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

GS = "\x1d"
SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9]")
BRACKETED = re.compile(r"\((\d{2,4})\)([^(\x1d]+)")
LONGEST = 400

GTIN, CONTENT, LOT, PRODUCED, EXPIRES, SERIAL, COUNT = "01", "02", "10", "11", "17", "21", "30"
# Length of the value of identifiers that need no separator behind them; of the others the longest.
FIXED = {"00": 18, "01": 14, "02": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2, "410": 13}
FIXED |= {f"{group}{tail}": 6 for group in range(310, 317) for tail in range(10)} | {f"41{n}": 13 for n in range(8)}
VARIABLE = {"10": 20, "21": 20, "22": 20, "30": 8, "37": 8, "240": 30, "241": 30, "250": 30, "251": 30, "400": 30}
VARIABLE |= {f"71{n}": 20 for n in range(6)} | {str(n): 90 for n in range(90, 100)}


class Gs1Mistake(ValueError):
    """The text is no label that we can read; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Label:
    """What a pack says of itself; None: nothing."""

    gtin: str | None = None
    lot: str | None = None
    expires_on: date | None = None
    produced_on: date | None = None
    serial: str | None = None
    count: int | None = None


def read_label(text: str, today: date) -> Label:
    """Read a label; raise Gs1Mistake when it is none or contradicts its own check digit."""
    elements = _elements(SYMBOLOGY.sub("", text.strip(" \t\r\n")))
    gtin = elements.get(GTIN) or elements.get(CONTENT)
    if gtin is not None and not has_valid_check_digit(gtin):
        raise Gs1Mistake("gs1-check-digit")
    count = elements.get(COUNT)
    if count is not None and not count.isdigit():
        raise Gs1Mistake("gs1-unreadable")
    return Label(
        gtin=gtin,
        lot=elements.get(LOT),
        expires_on=_day(elements.get(EXPIRES), today),
        produced_on=_day(elements.get(PRODUCED), today),
        serial=elements.get(SERIAL),
        count=int(count) if count else None,
    )


def _elements(text: str) -> dict[str, str]:
    if not text or len(text) > LONGEST:
        raise Gs1Mistake("gs1-unreadable")
    pairs = _in_brackets(text) if text.startswith("(") else _in_a_row(text.lstrip(GS))
    found: dict[str, str] = {}
    for identifier, value in pairs:
        _require_length(identifier, value)
        if found.setdefault(identifier, value) != value:
            raise Gs1Mistake("gs1-twice")
    return found


def _in_brackets(text: str) -> list[tuple[str, str]]:
    pairs = BRACKETED.findall(text)
    if "".join(f"({identifier}){value}" for identifier, value in pairs) != text.replace(GS, ""):
        raise Gs1Mistake("gs1-unreadable")
    return pairs


def _in_a_row(text: str) -> list[tuple[str, str]]:
    pairs = []
    while text:
        identifier = next((text[:n] for n in (2, 3, 4) if text[:n] in FIXED or text[:n] in VARIABLE), None)
        if identifier is None:
            raise Gs1Mistake("gs1-unreadable")
        text = text[len(identifier) :]
        if identifier in FIXED:
            value, text = text[: FIXED[identifier]], text[FIXED[identifier] :].removeprefix(GS)
        else:
            value, _, text = text.partition(GS)
        pairs.append((identifier, value))
    return pairs


def _require_length(identifier: str, value: str) -> None:
    if identifier in FIXED:
        if len(value) != FIXED[identifier] or not value.isdigit():
            raise Gs1Mistake("gs1-unreadable")
    elif not 1 <= len(value) <= VARIABLE.get(identifier, 90):
        raise Gs1Mistake("gs1-unreadable")


def has_valid_check_digit(gtin: str) -> bool:
    """Tell whether the last digit of a GTIN fits the others: from the right they weigh 3, 1, 3, …"""
    total = sum(int(digit) * (3 if index % 2 == 0 else 1) for index, digit in enumerate(reversed(gtin[:-1])))
    return gtin.isdigit() and (10 - total % 10) % 10 == int(gtin[-1])


def _day(text: str | None, today: date) -> date | None:
    """Read YYMMDD; day 00 is the last of the month, and the century is the nearest one."""
    if text is None:
        return None
    year = today.year - today.year % 100 + int(text[:2])
    if year - today.year > 50:
        year -= 100
    elif today.year - year >= 50:
        year += 100
    month, day = int(text[2:4]), int(text[4:])
    try:
        if day:
            return date(year, month, day)
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(1)
    except ValueError:
        raise Gs1Mistake("gs1-date") from None
