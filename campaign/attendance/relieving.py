"""When a site will not finish or runs out: who could go where today, and what could be brought. People decide."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campaign import clock
from campaign.accounts.policy import Actor, Permission, Reach, reach, require
from campaign.attendance import day_board
from campaign.attendance.day_board import SiteNow
from campaign.attendance.live import STILL_COMES_FOR, Alarm, Guest, pace_of
from campaign.errors import Conflict
from campaign.events import queries as events
from campaign.outreach.appointments import appointments_of
from campaign.outreach.changing import Move, move_appointments
from campaign.outreach.expected import origins_of
from campaign.outreach.models import Appointment
from campaign.planning.problem import Rules, great_circle_km
from campaign.planning.solver.relief import Haven, Passage, Stranded, relieve
from campaign.registry import queries as registry

NOTICE = timedelta(minutes=30)  # between the word and the new hour: somebody has to tell them, and they have to come


class ProposalGone(Conflict):
    """The day went on: what was proposed no longer holds."""

    code = "proposal-gone"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Some people of one kelurahan go from one site to another; or goods come instead of people."""

    campaign_id: int
    from_session: int
    to_session: int
    kelurahan_code: str
    method_code: str
    appointment_ids: tuple[int, ...]
    hours: tuple[datetime, ...]  # the new hour of each
    km: float  # from their kelurahan to the new site
    servings_there: int  # of the method, before they come

    @property
    def mark(self) -> str:
        """Return what names exactly this proposal: who goes where. Whoever says yes says it to this one."""
        return hashlib.sha256(repr((self.to_session, sorted(self.appointment_ids))).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Supply:
    """A site has more of a method than it will need, and another has too little."""

    from_session: int
    to_session: int
    method_code: str
    servings: int


@dataclass(frozen=True, slots=True)
class _Day:
    """The sites of one campaign today, with their guests."""

    campaign_id: int
    sites: Mapping[int, SiteNow]
    guests: Mapping[int, Sequence[Guest]]
    now: datetime

    def until_closing(self, session_id: int) -> int:
        """Return how many visits a site can still end before it closes, at its pace."""
        facts = day_board.site_of(self.sites[session_id].session)
        return max(0, int((facts.closes_at - self.now) / pace_of(facts, self.guests[session_id])))

    def spare(self, session_id: int) -> int:
        """Return how many more a site can take in."""
        standing = self.sites[session_id].standing
        if standing.is_closed or standing.alarms:
            return 0
        return max(0, self.until_closing(session_id) - standing.waiting - standing.to_come)

    def too_many(self, session_id: int) -> int:
        """Return how many of those to come will find a site closed."""
        standing = self.sites[session_id].standing
        if Alarm.WILL_BE_LATE not in standing.alarms:
            return 0
        return max(0, standing.waiting + standing.to_come - self.until_closing(session_id))


Group = tuple[int, str, str]  # site, kelurahan, method


def proposals(day: date, seen: Reach) -> list[Proposal]:
    """Return the moves of people that serve most of those who would go home unserved, with least travel."""
    sites = {one.session.service_session_id: one for one in day_board.board(day, seen)}
    guests = day_board.guests_of([one.session for one in sites.values()])
    found: list[Proposal] = []
    for campaign_id in sorted({one.session.campaign_id for one in sites.values()}):
        here = {key: one for key, one in sites.items() if one.session.campaign_id == campaign_id}
        found += _proposals_of(_Day(campaign_id, here, guests, clock.now()))
    return found


def _proposals_of(day: _Day) -> list[Proposal]:
    movable = _movable(day)
    havens = [
        Haven(key, places, site.standing.servings) for key, site in day.sites.items() if (places := day.spare(key))
    ]
    if not movable or not havens:
        return []
    names = {"/".join(map(str, key)): key for key in movable}
    groups = [Stranded(name, key[2], len(movable[key])) for name, key in names.items()]
    km = _distances(day, names, [haven.site for haven in havens])
    left = {key: list(rows) for key, rows in movable.items()}
    seated: Counter[int] = Counter()
    found = []
    for passage in relieve(groups, havens, km):
        key = names[passage.group]
        rows = [left[key].pop(0) for _ in range(passage.count)]
        hours = _hours(day, passage, seated[passage.site])
        seated[passage.site] += passage.count
        servings = day.sites[passage.site].standing.servings.get(key[2], 0)
        ids = tuple(row.appointment_id for row in rows)
        away = km[passage.group, passage.site]
        found.append(Proposal(day.campaign_id, key[0], passage.site, key[1], key[2], ids, hours, away, servings))
    return found


def _movable(day: _Day) -> dict[Group, list[Appointment]]:
    """Return who would go home unserved and has not come yet, the last hours first."""
    home = {row.candidate_id: row for row in origins_of(day.campaign_id)}
    found: dict[Group, list[Appointment]] = defaultdict(list)
    for key, site in day.sites.items():
        if not site.standing.alarms:
            continue
        too_many, short = day.too_many(key), Counter(site.standing.short_of)
        for row in _to_come(key, day.now):
            method = home[row.candidate_id].method_code
            if short[method] > 0 or too_many > 0:
                short[method] -= 1
                too_many -= 1
                found[key, home[row.candidate_id].kelurahan_code, method].append(row)
    return dict(found)


def _to_come(session_id: int, now: datetime) -> list[Appointment]:
    came = day_board.arrived_at(session_id)
    rows = [row for row in appointments_of(session_id) if row.expected_at + STILL_COMES_FOR > now]
    coming = (row for row in rows if row.candidate_id not in came)
    return sorted(coming, key=lambda row: (row.expected_at, row.candidate_id), reverse=True)


def _hours(day: _Day, passage: Passage, seated: int) -> tuple[datetime, ...]:
    """Return an hour for each: after those who are there and were moved there, at the site's pace, with notice."""
    site, guests = day.sites[passage.site], day.guests[passage.site]
    pace = pace_of(day_board.site_of(site.session), guests)
    first = max(site.standing.finishes_at or day.now, day.now + NOTICE)
    facts = day_board.site_of(site.session)
    last = facts.closes_at - timedelta(minutes=1)
    return tuple(min(first + pace * (seated + number), last) for number in range(passage.count))


def _distances(day: _Day, names: Mapping[str, Group], havens: Sequence[int]) -> dict[tuple[str, int], float]:
    """Return the road from each kelurahan to each haven, as far as the campaign sends anybody."""
    most = events.campaign(day.campaign_id).max_travel_km
    ids = {key: day.sites[key].session.facility_id for key in havens}
    places = {row.facility_id: row for row in registry.facilities(set(ids.values()))}
    found = {}
    for name, (_, kelurahan_code, _) in names.items():
        area = registry.area(kelurahan_code)
        for haven in havens:
            facility = places[ids[haven]]
            if area.lat is None or area.lon is None:
                continue
            km = great_circle_km(area.lat, area.lon, facility.lat, facility.lon) * Rules().road_factor
            if km <= most:
                found[name, haven] = round(km, 1)
    return found


def supplies(day: date, seen: Reach) -> list[Supply]:
    """Return what could be brought from sites that will not need it to sites that run out."""
    sites = day_board.board(day, seen)
    spare = {
        (one.session.service_session_id, method): servings - one.standing.waiting - one.standing.to_come
        for one in sites
        for method, servings in one.standing.servings.items()
    }
    found = []
    for one in sites:
        for method, wanted in one.standing.short_of.items():
            missing = wanted
            givers = sorted((key for key in spare if key[1] == method and spare[key] > 0), key=lambda key: -spare[key])
            for giver in givers:
                given = min(missing, spare[giver])
                if given > 0 and giver[0] != one.session.service_session_id:
                    found.append(Supply(giver[0], one.session.service_session_id, method, given))
                    spare[giver] -= given
                    missing -= given
    return found


def accept(actor: Actor, day: date, mark: str) -> int:
    """Carry the proposal of this mark out, if it still holds; whoever moved is told in a step of its own."""
    require(actor, Permission.INVITE)
    for one in proposals(day, reach(actor, Permission.SEE_CAMPAIGNS)):
        if one.mark == mark:
            pairs = zip(one.appointment_ids, one.hours, strict=True)
            moves = [Move(appointment_id, one.to_session, hour) for appointment_id, hour in pairs]
            return move_appointments(actor, one.campaign_id, moves)
    raise ProposalGone(day=day)
