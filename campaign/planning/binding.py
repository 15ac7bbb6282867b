"""What stands in a group's way at the facilities it can reach: plain arithmetic on the plan, in typed facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from campaign.planning.plan import Session
from campaign.planning.problem import CandidateGroup, able_places, shifted
from campaign.planning.solver.reasons import Leftovers

_PLACES = 3  # facilities that are looked at, the nearest first
_FULL = 0.8  # of its minutes, from which a station or a provider counts as taken


@dataclass(frozen=True)
class Binding:
    """One thing in the way: `kind` is a kind of change that could lift it, `facts` are names, numbers and dates."""

    kind: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)


def bindings(left: Leftovers, group: CandidateGroup, missing: int) -> list[Binding]:
    """Everything in the way of `missing` people of the group, place by place."""
    case = _Group(left, group, missing)
    found = [*case.distance(), *case.visits()]
    for facility in case.near[:_PLACES]:
        found += [*case.ability(facility), *case.stock(facility), *case.room(facility), *case.limits(facility)]
    return found


class _Group:
    def __init__(self, left: Leftovers, group: CandidateGroup, missing: int) -> None:
        self.left, self.group, self.missing = left, group, missing
        self.problem = left.layout.problem
        self.method = self.problem.method[group.method]
        near = left.layout.km[left.layout.kelurahan_number[group.kelurahan]]
        able = set(able_places(self.problem, group))
        self.near = sorted(near, key=lambda f: (f not in able, near[f]))
        self.days = [day for day in self.problem.dates if group.dates is None or day in group.dates]
        self.skills = sorted({step.skill for step in self.method.timed_steps if step.skill is not None})

    def _name(self, facility: int) -> str:
        return self.problem.facilities[facility].name

    def _open(self, facility: int) -> list[date]:
        return [day for day in self.days if day in self.problem.facilities[facility].hours]

    def distance(self) -> Iterator[Binding]:
        """Nothing is near enough: the nearest facility and how far it is."""
        if self.near or not self.problem.facilities:
            return
        rules = self.problem.rules
        rows = sorted(
            (self.problem.travel_km(self.group.kelurahan, row.id), row.name) for row in self.problem.facilities
        )
        code = "too-far" if rows[0][0] > rules.max_travel_km else "other-kecamatan"
        yield Binding("travel", code, {"facility": rows[0][1], "km": rows[0][0], "most": rules.max_travel_km})

    def visits(self) -> Iterator[Binding]:
        """The kelurahan has no outreach visit, and none is left in time."""
        if not self.problem.outreach or self.group.kelurahan in self.left.visited or not self.days:
            return
        last = self.left.layout.problem.dates.index(self.days[-1])
        possible = self.left.layout.visits_before(last)
        if len(self.left.visited) >= possible:
            name = self.problem.kelurahan_by_id[self.group.kelurahan].name
            yield Binding(
                "stops", "no-visit", {"kelurahan": name, "until": self.days[-1].isoformat(), "visits": possible}
            )

    def ability(self, facility: int) -> Iterator[Binding]:
        """Closed on their dates, a station that is not there, a skill that nobody in reach has."""
        place = self.problem.facilities[facility]
        days = self._open(facility)
        if not days:
            yield Binding("date", "closed", {"facility": place.name, "dates": _said(self.days)})
            return
        for station in dict.fromkeys(step.station for step in self.method.timed_steps):
            if not place.stations.get(station):
                yield Binding("station", "no-station", {"facility": place.name, "station": station})
        for skill in self.skills:
            if not any(self._able(facility, day, skill) for day in days):
                facts = {"facility": place.name, "skill": skill, "dates": _said(days)}
                yield Binding("team", "no-skill", facts)

    def _able(self, facility: int, day: date, skill: str) -> list[int]:
        cell = self.left.layout.cell_number[facility, self.problem.dates.index(day)]
        providers = self.problem.providers
        return [p for p in self.left.layout.workers[cell] if skill in providers[p].skills]

    def stock(self, facility: int) -> Iterator[Binding]:
        """Units short on the shelf that nobody can bring in time."""
        days = self._open(facility)
        for item, units in self.method.uses.items():
            if not units or not days:
                continue
            place, last = self.problem.facilities[facility], days[-1]
            lacking = self.missing * units - self.left.on_shelf(place.id, item, last)
            if lacking <= 0 or self.left.can_arrive(place.id, item, last):
                continue
            facts: dict[str, Any] = {
                "item": self.problem.item[item].name,
                "facility": place.name,
                "missing": lacking,
                "until": last.isoformat(),
                "in_warehouses": sum(max(0, free[item]) for free in self.left.free),
            }
            if not self.left.can_be_sent(item):
                yield Binding("stock", "no-stock", facts)
                continue
            earliest = self._earliest_free_trip()
            yield Binding("trips", "no-delivery", {**facts, "earliest": earliest})

    def _earliest_free_trip(self) -> str | None:
        lead = self.problem.rules.delivery_lead_days
        days = [
            shifted(when, lead)
            for house in self.problem.warehouses
            for when in house.dates
            if self.left.trips[house.id, when] < house.trips_per_day
        ]
        return min(days).isoformat() if days else None

    def room(self, facility: int) -> Iterator[Binding]:
        """Sessions that are held and whose stations or providers are nearly taken."""
        place = self.problem.facilities[facility]
        yield from self._nobody_free(facility)
        for day in self._open(facility):
            session = self.left.sessions.get((place.id, day))
            if session is None:
                continue
            share, facts = max(
                self._loads(session, place.stations, facility), key=lambda row: row[0], default=(0.0, {})
            )
            if share >= _FULL:
                kind = "team" if "skill" in facts else "hours"
                facts = {"facility": place.name, "date": day.isoformat(), "people": len(session.appointments), **facts}
                yield Binding(kind, "no-skill-minutes" if kind == "team" else "no-room", facts)

    def _loads(self, session: Session, stations: Any, facility: int) -> Iterator[tuple[float, dict[str, Any]]]:
        """Share of the minutes taken, of each station type and each skill that the method needs."""
        place = self.problem.facilities[facility]
        open_ = sum(closes - opens for opens, closes in place.hours[session.date])
        used: Counter[str] = Counter()
        worked: Counter[str] = Counter()
        for who in session.appointments:
            steps = self.problem.method[self.problem.group[who.candidate].method].timed_steps
            for slot, step in zip(who.steps, steps, strict=True):
                used[step.station] += step.minutes
                if slot.provider is not None:
                    worked[slot.provider] += step.minutes
        for station in sorted({step.station for step in self.method.timed_steps}):
            room = open_ * stations.get(station, 0)
            if room:
                yield used[station] / room, {"station": station, "used": used[station], "minutes": room}
        for skill in self.skills:
            team = [
                self.problem.provider[who] for who in session.providers if skill in self.problem.provider[who].skills
            ]
            minutes = sum(min(open_, row.minutes_per_day) for row in team)
            done = sum(worked[row.id] for row in team)
            if minutes:
                yield done / minutes, {"skill": skill, "used": done, "minutes": minutes}

    def _nobody_free(self, facility: int) -> Iterator[Binding]:
        """Dates on which nobody with a skill is there, and everybody who could come is elsewhere or has no day left."""
        place = self.problem.facilities[facility]
        at_work: dict[date, set[str]] = defaultdict(set)
        days_of: Counter[str] = Counter()
        for row in self.left.plan.sessions:
            at_work[row.date] |= set(row.providers)
            days_of.update(row.providers)
        for skill in self.skills:
            days, people = [], 0
            for day in self._open(facility):
                able = [self.problem.providers[p] for p in self._able(facility, day, skill)]
                session = self.left.sessions.get((place.id, day))
                here = session is not None and any(who.id in session.providers for who in able)
                free = [who for who in able if who.id not in at_work[day] and days_of[who.id] < who.max_days]
                if able and not here and not free:
                    days.append(day)
                    people = max(people, len(able))
            if days:
                facts = {"facility": place.name, "dates": _said(days), "skill": skill, "people": people}
                yield Binding("team", "nobody-free", facts)

    def limits(self, facility: int) -> Iterator[Binding]:
        """The campaign's own limits: sessions a day, dates of the kecamatan, the smallest session."""
        rules, place = self.problem.rules, self.problem.facilities[facility]
        held = Counter(session.date for session in self.left.plan.sessions)
        dates = {
            session.date
            for session in self.left.plan.sessions
            if self.problem.facility[session.facility].kecamatan == place.kecamatan
        }
        empty = [day for day in self._open(facility) if (place.id, day) not in self.left.sessions]
        most_day, most_dates = rules.max_sessions_per_day, rules.max_dates_per_kecamatan
        full = [day for day in empty if most_day is not None and held[day] >= most_day]
        shut = [day for day in empty if most_dates is not None and day not in dates and len(dates) >= most_dates]
        waiting = self._could_come(facility)
        if full:
            yield Binding("rule", "sessions-a-day", {"facility": place.name, "dates": _said(full), "most": most_day})
        if shut:
            yield Binding(
                "rule", "dates-of-kecamatan", {"facility": place.name, "dates": _said(shut), "most": most_dates}
            )
        if waiting < rules.min_session and len(empty) == len(self._open(facility)):
            facts = {"facility": place.name, "waiting": waiting, "least": rules.min_session}
            yield Binding("rule", "too-few", facts)

    def _could_come(self, facility: int) -> int:
        """People whom the plan leaves out and who could come to the facility."""
        layout, problem = self.left.layout, self.problem
        return sum(
            row.count
            for row in self.left.plan.unserved
            if facility in layout.km[layout.kelurahan_number[problem.group[row.candidate].kelurahan]]
        )


def _said(days: list[date]) -> list[str]:
    return [day.isoformat() for day in days]
