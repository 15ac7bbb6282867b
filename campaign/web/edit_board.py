"""The board on which a plan is changed by hand: facilities by date, and what is at the chosen place."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from campaign.planning.hand.edits import Place, Roster, roster_of
from campaign.planning.plan import Plan
from campaign.planning.problem import Problem
from campaign.web.plan_words import group_name


@dataclass(frozen=True, slots=True)
class Cell:
    """A facility on a date."""

    day: date
    is_open: bool
    count: int | None  # None: no session
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A facility and its dates."""

    facility_id: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Movable:
    """A group or a provider that can be moved from the chosen place."""

    subject: str
    name: str
    count: int
    is_busy: bool = False  # a provider who works elsewhere that day


@dataclass(frozen=True, slots=True)
class EditBoard:
    """Everything that the page of changes by hand shows."""

    days: tuple[date, ...]
    kecamatan: tuple[tuple[str, tuple[Row, ...]], ...]
    chosen: Place | None
    chosen_name: str
    has_session: bool
    groups: tuple[Movable, ...]  # of the chosen session; without one, who waits
    providers: tuple[Movable, ...]
    others: tuple[Movable, ...]  # providers who could be added to the chosen session
    waiting: tuple[Movable, ...]  # who could be added to the chosen session


def edit_board(problem: Problem, plan: Plan, chosen: Place | None) -> EditBoard:
    """Return the board with what is at the chosen place; groups that wait when none is chosen."""
    if chosen is not None and (chosen.facility not in problem.facility or chosen.day not in problem.dates):
        chosen = None
    roster = roster_of(plan)
    seats = roster.get(chosen) if chosen is not None else None
    waiting = _waiting(problem, roster, chosen)
    return EditBoard(
        days=problem.dates,
        kecamatan=_kecamatan(problem, roster, chosen),
        chosen=chosen,
        chosen_name="" if chosen is None else problem.facility[chosen.facility].name,
        has_session=seats is not None,
        groups=waiting if seats is None else _movables(problem, seats.people),
        providers=()
        if seats is None
        else tuple(Movable(key, problem.provider[key].name, 1) for key in seats.providers),
        others=() if chosen is None else _others(problem, roster, chosen),
        waiting=waiting,
    )


def _kecamatan(problem: Problem, roster: Roster, chosen: Place | None) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    rows: dict[str, list[Row]] = {row.id: [] for row in problem.kecamatan}
    for facility in problem.facilities:
        cells = []
        for day in problem.dates:
            place = Place(facility.id, day)
            held = roster.get(place)
            count = None if held is None else held.people.total()
            cells.append(Cell(day, day in facility.hours, count, place == chosen))
        rows[facility.kecamatan].append(Row(facility.id, facility.name, tuple(cells)))
    return tuple((row.name, tuple(rows[row.id])) for row in problem.kecamatan if rows[row.id])


def _movables(problem: Problem, people: Counter[str]) -> tuple[Movable, ...]:
    rows = [Movable(key, group_name(problem, key), number) for key, number in people.items() if number > 0]
    return tuple(sorted(rows, key=lambda row: (row.name, row.subject)))


def _waiting(problem: Problem, roster: Roster, chosen: Place | None) -> tuple[Movable, ...]:
    """Return who is not served: of the chosen facility, those within reach come first."""
    served: Counter[str] = Counter()
    for seats in roster.values():
        served.update(seats.people)
    left = Counter({row.id: row.count - served[row.id] for row in problem.candidates})
    rows = _movables(problem, left)
    if chosen is None:
        return rows
    km = {row.subject: problem.travel_km(problem.group[row.subject].kelurahan, chosen.facility) for row in rows}
    return tuple(sorted(rows, key=lambda row: (km[row.subject], row.name)))


def _others(problem: Problem, roster: Roster, chosen: Place) -> tuple[Movable, ...]:
    """Return who works that day and is not here: the free ones of the facility first."""
    at = {key: place for place, seats in roster.items() if place.day == chosen.day for key in seats.providers}
    rows = [
        (row.id in at, row.base != chosen.facility, row.name, row.id)
        for row in problem.providers
        if chosen.day in row.dates and at.get(row.id) != chosen
    ]
    return tuple(Movable(key, name, 1, is_busy) for is_busy, _, name, key in sorted(rows))
