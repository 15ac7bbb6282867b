"""A first plan in seconds, as with a spreadsheet: day by day, each session filled with who is nearest."""

from __future__ import annotations

from collections import Counter, defaultdict

from campaign.planning.solver.capacity import Timing
from campaign.planning.solver.choice import Choice
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.model import place_of
from campaign.planning.solver.timetable import Team, Visit, filler

Seats = dict[int, tuple[Team, list[Visit]]]


class Greedy:
    """Fills sessions one after the other out of what is left of people, stock, trips, visits and team days."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.left = [node.count for node in layout.nodes]
        self.priority = [node.priority for node in layout.nodes]
        self.choice = Choice()
        self.seats: Seats = {}
        self.days_worked: Counter[int] = Counter()
        self.visited: dict[int, int] = {}  # kelurahan -> first day
        self.shelf = [Counter[str]() for _ in layout.problem.facilities]  # packs' units brought and not used
        self.used: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
        self.free = [dict(row) for row in layout.may_leave]
        self.slot_of: dict[int, int] = {}
        self.trips = [slot.trips for slot in layout.slots]
        self.dates: dict[int, set[int]] = defaultdict(set)  # kecamatan -> days held
        self.held: Counter[int] = Counter()  # day -> sessions
        self.near: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for number, node in enumerate(layout.nodes):
            for facility, km in layout.km[node.kelurahan].items():
                self.near[facility].append((km, number))
        for rows in self.near.values():
            rows.sort()

    def run(self) -> None:
        """Fill the cells in order of date, each with the providers who are free that day."""
        layout = self.layout
        timings: dict[object, Timing] = {}
        busy: set[tuple[int, int]] = set()
        for cell in sorted(range(len(layout.cells)), key=lambda c: (layout.cells[c].day, layout.cells[c].facility)):
            place = place_of(layout, cell)
            if place not in timings:
                timings[place] = Timing(place, list(layout.problem.methods), layout.problem.rules.max_wait_minutes)
            where = layout.cells[cell]
            if not self._may_hold(where.facility, where.day):
                continue
            providers = layout.problem.providers
            team = [
                p
                for p in layout.workers[cell]
                if (p, where.day) not in busy
                and self.days_worked[p] < providers[p].max_days
                and (providers[p].base == layout.problem.facilities[where.facility].id or self._wanted(p, cell))
            ]
            if self._fill(cell, timings[place], team):
                busy |= {(p, where.day) for p in self.choice.teams[cell]}

    def _wanted(self, provider: int, cell: int) -> bool:
        """Whether a mobile provider brings a skill that nobody based at the facility has."""
        layout = self.layout
        own = set(layout.problem.providers[provider].skills)
        base = layout.problem.facilities[layout.cells[cell].facility].id
        here = {
            skill
            for p in layout.workers[cell]
            if layout.problem.providers[p].base == base
            for skill in layout.problem.providers[p].skills
        }
        return bool(own - here)

    def _may_hold(self, facility: int, day: int) -> bool:
        rules, kecamatan = self.layout.problem.rules, self.layout.kecamatan_of_facility[facility]
        if rules.max_sessions_per_day is not None and self.held[day] >= rules.max_sessions_per_day:
            return False
        dates = self.dates[kecamatan]
        return rules.max_dates_per_kecamatan is None or day in dates or len(dates) < rules.max_dates_per_kecamatan

    def _fill(self, cell: int, timing: Timing, providers: list[int]) -> bool:
        layout = self.layout
        where = layout.cells[cell]
        team = Team(
            timing, tuple(layout.problem.providers[p] for p in providers), layout.problem.rules.max_wait_minutes
        )
        put = filler(team)
        visits: list[Visit] = []
        taken: Counter[int] = Counter()
        stock = _Stock(self, where.facility, where.day)
        fresh: set[int] = set()
        full: set[int] = set()
        for urgent in (True, False):
            for _, number in self.near[where.facility]:
                node = layout.nodes[number]
                if where.day not in node.days or node.method in full:
                    continue
                wanted = (self.priority[number] if urgent else self.left[number]) - taken[number]
                for _ in range(max(0, wanted)):
                    if not self._visit(node.kelurahan, where.day, fresh) or not stock.has(node.method):
                        break
                    visit = put(node.method)
                    if visit is None:
                        full.add(node.method)
                        break
                    stock.take(node.method)
                    fresh.add(node.kelurahan)
                    visits.append(visit)
                    taken[number] += 1
        if not visits or len(visits) < layout.problem.rules.min_session:
            return False
        self._keep(cell, team, providers, visits, taken, stock)
        return True

    def _visit(self, kelurahan: int, day: int, fresh: set[int]) -> bool:
        """Whether the kelurahan has been, or can still be, visited in time."""
        if kelurahan in self.visited or kelurahan in fresh or not self.layout.problem.outreach:
            return True
        return len(self.visited) + len(fresh) < self.layout.visits_before(day)

    def _keep(
        self, cell: int, team: Team, providers: list[int], visits: list[Visit], taken: Counter[int], stock: _Stock
    ) -> None:
        where = self.layout.cells[cell]
        used = sorted({p for _, _, chosen in visits for p in chosen if p is not None})
        order = {p: number for number, p in enumerate(used)}
        rows = [(m, starts, [None if p is None else order[p] for p in who]) for m, starts, who in visits]
        self.seats[cell] = (Team(team.timing, tuple(team.providers[p] for p in used), team.wait), rows)
        self.choice.teams[cell] = tuple(providers[p] for p in used)
        self.days_worked.update(self.choice.teams[cell])
        self.dates[self.layout.kecamatan_of_facility[where.facility]].add(where.day)
        self.held[where.day] += 1
        for number, people in taken.items():
            urgent = min(people, self.priority[number])
            self.choice.flows[number, cell] = people
            self.choice.priority[number] = self.choice.priority.get(number, 0) + urgent
            self.priority[number] -= urgent
            self.left[number] -= people
            self.visited.setdefault(self.layout.nodes[number].kelurahan, where.day)
        stock.keep()


class _Stock:
    """What one session may still take: from the shelf, from packs already brought, from new packs."""

    def __init__(self, greedy: Greedy, facility: int, day: int) -> None:
        self.greedy, self.facility, self.day = greedy, facility, day
        self.taken: Counter[str] = Counter()
        self.packs: Counter[str] = Counter()
        self.slot = greedy.slot_of.get(facility, self._free_slot())

    def _free_slot(self) -> int | None:
        slots = self.greedy.layout.slots
        return next((n for n, slot in enumerate(slots) if slot.day <= self.day and self.greedy.trips[n] > 0), None)

    def _missing(self, item: str, units: int) -> int:
        from campaign.planning.solver.dealing import shortage

        greedy, layout = self.greedy, self.greedy.layout
        use = [*greedy.used[self.facility, item], (self.day, self.taken[item] + units)]
        pack = layout.problem.item[item].pack
        slot = self.slot
        come = []
        if slot is not None:
            brought = greedy.choice.packs.get((slot, self.facility, item), 0) + self.packs[item]
            come = [(layout.slots[slot].day, brought * pack)]
        return shortage(layout, self.facility, item, use, come)

    def has(self, method: int) -> bool:
        """Whether one more of the method can be supplied; orders packs where that is what it takes."""
        layout = self.greedy.layout
        ordered: Counter[str] = Counter()
        for item, units in layout.problem.methods[method].uses.items():
            missing = self._missing(item, units) if units else 0
            if missing > 0:
                slot, pack = self.slot, layout.problem.item[item].pack
                if slot is None or layout.slots[slot].day > self.day:
                    return False
                packs = -(-missing // pack)
                free = self.greedy.free[layout.slots[slot].warehouse].get(item, 0)
                if (self.packs[item] + packs) * pack > free:
                    return False
                ordered[item] += packs
        self.packs.update(ordered)
        return True

    def take(self, method: int) -> None:
        """Count what one more of the method uses as taken."""
        self.taken.update(self.greedy.layout.problem.methods[method].uses)

    def keep(self) -> None:
        """Book what the session took and the packs ordered for it; a facility's first order takes one trip."""
        greedy, layout = self.greedy, self.greedy.layout
        for item, units in self.taken.items():
            greedy.used[self.facility, item].append((self.day, units))
        for item, packs in self.packs.items():
            if packs and self.slot is not None:
                key = (self.slot, self.facility, item)
                greedy.choice.packs[key] = greedy.choice.packs.get(key, 0) + packs
                greedy.free[layout.slots[self.slot].warehouse][item] -= packs * layout.problem.item[item].pack
        if self.packs.total() and self.slot is not None and self.facility not in greedy.slot_of:
            greedy.slot_of[self.facility] = self.slot
            greedy.trips[self.slot] -= 1
