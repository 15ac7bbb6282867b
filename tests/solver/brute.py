"""The best plan of a tiny problem by trying everything. It shares no code with the solver."""

import math
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import product

RULES = {
    "max_travel_km": 25, "cross_kecamatan": True, "road_factor": 1.3, "cost_per_km_person": 2000,
    "cost_per_km_vehicle": 5000, "provider_radius_km": 60, "min_session": 1, "max_sessions_per_day": None,
    "max_dates_per_kecamatan": None, "max_wait_minutes": 60, "delivery_lead_days": 1, "min_shelf_days": 30,
    "outreach_lead_days": 1,
}  # fmt: skip
TICK = 10  # minutes; every duration of a tiny problem is a multiple


def clock(text):
    return int(text[:2]) * 60 + int(text[3:])


class Brute:
    def __init__(self, raw):
        self.raw = raw
        self.rules = {**RULES, **raw["rules"]}
        self.by = {k: {row["id"]: row for row in raw[k]} for k in ("methods", "facilities", "kelurahan", "items")}
        self.given = {(t["kelurahan"], t["facility"]): t["km"] for t in raw["travel"]}
        self.people = [c for c in raw["candidates"] for _ in range(c["count"])]
        self.cells = [(f["id"], d) for f in raw["facilities"] for d in raw["dates"] if d in f["hours"]]
        self.seatable = {}

    def km(self, a, b):
        p1, p2, l1, l2 = map(math.radians, (a["lat"], b["lat"], a["lon"], b["lon"]))
        h = math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin((l2 - l1) / 2) ** 2
        return round(2 * 6371.0088 * math.asin(math.sqrt(h)) * self.rules["road_factor"], 3)

    def best(self):
        """The four levels of the best plan."""
        found = (0, 0, self.coverage(()), 0.0)
        options = [[None, *(cell for cell in self.cells if self.may(c, cell))] for c in self.people]
        seen = set()
        for where in product(*options):
            key = tuple(sorted((c["id"], cell or ("", "")) for c, cell in zip(self.people, where, strict=True)))
            if key in seen:
                continue
            seen.add(key)
            served = [(c, cell) for c, cell in zip(self.people, where, strict=True) if cell]
            first = (sum(c["priority"] for c, _ in served), len(served), self.coverage(served))
            if first < found[:3] or not self.sessions_allowed(served):
                continue
            cost = self.cheapest(served)
            if cost is not None and (first > found[:3] or cost < found[3]):
                found = (*first, cost)
        return found

    def travel(self, c, place):
        km = self.given.get((c["kelurahan"], place))
        return self.km(self.by["kelurahan"][c["kelurahan"]], self.by["facilities"][place]) if km is None else km

    def may(self, c, cell):
        home, there = self.by["kelurahan"][c["kelurahan"]]["kecamatan"], self.by["facilities"][cell[0]]["kecamatan"]
        return (
            ("dates" not in c or cell[1] in c["dates"])
            and self.travel(c, cell[0]) <= self.rules["max_travel_km"]
            and (self.rules["cross_kecamatan"] or home == there)
        )

    def coverage(self, served):
        got = Counter((self.by["kelurahan"][c["kelurahan"]]["kecamatan"], c["method"]) for c, _ in served)
        shares = [
            sum(min(got[k["id"], m], t) for m, t in k["target"].items()) / sum(k["target"].values())
            for k in self.raw["kecamatan"]
            if sum(k["target"].values())
        ]
        return min(shares, default=1.0)

    def sessions_allowed(self, served):
        sizes = Counter(cell for _, cell in served)
        per_day = Counter(day for _, day in sizes)
        dates = defaultdict(set)
        for place, day in sizes:
            dates[self.by["facilities"][place]["kecamatan"]].add(day)
        most_day, most_dates = self.rules["max_sessions_per_day"], self.rules["max_dates_per_kecamatan"]
        return (
            all(n >= self.rules["min_session"] for n in sizes.values())
            and (most_day is None or all(n <= most_day for n in per_day.values()))
            and (most_dates is None or all(len(d) <= most_dates for d in dates.values()))
            and self.visits_possible(served)
        )

    def visits_possible(self, served):
        if not self.raw["outreach"]:
            return True
        due = {}
        for c, (_, day) in served:
            due[c["kelurahan"]] = min(day, due.get(c["kelurahan"], day))
        lead = timedelta(self.rules["outreach_lead_days"])
        stops = sorted(
            date.fromisoformat(d) for u in self.raw["outreach"] for d in u["dates"] for _ in range(u["stops_per_day"])
        )
        return len(due) <= len(stops) and all(
            stop + lead <= date.fromisoformat(day) for stop, day in zip(stops, sorted(due.values()), strict=False)
        )

    def cheapest(self, served):
        deliveries = self.deliveries(served)
        if deliveries is None:
            return None
        cells = {}
        for c, cell in served:
            cells.setdefault(cell, []).append(c["method"])
        teams = self.teams(cells)
        if teams is None:
            return None
        travel = sum(self.travel(c, cell[0]) * self.rules["cost_per_km_person"] for c, cell in served)
        return travel + sum(self.by["facilities"][p]["session_cost"] for p, _ in cells) + teams + deliveries

    def teams(self, cells):
        days = [(p, d) for p in self.raw["providers"] for d in p["dates"]]
        options = [
            [None, *(cell for cell in cells if cell[1] == d and self.works(p, cell[0]) is not None)] for p, d in days
        ]
        best = None
        for chosen in product(*options):
            placed = [(p, cell) for (p, _), cell in zip(days, chosen, strict=True) if cell]
            if any(sum(q is p for q, _ in placed) > p["max_days"] for p in self.raw["providers"]):
                continue
            cost = sum(p["day_cost"] + self.works(p, cell[0]) for p, cell in placed)
            if (best is None or cost < best) and all(
                self.seat(cell, tuple(sorted(methods)), tuple(p["id"] for p, c in placed if c == cell))
                for cell, methods in cells.items()
            ):
                best = cost
        return best

    def works(self, p, place):
        if place == p["base"]:
            return 0.0
        km = self.km(self.by["facilities"][p["base"]], self.by["facilities"][place])
        return (
            km * self.rules["cost_per_km_vehicle"] if p["mobile"] and km <= self.rules["provider_radius_km"] else None
        )

    def seat(self, cell, methods, team):
        key = (cell, methods, team)
        if key not in self.seatable:
            facility = self.by["facilities"][cell[0]]
            windows = [(clock(a), clock(b)) for a, b in facility["hours"][cell[1]]]
            steps = [[s for s in self.by["methods"][m]["steps"] if s["minutes"]] for m in methods]
            left = {p["id"]: p["minutes_per_day"] for p in self.raw["providers"] if p["id"] in team}
            jobs = [(who, n) for who, own in enumerate(steps) for n in range(len(own))]
            self.seatable[key] = self.place(jobs, steps, facility["stations"], windows, {}, [], left)
        return self.seatable[key]

    def place(self, jobs, steps, stations, windows, ends, taken, left):
        if not jobs:
            return True
        (who, n), rest = jobs[0], jobs[1:]
        step = steps[who][n]
        lo, hi = windows[0][0], windows[-1][1]
        if n:
            lo, hi = ends[who], min(hi, ends[who] + self.rules["max_wait_minutes"] + step["minutes"])
        for start in range(lo, hi - step["minutes"] + 1, TICK):
            end = start + step["minutes"]
            if not any(a <= start and end <= b for a, b in windows):
                continue
            clash = [t for t in taken if t[0] < end and start < t[1]]
            moments = {start, *(t[0] for t in clash if t[0] > start)}
            if any(
                sum(t[2] == step["station"] and t[0] <= m < t[1] for t in clash) >= stations[step["station"]]
                for m in moments
            ):
                continue
            able = (
                [p for p in left if left[p] >= step["minutes"] and all(t[3] != p for t in clash)]
                if step.get("skill")
                else [None]
            )
            for p in able:
                after = {**left, p: left[p] - step["minutes"]} if p else left
                if self.place(
                    rest,
                    steps,
                    stations,
                    windows,
                    {**ends, who: end},
                    [*taken, (start, end, step["station"], p)],
                    after,
                ):
                    return True
        return False

    def deliveries(self, served):
        """The least cost of bringing what the shelves lack; None when it cannot be brought."""
        use = defaultdict(Counter)
        for c, (place, day) in served:
            for item, units in self.by["methods"][c["method"]]["uses"].items():
                use[place][item, day] += units
        places = sorted(use)
        houses = self.raw["warehouses"]
        choices = [[()] + [((w["id"], d),) for w in houses for d in w["dates"]] for _ in places]
        best = None
        for chosen in product(*choices):
            cost = self.supply(places, use, chosen, houses)
            if cost is not None and (best is None or cost < best):
                best = cost
        return best

    def supply(self, places, use, chosen, houses):
        trips = Counter(trip[0] for trip in chosen if trip)
        by_id = {w["id"]: w for w in houses}
        if any(n > by_id[w]["trips_per_day"] for (w, _), n in trips.items()):
            return None
        shipped, cost = Counter(), 0.0
        for place, trip in zip(places, chosen, strict=True):
            usable = None
            if trip:
                w, day = trip[0]
                usable = (date.fromisoformat(day) + timedelta(self.rules["delivery_lead_days"])).isoformat()
                km = self.km(by_id[w], self.by["facilities"][place])
                cost += by_id[w]["trip_cost"] + km * self.rules["cost_per_km_vehicle"]
            for item in {item for item, _ in use[place]}:
                lacking = self.lacking(place, item, use[place], usable)
                if lacking is None or (lacking and not trip):
                    return None
                if lacking:
                    pack = self.by["items"][item]["pack"]
                    shipped[trip[0][0], item] += -(-lacking // pack) * pack
        last = (date.fromisoformat(self.raw["dates"][-1]) + timedelta(self.rules["min_shelf_days"])).isoformat()
        for (w, item), units in shipped.items():
            free = sum(lot["quantity"] for lot in by_id[w]["stock"] if lot["item"] == item and lot["expiry"] >= last)
            if units > free - by_id[w].get("keep", {}).get(item, 0):
                return None
        return cost

    def lacking(self, place, item, use, usable):
        lots = sorted(
            [lot["expiry"], lot["quantity"]] for lot in self.by["facilities"][place]["stock"] if lot["item"] == item
        )
        short = 0
        for day in self.raw["dates"]:
            wanted = use[item, day]
            for lot in lots:
                if lot[0] >= day and wanted:
                    taken = min(wanted, lot[1])
                    lot[1] -= taken
                    wanted -= taken
            if wanted and (usable is None or usable > day):
                return None if usable is not None else short + wanted + 1
            short += wanted
        return short
