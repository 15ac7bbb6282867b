"""What a session can hold at most, from its hours, stations and providers alone.

Times are bits: bit t of a mask is minute t after midnight. A row says that the minutes of some steps
cannot exceed what the stations (or providers) have between the earliest start and the latest end of these steps,
rounded down to what whole steps can fill.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from campaign.planning.problem import Method, Window

Work = tuple[int, int]  # method number, position among its timed steps


@dataclass(frozen=True, slots=True)
class Place:
    """What sessions of one kind have in common: opening windows and stations."""

    windows: tuple[Window, ...]
    stations: tuple[tuple[str, int], ...]

    def station(self, name: str) -> int:
        """How many stations of this type there are."""
        return dict(self.stations).get(name, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """Steps that all lie between two moments, and the stretches of time in which they can run."""

    works: frozenset[Work]
    stretches: tuple[int, ...]  # minutes, each unbroken


def starts_within(windows: Iterable[Window], minutes: int) -> int:
    """Mask of the starts at which a step of so many minutes lies wholly inside a window."""
    mask = 0
    for opens, closes in windows:
        if closes - opens >= minutes:
            mask |= ((1 << (closes - minutes - opens + 1)) - 1) << opens
    return mask


def spread(mask: int, minutes: int) -> int:
    """The mask or-ed with itself shifted by 0 to `minutes` minutes later."""
    covered, result = 0, mask
    while covered < minutes:
        step = min(covered + 1, minutes - covered)
        result |= result << step
        covered += step
    return result


def spread_back(mask: int, minutes: int) -> int:
    """The mask or-ed with itself shifted by 0 to `minutes` minutes earlier."""
    covered, result = 0, mask
    while covered < minutes:
        step = min(covered + 1, minutes - covered)
        result |= result >> step
        covered += step
    return result


@lru_cache(maxsize=4096)
def possible_starts(windows: tuple[Window, ...], minutes: tuple[int, ...], wait: int) -> tuple[int, ...]:
    """For each step of one candidate, the starts from which a whole visit can be completed."""
    longest = min(wait, 24 * 60)
    own = [starts_within(windows, length) for length in minutes]
    reach: list[int] = []
    for position, mask in enumerate(own):
        reach.append(mask & spread(reach[-1] << minutes[position - 1], longest) if position else mask)
    for position in range(len(own) - 2, -1, -1):
        reach[position] &= spread_back(reach[position + 1], longest) >> minutes[position]
    return tuple(reach)


@lru_cache(maxsize=65536)
def fillable(limit: int, lengths: frozenset[int]) -> int:
    """The most minutes up to the limit that whole steps of these lengths can fill."""
    if 1 in lengths or not lengths:
        return limit
    sums = 1
    full = (1 << (limit + 1)) - 1
    for length in lengths:
        previous = -1
        while previous != sums:
            previous = sums
            shift = length
            while shift <= limit:
                sums |= (sums << shift) & full
                shift *= 2
    return sums.bit_length() - 1


def lowest(mask: int) -> int:
    """Number of the lowest one of a mask, so its earliest minute; -1 where there is none."""
    return (mask & -mask).bit_length() - 1


def stretches(mask: int) -> tuple[int, ...]:
    """Lengths of the runs of ones."""
    found = []
    while mask:
        mask >>= lowest(mask)
        run = lowest(~mask)
        found.append(run)
        mask >>= run
    return tuple(found)


class Timing:
    """The possible starts of every step at one place; what cannot be done there is left out."""

    def __init__(self, place: Place, methods: list[Method], wait: int, margin: int = 0) -> None:
        self.margin = margin  # minutes a station is left idle in every stretch, for plans that are easier to seat
        self.place = place
        self.methods = methods
        self.steps = [method.timed_steps for method in methods]
        self.starts: dict[Work, int] = {}
        self.possible: set[int] = set()
        for number, method in enumerate(methods):
            steps = method.timed_steps
            if any(place.station(step.station) == 0 for step in steps):
                continue
            masks = possible_starts(place.windows, tuple(step.minutes for step in steps), wait)
            if all(masks):
                self.possible.add(number)
                self.starts.update({(number, position): mask for position, mask in enumerate(masks)})

    def minutes(self, work: Work) -> int:
        """How long the step takes, in minutes."""
        return self.steps[work[0]][work[1]].minutes

    def at_station(self, station: str) -> list[Work]:
        """The steps of possible methods that need a station of this type."""
        return [work for work in self.starts if self.methods[work[0]].timed_steps[work[1]].station == station]

    def skilled(self, skills: frozenset[str]) -> list[Work]:
        """The steps of possible methods that need one of these skills."""
        return [work for work in self.starts if self.methods[work[0]].timed_steps[work[1]].skill in skills]

    def spans(self, works: Iterable[Work]) -> list[Span]:
        """Every set of the steps that start no earlier, and end no later, than some of them must."""
        bounds = {work: self._bounds(work) for work in works}
        found: dict[frozenset[Work], Span] = {}
        for earliest in {low for low, _ in bounds.values()}:
            for latest in {high for _, high in bounds.values()}:
                inside = frozenset(w for w, (low, high) in bounds.items() if low >= earliest and high <= latest)
                if inside and inside not in found:
                    found[inside] = Span(inside, stretches(self._covered(inside)))
        return list(found.values())

    def _bounds(self, work: Work) -> tuple[int, int]:
        mask = self.starts[work]
        return lowest(mask), mask.bit_length() - 1 + self.minutes(work)

    def _covered(self, works: Iterable[Work]) -> int:
        mask = 0
        for work in works:
            mask |= spread(self.starts[work], self.minutes(work) - 1)
        return mask

    def room(self, span: Span, most: int | None = None) -> int:
        """Minutes of these steps that one station, or a provider with so many minutes a day, can serve."""
        lengths = frozenset(self.minutes(work) for work in span.works)
        # where all steps are long, a little less time would cost a whole one
        margin = self.margin if most is None and min(lengths, default=0) <= self.margin else 0
        room = sum(fillable(max(0, stretch - margin), lengths) for stretch in span.stretches)
        return room if most is None else min(room, fillable(most, lengths))
