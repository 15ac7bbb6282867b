"""Who may be on the list twice. Pure: pairs for a person to decide, never merged by themselves.

Within a campaign a NIK stands once, so the same person comes twice only when a NIK is missing or mistyped. Found are
pairs born on one day, or living in one kelurahan with one spouse, whose names are alike; and NIKs one digit apart.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import combinations

ALIKE = 0.86  # share of letters in common: "Siti Aminah" and "St. Aminah" pass, "Siti Aminah" and "Siti Amalia" do not
_TITLES = re.compile(r"\b(ny|nyonya|bu|ibu|hj|hajah|dr|drg|s\.?pd|s\.?e|s\.?h|a\.?md)\b\.?", re.IGNORECASE)
_SHORT = {"st": "siti", "sti": "siti", "nr": "nur", "muh": "muhammad", "moh": "muhammad", "mohammad": "muhammad"}


class Likeness(StrEnum):
    """Why two may be one."""

    NIK_ONE_DIGIT = "nik_one_digit"
    NAME_AND_BIRTH = "name_and_birth"
    NAME_AND_SPOUSE = "name_and_spouse"  # in one kelurahan


@dataclass(frozen=True, slots=True)
class Person:
    """What is compared."""

    candidate_id: int
    name: str
    spouse_name: str
    birth_on: date | None
    kelurahan_code: str
    nik: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who may be one; the smaller id first."""

    first_id: int
    second_id: int
    likeness: Likeness


def plain(name: str) -> str:
    """Return a name without titles, marks and the usual short forms."""
    words = re.sub(r"[^a-z ]+", " ", _TITLES.sub(" ", name.casefold())).split()
    return " ".join(_SHORT.get(word, word) for word in words)


def find(people: Sequence[Person]) -> list[Pair]:
    """Return every pair that a person should look at, each once, the strongest likeness first."""
    found: dict[tuple[int, int], Likeness] = {}
    for pair in _candidates(people):
        found.setdefault((pair.first_id, pair.second_id), pair.likeness)
    order = list(Likeness)
    pairs = [Pair(*ids, likeness) for ids, likeness in found.items()]
    return sorted(pairs, key=lambda pair: (order.index(pair.likeness), pair.first_id, pair.second_id))


def _candidates(people: Sequence[Person]) -> Iterator[Pair]:
    for one, other in _one_digit_apart(people):
        yield _pair(one, other, Likeness.NIK_ONE_DIGIT)
    for group in _groups((person.birth_on, person) for person in people if person.birth_on):
        for one, other in combinations(group, 2):
            if _alike(one.name, other.name):
                yield _pair(one, other, Likeness.NAME_AND_BIRTH)
    spouses = (((p.kelurahan_code, plain(p.spouse_name)), p) for p in people if plain(p.spouse_name))
    for group in _groups(spouses):
        for one, other in combinations(group, 2):
            if _alike(one.name, other.name):
                yield _pair(one, other, Likeness.NAME_AND_SPOUSE)


def _groups(keyed: Iterable[tuple[object, Person]]) -> Iterator[list[Person]]:
    groups: dict[object, list[Person]] = defaultdict(list)
    for key, person in keyed:
        groups[key].append(person)
    return (group for group in groups.values() if len(group) > 1)


def _one_digit_apart(people: Sequence[Person]) -> Iterator[tuple[Person, Person]]:
    """Yield pairs whose NIKs differ in one place: they fall together once that place is masked."""
    masked: dict[tuple[int, str], Person] = {}
    for person in people:
        for place in range(len(person.nik or "")):
            key = (place, person.nik[:place] + person.nik[place + 1 :]) if person.nik else (0, "")
            other = masked.setdefault(key, person)
            if other is not person and _alike(other.name, person.name):
                yield other, person


def _alike(one: str, other: str) -> bool:
    first, second = plain(one), plain(other)
    if not first or not second:
        return False
    return first == second or SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE


def _pair(one: Person, other: Person, likeness: Likeness) -> Pair:
    first, second = sorted((one.candidate_id, other.candidate_id))
    return Pair(first, second, likeness)
