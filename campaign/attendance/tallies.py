"""Count a campaign from its rows. Pure: the same rows give the same tallies, however often and whenever one counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import NamedTuple

from campaign.attendance.outcomes import OutcomeKind


@dataclass(frozen=True, slots=True)
class Person:
    """What a tally needs to know of a candidate."""

    kecamatan_code: str  # of origin, not of the facility
    method_code: str  # wished
    is_poor: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """One appointment."""

    service_session_id: int
    candidate_id: int
    is_invited: bool  # a message was sent, or a slip was handed to the cadre


@dataclass(frozen=True, slots=True)
class Came:
    """One accepted arrival."""

    service_session_id: int
    candidate_id: int
    is_walk_in: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """One outcome row; a correction names the row that it replaces."""

    service_outcome_id: int
    replaces_id: int | None
    service_session_id: int
    candidate_id: int
    kind: OutcomeKind
    method_code: str  # given; or wished, when nothing was given
    ended_at: datetime | None = None


BOTH = None  # a person found that somebody was really served twice


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything that the tallies of one campaign are made of."""

    people: Mapping[int, Person]  # by candidate_id
    expected: tuple[Expected, ...]
    came: tuple[Came, ...]
    ended: tuple[Ended, ...]
    # What a person decided of somebody served at two sessions: the outcome that counts, or BOTH; by candidate_id.
    settled: Mapping[int, int | None] = field(default_factory=dict)

    @property
    def seen(self) -> int:
        """Return a number that grows with every row that changes a count: rows are only ever added."""
        invited = sum(row.is_invited for row in self.expected)
        return len(self.expected) + invited + len(self.came) + len(self.ended) + len(self.settled)


class Cell(NamedTuple):
    """Where a count belongs: the session, the kecamatan of origin, the method."""

    service_session_id: int
    kecamatan_code: str
    method_code: str


@dataclass(slots=True)
class Counts:
    """The counts of one cell. Expected and came go by the method wished, served by the method given."""

    planned: int = 0
    invited: int = 0
    came: int = 0
    walk_ins: int = 0
    served: int = 0
    served_poor: int = 0
    deferred: int = 0
    refused: int = 0
    referred: int = 0
    withdrew: int = 0


COUNTS = tuple(field.name for field in fields(Counts))


def kecamatan_of_origin(area_code: str) -> str:
    """Return the kecamatan of a kelurahan's code; a walk-in may have no more than the kecamatan: 33.75.01."""
    return area_code[:8]


def recount(rows: Rows) -> dict[Cell, Counts]:
    """Return the counts of every cell in which anything happened."""
    cells: dict[Cell, Counts] = {}
    for expected in rows.expected:
        counts = _at(cells, rows, expected.service_session_id, expected.candidate_id)
        counts.planned += 1
        counts.invited += expected.is_invited
    for came in rows.came:
        counts = _at(cells, rows, came.service_session_id, came.candidate_id)
        counts.came += 1
        counts.walk_ins += came.is_walk_in
    for ended in counted(rows):
        person = rows.people[ended.candidate_id]
        cell = Cell(ended.service_session_id, person.kecamatan_code, ended.method_code)
        _add_ending(cells.setdefault(cell, Counts()), ended.kind, is_poor=person.is_poor)
    return cells


def current(ended: Iterable[Ended]) -> list[Ended]:
    """Return the outcomes that no later one replaces."""
    rows = list(ended)
    replaced = {row.replaces_id for row in rows}
    return [row for row in rows if row.service_outcome_id not in replaced]


def counted(rows: Rows) -> list[Ended]:
    """Return the outcomes that count: of somebody served at two sessions one, until a person says which, or both."""
    now = current(rows.ended)
    doubtful = {who: _kept(served, rows.settled) for who, served in double_services(now).items()}
    return [row for row in now if row.candidate_id not in doubtful or _counts(row, doubtful[row.candidate_id])]


def double_services(now: Iterable[Ended]) -> dict[int, list[Ended]]:
    """Return, by candidate, the outcomes of whoever was served more than once, earliest first."""
    served: dict[int, list[Ended]] = {}
    for row in now:
        if row.kind is OutcomeKind.SERVED:
            served.setdefault(row.candidate_id, []).append(row)
    return {who: sorted(found, key=_when) for who, found in served.items() if len(found) > 1}


def _when(row: Ended) -> tuple[float, int]:
    return (row.ended_at.timestamp() if row.ended_at else 0.0, row.service_outcome_id)


def _kept(served: list[Ended], settled: Mapping[int, int | None]) -> set[int]:
    every = {row.service_outcome_id for row in served}
    kept = settled.get(served[0].candidate_id, served[0].service_outcome_id)
    if kept is BOTH:
        return every
    # The outcome that was named may have been corrected since: then the earliest stands again.
    return {kept} if kept in every else {served[0].service_outcome_id}


def _counts(row: Ended, kept: set[int]) -> bool:
    return row.kind is not OutcomeKind.SERVED or row.service_outcome_id in kept


def total(counts: Iterable[Counts]) -> Counts:
    """Return the sum, count by count."""
    result = Counts()
    for one in counts:
        for name in COUNTS:
            setattr(result, name, getattr(result, name) + getattr(one, name))
    return result


def _at(cells: dict[Cell, Counts], rows: Rows, session_id: int, candidate_id: int) -> Counts:
    person = rows.people[candidate_id]
    return cells.setdefault(Cell(session_id, person.kecamatan_code, person.method_code), Counts())


def _add_ending(counts: Counts, kind: OutcomeKind, *, is_poor: bool) -> None:
    if kind is OutcomeKind.SERVED:
        counts.served += 1
        counts.served_poor += is_poor
    elif kind is OutcomeKind.DEFERRED:
        counts.deferred += 1
    elif kind is OutcomeKind.REFUSED:
        counts.refused += 1
    elif kind is OutcomeKind.REFERRED:
        counts.referred += 1
    else:
        counts.withdrew += 1
