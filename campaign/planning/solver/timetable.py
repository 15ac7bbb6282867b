"""One session's timetable: who is where from minute to minute.

Candidates are put in one after the other, each finishing as early as what is left allows; many orders are tried,
then CP-SAT decides. Masks are as in `capacity`: bit t is minute t after midnight.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from campaign.planning.plan import StepSlot
from campaign.planning.problem import Method, Provider, Step
from campaign.planning.solver.capacity import Timing, lowest, spread, spread_back

_WHOLE_DAY = (1 << 2 * 24 * 60) - 1
_LARGE_SESSION = 400  # above so many candidates the simple orders have to do: each costs seconds


@dataclass(frozen=True)
class Team:
    """What a session works with: the place's timing and who is there."""

    timing: Timing
    providers: tuple[Provider, ...]
    wait: int  # longest idle minutes between two steps

    def method(self, number: int) -> Method:
        """The method of this number."""
        return self.timing.methods[number]

    def steps(self, number: int) -> tuple[Step, ...]:
        """The timed steps of the method of this number."""
        return self.timing.steps[number]


@dataclass
class _Day:
    """What is taken so far."""

    team: Team
    taken: dict[str, list[int]] = field(default_factory=dict)  # station -> binary digits of how many are busy
    busy: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.taken = {name: _idle(units) for name, units in self.team.timing.place.stations if units}
        self.busy = [0] * len(self.team.providers)
        self.left = [provider.minutes_per_day for provider in self.team.providers]

    def openings(self, method: int) -> list[tuple[int, dict[int, int]]]:
        """For each step the free starts, and by provider where one is needed."""
        found: list[tuple[int, dict[int, int]]] = []
        for position, step in enumerate(self.team.steps(method)):
            full = -1
            for digit in self.taken[step.station]:
                full &= digit
            free = self.team.timing.starts[method, position] & ~spread_back(full, step.minutes - 1)
            if step.skill is None:
                found.append((free, {}))
                continue
            own = {}
            for number, provider in enumerate(self.team.providers):
                if step.skill in provider.skills and self.left[number] >= step.minutes:
                    starts = free & ~spread_back(self.busy[number], step.minutes - 1)
                    if starts:
                        own[number] = starts
            free = 0
            for starts in own.values():
                free |= starts
            found.append((free, own))
        return found

    def take(self, method: int, starts: list[int], chosen: list[int | None]) -> None:
        """Mark station and provider of each step as busy from its start (minutes after midnight)."""
        for step, start, provider in zip(self.team.steps(method), starts, chosen, strict=True):
            carried = ((1 << step.minutes) - 1) << start
            if provider is not None:
                self.busy[provider] |= carried
                self.left[provider] -= step.minutes
            digits = self.taken[step.station]
            for place, digit in enumerate(digits):
                digits[place] = digit ^ carried
                carried &= digit
                if not carried:
                    break


def _idle(units: int) -> list[int]:
    """A binary counter for each minute, mask k its digit 2^k; it starts so that all ones means every unit is busy."""
    length = units.bit_length()
    start = (1 << length) - 1 - units
    return [_WHOLE_DAY if start >> k & 1 else 0 for k in range(length)]


Visit = tuple[int, list[int], list[int | None]]  # method, start and provider number of each step


def _put(day: _Day, method: int, dice: random.Random | None) -> Visit | None:
    """Fit one more candidate in, finishing as early as possible; None when there is no room."""
    steps = day.team.steps(method)
    if not steps:
        return method, [], []
    openings = day.openings(method)
    reach: list[int] = []
    for position, (free, _) in enumerate(openings):
        inside = free & spread(reach[-1] << steps[position - 1].minutes, day.team.wait) if position else free
        if not inside:
            return None
        reach.append(inside)
    starts = [0] * len(steps)
    starts[-1] = lowest(reach[-1])
    for position in range(len(steps) - 2, -1, -1):
        latest = starts[position + 1] - steps[position].minutes
        earlier = reach[position] & ((1 << (latest + 1)) - 1)
        if dice is not None and dice.random() < 0.3:
            starts[position] = lowest(earlier >> max(0, latest - day.team.wait)) + max(0, latest - day.team.wait)
        else:
            starts[position] = earlier.bit_length() - 1
    chosen: list[int | None] = []
    for (_, own), start, step in zip(openings, starts, steps, strict=True):
        able = [number for number, mask in own.items() if mask >> start & 1 and day.left[number] >= step.minutes]
        if step.skill is None:
            chosen.append(None)
        elif able:
            chosen.append(_pick(day, able, dice))
        else:
            return None
    if len({number for number in chosen if number is not None}) < sum(number is not None for number in chosen):
        for number in {number for number in chosen if number is not None}:
            minutes = sum(s.minutes for s, n in zip(steps, chosen, strict=True) if n == number)
            if minutes > day.left[number]:
                return None
    day.take(method, starts, chosen)
    return method, starts, chosen


def _pick(day: _Day, able: list[int], dice: random.Random | None) -> int:
    if dice is not None and dice.random() < 0.2:
        return dice.choice(able)
    return min(able, key=lambda number: (len(day.team.providers[number].skills), -day.left[number], number))


def _orders(team: Team, counts: Mapping[int, int], dice: random.Random, tries: int) -> Iterator[list[int]]:
    """Lists of methods, one entry a candidate, in the order in which to fit them in."""

    def minutes(method: int) -> list[int]:
        return [step.minutes for step in team.steps(method)]

    def after_skill(method: int) -> int:
        steps = team.steps(method)
        last = max((k for k, step in enumerate(steps) if step.skill is not None), default=len(steps) - 1)
        return sum(step.minutes for step in steps[last + 1 :])

    def expanded(methods: list[int]) -> list[int]:
        return [method for method in methods for _ in range(counts[method])]

    kinds = sorted(counts)
    yield expanded(sorted(kinds, key=lambda m: (-after_skill(m), -max(minutes(m), default=0), m)))
    yield expanded(sorted(kinds, key=lambda m: (-max(minutes(m), default=0), -sum(minutes(m)), m)))
    yield expanded(sorted(kinds, key=lambda m: (-sum(minutes(m)), m)))
    yield expanded(sorted(kinds, key=lambda m: (sum(minutes(m)), m)))
    able = [m for m in kinds if any(step.skill for step in team.steps(m))]
    everybody, skilled = expanded(kinds), expanded(able)
    rest = expanded([m for m in kinds if m not in able])
    yield expanded(sorted(able, key=lambda m: (-max(minutes(m)), m))) + rest
    for _ in range(tries):
        keys = {method: dice.random() for method in counts}
        noise = dice.choice((0.2, 0.6, 3.0))
        front = skilled if dice.random() < 0.5 else everybody
        order = sorted(front, key=lambda m: keys[m] + noise * dice.random())
        yield order + (rest if front is skilled else [])


def filler(team: Team) -> Callable[[int], Visit | None]:
    """A function that fits one candidate of a method into what is left of the session."""
    day = _Day(team)

    def put(method: int) -> Visit | None:
        if method not in team.timing.possible:
            return None
        return _put(day, method, None)

    return put


def seat(team: Team, counts: Mapping[int, int], *, seed: int = 1, tries: int = 60) -> list[Visit] | None:
    """A timetable for so many candidates of each method; None when no tried order fits (which proves nothing)."""
    if any(number and method not in team.timing.possible for method, number in counts.items()):
        return None
    dice = random.Random(seed)  # noqa: S311 - repeatable on purpose
    total = sum(counts.values())
    for turn, order in enumerate(_orders(team, counts, dice, tries if total <= _LARGE_SESSION else 0)):
        day = _Day(team)
        visits = []
        for method in order:
            visit = _put(day, method, dice if turn >= 5 else None)
            if visit is None:
                break
            visits.append(visit)
        if len(visits) == total:
            return visits
    return None


def seat_most(team: Team, counts: Mapping[int, int], *, seed: int = 1, tries: int = 25) -> list[Visit]:
    """The most candidates that some tried order could fit in."""
    dice = random.Random(seed)  # noqa: S311 - repeatable on purpose
    best: list[Visit] = []
    for turn, order in enumerate(_orders(team, counts, dice, tries)):
        day = _Day(team)
        seated = [visit for method in order if (visit := _put(day, method, dice if turn >= 5 else None)) is not None]
        if len(seated) > len(best):
            best = seated
    return best


def number_stations(team: Team, visits: list[Visit]) -> list[tuple[int, tuple[StepSlot, ...]]]:
    """Give every step its station number: in order of start, the first one that is free."""
    spans: list[tuple[int, int, int, int, str]] = []
    for who, (method, starts, _) in enumerate(visits):
        for position, (step, start) in enumerate(zip(team.steps(method), starts, strict=True)):
            spans.append((start, start + step.minutes, who, position, step.station))
    idle: dict[str, list[int]] = {name: list(range(units)) for name, units in team.timing.place.stations}
    busy: dict[str, list[tuple[int, int]]] = defaultdict(list)
    given: dict[tuple[int, int], int] = {}
    for start, end, who, position, station in sorted(spans):
        while busy[station] and busy[station][0][0] <= start:
            heappush(idle[station], heappop(busy[station])[1])
        number = heappop(idle[station])
        heappush(busy[station], (end, number))
        given[who, position] = number
    table = []
    for who, (method, starts, chosen) in enumerate(visits):
        slots = tuple(
            StepSlot(start, given[who, position], None if p is None else team.providers[p].id)
            for position, (start, p) in enumerate(zip(starts, chosen, strict=True))
        )
        table.append((method, slots))
    return table
