"""Re-planning: what must stay as it was, as bounds on the model's columns.

A pinned session is kept to the minute as the previous plan has it; a pinned appointment keeps its group, facility
and date. What lies before a date can be frozen whole: its sessions are pinned and no other is held.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cached_property

from campaign.planning.adapting import adapted
from campaign.planning.check import violations
from campaign.planning.plan import Bounds, Plan, Session
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.model import Arc, Model
from campaign.planning.solver.pins import Pins, SeatKey
from campaign.planning.solver.timetable import Visit

_NOT_OF_SESSIONS = frozenset(  # what kept sessions use, and who is visited, depends on the rest of the plan
    {"usage", "not-on-shelf", "expired", "not-first-expired"}
    | {"not-visited-in-time", "objective", "bound", "other-problem"}
)


def who_sits_where(plan: Plan) -> Counter[SeatKey]:
    """People of each group by facility and date."""
    found: Counter[SeatKey] = Counter()
    for session in plan.sessions:
        for who in session.appointments:
            found[who.candidate, session.facility, session.date] += 1
    return found


class Held:
    """Pins and the previous plan in the numbers of a layout."""

    def __init__(self, layout: Layout, previous: Plan | None, pins: Pins) -> None:
        self.layout = layout
        self.pins = pins
        self.days = {day: number for number, day in enumerate(layout.problem.dates)}
        rows = previous.sessions if previous is not None else ()
        past = {(s.facility, s.date) for s in rows if pins.frozen_before is not None and s.date < pins.frozen_before}
        self.kept_sessions = {
            (s.facility, s.date): s
            for s in rows
            if (s.facility, s.date) in pins.sessions or (s.facility, s.date) in past
        }
        self.seated = Counter() if previous is None else who_sits_where(previous)
        self.people: Counter[SeatKey] = Counter(dict(pins.people))
        for session in self.kept_sessions.values():
            own = Counter(who.candidate for who in session.appointments)
            self.people.update({(group, session.facility, session.date): n for group, n in own.items()})
            for group in own:  # a pinned appointment inside a pinned session is the same appointment
                key = (group, session.facility, session.date)
                self.people[key] = max(own[group], dict(pins.people).get(key, 0))
        missing = sorted(pins.sessions - set(self.kept_sessions))
        self.clashes = tuple([f"no-such-session: {place} {day}" for place, day in missing] + self._impossible())

    def _impossible(self) -> list[str]:
        """Pins that no plan can keep, each by itself."""
        layout, problem = self.layout, self.layout.problem
        found = []
        totals: Counter[str] = Counter()
        for (group, place, day), number in sorted(self.people.items()):
            row = problem.group.get(group)
            if row is None:
                found.append(f"unknown-candidate: {group}")
                continue
            totals[group] += number
            facility = layout.facility_number.get(place)
            if facility is None or (facility, self.days.get(day, -1)) not in layout.cell_number:
                found.append(f"session-place: {place} {day}")
            elif facility not in layout.km[layout.kelurahan_number[row.kelurahan]]:
                found.append(f"too-far: {group} {place}")
            if row.dates is not None and day not in row.dates:
                found.append(f"wrong-date: {group} {day}")
        found += [f"headcount: {group}" for group, n in sorted(totals.items()) if n > problem.group[group].count]
        for (place, day), session in sorted(self.kept_sessions.items()):
            cell = self._cell(place, day)
            able = {problem.providers[p].id for p in layout.workers[cell]} if cell is not None else set()
            found += [f"provider-absent: {who} {place} {day}" for who in session.providers if who not in able]
        return found

    def broken_rules(self) -> tuple[str, ...]:
        """What the kept sessions break between them: rooms, teams and limits that are no longer what they were."""
        kept = tuple(row for _, row in sorted(self.kept_sessions.items()))
        nothing = Bounds(0, 0, 0, 0)
        bare = adapted(self.layout.problem, Plan("", kept, (), (), (), nothing, nothing, {}))
        found = violations(self.layout.problem, bare)
        return tuple(dict.fromkeys(str(row) for row in found if row.code not in _NOT_OF_SESSIONS))

    def keeps(self, plan: Plan) -> bool:
        """Whether a plan has everybody and every session that is pinned, to the minute."""
        sessions = {(row.facility, row.date): row for row in plan.sessions}
        for key, kept in self.kept_sessions.items():
            mine = Counter() if key not in sessions else Counter(sessions[key].appointments)
            if {slot.steps for slot in mine} != {slot.steps for slot in kept.appointments}:
                return False
        where = who_sits_where(plan)
        return all(where[key] >= number for key, number in self.people.items())

    def _cell(self, place: str, day: date) -> int | None:
        return self.layout.cell_number.get((self.layout.facility_number.get(place, -1), self.days.get(day, -1)))

    def write(self, model: Model) -> None:
        """Bounds and rows for all that is held; the model's arcs are by single day. A missing column: no solution."""
        layout, program = model.layout, model.program
        kept = {self._cell(place, day): row for (place, day), row in self.kept_sessions.items()}
        numbers = {row.id: n for n, row in enumerate(layout.problem.providers)}
        for (provider, cell), column in model.works.items():
            if cell in kept:
                at_work = provider in {numbers[who] for who in kept[cell].providers}
                program.least[column] = program.most[column] = int(at_work)
        loads = self._write_people(model)
        for (cell, method), column in model.load.items():
            if cell in kept:
                program.least[column] = program.most[column] = loads[cell, method]
        if self.pins.frozen_before is not None:
            for cell, column in model.held.items():
                if layout.problem.dates[layout.cells[cell].day] < self.pins.frozen_before and cell not in kept:
                    program.most[column] = 0
        self._stay(model)

    @cached_property
    def _node_of(self) -> dict[tuple[int, int, tuple[int, ...]], int]:
        return {key: number for number, key in enumerate(self.layout.groups_of)}

    def _write_people(self, model: Model) -> Counter[tuple[int, int]]:
        """Pinned people stay at least; returns how many they are by cell and method."""
        layout, program = model.layout, model.program
        at: Counter[tuple[int, int, int]] = Counter()
        urgent: Counter[int] = Counter()
        total: Counter[int] = Counter()
        for (group, place, when), number in self.people.items():
            node = self._node_of[layout.node_key(group)]
            at[node, layout.facility_number[place], self.days[when]] += number
            total[node] += number
            urgent[node] += number * layout.problem.group[group].priority
        loads: Counter[tuple[int, int]] = Counter()
        for (node, facility, day), number in at.items():
            column = model.arcs.get(Arc(node, facility, (day,)))
            if column is None:
                program.row([], least=1)  # nobody can be sent there: the caller tells it as a clash of pins
                continue
            program.least[column] = number
            loads[layout.cell_number[facility, day], layout.nodes[node].method] += number
        self._priorities(model, urgent, total)
        return loads

    @staticmethod
    def _priorities(model: Model, urgent: Counter[int], total: Counter[int]) -> None:
        """Of a node's served, enough have, and enough have not, priority for the pinned ones."""
        sent: dict[int, list[int]] = {}
        for arc, column in model.arcs.items():
            sent.setdefault(arc.pool, []).append(column)
        for node, column in model.priority.items():
            if total[node]:
                model.program.least[column] = urgent[node]
                terms = [(c, 1.0) for c in sent[node]]
                model.program.row([*terms, (column, -1.0)], least=total[node] - urgent[node])

    def _stay(self, model: Model) -> None:
        """A column for the people of each node who keep facility and date: an objective between levels 3 and 4."""
        layout = self.layout
        before: Counter[tuple[int, int, int]] = Counter()
        for (group, place, when), number in self.seated.items():
            if group in layout.problem.group and place in layout.facility_number and when in self.days:
                node = self._node_of[layout.node_key(group)]
                before[node, layout.facility_number[place], self.days[when]] += number
        for (node, facility, day), number in before.items():
            column = model.arcs.get(Arc(node, facility, (day,)))
            if column is not None:
                kept = model.program.column(number)
                model.program.row([(column, 1.0), (kept, -1.0)], least=0)
                model.staying[kept] = 1.0

    def visits(self, cell: int) -> list[Visit] | None:
        """The timetable of a kept session, provider numbers in the order of its sorted team; None: not kept."""
        layout = self.layout
        where = layout.cells[cell]
        key = (layout.problem.facilities[where.facility].id, layout.problem.dates[where.day])
        session = self.kept_sessions.get(key)
        return None if session is None else self._visits(session)

    def _visits(self, session: Session) -> list[Visit]:
        layout = self.layout
        numbers = {row.id: n for n, row in enumerate(layout.problem.providers)}
        order = {who: n for n, who in enumerate(sorted(session.providers, key=numbers.__getitem__))}
        return [
            (
                layout.method_number[layout.problem.group[who.candidate].method],
                [slot.start for slot in who.steps],
                [None if slot.provider is None else order[slot.provider] for slot in who.steps],
            )
            for who in session.appointments
        ]
