"""A facility's day as a Gantt chart: a lane for each station and provider, a bar for each step. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from campaign.planning.plan import Plan, Session
from campaign.planning.problem import Problem

PIXELS_A_MINUTE, LANE, LABEL, TOP = 2, 28, 170, 30


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of one person, in the units of the drawing."""

    x: int
    width: int
    start: int  # minutes after midnight
    end: int
    step: str
    method: str
    tone: int  # number of the method, for its colour
    priority: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One station or provider through the day; `kind` is a station type, or "" for a provider."""

    kind: str
    name: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """All lanes of a day."""

    width: int
    height: int
    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[int, int], ...]  # x and minute of each full hour
    shut: tuple[tuple[int, int], ...]  # x and width of stretches between opening windows
    methods: tuple[tuple[int, str], ...]  # tone and name, as far as they occur


def chart(problem: Problem, plan: Plan, facility_id: str, day: date) -> Chart | None:
    """Return the chart of a session; None when none is held there that day."""
    session = next((row for row in plan.sessions if (row.facility, row.date) == (facility_id, day)), None)
    if session is None:
        return None
    windows = sorted(problem.facility[facility_id].hours.get(day, ()))
    starts = [start for start, _ in windows] + [slot.start for who in session.appointments for slot in who.steps]
    first = min(starts, default=8 * 60) // 60 * 60
    stations, providers, last = _bars(problem, session, first)
    last = max([last, *(end for _, end in windows)])
    rows = [(kind, str(number + 1), stations[kind, number]) for kind, number in sorted(stations)]
    rows += [("", problem.provider[key].name, bars) for key, bars in providers.items()]
    lanes = [Lane(kind, name, TOP + number * LANE, tuple(bars)) for number, (kind, name, bars) in enumerate(rows)]
    shown = {bar.tone for lane in lanes for bar in lane.bars}
    return Chart(
        width=LABEL + (last - first) * PIXELS_A_MINUTE + 30,
        height=TOP + len(rows) * LANE + 10,
        lanes=tuple(lanes),
        ticks=tuple((_x(minute, first), minute) for minute in range(first, last + 1, 60)),
        shut=tuple((_x(end, first), (start - end) * PIXELS_A_MINUTE) for (_, end), (start, _) in pairwise(windows)),
        methods=tuple((n, row.name) for n, row in enumerate(problem.methods) if n in shown),
    )


def _x(minute: int, first: int) -> int:
    return LABEL + (minute - first) * PIXELS_A_MINUTE


def _bars(
    problem: Problem, session: Session, first: int
) -> tuple[dict[tuple[str, int], list[Bar]], dict[str, list[Bar]], int]:
    """Return bars by station (type, number) and by provider, and the last minute in use."""
    stations: dict[tuple[str, int], list[Bar]] = defaultdict(list)
    providers: dict[str, list[Bar]] = {key: [] for key in session.providers}
    last = first
    tones = {row.id: number for number, row in enumerate(problem.methods)}
    for who in session.appointments:
        group = problem.group[who.candidate]
        method = problem.method[group.method]
        for slot, step in zip(who.steps, method.timed_steps, strict=False):
            end = slot.start + step.minutes
            bar = Bar(
                _x(slot.start, first),
                step.minutes * PIXELS_A_MINUTE,
                slot.start,
                end,
                step.name,
                method.name,
                tones[method.id],
                group.priority,
            )
            stations[step.station, slot.station].append(bar)
            if slot.provider in providers:
                providers[slot.provider].append(bar)
            last = max(last, end)
    return stations, providers, last
