"""Made-up campaigns of any size, from a seed and a few knobs. Names are made up; nobody real is in them.

    python bench/instances.py -o case.json --seed 7 --kelurahan 60 --facilities 25 --dates 8 --people 2500 \\
        --stock 0.8 --teams 0.7 --trips 0.5 --with dated,breaks,packs,expiring,keep,outreach,travel,small,inside,limits
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

OPTIONS = ("dated", "breaks", "packs", "expiring", "keep", "outreach", "travel", "small", "inside", "limits")
Row = dict[str, Any]

_METHODS = (  # id, minutes at desk, room, procedure and bed; station of the procedure; share of the people
    ("iud", (5, 15, 30, 15), "procedure_room", 0.25, ("iud", "iud_kit")),
    ("implan", (5, 15, 20, 10), "procedure_room", 0.25, ("implan", "implan_kit")),
    ("suntik", (5, 10, 5, 0), "exam_room", 0.2, ("suntik",)),
    ("pil", (5, 10, 0, 0), "exam_room", 0.15, ("pil",)),
    ("kondom", (5, 0, 0, 0), "exam_room", 0.05, ("kondom",)),
    ("mow", (5, 15, 40, 60), "operating_theatre", 0.1, ("mow_kit",)),
)
_USES = {"pil": 3, "kondom": 36}
_PACKS = {"suntik": 20, "pil": 10, "kondom": 144}
_STEPS = ("registration", "anamnesis", "service", "recovery")


@dataclass(frozen=True)
class Knobs:
    """What decides an instance. Tightness: units, team-days or trips for each that serving everybody would take."""

    seed: int = 1
    kelurahan: int = 12
    facilities: int = 5
    dates: int = 3
    people: int = 150
    stock: float = 0.9
    teams: float = 0.9
    trips: float = 1.0
    options: frozenset[str] = field(default_factory=frozenset)


def instance(knobs: Knobs) -> Row:
    """A campaign-problem/1 document."""
    return _Maker(knobs).document()


class _Maker:
    def __init__(self, knobs: Knobs) -> None:
        self.knobs = knobs
        self.dice = random.Random(knobs.seed)
        first = date(2027, 6, 14) + timedelta(self.dice.randrange(14))
        days = [first + timedelta(n) for n in range(2 * knobs.dates) if (first + timedelta(n)).weekday() < 6]
        self.dates = [day.isoformat() for day in days[: knobs.dates]]
        self.dispatch = [(first - timedelta(n)).isoformat() for n in range(4, 0, -1)] + self.dates
        self.kecamatan = [f"KEC-{n:02d}" for n in range(1, 2 + knobs.kelurahan // 6)]
        self.centre = {key: (self._near(-6.9, 0.15), self._near(109.7, 0.15)) for key in self.kecamatan}

    def _has(self, option: str) -> bool:
        return option in self.knobs.options

    def _near(self, value: float, spread: float) -> float:
        return round(value + self.dice.uniform(-spread, spread), 5)

    def _point(self, kecamatan: str, spread: float) -> Row:
        lat, lon = self.centre[kecamatan]
        return {"lat": self._near(lat, spread), "lon": self._near(lon, spread)}

    def document(self) -> Row:
        """All parts, in an order in which each can look at those before it."""
        self.homes = [
            {"id": f"KEL-{n:03d}", "kecamatan": key, "name": f"Kelurahan {n}", **self._point(key, 0.04)}
            for n, key in enumerate(self._in_turn(self.kecamatan, self.knobs.kelurahan), 1)
        ]
        self.groups = self._groups()
        self.wanted = self._wanted()
        self.places = self._facilities()
        return {
            "format": "campaign-problem/1",
            "name": f"made up, seed {self.knobs.seed}",
            "dates": self.dates,
            "items": self._items(),
            "methods": [self._method(*row[:3], row[4]) for row in _METHODS],
            "kecamatan": self._targets(),
            "kelurahan": self.homes,
            "candidates": self.groups,
            "facilities": self.places,
            "providers": self._providers(),
            "warehouses": [self._warehouse()],
            "outreach": self._outreach(),
            "travel": self._travel(),
            "rules": self._rules(),
        }

    def _in_turn(self, rows: list[str], number: int) -> list[str]:
        return [rows[n % len(rows)] for n in range(number)]

    def _items(self) -> list[Row]:
        names = [item for row in _METHODS for item in row[4]]
        packs = _PACKS if self._has("packs") else {}
        return [{"id": name, "name": name, "unit": "buah", "pack": packs.get(name, 1)} for name in names]

    @staticmethod
    def _method(key: str, minutes: tuple[int, ...], station: str, items: tuple[str, ...]) -> Row:
        places = ("registration_desk", "exam_room", station, "recovery_bed")
        steps: list[Row] = [
            {"name": name, "station": place, "minutes": length}
            for name, place, length in zip(_STEPS, places, minutes, strict=True)
        ]
        if minutes[2]:
            steps[2]["skill"] = key
        return {"id": key, "name": key.upper(), "steps": steps, "uses": {item: _USES.get(item, 1) for item in items}}

    def _groups(self) -> list[Row]:
        left, found = self.knobs.people, []
        shares = [row[3] for row in _METHODS]
        while left > 0:
            home = self.dice.choice(self.homes)
            method = self.dice.choices(_METHODS, shares)[0][0]
            poor = self.dice.random() < 0.45
            count = min(left, self.dice.choice((1, 1, 2, 2, 3, 5, 8)))
            row: Row = {"kelurahan": home["id"], "method": method, "priority": poor, "count": count}
            if self._has("dated") and self.dice.random() < 0.25:
                row["dates"] = sorted(self.dice.sample(self.dates, self.dice.randint(1, len(self.dates))))
            found.append({"id": f"G-{len(found) + 1:04d}", **row})
            left -= count
        return found

    def _wanted(self) -> dict[str, int]:
        """Units of each item that serving everybody would take."""
        uses = {row[0]: row[4] for row in _METHODS}
        found: dict[str, int] = {}
        for group in self.groups:
            for item in uses[group["method"]]:
                found[item] = found.get(item, 0) + group["count"] * _USES.get(item, 1)
        return found

    def _targets(self) -> list[Row]:
        home = {row["id"]: row["kecamatan"] for row in self.homes}
        rows: dict[str, dict[str, int]] = {key: {} for key in self.kecamatan}
        for group in self.groups:
            target = rows[home[group["kelurahan"]]]
            target[group["method"]] = target.get(group["method"], 0) + group["count"]
        cut = {key: {m: n * self.dice.choice((0, 6, 8, 10)) // 10 for m, n in row.items()} for key, row in rows.items()}
        return [{"id": key, "name": f"Kecamatan {key[-2:]}", "target": cut[key]} for key in self.kecamatan]

    def _hours(self) -> list[list[str]]:
        if self._has("breaks"):
            return self.dice.choice(
                ([["08:00", "12:00"], ["13:00", "15:00"]], [["08:00", "11:00"], ["13:00", "15:30"]])
            )
        return [["08:00", self.dice.choice(("12:00", "14:00", "15:00"))]]

    def _facilities(self) -> list[Row]:
        found = []
        for n, key in enumerate(self._in_turn(self.kecamatan, self.knobs.facilities), 1):
            hospital = n % 6 == 1
            stations = {
                "registration_desk": self.dice.choice((1, 2)),
                "exam_room": self.dice.choice((1, 2, 3)),
                "procedure_room": self.dice.choice((1, 2)),
                "recovery_bed": self.dice.choice((2, 3, 4)),
            }
            if hospital:
                stations["operating_theatre"] = self.dice.choice((1, 2))
            hours = self._hours()
            found.append(
                {
                    "id": f"RS-{n:02d}" if hospital else f"PKM-{n:02d}",
                    "name": f"{'RS' if hospital else 'Puskesmas'} {n}",
                    "kecamatan": key,
                    **self._point(key, 0.02),
                    "stations": stations,
                    "hours": {day: hours for day in self.dates if self.dice.random() < 0.85},
                    "session_cost": self.dice.choice((150000, 250000, 400000)),
                    "stock": self._shelf(n),
                }
            )
        return found

    def _shelf(self, place: int) -> list[Row]:
        lots = []
        for item, units in self.wanted.items():
            share = int(units * self.knobs.stock * self.dice.uniform(0, 0.6) / max(1, self.knobs.facilities))
            if share:
                day = (
                    self.dice.choice(self.dates) if self._has("expiring") and self.dice.random() < 0.4 else "2028-06-30"
                )
                lots.append({"item": item, "lot": f"F{place}-{item}", "expiry": day, "quantity": share})
        return lots

    def _providers(self) -> list[Row]:
        found: list[Row] = []
        per_day = sum(sum(row[1]) and row[1][2] * self._people(row[0]) for row in _METHODS) / max(1, len(self.dates))
        number = max(2, round(self.knobs.teams * per_day / 200) + self.knobs.facilities // 2)
        kinds = (["iud", "suntik"], ["implan", "suntik"], ["iud", "implan", "suntik"], ["mow"], ["mow", "iud"])
        for n in range(1, number + 1):
            skills = kinds[n % len(kinds)]
            bases = [row for row in self.places if "mow" not in skills or "operating_theatre" in row["stations"]]
            days = [day for day in self.dates if self.dice.random() < 0.8]
            found.append(
                {
                    "id": f"T-{n:03d}",
                    "name": f"Tenaga {n}",
                    "skills": skills,
                    "base": self.dice.choice(bases or self.places)["id"],
                    "mobile": self.dice.random() < 0.5,
                    "dates": days,
                    "max_days": self.dice.randint(1, max(1, len(days))),
                    "minutes_per_day": self.dice.choice((240, 360)),
                    "day_cost": self.dice.choice((100000, 200000, 350000)),
                }
            )
        return found

    def _people(self, method: str) -> int:
        return sum(row["count"] for row in self.groups if row["method"] == method)

    def _warehouse(self) -> Row:
        stock, keep = [], {}
        for item, units in self.wanted.items():
            free = int(units * self.knobs.stock * 0.7)
            if self._has("keep") and self.dice.random() < 0.5:
                keep[item] = self.dice.randint(1, 20)
            for lot, expiry in enumerate(("2027-11-30", "2028-12-31")):
                if free // 2:
                    stock.append({"item": item, "lot": f"W{lot}-{item}", "expiry": expiry, "quantity": free // 2})
        return {
            "id": "GUDANG",
            "name": "Gudang kota",
            "lat": -6.9,
            "lon": 109.7,
            "stock": stock,
            "keep": keep,
            "dates": self.dispatch,
            "trips_per_day": max(0, round(self.knobs.trips * self.knobs.facilities / 3)),
            "trip_cost": 75000,
        }

    def _outreach(self) -> list[Row]:
        if not self._has("outreach"):
            return []
        stops = max(1, self.knobs.kelurahan // (2 * len(self.dispatch)) + self.dice.choice((0, 1, 2)))
        return [{"id": "MUPEN", "dates": self.dispatch, "stops_per_day": stops}]

    def _travel(self) -> list[Row]:
        if not self._has("travel"):
            return []
        pairs = [(home["id"], place["id"]) for home in self.homes for place in self.places]
        chosen = self.dice.sample(pairs, len(pairs) // 4)
        return [{"kelurahan": a, "facility": b, "km": round(self.dice.uniform(0, 40), 1)} for a, b in sorted(chosen)]

    def _rules(self) -> Row:
        rules: Row = {"max_travel_km": self.dice.choice((8, 15, 25)), "max_wait_minutes": self.dice.choice((15, 60))}
        if self._has("small"):
            rules["min_session"] = self.dice.choice((3, 5, 8))
        if self._has("inside"):
            rules["cross_kecamatan"] = False
        if self._has("limits"):
            rules["max_sessions_per_day"] = max(1, self.knobs.facilities // 2)
            rules["max_dates_per_kecamatan"] = max(1, len(self.dates) // 2)
        return rules


def some_options(seed: int) -> frozenset[str]:
    """About half of the options, by seed."""
    dice = random.Random(seed)
    return frozenset(option for option in OPTIONS if dice.random() < 0.5)


def main(arguments: Iterable[str] | None = None) -> None:
    """Write an instance."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, required=True)
    for name, default in (("seed", 1), ("kelurahan", 27), ("facilities", 13), ("dates", 5), ("people", 1000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    for name, share in (("stock", 0.9), ("teams", 0.9), ("trips", 1.0)):
        parser.add_argument(f"--{name}", type=float, default=share)
    parser.add_argument("--with", dest="options", default="", help=f"of {', '.join(OPTIONS)}")
    given = vars(parser.parse_args(arguments if arguments is None else list(arguments)))
    output, options = given.pop("output"), frozenset(filter(None, given.pop("options").split(",")))
    if options - set(OPTIONS):
        parser.error(f"no such option: {', '.join(sorted(options - set(OPTIONS)))}")
    document = instance(Knobs(**given, options=options))
    output.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
