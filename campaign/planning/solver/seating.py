"""Seating: a timetable for every session of a choice, or the most that a session can hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from campaign.planning.problem import Provider
from campaign.planning.solver.arranging import arrange
from campaign.planning.solver.capacity import Place
from campaign.planning.solver.crowds import Crowd
from campaign.planning.solver.proof import prove_seat
from campaign.planning.solver.timetable import Team, Visit, seat, seat_most

_TRIES = 12  # orders tried before the session is put to CP-SAT
_SESSION_FOR_PROOF = 90  # people; beyond, CP-SAT rarely decides in the time a session may have


@dataclass(frozen=True)
class Overfull:
    """A session that could not be seated: `fits` could, and whether CP-SAT proved the whole impossible."""

    fits: dict[int, int]
    proven: bool


@dataclass
class Seating:
    """Remembers every session tried. `effort` is CP-SAT's deterministic seconds for one session."""

    seed: int = 1
    effort: float = 0.3
    known: dict[tuple[object, ...], list[Visit] | Overfull] = field(default_factory=dict)
    crowds: list[Crowd] = field(default_factory=list)  # what was proven too much
    suspects: list[Crowd] = field(default_factory=list)  # what could not be seated: avoided, and never a proof

    @property
    def lessons(self) -> int:
        """How much has been learned so far."""
        return len(self.crowds) + len(self.suspects)

    def seat(self, team: Team, counts: Mapping[int, int]) -> list[Visit] | Overfull:
        """A timetable for so many people of each method number, or Overfull; remembered for the next time."""
        key = _key(team.timing.place, team.providers, counts)
        if key not in self.known:
            self.known[key] = self._try(team, {m: n for m, n in counts.items() if n > 0})
        return self.known[key]

    def _try(self, team: Team, counts: dict[int, int]) -> list[Visit] | Overfull:
        found = seat(team, counts, seed=self.seed, tries=_TRIES)
        if found is not None:
            return found
        proven = False
        if self.effort > 0 and sum(counts.values()) <= _SESSION_FOR_PROOF:
            found, proven = arrange(team, counts, self.seed)
            if found is None and not proven:
                found, proven = prove_seat(team, counts, self.effort, self.seed)
            if found is not None:
                return found
        most = seat_most(team, counts, seed=self.seed)
        fits = dict(Counter(method for method, _, _ in most))
        self.known[_key(team.timing.place, team.providers, fits)] = most
        return Overfull(fits, proven)


def _key(place: Place, providers: tuple[Provider, ...], counts: Mapping[int, int]) -> tuple[object, ...]:
    team = tuple((row.id, row.skills, row.minutes_per_day) for row in providers)
    return place, team, tuple(sorted((m, n) for m, n in counts.items() if n > 0))
