"""Reading values of a document at their paths, keeping a list of what was wrong."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NoReturn, TypeVar

from campaign.planning.problem import InvalidProblem, Mistake

T = TypeVar("T")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_CLOCK = re.compile(r"(\d{2}):(\d{2})\Z", re.ASCII)
_LARGEST_COUNT = 10**9
_LARGEST_NUMBER = 1e15
LONGEST_DAYS = 36_500
MINUTES_A_DAY = 24 * 60
_EPOCH = date(1970, 1, 1)  # stands in for an unreadable date until the document is refused


def decode(document: bytes) -> Any:
    """Decode a JSON file strictly; raises InvalidProblem where it is not JSON or repeats a key."""
    try:
        return json.loads(document.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_distinct_keys)
    except UnicodeDecodeError:
        raise InvalidProblem((Mistake("$", "not UTF-8 text"),)) from None
    except RecursionError:
        raise InvalidProblem((Mistake("$", "nested too deeply"),)) from None
    except ValueError as error:
        if isinstance(error, InvalidProblem):
            raise
        raise InvalidProblem((Mistake("$", f"not JSON: {error}"),)) from None


def _no_constant(name: str) -> NoReturn:
    raise InvalidProblem((Mistake("$", f"{name} is not a number in JSON"),))


def _distinct_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        raise InvalidProblem((Mistake("$", f"repeated key {twice[0]!r}"),))
    return found


class Reader:
    """Reads values at paths and keeps a list of what was wrong; a wrong value becomes a harmless one."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def wrong(self, path: str, reason: str) -> None:
        """Note a mistake at a JSON path."""
        self.mistakes.append(Mistake(path, reason))

    def record(self, value: Any, path: str, required: Iterable[str], optional: Iterable[str] = ()) -> Mapping[str, Any]:
        """An object, told where a key is unknown or a required one missing."""
        if not isinstance(value, dict):
            self.wrong(path, "is not an object")
            return {}
        known = {*required, *optional}
        for key in value:
            if key not in known:
                self.wrong(f"{path}.{printable(key)}", "unknown key")
        for key in required:
            if key not in value:
                self.wrong(f"{path}.{key}", "is missing")
        return value

    def rows(self, value: Any, path: str) -> list[tuple[str, Any]]:
        """Path and value of each entry of a list; none where it is missing or no list."""
        if value is None:
            return []  # told as missing by record()
        if not isinstance(value, list):
            self.wrong(path, "is not a list")
            return []
        return [(f"{path}[{number}]", row) for number, row in enumerate(value)]

    def pairs(self, value: Any, path: str) -> list[tuple[str, str, Any]]:
        """Path, key and value of each entry of an object; none where it is missing or no object."""
        if value is None:
            return []
        if not isinstance(value, dict):
            self.wrong(path, "is not an object")
            return []
        return [(f"{path}.{printable(key)}", key, entry) for key, entry in value.items()]

    def text(self, value: Any, path: str, *, empty: bool = True) -> str:
        """Text, "" in place of what is none; `empty` says whether it may be empty."""
        if not isinstance(value, str):
            if value is not None:
                self.wrong(path, "is not text")
            return ""
        if printable(value) != value:
            self.wrong(path, "is not valid Unicode text")
        if not value and not empty:
            self.wrong(path, "is empty")
        return str(value)

    def count(self, value: Any, path: str, least: int = 0, most: int = _LARGEST_COUNT) -> int:
        """A whole number from `least` to `most`, `least` in place of a wrong one."""
        if value is None:
            return least
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(path, "is not a whole number")
            return least
        if not least <= value <= most:
            self.wrong(path, f"is not between {least} and {most}")
            return least
        return value

    def number(self, value: Any, path: str, least: float = 0, most: float = _LARGEST_NUMBER) -> float:
        """A finite number from `least` to `most`, `least` in place of a wrong one."""
        if value is None:
            return least
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.wrong(path, "is not a number")
            return least
        if not least <= value <= most:
            self.wrong(path, f"is not between {least:g} and {most:g}")
            return least
        return value

    def truth(self, value: Any, path: str) -> bool:
        """True or false, false in place of what is neither."""
        if value is not None and not isinstance(value, bool):
            self.wrong(path, "is not true or false")
        return value is True

    def day(self, value: Any, path: str) -> date:
        """A date YYYY-MM-DD, 1970-01-01 in place of a wrong one."""
        if isinstance(value, str) and _DATE.match(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        if value is not None:
            self.wrong(path, "is not a date YYYY-MM-DD")
        return _EPOCH

    def days(self, value: Any, path: str) -> tuple[date, ...]:
        """The dates of a list, in its order; a null is a wrong date."""
        return tuple(self.day(row, at) if row is not None else self._no_day(at) for at, row in self.rows(value, path))

    def _no_day(self, path: str) -> date:
        self.wrong(path, "is not a date YYYY-MM-DD")
        return _EPOCH

    def minute(self, value: Any, path: str) -> int:
        """Minutes after midnight of a clock time HH:MM up to 24:00, 0 in place of a wrong one."""
        found = _CLOCK.match(value) if isinstance(value, str) else None
        if found:
            minutes = int(found[1]) * 60 + int(found[2])
            if int(found[2]) < 60 and minutes <= MINUTES_A_DAY:
                return minutes
        self.wrong(path, "is not a clock time HH:MM")
        return 0

    def reference(self, value: Any, path: str, known: set[str], what: str) -> str:
        """An identifier that must be known; `what` names its kind where it is not."""
        key: str = self.text(value, path)
        if value is not None and key not in known:
            self.wrong(path, f"no such {what}: {printable(key)}")
        return key

    def identifiers(self, value: Any, path: str) -> set[str]:
        """The ids of a list, told where one is missing, empty or used twice."""
        seen: set[str] = set()
        for at, row in self.rows(value, path):
            key = row.get("id") if isinstance(row, dict) else None
            if not isinstance(key, str):
                continue
            if not key:
                self.wrong(f"{at}.id", "is empty")
            if key in seen:
                self.wrong(f"{at}.id", f"duplicate identifier {printable(key)}")
            seen.add(key)
        return seen

    def quantities(self, value: Any, path: str, known: set[str], what: str) -> dict[str, int]:
        """Whole numbers from 0 by identifier, each of which must be known."""
        found: dict[str, int] = {}
        for at, key, entry in self.pairs(value, path):
            if key not in known:
                self.wrong(at, f"no such {what}: {printable(key)}")
            found[key] = self.present(entry, at, self.count)
        return found

    def present(self, value: Any, path: str, read: Callable[[Any, str], T]) -> T:
        """Read a value that must not be null."""
        if value is None:
            self.wrong(path, "is null")
        return read(value, path)


def printable(text: str) -> str:
    """The text with each lone surrogate, which UTF-8 cannot carry, as a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")
