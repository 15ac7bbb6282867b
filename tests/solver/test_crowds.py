"""Proofs about sessions, against every timetable of tiny sessions tried one by one."""

import random
from collections import Counter
from datetime import date
from itertools import product

import pytest

from campaign.planning.problem import Method, Problem, Provider, Step
from campaign.planning.solver.arranging import arrange
from campaign.planning.solver.building import build
from campaign.planning.solver.capacity import Place, Timing
from campaign.planning.solver.crowding import cannot_hold, most_of_shape, shape_of
from campaign.planning.solver.crowds import find_crowd, keep_apart
from campaign.planning.solver.dealing import team_of
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.timetable import Team

from .cases import small

DAY = date(2027, 3, 1)
TICK = 10


def provider(number, *skills, minutes=300):
    return Provider(f"P{number}", "", skills, "F", False, (DAY,), 1, minutes, 0)


def session(seed):
    """A session of an hour or so, with up to two kinds of stations, two methods and two providers."""
    dice = random.Random(seed)
    methods = []
    for number, skill in enumerate(("iud", "implan")):
        steps = [Step("", "desk", dice.choice((10, 20)))]
        steps.append(
            Step("", dice.choice(("room", "desk")), dice.choice((10, 20, 30)), dice.choice((skill, "iud", None)))
        )
        methods.append(Method(f"m{number}", "", tuple(steps), {}))
    windows = dice.choice((((0, 60),), ((0, 80),), ((0, 30), (50, 90))))
    place = Place(windows, (("desk", dice.choice((1, 2))), ("room", dice.choice((1, 2)))))
    wait = dice.choice((0, 20, 60))
    skills = dice.choice(((("iud",),), (("iud", "implan"),), (("iud",), ("implan",)), (("iud", "implan"), ("iud",))))
    providers = tuple(provider(n, *own, minutes=dice.choice((40, 300))) for n, own in enumerate(skills))
    return Team(Timing(place, methods, wait), providers, wait)


def visits(team, method):
    """Every way in which one person can pass, as (start, provider) of each step."""
    windows, steps = team.timing.place.windows, team.steps(method)
    by_step = [
        [
            (start, who)
            for start in range(0, windows[-1][1], TICK)
            if any(opens <= start and start + step.minutes <= closes for opens, closes in windows)
            for who in (
                [n for n, row in enumerate(team.providers) if step.skill in row.skills] if step.skill else [None]
            )
        ]
        for step in steps
    ]
    for way in product(*by_step):
        gaps = [b[0] - a[0] - step.minutes for a, b, step in zip(way, way[1:], steps, strict=False)]
        if all(0 <= gap <= team.wait for gap in gaps):
            yield way


def fits(team, people, taken=None, before=None):
    """Whether the people (a list of methods) can be seated on top of what is taken: all ways are tried.

    `before` is the method and the way of the one before: people alike come in the order of their starts.
    """
    taken = taken or Counter()
    if not people:
        return True
    units = dict(team.timing.place.stations)
    for way in visits(team, people[0]):
        if before and before[0] == people[0] and [start for start, _ in way] < [start for start, _ in before[1]]:
            continue
        now = Counter(taken)
        for (start, who), step in zip(way, team.steps(people[0]), strict=True):
            for minute in range(start, start + step.minutes, TICK):
                now["station", step.station, minute] += 1
                now["provider", who, minute] += who is not None
            now["worked", who] += step.minutes if who is not None else 0
        room = all(n <= units.get(key[1], 0) for key, n in now.items() if key[0] == "station")
        alone = all(n <= 1 for key, n in now.items() if key[0] == "provider")
        rested = all(n <= team.providers[key[1]].minutes_per_day for key, n in now.items() if key[0] == "worked" and n)
        if room and alone and rested and fits(team, people[1:], now, (people[0], way)):
            return True
    return False


def feasible(team, most=3):
    """For every small count of both methods, whether a timetable holds it."""
    return {
        counts: fits(team, [0] * counts[0] + [1] * counts[1])
        for counts in product(range(most + 1), repeat=2)
        if sum(counts) <= most
    }


SEEDS = range(10)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_some_timetable_holds_is_never_called_impossible(seed):
    team = session(seed)
    possible = [m for m in (0, 1) if m in team.timing.possible]
    for (a, b), holds in feasible(team).items():
        counts = {0: a, 1: b}
        if any(counts[m] and m not in possible for m in (0, 1)):
            assert not holds
            continue
        for crew in (False, True):
            assert not (holds and cannot_hold(team, counts, 1.0, crew=crew))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_session_is_arranged_where_any_timetable_exists(seed):
    team = session(seed)
    for (a, b), holds in feasible(team).items():
        counts = {m: n for m, n in ((0, a), (1, b)) if n}
        if not all(m in team.timing.possible for m in counts):
            continue
        found, impossible = arrange(team, counts, 1)
        assert not (holds and impossible)
        assert found is None or (holds and Counter(m for m, _, _ in found) == Counter(counts))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_session_holds_more_of_a_shape_than_its_proven_limit(seed):
    team = session(seed)
    table = feasible(team)
    for method in (0, 1):
        if method not in team.timing.possible:
            continue
        limit = most_of_shape(team.timing.place, shape_of(team, method), team.wait)
        alone = [counts[method] for counts, holds in table.items() if holds and counts[1 - method] == 0]
        assert max(alone) <= limit


def two_methods(**changes):
    """The small problem with a second method that uses the same room longer."""
    raw = small(**changes)
    longer = {**raw["methods"][0], "id": "implan", "uses": {}}
    longer["steps"] = [raw["methods"][0]["steps"][0], {**raw["methods"][0]["steps"][1], "minutes": 40}]
    raw["methods"].append(longer)
    raw["candidates"] += [{"id": "more", "kelurahan": "L", "method": "implan", "priority": False, "count": 3}]
    return Layout(Problem.from_json(raw))


def held_by(model, program, counts):
    """Whether the columns' limits and the rows that were added leave the first cell with these counts."""
    values = [0.0] * len(program.least)
    values[model.held[0]] = 1
    for (_, cell), column in model.works.items():
        values[column] = cell == 0
    for (cell, method), column in model.load.items():
        values[column] = counts.get(method, 0) if cell == 0 else 0
    if any(values[column] > program.most[column] for column in model.load.values()):
        return False
    extra = range(len(model.program.least), len(program.least))
    rows = program.rows[len(model.program.rows) :]
    for reached in product((0, 1), repeat=len(extra)):
        for column, value in zip(extra, reached, strict=True):
            values[column] = value
        sums = [(row, sum(factor * values[column] for column, factor in row.terms.items())) for row in rows]
        if all(row.least - 1e-9 <= total <= row.most + 1e-9 for row, total in sums):
            return True
    return False


def test_a_crowd_is_kept_apart_and_whoever_fits_is_not():
    layout = two_methods()
    model = build(layout, layout.single_pools())
    team = team_of(layout, 0, model.timing[0], (0,))
    table = feasible(team, most=4)
    assert not table[2, 2]  # 2 x 30 + 2 x 40 minutes in one room that is open for 120
    crowd = find_crowd(layout, 0, team, (0,), {0: 2, 1: 2})
    program = model.program.copy()
    keep_apart(model, program, [crowd])
    assert not held_by(model, program, {0: 2, 1: 2})
    for (a, b), holds in table.items():
        assert held_by(model, program, {0: a, 1: b}) or not holds


def test_a_crowd_is_made_no_larger_than_the_proof_needs():
    layout = two_methods()
    model = build(layout, layout.single_pools())
    team = team_of(layout, 0, model.timing[0], (0,))
    crowd = find_crowd(layout, 0, team, (0,), {0: 2, 1: 3})
    assert sum(people for _, people in crowd.kinds) == 3  # 3 x 40 minutes already are too many after 10 at the desk
    assert crowd.crew is None  # nobody's skills are to blame
