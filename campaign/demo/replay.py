"""Replay the service days of an approved campaign through the real use-cases.

Each event is a transaction of its own, at its own time. Keys are made of ids: replaying again changes nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import NAMESPACE_URL, UUID, uuid5

from flask import Flask

from campaign import clock
from campaign.accounts.policy import Actor, Grant
from campaign.accounts.roles import Role
from campaign.attendance.screening import Kind
from campaign.attendance.services import Scan, check_in, close_session
from campaign.demo.script import Fate, comes, fate_of, seeded
from campaign.demo.visit import Visit, finish
from campaign.events import queries as events
from campaign.logistics.campaign_stock import leftovers
from campaign.logistics.ledger import Line
from campaign.logistics.services import StockReturn, return_stock
from campaign.outreach import expected as outreach
from campaign.outreach.candidates import WalkIn, register_walk_in
from campaign.registry import queries as registry
from campaign.transaction import transaction

BUSY = 12  # expected at a session: from here on two come unlisted, otherwise one
CLOSING_LASTS = timedelta(minutes=90)  # the last ones served go home before the facility closes its day


@dataclass(frozen=True, slots=True)
class Day:
    """A session as the replay needs it: plain values, for they outlive the transaction that read them."""

    campaign_id: int
    session_id: int
    facility_id: int
    held_on: date
    opens_at: datetime
    closed_at: datetime
    provider_ids: tuple[int, ...]  # at the session; then those of the facility, who give what needs no skill
    kelurahan_codes: tuple[str, ...]  # around the facility
    kinds: dict[str, Kind]  # by method code

    @property
    def staff(self) -> Actor:
        """Return somebody who holds what the facility's staff hold, and nothing more."""
        return Actor(account_id=None, grants=(Grant(Role.FACILITY, facility_id=self.facility_id),))

    def key(self, number: str, verb: str) -> UUID:
        """Return the key of a record: the same in every replay."""
        return uuid5(NAMESPACE_URL, f"replay/{self.campaign_id}/{self.session_id}/{number}/{verb}")


@dataclass(slots=True)
class Visitor:
    """Somebody who comes to a session."""

    number: str  # of the visit, in keys
    method_code: str
    provider_id: int | None  # planned
    fate: Fate
    candidate_id: int | None = None  # a walk-in has none until the desk registers them


Event = tuple[datetime, str, Callable[[], object]]  # when, order among equals, what


def replay(app: Flask, campaign_id: int, report: Callable[[int, int], None]) -> None:
    """Replay every session of the campaign; `report` hears of events done and events in all."""
    with app.app_context():
        with transaction(app.extensions["send"]):
            days = _days(campaign_id)
            script = [event for day in days for event in _events_of(day)]
            script += _returns(days)
        script.sort(key=lambda event: event[:2])
        for done, (at, _, act) in enumerate(script, start=1):
            with clock.standing_at(at), transaction(app.extensions["send"]):
                act()
            report(done, len(script))


def _days(campaign_id: int) -> list[Day]:
    kinds = {method.code: Kind(method.register_code) for method in registry.methods()}
    facilities = {row.facility_id: row for row in registry.facilities(events.facility_ids_of(campaign_id))}
    return [
        Day(
            campaign_id=campaign_id,
            session_id=session.service_session_id,
            facility_id=session.facility_id,
            held_on=session.held_on,
            opens_at=_instant(session.held_on, session.opens_at),
            closed_at=_instant(session.held_on, session.closes_at) + CLOSING_LASTS,
            provider_ids=(
                *sorted(provider.provider_id for provider in session.providers),
                *(provider.provider_id for provider in registry.providers([session.facility_id])),
            ),
            kelurahan_codes=tuple(
                area.code for area in registry.kelurahan_of(facilities[session.facility_id].kecamatan_code)
            ),
            kinds=kinds,
        )
        for session in events.sessions_of(campaign_id)
    ]


def _instant(day: date, wall: time) -> datetime:
    return datetime.combine(day, wall, clock.zone())


def _events_of(day: Day) -> Iterator[Event]:
    for visitor in (*_expected(day), *_walk_ins(day)):
        order = f"{day.session_id}/{visitor.number}"
        yield visitor.fate.arrived_at, order, partial(_arrive, day, visitor)
        yield min(visitor.fate.ended_at, day.closed_at), order, partial(_finish, day, visitor)
    yield day.closed_at, f"{day.session_id}/~", partial(close_session, day.staff, day.session_id)


def _expected(day: Day) -> Iterator[Visitor]:
    wished = {row.candidate_id: row.method_code for row in outreach.origins_of(day.campaign_id)}
    for row in outreach.appointed_in([day.session_id]):
        method_code = wished[row.candidate_id]
        rng = seeded(day.session_id, row.candidate_id)
        if comes(rng, day.kinds[method_code]):
            fate = fate_of(rng, day.kinds[method_code], row.expected_at)
            yield Visitor(f"{row.candidate_id:08d}", method_code, row.provider_id, fate, row.candidate_id)


def _walk_ins(day: Day) -> Iterator[Visitor]:
    """Return a few who come with a friend and wish what the friend wishes."""
    wished = {row.candidate_id: row.method_code for row in outreach.origins_of(day.campaign_id)}
    friends = outreach.appointed_in([day.session_id])
    for number in range(min(len(friends), 2 if len(friends) >= BUSY else 1)):
        rng = seeded(day.session_id, "walk-in", number)
        friend = rng.choice(friends)
        method_code = wished[friend.candidate_id]
        fate = fate_of(rng, day.kinds[method_code], friend.expected_at)
        yield Visitor(f"walk-in-{number}", method_code, friend.provider_id, fate)


def _arrive(day: Day, visitor: Visitor) -> None:
    if visitor.candidate_id is None:
        visitor.candidate_id = _register(day, visitor)
    arrived_at = visitor.fate.arrived_at
    check_in(day.staff, Scan(day.key(visitor.number, "check-in"), day.session_id, arrived_at, visitor.candidate_id))


def _register(day: Day, visitor: Visitor) -> int:
    rng = seeded(day.session_id, visitor.number, "home")
    walk_in = WalkIn(
        key=str(day.key(visitor.number, "walk-in")),
        campaign_id=day.campaign_id,
        facility_id=day.facility_id,
        method_code=visitor.method_code,
        name=f"Warga Contoh {day.session_id}-{visitor.number[-1]}",
        kelurahan_code=rng.choice(day.kelurahan_codes) if day.kelurahan_codes else None,
    )
    return register_walk_in(day.staff, walk_in)


def _finish(day: Day, visitor: Visitor) -> None:
    assert visitor.candidate_id is not None, "whoever leaves has arrived"
    visit = Visit(
        day.session_id, visitor.candidate_id, visitor.method_code, (visitor.provider_id, *day.provider_ids), day.held_on
    )
    keys = (day.key(visitor.number, "screening"), day.key(visitor.number, "outcome"))
    finish(day.staff, visit, visitor.fate, keys)


def _returns(days: list[Day]) -> Iterator[Event]:
    """Let each facility send its leftovers back after its last session."""
    last = {day.facility_id: day for day in sorted(days, key=lambda day: day.closed_at)}
    for facility_id, day in sorted(last.items()):
        yield day.closed_at + timedelta(minutes=30), f"return/{facility_id}", partial(_send_back, day)


def _send_back(day: Day) -> None:
    left: dict[int, list[Line]] = {}
    for row in leftovers(day.campaign_id, day.facility_id):
        left.setdefault(row.warehouse_id, []).append(Line(row.stock_lot_id, row.quantity))
    for warehouse_id, lines in sorted(left.items()):
        key = f"replay/{day.campaign_id}/{day.facility_id}/{warehouse_id}/return"
        back = StockReturn(key, day.facility_id, day.campaign_id, warehouse_id, day.held_on, tuple(lines))
        return_stock(day.staff, back)
