"""Rules 1 to 4 of a valid plan: sessions, candidates, timetables, providers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from campaign.planning.check_case import Case, Violation, broken

_KM_SLACK = 1e-9  # kilometres are rounded to metres; this only forgives the last binary digit

# Rule 1: sessions


def session_is_held_once_where_and_when_it_can_be(case: Case) -> Iterator[Violation]:
    """A facility has at most one session a date, on a service date on which it is open."""
    seen: set[tuple[str, date]] = set()
    for session in case.plan.sessions:
        facility = case.problem.facility.get(session.facility)
        where = {"facility": session.facility, "date": session.date}
        if facility is None or session.date not in case.problem.dates or session.date not in facility.hours:
            yield broken("session-place", **where)
        if (session.facility, session.date) in seen:
            yield broken("session-twice", **where)
        seen.add((session.facility, session.date))


def session_is_large_enough(case: Case) -> Iterator[Violation]:
    """A session has at least `min_session` appointments."""
    least = case.problem.rules.min_session
    for session in case.plan.sessions:
        if len(session.appointments) < least:
            yield broken(
                "session-too-small",
                facility=session.facility,
                date=session.date,
                served=len(session.appointments),
                least=least,
            )


def sessions_a_day_are_limited(case: Case) -> Iterator[Violation]:
    """All facilities together hold at most `max_sessions_per_day` sessions a date."""
    most = case.problem.rules.max_sessions_per_day
    held = Counter(session.date for session, _ in case.sessions)
    for day, number in sorted(held.items()):
        if most is not None and number > most:
            yield broken("too-many-sessions", date=day, sessions=number, most=most)


def dates_of_a_kecamatan_are_limited(case: Case) -> Iterator[Violation]:
    """The facilities of a kecamatan hold sessions on at most `max_dates_per_kecamatan` distinct dates."""
    most = case.problem.rules.max_dates_per_kecamatan
    days: dict[str, set[date]] = defaultdict(set)
    for session, facility in case.sessions:
        days[facility.kecamatan].add(session.date)
    for kecamatan, held in sorted(days.items()):
        if most is not None and len(held) > most:
            yield broken("too-many-dates", kecamatan=kecamatan, dates=len(held), most=most)


# Rule 2: candidates


def everybody_is_counted_once(case: Case) -> Iterator[Violation]:
    """Served and unserved of every group add up to its count, and no entry is of an unknown group."""
    told: Counter[str] = Counter()
    for row in case.plan.unserved:
        told[row.candidate] += row.count
        if row.count < 1 or row.candidate not in case.problem.group:
            yield broken("unserved-entry", candidate=row.candidate, count=row.count)
    for session, _ in case.sessions:
        for who in session.appointments:
            if who.candidate not in case.problem.group:
                yield broken("unknown-candidate", candidate=who.candidate)
    for group in case.problem.candidates:
        if case.served[group.id] + told[group.id] != group.count:
            yield broken(
                "headcount",
                candidate=group.id,
                served=case.served[group.id],
                unserved=told[group.id],
                count=group.count,
            )


def candidate_can_come(case: Case) -> Iterator[Violation]:
    """A candidate comes on one of their dates, within `max_travel_km`, in their kecamatan unless `cross_kecamatan`."""
    rules = case.problem.rules
    for session, facility, _, group in case.appointments:
        facts = {"candidate": group.id, "facility": facility.id, "date": session.date}
        if group.dates is not None and session.date not in group.dates:
            yield broken("wrong-date", **facts)
        km = case.problem.travel_km(group.kelurahan, facility.id)
        if km > rules.max_travel_km + _KM_SLACK:
            yield broken("too-far", **facts, km=km)
        home = case.problem.kelurahan_by_id[group.kelurahan].kecamatan
        if not rules.cross_kecamatan and home != facility.kecamatan:
            yield broken("other-kecamatan", **facts)


# Rule 3: the timetable


def appointment_has_its_steps_in_order(case: Case) -> Iterator[Violation]:
    """An appointment has every timed step, each 0 to `max_wait_minutes` after the end of the one before."""
    longest = case.problem.rules.max_wait_minutes
    for session, facility, who, group in case.appointments:
        facts = {"candidate": group.id, "facility": facility.id, "date": session.date}
        steps = case.steps(group)
        if len(who.steps) != len(steps):
            yield broken("missing-steps", **facts, steps=len(who.steps), expected=len(steps))
        for (slot, step), (following, _) in pairwise(zip(who.steps, steps, strict=False)):
            wait = following.start - slot.start - step.minutes
            if not 0 <= wait <= longest:
                yield broken("wait", **facts, minutes=wait)


def step_lies_in_opening_hours(case: Case) -> Iterator[Violation]:
    """A step lies wholly inside one of the facility's windows of that date."""
    for session, facility, slot, step in case.slots:
        windows = facility.hours.get(session.date, ())
        if not any(start <= slot.start and slot.start + step.minutes <= end for start, end in windows):
            yield broken("closed", facility=facility.id, date=session.date, step=step.name, start=slot.start)


def station_serves_one_at_a_time(case: Case) -> Iterator[Violation]:
    """A station's number is below the facility's count of its type, and it serves one candidate at a time."""
    busy: dict[tuple[str, date, str, int], list[tuple[int, int]]] = defaultdict(list)
    for session, facility, slot, step in case.slots:
        if not 0 <= slot.station < facility.stations.get(step.station, 0):
            yield broken(
                "no-station", facility=facility.id, date=session.date, station=step.station, number=slot.station
            )
        busy[facility.id, session.date, step.station, slot.station].append((slot.start, slot.start + step.minutes))
    for (place, day, station, number), spans in busy.items():
        if _overlap(spans):
            yield broken("station-taken", facility=place, date=day, station=station, number=number)


def _overlap(spans: list[tuple[int, int]]) -> bool:
    return any(later[0] < earlier[1] for earlier, later in pairwise(sorted(spans)))


# Rule 4: providers


def step_has_its_provider(case: Case) -> Iterator[Violation]:
    """A step with a skill has a provider of the session who has the skill; any other step has none."""
    for session, facility, slot, step in case.slots:
        facts = {"facility": facility.id, "date": session.date, "step": step.name, "provider": slot.provider}
        if step.skill is None:
            if slot.provider is not None:
                yield broken("provider-not-needed", **facts)
            continue
        provider = case.problem.provider.get(slot.provider or "")
        if provider is None or provider.id not in session.providers or step.skill not in provider.skills:
            yield broken("no-provider", **facts)


def provider_serves_one_at_a_time_within_the_day(case: Case) -> Iterator[Violation]:
    """A provider serves one candidate at a time, at most `minutes_per_day` minutes a day."""
    busy: dict[tuple[str, str, date], list[tuple[int, int]]] = defaultdict(list)
    for session, facility, slot, step in case.slots:
        if step.skill is not None and slot.provider in case.problem.provider:
            busy[slot.provider or "", facility.id, session.date].append((slot.start, slot.start + step.minutes))
    for (key, place, day), spans in busy.items():
        facts = {"provider": key, "facility": place, "date": day}
        if _overlap(spans):
            yield broken("provider-taken", **facts)
        work = sum(end - start for start, end in spans)
        if work > case.problem.provider[key].minutes_per_day:
            yield broken("provider-minutes", **facts, minutes=work)


def provider_works_where_and_when_allowed(case: Case) -> Iterator[Violation]:
    """A provider works at one place a day, on their dates: at base, or if mobile within `provider_radius_km` of it."""
    seen: Counter[tuple[str, date]] = Counter()
    for session, facility in case.sessions:
        for key in session.providers:
            facts = {"provider": key, "facility": facility.id, "date": session.date}
            provider = case.problem.provider.get(key)
            seen[key, session.date] += 1
            if seen[key, session.date] == 2:
                yield broken("provider-twice", **facts)
            if provider is None:
                yield broken("unknown-provider", **facts)
                continue
            if session.date not in provider.dates:
                yield broken("provider-absent", **facts)
            if facility.id == provider.base:
                continue
            km = case.problem.road_km(case.problem.facility[provider.base], facility)
            if not provider.mobile or km > case.problem.rules.provider_radius_km + _KM_SLACK:
                yield broken("provider-place", **facts, km=km)


def provider_days_are_limited(case: Case) -> Iterator[Violation]:
    """A provider is listed in at most `max_days` sessions: one a day."""
    days = Counter(key for session, _ in case.sessions for key in session.providers)
    for key, number in sorted(days.items()):
        provider = case.problem.provider.get(key)
        if provider is not None and number > provider.max_days:
            yield broken("provider-days", provider=key, days=number, most=provider.max_days)
