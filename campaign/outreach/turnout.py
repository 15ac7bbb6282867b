"""How many to invite, so that few places stay empty and hardly ever more come than can be served. Pure.

Whether one invited person comes is a coin of its own, with the chance of her method; so is whether she may be served.
How many of a method will be served-if-there-is-room is then Poisson-binomial, and exactly computed: no normal curve, no
sampling. Rates are Beta: a belief from before, worth so many people, and what past campaigns counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Rate:
    """A chance that is known from a belief and from counting: the mean of a Beta distribution."""

    belief: float  # before anything was counted
    weight: int  # how many people's worth the belief is
    yes: int = 0  # counted
    of: int = 0

    @property
    def mean(self) -> float:
        """Return the chance, given the belief and the counts."""
        return (self.belief * self.weight + self.yes) / (self.weight + self.of)


@dataclass(frozen=True, slots=True)
class Turnout:
    """What is known of a method: who comes of those invited, and who may be served of those who come."""

    comes: Rate
    fit: Rate

    @property
    def chance(self) -> float:
        """Return the chance that an invited person comes and may be served."""
        return self.comes.mean * self.fit.mean


@dataclass(frozen=True, slots=True)
class Line:
    """The places of one method on one facility-day, and the chance of each person invited to them."""

    method_code: str
    places: int
    chances: tuple[float, ...]  # one a person invited
    waiting: int = 0  # people who could be invited beside them
    chance: float = 0.0  # of each of those


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to be expected of one facility-day."""

    risk: float  # that for at least one method more come and may be served than there are places
    served: float  # expected number


def distribution(chances: Sequence[float]) -> list[float]:
    """Return the chance of 0, 1, 2, … successes of independent trials, one after the other."""
    found = [1.0]
    for chance in chances:
        without = [*(part * (1 - chance) for part in found), 0.0]
        with_one = [0.0, *(part * chance for part in found)]
        found = [a + b for a, b in zip(without, with_one, strict=True)]
    return found


def overflow(line: Line) -> float:
    """Return the chance that more come and may be served than there are places."""
    return max(0.0, sum(distribution(line.chances)[line.places + 1 :]))


def expected_served(line: Line) -> float:
    """Return how many are served on average: those beyond the places are not."""
    return sum(min(number, line.places) * chance for number, chance in enumerate(distribution(line.chances)))


def outlook(lines: Sequence[Line]) -> Outlook:
    """Return the risk and the expected number served of a facility-day whose methods do not share places."""
    nothing_over = 1.0
    for line in lines:
        nothing_over *= 1 - overflow(line)
    return Outlook(1 - nothing_over, sum(expected_served(line) for line in lines))


def extras(lines: Sequence[Line], risk: float) -> dict[str, int]:
    """Return how many more to invite of each method: whoever adds most, while the risk stays below `risk`."""
    now = list(lines)
    added = {line.method_code: 0 for line in lines}
    while True:
        best: tuple[float, int] | None = None
        for position, line in enumerate(now):
            if added[line.method_code] >= line.waiting or line.chance <= 0:
                continue
            one_more = _one_more(line)
            if outlook([*now[:position], one_more, *now[position + 1 :]]).risk > risk:
                continue
            gain = expected_served(one_more) - expected_served(line)
            if best is None or gain > best[0] + 1e-12:
                best = (gain, position)
        if best is None or best[0] <= 1e-9:
            return added
        position = best[1]
        now[position] = _one_more(now[position])
        added[now[position].method_code] += 1


def _one_more(line: Line) -> Line:
    return replace(line, chances=(*line.chances, line.chance))
