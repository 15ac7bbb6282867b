"""The timetable of one session that was changed by hand: as many as our timetable can seat; the others get no times."""

from __future__ import annotations

from collections import Counter, defaultdict

from campaign.planning.hand.edits import Place, Seats
from campaign.planning.plan import Appointment, Session, StepSlot
from campaign.planning.problem import Problem
from campaign.planning.solver import capacity, timetable


def seated(problem: Problem, place: Place, seats: Seats, before: Session | None) -> Session:
    """Return a session without its usage. Whoever stays keeps their time, unless seating all anew seats more.

    Whoever does not fit has an appointment without steps: the checker says so, and nobody is lost from sight.
    """
    kept = _kept(seats, before)
    added = +(seats.people - Counter(who.candidate for who in kept))
    appointments = kept
    has_left = before is not None and len(kept) < len(before.appointments)
    if added or (has_left and _without_time(kept)):
        anew = _appointments(problem, place, seats)
        late = tuple(Appointment(key, ()) for key in sorted(added.elements()))
        # Seating all anew is worth it where it finds a time for more people than keeping everybody's time does.
        appointments = anew if _without_time(anew) < _without_time(kept + late) else kept + late
    return Session(place.facility, place.day, tuple(seats.providers), appointments, ())


def _kept(seats: Seats, before: Session | None) -> tuple[Appointment, ...]:
    """Return the appointments that stay as they were: those of people who still come, while the team is the same."""
    if before is None or before.providers != tuple(seats.providers):
        return ()
    left = Counter(seats.people)
    kept = []
    for who in sorted(before.appointments, key=lambda who: not who.steps):  # who leaves is first who has no time
        if left[who.candidate] > 0:
            left[who.candidate] -= 1
            kept.append(who)
    return tuple(kept)


def _without_time(appointments: tuple[Appointment, ...]) -> int:
    return sum(not who.steps for who in appointments)


def _appointments(problem: Problem, place: Place, seats: Seats) -> tuple[Appointment, ...]:
    slots = _slots(problem, place, seats)
    found = []
    # Where not all fit, priority groups are seated first; equal groups go by identifier.
    for key in sorted(+seats.people, key=lambda key: (not problem.group[key].priority, key)):
        free = slots[problem.group[key].method]
        for _ in range(seats.people[key]):
            found.append(Appointment(key, free.pop(0) if free else ()))
    return tuple(sorted(found, key=lambda who: (not who.steps, who.steps[0].start if who.steps else 0, who.candidate)))


def _slots(problem: Problem, place: Place, seats: Seats) -> dict[str, list[tuple[StepSlot, ...]]]:
    """Return the timetabled visits of each method, earliest first."""
    facility = problem.facility[place.facility]
    windows = tuple(sorted(facility.hours.get(place.day, ())))
    wait = problem.rules.max_wait_minutes
    kind = capacity.Place(windows, tuple(sorted(facility.stations.items())))
    timing = capacity.Timing(kind, list(problem.methods), wait)
    team = timetable.Team(timing, tuple(problem.provider[key] for key in seats.providers), wait)
    counts: Counter[int] = Counter()
    for key, number in seats.people.items():
        method = next(n for n, row in enumerate(problem.methods) if row.id == problem.group[key].method)
        if method in timing.possible:
            counts[method] += number
    visits = timetable.seat(team, counts)
    if visits is None:
        visits = timetable.seat_most(team, counts)
    found: dict[str, list[tuple[StepSlot, ...]]] = defaultdict(list)
    for method, slots in timetable.number_stations(team, visits):
        found[problem.methods[method].id].append(slots)
    for rows in found.values():
        rows.sort(key=lambda slots: slots[0].start if slots else 0)
    return found
