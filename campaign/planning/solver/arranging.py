"""A timetable from the session without names: when everybody starts is solved, who serves them follows."""

from __future__ import annotations

from collections.abc import Mapping

from ortools.sat.python import cp_model

from campaign.planning.solver.crowding import Draft, cannot_hold, draft, kind_of
from campaign.planning.solver.timetable import Team, Visit

_EFFORT = 0.3  # deterministic seconds for a timetable
_PROOF = 0.4  # and for the proof that there is none


def arrange(team: Team, counts: Mapping[int, int], seed: int) -> tuple[list[Visit] | None, bool]:
    """A timetable, or (None, True) when it is proven that there is none, or (None, False)."""
    if any(cannot_hold(team, counts, _PROOF, crew=crew) for crew in (False, True)):
        return None, True
    present = sorted(m for m, n in counts.items() if n and team.steps(m))
    session = draft(team, [kind_of(team, frozenset({m}), counts[m], skilled=True) for m in present])
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = _EFFORT
    solver.parameters.max_time_in_seconds = _EFFORT * 3
    solver.parameters.catch_sigint_signal = False
    status = solver.solve(session.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, False
    visits = _named(session, solver)
    if visits is None:
        return None, False
    quick: list[Visit] = [(m, [], []) for m, n in counts.items() if not team.steps(m) for _ in range(n)]
    return visits + quick, False


def _visits(session: Draft, solver: cp_model.CpSolver) -> dict[tuple[int, int], Visit]:
    """Visits by kind and person, without providers, starts in minutes after midnight."""
    origin = session.team.timing.place.windows[0][0]
    found: dict[tuple[int, int], Visit] = {}
    for number, (kind, by_step) in enumerate(zip(session.kinds, session.starts, strict=True)):
        for person in range(kind.people):
            minutes = [solver.value(column[person]) * session.unit + origin for column in by_step]
            found[number, person] = (kind.method, minutes, [None] * len(minutes))
    return found


def _named(session: Draft, solver: cp_model.CpSolver) -> list[Visit] | None:
    """The visits, each skilled step with somebody of its sort who is free; None when minutes a day forbid it."""
    team, visits = session.team, _visits(session, solver)
    free_from = [0] * len(team.providers)
    left = [provider.minutes_per_day for provider in team.providers]
    order = sorted(session.sorts, key=lambda key: (visits[key[0], key[2]][1][key[1]], key))
    for number, position, person in order:
        method, starts, chosen = visits[number, person]
        sort = next(s for s, column in session.sorts[number, position, person].items() if solver.value(column))
        minutes = team.steps(method)[position].minutes
        able = [
            p
            for p, provider in enumerate(team.providers)
            if frozenset(provider.skills) == sort and free_from[p] <= starts[position] and left[p] >= minutes
        ]
        if not able:
            return None
        who = max(able, key=lambda p: (left[p], -p))
        free_from[who] = starts[position] + minutes
        left[who] -= minutes
        chosen[position] = who
    return list(visits.values())
