"""Lists of people as an office pastes them: one line each, parts split by a tab, "|" or ";". Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from campaign.errors import Mistake

_PARTS = re.compile(r"\s*[\t|;]\s*")
_MAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets a letter: whom it is to, where they are, and their office's mail when they have one."""

    name: str
    place: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One of a team: what they are in it, who they are, and where they work."""

    duty: str
    name: str
    office: str = ""


def read_addressees(where: str, text: str) -> tuple[tuple[Addressee, ...], list[Mistake]]:
    """Return the addressees of a pasted text, and every mistake with its line."""
    found, mistakes = [], []
    for number, parts in _lines(text):
        name, place, mail = (*parts, "", "")[:3]
        if "@" in place and not mail:  # "Camat Pekalongan Barat | camat@…": the place is the town's own
            place, mail = "", place
        mistakes += _part_mistakes(where, number, parts, most=3)
        if mail and not _MAIL.match(mail):
            mistakes.append(Mistake(where, "line-mail", {"line": number}))
        found.append(Addressee(name, place, mail))
    return tuple(found), mistakes + _too_many(where, found)


def read_members(where: str, text: str) -> tuple[tuple[Member, ...], list[Mistake]]:
    """Return the members of a pasted text, and every mistake with its line."""
    found, mistakes = [], []
    for number, parts in _lines(text):
        mistakes += _part_mistakes(where, number, parts, most=3)
        if len(parts) < 2:
            mistakes.append(Mistake(where, "line-member", {"line": number}))
        found.append(Member(*(*parts, "", "")[:3]))
    return tuple(found), mistakes + _too_many(where, found)


def write_addressees(people: Sequence[Addressee]) -> str:
    """Return addressees as one types them."""
    return "\n".join(_line(one.name, one.place, one.email) for one in people)


def write_members(people: Sequence[Member]) -> str:
    """Return members as one types them."""
    return "\n".join(_line(one.duty, one.name, one.office) for one in people)


def _line(*parts: str) -> str:
    return " | ".join(parts).rstrip(" |")


def _lines(text: str) -> list[tuple[int, list[str]]]:
    numbered = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    return [(number, [part.strip() for part in _PARTS.split(line)]) for number, line in numbered if line]


def _part_mistakes(where: str, number: int, parts: Sequence[str], most: int) -> list[Mistake]:
    mistakes = []
    if not parts[0]:
        mistakes.append(Mistake(where, "line-without-name", {"line": number}))
    if len(parts) > most:
        mistakes.append(Mistake(where, "line-too-many-parts", {"line": number, "most": most}))
    if any(len(part) > 160 for part in parts):
        mistakes.append(Mistake(where, "line-too-long", {"line": number}))
    return mistakes


def _too_many(where: str, found: Sequence[object]) -> list[Mistake]:
    return [Mistake(where, "too-many-lines", {"most": MOST_LINES})] if len(found) > MOST_LINES else []
