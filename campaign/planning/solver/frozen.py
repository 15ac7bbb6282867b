"""What lies before a date is frozen: sessions, deliveries and visits of the previous plan stay exactly as they were.

The search sees a problem in which the past has already happened: what was delivered lies on the shelves, warehouses
and vehicles start at the date, and before it facilities are open only where a session was held. The plan that comes
of it is then written down with the past as it was.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date

from campaign.planning.adapting import adapted
from campaign.planning.check import violations
from campaign.planning.check_case import Violation
from campaign.planning.plan import Bounds, Delivery, Plan, Session, Visit
from campaign.planning.problem import Facility, Lot, OutreachUnit, Problem, Warehouse, shifted
from campaign.planning.solver.dealing import Shelves
from campaign.planning.solver.model import Model
from campaign.planning.solver.outcome import Outcome, SolveStatus
from campaign.planning.solver.pins import Pins

_FIGURES = ("objective", "bound", "other-problem")


@dataclass(frozen=True)
class Past:
    """The part of a plan that lies before a date, and the problem as it looks from that date."""

    problem: Problem
    before: date
    sessions: tuple[Session, ...]
    deliveries: tuple[Delivery, ...]
    visits: tuple[Visit, ...]

    @staticmethod
    def of(problem: Problem, plan: Plan, before: date) -> Past:
        """What of the plan lies before the date."""
        return Past(
            problem,
            before,
            tuple(row for row in plan.sessions if row.date < before),
            tuple(row for row in plan.deliveries if row.date < before),
            tuple(row for row in plan.outreach if row.date < before),
        )

    def clashes(self) -> list[Violation]:
        """What the past breaks of the problem's rules, by itself."""
        bare = Plan("", self.sessions, self.deliveries, self.visits, (), _NOTHING, _NOTHING, {})
        found = violations(self.problem, adapted(self.problem, bare))
        return [row for row in found if row.code not in _FIGURES]

    def pins(self, pins: Pins) -> Pins:
        """The pins of a search from the date on: the sessions of the past are kept like others that are pinned."""
        kept = pins.sessions | {(row.facility, row.date) for row in self.sessions}
        return replace(pins, sessions=frozenset(kept), frozen_before=None)

    def ahead(self) -> Problem:
        """The problem as it looks from the date."""
        return replace(
            self.problem,
            facilities=tuple(self._facility(row) for row in self.problem.facilities),
            warehouses=tuple(self._warehouse(row) for row in self.problem.warehouses),
            outreach=self._outreach(),
        )

    def _facility(self, row: Facility) -> Facility:
        held = {session.date for session in self.sessions if session.facility == row.id}
        hours = {day: windows for day, windows in row.hours.items() if day >= self.before or day in held}
        come: Counter[tuple[str, str]] = Counter()
        for delivery in self.deliveries:
            if delivery.facility == row.id:
                for line in delivery.lines:
                    come[line.item, line.lot] += line.quantity
        lots = [replace(lot, quantity=lot.quantity + come.pop((lot.item, lot.lot), 0)) for lot in row.stock]
        expiry = self.problem.expiry
        lots += [Lot(item, lot, expiry[item, lot], units) for (item, lot), units in sorted(come.items())]
        return replace(row, hours=hours, stock=tuple(lots))

    def _warehouse(self, row: Warehouse) -> Warehouse:
        gone: Counter[tuple[str, str]] = Counter()
        for delivery in self.deliveries:
            if delivery.warehouse == row.id:
                for line in delivery.lines:
                    gone[line.item, line.lot] += line.quantity
        lots = tuple(replace(lot, quantity=lot.quantity - gone[lot.item, lot.lot]) for lot in row.stock)
        return replace(row, stock=lots, dates=tuple(day for day in row.dates if day >= self.before))

    def _outreach(self) -> tuple[OutreachUnit, ...]:
        """The units from the date on; each past visit is a unit of its own that made one stop."""
        waiting = {group.kelurahan for group in self.problem.candidates}
        made = tuple(
            OutreachUnit(f"\0{number}", (visit.date,), 1)
            for number, visit in enumerate(self.visits)
            if visit.kelurahan in waiting
        )
        rest = [
            replace(row, dates=tuple(day for day in row.dates if day >= self.before)) for row in self.problem.outreach
        ]
        return (*rest, *made)

    def write(self, model: Model) -> None:
        """What the problem ahead cannot say: whom the past visits were for, and goods still on their way."""
        layout, program, rules = model.layout, model.program, self.problem.rules
        seen = {visit.kelurahan: shifted(visit.date, rules.outreach_lead_days) for visit in self.visits}
        for (number, phase), column in model.visited.items():
            ready = seen.get(self.problem.kelurahan[number].id)
            if ready is not None:
                in_time = self.problem.dates[layout.phases[phase].days[0]] >= ready
                program.least[column] = program.most[column] = int(in_time)
        for delivery in self.deliveries:
            usable = shifted(delivery.date, rules.delivery_lead_days)
            days = [number for number, day in enumerate(self.problem.dates) if day < usable]
            if days and self.problem.dates[days[-1]] >= self.before:
                self._not_yet(model, delivery, days[-1])

    def _not_yet(self, model: Model, delivery: Delivery, last: int) -> None:
        """Up to the day, the facility does without what the delivery brings."""
        layout, problem = model.layout, model.layout.problem
        place = layout.facility_number[delivery.facility]
        late: Counter[str] = Counter()
        for line in delivery.lines:
            late[line.item] += line.quantity
        for item, units in late.items():
            terms = [
                (column, float(problem.methods[method].uses.get(item, 0)))
                for (cell, method), column in model.load.items()
                if layout.cells[cell].facility == place and layout.cells[cell].day <= last
            ]
            come = [
                (c, -float(problem.item[item].pack))
                for (_, f, what), c in model.packs.items()
                if (f, what) == (place, item)
            ]
            opening = layout.opening(problem.facilities[place], item, 0)
            model.program.row(terms + come, most=opening - units)

    def outcome(self, ahead: Outcome, previous: Plan) -> Outcome:
        """The outcome of the problem ahead as one of the whole problem."""
        if ahead.plan is None:
            return ahead
        plan = self.whole(ahead.plan)
        if plan is None:
            note = "goods or visits of the past do not fit the plan that was found; the previous plan stays"
            kept = adapted(self.problem, previous)
            if violations(self.problem, kept):
                return replace(ahead, status=SolveStatus.UNDECIDED, plan=None, levels=(), notes=(*ahead.notes, note))
            everybody = float(sum(row.count for row in self.problem.candidates))
            first = max(ahead.plan.bounds.served_priority, kept.objective.served_priority)
            plan = replace(kept, bounds=Bounds(first, everybody, 1.0, 0.0))  # the others were for another plan
            return replace(ahead, status=SolveStatus.FEASIBLE, plan=plan, levels=(), notes=(*ahead.notes, note))
        cost = self.cost()
        levels = tuple(
            replace(row, value=row.value + cost, bound=row.bound + cost) if row.name == "cost" else row
            for row in ahead.levels
        )
        return replace(ahead, plan=plan, levels=levels)

    def cost(self) -> float:
        """Rupiah of the past deliveries, which the problem ahead does not know."""
        problem = self.problem
        total = 0.0
        for row in self.deliveries:
            house = problem.warehouse[row.warehouse]
            km = problem.road_km(house, problem.facility[row.facility])
            total += house.trip_cost + km * problem.rules.cost_per_km_vehicle
        return total

    def whole(self, plan: Plan) -> Plan | None:
        """A plan of the problem ahead with the past in it; None where a rule is broken over goods on their way."""
        sessions = self._with_usage(plan)
        found = replace(
            plan,
            sessions=sessions,
            deliveries=(*self.deliveries, *plan.deliveries),
            outreach=self._visits(sessions),
        )
        reasons = plan.unserved
        found = replace(adapted(self.problem, found), unserved=reasons)
        told = plan.bounds
        bounds = Bounds(told.served_priority, told.served, told.min_coverage, told.cost + self.cost())
        found = replace(found, bounds=Bounds(*bounds.levels[:3], min(bounds.cost, found.objective.cost)))
        return None if violations(self.problem, found) else found

    def _with_usage(self, plan: Plan) -> tuple[Session, ...]:
        """Past sessions as they were; what the others take is dealt out from what those left."""
        shelves = Shelves(self.problem)
        for delivery in (*self.deliveries, *plan.deliveries):
            shelves.expect(delivery)
        past = {(row.facility, row.date): row for row in self.sessions}
        found = []
        for row in sorted(plan.sessions, key=lambda row: row.date):
            kept = past.get((row.facility, row.date))
            if kept is not None:
                shelves.take(kept)
                found.append(kept)
            else:
                found.append(replace(row, usage=shelves.use(row)))
        return tuple(found)

    def _visits(self, sessions: tuple[Session, ...]) -> tuple[Visit, ...]:
        """The past visits, then a free stop for every other kelurahan, the first to be served first."""
        first: dict[str, date] = {}
        for session in sessions:
            for who in session.appointments:
                home = self.problem.group[who.candidate].kelurahan
                first[home] = min(session.date, first.get(home, session.date))
        known = {visit.kelurahan for visit in self.visits}
        waiting = sorted((day, home) for home, day in first.items() if home not in known)
        stops: defaultdict[date, list[str]] = defaultdict(list)
        for unit in self.problem.outreach:
            for day in sorted(set(unit.dates)):
                if day >= self.before:
                    stops[day] += [unit.id] * min(unit.stops_per_day, len(waiting))
        free = [(day, unit) for day in sorted(stops) for unit in sorted(stops[day])]
        later = tuple(Visit(unit, day, home) for (day, unit), (_, home) in zip(free, waiting, strict=False))
        return (*self.visits, *later)


_NOTHING = Bounds(0, 0, 0, 0)
