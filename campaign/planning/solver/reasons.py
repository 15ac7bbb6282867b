"""Why people are left out of a plan: for each group the first constraint that stands in its way everywhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

from campaign.planning.plan import Plan, Reason
from campaign.planning.problem import CandidateGroup, shifted
from campaign.planning.solver.capacity import Place, Timing
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.model import place_of

SessionKey = tuple[str, date]


class Leftovers:
    """What a plan leaves unused: units on shelves and in warehouses, trips, visits, providers' days."""

    def __init__(self, layout: Layout, plan: Plan) -> None:
        self.layout = layout
        self.plan = plan
        problem = layout.problem
        self.sessions = {(row.facility, row.date): row for row in plan.sessions}
        self.visited = {visit.kelurahan for visit in plan.outreach}
        self.shelf: Counter[tuple[str, str, str]] = Counter()
        for facility in problem.facilities:
            for lot in facility.stock:
                self.shelf[facility.id, lot.item, lot.lot] += lot.quantity
        self.free: list[Counter[str]] = [Counter(row) for row in layout.may_leave]
        house = {row.id: number for number, row in enumerate(problem.warehouses)}
        self.trips: Counter[tuple[str, date]] = Counter()
        self.supplied: dict[str, date] = {}
        for delivery in plan.deliveries:
            self.trips[delivery.warehouse, delivery.date] += 1
            usable = shifted(delivery.date, problem.rules.delivery_lead_days)
            self.supplied[delivery.facility] = min(usable, self.supplied.get(delivery.facility, usable))
            for line in delivery.lines:
                self.shelf[delivery.facility, line.item, line.lot] += line.quantity
                self.free[house[delivery.warehouse]][line.item] -= line.quantity
        for session in plan.sessions:
            for line in session.usage:
                self.shelf[session.facility, line.item, line.lot] -= line.quantity
        self.timings: dict[Place, Timing] = {}

    def timing(self, cell: int) -> Timing:
        """The timing of a cell's place, made once for each place."""
        place = place_of(self.layout, cell)
        if place not in self.timings:
            problem = self.layout.problem
            self.timings[place] = Timing(place, list(problem.methods), problem.rules.max_wait_minutes)
        return self.timings[place]

    def on_shelf(self, facility: str, item: str, day: date) -> int:
        """Units that end the campaign on the shelf and could have been used on the day."""
        expiry = self.layout.problem.expiry
        return sum(
            left
            for (place, what, lot), left in self.shelf.items()
            if place == facility and what == item and expiry[item, lot] >= day
        )

    def can_be_sent(self, item: str) -> bool:
        """Whether some warehouse could still send a pack."""
        pack = self.layout.problem.item[item].pack
        return any(free[item] >= pack for free in self.free)

    def can_arrive(self, facility: str, item: str, day: date) -> bool:
        """Whether a pack could still come in time: on a trip that is made anyway, or on one that is left."""
        problem, lead = self.layout.problem, self.layout.problem.rules.delivery_lead_days
        pack = problem.item[item].pack
        for number, house in enumerate(problem.warehouses):
            if self.free[number][item] < pack:
                continue
            if facility in self.supplied and self.supplied[facility] <= day:
                return True
            for when in house.dates:
                if shifted(when, lead) <= day and self.trips[house.id, when] < house.trips_per_day:
                    return True
        return False


def with_reasons(layout: Layout, plan: Plan) -> Plan:
    """The plan with a reason for every group that is not wholly served."""
    left = Leftovers(layout, plan)
    waiting = Counter({row.candidate: row.count for row in plan.unserved})
    rows = tuple(
        replace(row, reason=reason_of(left, layout.problem.group[row.candidate], waiting)) for row in plan.unserved
    )
    return replace(plan, unserved=rows)


def reason_of(left: Leftovers, group: CandidateGroup, waiting: Counter[str]) -> Reason:
    """The constraint that binds for a group: with it relaxed, more of the group could be served."""
    layout, problem = left.layout, left.layout.problem
    _, method, days = layout.node_key(group.id)
    near = layout.km[layout.kelurahan_number[group.kelurahan]]
    doable = [cell for cell in _doable(left, method) if layout.cells[cell].day in days]
    if not doable:
        return Reason.NO_CAPABILITY
    cells = [cell for cell in doable if layout.cells[cell].facility in near]
    if not cells:
        return Reason.TOO_FAR if not near or not _doable_near(left, near, method) else Reason.NO_CAPABILITY
    if problem.outreach and not _can_be_visited(left, group, cells):
        return Reason.NO_OUTREACH
    supplied = [cell for cell in cells if _supplied(left, cell, method)]
    if not supplied:
        units = problem.methods[method].uses
        return (
            Reason.NO_DELIVERY if all(left.can_be_sent(item) or not n for item, n in units.items()) else Reason.NO_STOCK
        )
    if _all_too_small(left, supplied, method, waiting):
        return Reason.SESSION_TOO_SMALL
    return Reason.NO_CAPACITY


def _doable(left: Leftovers, method: int) -> list[int]:
    layout = left.layout
    skills = {step.skill for step in layout.problem.methods[method].timed_steps if step.skill is not None}
    found = []
    for cell in range(len(layout.cells)):
        present = {skill for p in layout.workers[cell] for skill in layout.problem.providers[p].skills}
        if skills <= present and method in left.timing(cell).possible:
            found.append(cell)
    return found


def _doable_near(left: Leftovers, near: dict[int, float], method: int) -> bool:
    return any(left.layout.cells[cell].facility in near for cell in _doable(left, method))


def _can_be_visited(left: Leftovers, group: CandidateGroup, cells: list[int]) -> bool:
    last = max(left.layout.cells[cell].day for cell in cells)
    return group.kelurahan in left.visited or len(left.visited) < left.layout.visits_before(last)


def _supplied(left: Leftovers, cell: int, method: int) -> bool:
    where = left.layout.cells[cell]
    problem = left.layout.problem
    facility, day = problem.facilities[where.facility].id, problem.dates[where.day]
    return all(
        units == 0 or left.on_shelf(facility, item, day) >= units or left.can_arrive(facility, item, day)
        for item, units in problem.methods[method].uses.items()
    )


def _all_too_small(left: Leftovers, cells: list[int], method: int, waiting: Counter[str]) -> bool:
    """No session is held at any of the cells, and those who wait for one are fewer than a session must have."""
    layout, problem = left.layout, left.layout.problem
    for cell in cells:
        where = layout.cells[cell]
        if (problem.facilities[where.facility].id, problem.dates[where.day]) in left.sessions:
            return False
        could_come = sum(
            number
            for key, number in waiting.items()
            if where.facility in layout.km[layout.kelurahan_number[problem.group[key].kelurahan]]
        )
        if could_come >= problem.rules.min_session:
            return False
    return True
