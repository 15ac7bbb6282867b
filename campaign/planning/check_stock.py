"""Rules 5 to 7 of a valid plan: what is used, what is on the shelf, what is delivered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from campaign.planning.check_case import Case, Violation, broken
from campaign.planning.problem import Facility, Warehouse, shifted

LotKey = tuple[str, str]  # item, lot


def session_uses_what_its_methods_need(case: Case) -> Iterator[Violation]:
    """The usage of a session is, item by item, exactly what its appointments' methods use."""
    for session, facility in case.sessions:
        off: Counter[str] = Counter()
        for who in session.appointments:
            group = case.problem.group.get(who.candidate)
            if group is not None:
                off.update(case.problem.method[group.method].uses)
        for line in session.usage:
            off[line.item] -= line.quantity
        for item, missing in sorted(off.items()):
            if missing:
                yield broken("usage", facility=facility.id, date=session.date, item=item, missing=missing)


def shelf_holds_what_is_used_first_expired_first(case: Case) -> Iterator[Violation]:
    """A facility uses only unexpired lots that are on its shelf that day, the first to expire first."""
    for facility in case.problem.facilities:
        yield from _shelf(case, facility)


def _arrivals(case: Case, facility: Facility) -> list[tuple[date, LotKey, int]]:
    lead = case.problem.rules.delivery_lead_days
    return sorted(
        (shifted(delivery.date, lead), (line.item, line.lot), line.quantity)
        for delivery in case.plan.deliveries
        if delivery.facility == facility.id
        for line in delivery.lines
    )


def _shelf(case: Case, facility: Facility) -> Iterator[Violation]:
    expiry = case.problem.expiry
    shelf: Counter[LotKey] = Counter()
    for lot in facility.stock:
        shelf[lot.item, lot.lot] += lot.quantity
    coming = _arrivals(case, facility)
    held = sorted((row for row, place in case.sessions if place is facility), key=lambda row: row.date)
    for session in held:
        facts = {"facility": facility.id, "date": session.date}
        while coming and coming[0][0] <= session.date:
            _, key, quantity = coming.pop(0)
            shelf[key] += quantity
        touched = {(line.item, line.lot) for line in session.usage}
        for line in session.usage:
            key = (line.item, line.lot)
            shelf[key] -= line.quantity
            if line.quantity < 1 or shelf[key] < 0:
                yield broken("not-on-shelf", **facts, item=line.item, lot=line.lot, quantity=line.quantity)
            if key not in expiry or expiry[key] < session.date:
                yield broken("expired", **facts, item=line.item, lot=line.lot)
        for item, number in sorted(touched & set(expiry)):
            for other, left in shelf.items():
                if other[0] == item and left > 0 and session.date <= expiry.get(other, date.min) < expiry[item, number]:
                    yield broken("not-first-expired", **facts, item=item, lot=number, earlier=other[1])


def delivery_is_one_trip_of_whole_packs(case: Case) -> Iterator[Violation]:
    """A delivery is the only one of its pair that date, on a date of the warehouse, in whole packs of each item."""
    seen: set[tuple[str, str, date]] = set()
    for row in case.plan.deliveries:
        facts = {"warehouse": row.warehouse, "facility": row.facility, "date": row.date}
        source = case.problem.warehouse.get(row.warehouse)
        if source is None or row.facility not in case.problem.facility or row.date not in source.dates:
            yield broken("delivery", **facts)
        if (row.warehouse, row.facility, row.date) in seen:
            yield broken("delivery-twice", **facts)
        seen.add((row.warehouse, row.facility, row.date))
        total: Counter[str] = Counter()
        for line in row.lines:
            total[line.item] += line.quantity
            if line.quantity < 1 or line.item not in case.problem.item:
                yield broken("delivery-line", **facts, item=line.item, quantity=line.quantity)
        for item, quantity in sorted(total.items()):
            if item in case.problem.item and quantity % case.problem.item[item].pack:
                yield broken("broken-pack", **facts, item=item, quantity=quantity)


def trips_a_day_are_limited(case: Case) -> Iterator[Violation]:
    """A warehouse delivers to at most `trips_per_day` facilities a date."""
    stops: dict[tuple[str, date], set[str]] = defaultdict(set)
    for row in case.plan.deliveries:
        stops[row.warehouse, row.date].add(row.facility)
    for (key, day), places in sorted(stops.items()):
        source = case.problem.warehouse.get(key)
        if source is not None and len(places) > source.trips_per_day:
            yield broken("too-many-trips", warehouse=key, date=day, trips=len(places), most=source.trips_per_day)


def warehouse_ships_first_expired_first_and_keeps_its_reserve(case: Case) -> Iterator[Violation]:
    """A warehouse ships only lots that last, the first to expire first, and `keep` stays in the last to expire."""
    for source in case.problem.warehouses:
        yield from _dispatch(case, source)


def _may_leave(case: Case, source: Warehouse) -> dict[LotKey, tuple[date, int]]:
    """Expiry and quantity of what may leave: lots that last, less the reserve held in those that expire last."""
    if not case.problem.dates:
        return {}
    last = shifted(case.problem.dates[-1], case.problem.rules.min_shelf_days)
    rows = [lot for lot in source.stock if lot.expiry >= last]
    held = dict(source.keep)
    found: dict[LotKey, tuple[date, int]] = {}
    for lot in sorted(rows, key=lambda lot: (lot.item, lot.expiry, lot.lot), reverse=True):
        stays = min(held.get(lot.item, 0), lot.quantity)
        held[lot.item] = held.get(lot.item, 0) - stays
        found[lot.item, lot.lot] = (lot.expiry, lot.quantity - stays)
    return found


def _dispatch(case: Case, source: Warehouse) -> Iterator[Violation]:
    free = _may_leave(case, source)
    shipped: dict[date, Counter[LotKey]] = defaultdict(Counter)
    for row in case.plan.deliveries:
        if row.warehouse == source.id:
            for line in row.lines:
                shipped[row.date][line.item, line.lot] += line.quantity
    gone: Counter[LotKey] = Counter()
    for day in sorted(shipped):
        gone.update(shipped[day])
        for key in sorted(shipped[day]):
            facts = {"warehouse": source.id, "date": day, "item": key[0], "lot": key[1]}
            if gone[key] > free.get(key, (day, 0))[1]:
                yield broken("may-not-leave", **facts, shipped=gone[key])
                continue
            for other, (expiry, quantity) in free.items():
                if other[0] == key[0] and expiry < free[key][0] and gone[other] < quantity:
                    yield broken("not-first-expired-shipped", **facts, earlier=other[1])
