"""Problems by hand and by seed: a small valid one, and variations that reach every option of the format."""

import copy
import random

DAYS = ("2027-03-01", "2027-03-02", "2027-03-03")


def small(**changes):
    """One kelurahan, one clinic, one midwife, two dates; everybody can be served."""
    raw = {
        "format": "campaign-problem/1",
        "name": "small",
        "dates": list(DAYS[:2]),
        "items": [{"id": "iud", "name": "IUD", "unit": "set", "pack": 1}],
        "methods": [
            {
                "id": "iud",
                "name": "IUD",
                "steps": [
                    {"name": "registration", "station": "desk", "minutes": 10},
                    {"name": "service", "station": "room", "minutes": 30, "skill": "iud"},
                ],
                "uses": {"iud": 1},
            }
        ],
        "kecamatan": [{"id": "K", "name": "K", "target": {"iud": 3}}],
        "kelurahan": [{"id": "L", "kecamatan": "K", "name": "L", "lat": -6.9, "lon": 109.7}],
        "candidates": [
            {"id": "poor", "kelurahan": "L", "method": "iud", "priority": True, "count": 2},
            {"id": "other", "kelurahan": "L", "method": "iud", "priority": False, "count": 2},
        ],
        "facilities": [
            {
                "id": "F",
                "name": "F",
                "kecamatan": "K",
                "lat": -6.9,
                "lon": 109.71,
                "stations": {"desk": 1, "room": 1},
                "hours": {day: [["08:00", "10:00"]] for day in DAYS[:2]},
                "session_cost": 1000,
                "stock": [{"item": "iud", "lot": "A", "expiry": "2028-01-01", "quantity": 9}],
            }
        ],
        "providers": [
            {
                "id": "P",
                "name": "P",
                "skills": ["iud"],
                "base": "F",
                "mobile": False,
                "dates": list(DAYS[:2]),
                "max_days": 2,
                "minutes_per_day": 300,
                "day_cost": 500,
            }
        ],
        "warehouses": [],
        "outreach": [],
        "travel": [],
        "rules": {},
    }
    raw.update(copy.deepcopy(changes))
    return raw


def warehouse(quantity, *, pack_dates=("2027-02-25",), trips=5, keep=0, expiry="2029-01-01"):
    """A warehouse with one lot of IUD."""
    return {
        "id": "W",
        "name": "W",
        "lat": -6.95,
        "lon": 109.7,
        "stock": [{"item": "iud", "lot": "W1", "expiry": expiry, "quantity": quantity}],
        "keep": {"iud": keep},
        "dates": list(pack_dates),
        "trips_per_day": trips,
        "trip_cost": 100,
    }


def tiny(seed):
    """A random problem small enough to try everything; the seed decides which options it uses."""
    dice = random.Random(seed)
    days = list(DAYS[: dice.choice((1, 2))])
    facilities = ["F0", "F1"][: dice.choice((1, 2, 2))]
    two = dice.random() < 0.5
    methods = [
        {
            "id": "iud",
            "name": "IUD",
            "steps": [
                {"name": "desk", "station": "desk", "minutes": dice.choice((0, 10))},
                {"name": "service", "station": "room", "minutes": dice.choice((20, 30)), "skill": "iud"},
                {"name": "rest", "station": "bed", "minutes": dice.choice((0, 20))},
            ],
            "uses": {"iud": 1},
        },
        {
            "id": "pil",
            "name": "Pil",
            "steps": [{"name": "talk", "station": "desk", "minutes": dice.choice((0, 20))}],
            "uses": {"pil": dice.choice((1, 3))} if dice.random() < 0.6 else {},
        },
    ][: 2 if two else 1]
    kecamatan = ["K0", "K1"]
    kelurahan = [
        {"id": f"L{n}", "kecamatan": kecamatan[n], "name": f"L{n}", "lat": -6.9 - 0.01 * n, "lon": 109.7}
        for n in (0, 1)
    ]
    candidates = []
    for number in range(dice.choice((2, 3))):
        row = {
            "id": f"C{number}",
            "kelurahan": dice.choice(("L0", "L1")),
            "method": dice.choice([m["id"] for m in methods]),
            "priority": dice.random() < 0.5,
            "count": dice.choice((1, 1, 2)),
        }
        if dice.random() < 0.3:
            row["dates"] = sorted(dice.sample(days, dice.randint(1, len(days))))
        candidates.append(row)
    hours = dice.choice(([["08:00", "09:00"]], [["08:00", "08:40"], ["09:00", "09:40"]], [["08:00", "10:00"]]))

    def stock(units):
        lots = []
        if units:
            expiry = dice.choice((days[0], days[-1], "2029-01-01"))
            lots.append({"item": "iud", "lot": expiry, "expiry": expiry, "quantity": units})
        lots.append({"item": "pil", "lot": "P", "expiry": "2029-01-01", "quantity": dice.choice((0, 2, 6))})
        return lots

    def place(name, n):
        return {
            "id": name,
            "name": name,
            "kecamatan": kecamatan[n],
            "lat": -6.9 - 0.01 * n,
            "lon": 109.7 + 0.005 * n,
            "stations": {"desk": 1, "room": dice.choice((1, 2)), "bed": 1},
            "hours": {day: hours for day in days if dice.random() < 0.9},
            "session_cost": dice.choice((0, 1000, 5000)),
            "stock": stock(dice.choice((0, 1, 3))),
        }

    providers = [
        {
            "id": f"P{n}",
            "name": f"P{n}",
            "skills": ["iud"],
            "base": dice.choice(facilities),
            "mobile": dice.random() < 0.5,
            "dates": [day for day in days if dice.random() < 0.85],
            "max_days": dice.choice((1, 2)),
            "minutes_per_day": dice.choice((30, 60, 300)),
            "day_cost": dice.choice((100, 3000)),
        }
        for n in range(dice.choice((1, 2)))
    ]
    warehouses = []
    if dice.random() < 0.6:
        row = warehouse(dice.choice((1, 3, 8)), trips=dice.choice((0, 1, 5)), keep=dice.choice((0, 1)))
        row["dates"] = dice.choice((["2027-02-27"], ["2027-02-27", "2027-03-01"], ["2027-03-01"]))
        row["stock"].append({"item": "pil", "lot": "W2", "expiry": "2029-01-01", "quantity": dice.choice((0, 10))})
        warehouses.append(row)
    rules = {"min_session": dice.choice((1, 1, 2)), "max_wait_minutes": dice.choice((0, 20, 60))}
    if dice.random() < 0.3:
        rules["max_sessions_per_day"] = 1
    if dice.random() < 0.3:
        rules["max_dates_per_kecamatan"] = 1
    if dice.random() < 0.2:
        rules["cross_kecamatan"] = False
    if dice.random() < 0.2:
        rules["provider_radius_km"] = 0.5
    outreach = []
    if dice.random() < 0.4:
        outreach = [{"id": "U", "dates": ["2027-02-28", "2027-03-01"], "stops_per_day": 1}]
    return {
        "format": "campaign-problem/1",
        "name": f"tiny {seed}",
        "dates": days,
        "items": [
            {"id": "iud", "name": "IUD", "unit": "set", "pack": dice.choice((1, 2))},
            {"id": "pil", "name": "Pil", "unit": "strip", "pack": dice.choice((1, 5))},
        ],
        "methods": methods,
        "kecamatan": [{"id": k, "name": k, "target": {"iud": dice.choice((0, 1, 2))}} for k in kecamatan],
        "kelurahan": kelurahan,
        "candidates": candidates,
        "facilities": [place(name, n) for n, name in enumerate(facilities)],
        "providers": providers,
        "warehouses": warehouses,
        "outreach": outreach,
        "travel": [{"kelurahan": "L0", "facility": "F0", "km": 1.5}] if dice.random() < 0.3 else [],
        "rules": rules,
    }
