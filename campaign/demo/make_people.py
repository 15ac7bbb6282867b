"""Candidates of the demo city: nobody that exists. There is no kecamatan 99, no 0890 network, no contoh.example."""

from datetime import date
from random import Random
from typing import Any

from campaign.demo.pekalongan import KECAMATAN

Row = dict[str, Any]

# How many wish each method: the mix of a momentum, long-acting first.
WISHES = {
    "implant_2": 115,
    "iud": 95,
    "injection_3_progestin": 85,
    "pill_combined": 50,
    "condom": 25,
    "tubectomy": 22,
    "vasectomy": 8,
}
GIVEN = (
    "Ani",
    "Budiarti",
    "Citra",
    "Dewi",
    "Endang",
    "Fitri",
    "Gita",
    "Hesti",
    "Indah",
    "Juminah",
    "Kartini",
    "Lestari",
)
SPOUSE = ("Agus", "Bambang", "Cipto", "Darto", "Eko", "Fajar", "Gunawan", "Hadi", "Imam", "Joko", "Kasno", "Lukman")
BEFORE = ("tidak ada", "pil", "suntik 3 bulan", "kondom", "IUD")
POOR_SOURCES = ("DTSEN", "DTSEN", "PBI", "SKTM")
DAYS = (date(2027, 6, 14), date(2027, 6, 15), date(2027, 6, 16), date(2027, 6, 17))


def candidate_sheets(rng: Random) -> dict[str, list[Row]]:
    """Return the list of candidates, one sheet for each kelurahan."""
    wishes = [method for method, count in WISHES.items() for _ in range(count)]
    rng.shuffle(wishes)
    places = [
        (f"{kecamatan[0]}.{code}", name) for kecamatan, kelurahan in KECAMATAN.items() for code, name, _, _ in kelurahan
    ]
    sheets: dict[str, list[Row]] = {f"Calon {code[6:8]} {name}"[:31]: [] for code, name in places}
    for serial, method in enumerate(wishes):
        code, name = places[serial % len(places)]
        rows = sheets[f"Calon {code[6:8]} {name}"[:31]]
        rows.append(_candidate(rng, serial, {"number": len(rows) + 1, "kelurahan_code": code, "method_code": method}))
    return sheets


def _candidate(rng: Random, serial: int, row: Row) -> Row:
    is_permanent = row["method_code"] in ("tubectomy", "vasectomy")
    born = date(
        rng.randint(1984, 1994) if is_permanent else rng.randint(1985, 2005), rng.randint(1, 12), rng.randint(1, 28)
    )
    children = rng.randint(2, 5) if is_permanent else rng.randint(0, 3)
    is_poor = rng.random() < 0.4
    free = sorted(rng.sample(DAYS, 2)) if rng.random() < 0.08 else None
    return (
        row
        | {
            "name": f"{rng.choice(GIVEN)} Contoh {serial + 1}",
            "spouse_name": f"{rng.choice(SPOUSE)} Contoh {serial + 1}",
            "nik": f"337599{born.day + 40:02d}{born:%m%y}{9001 + serial:04d}",
            "birth_on": born,
            "address": f"RT {rng.randint(1, 9):02d} RW {rng.randint(1, 12):02d}",
            "children": children,
            "youngest_child_months": rng.randint(24, 96) if is_permanent else rng.randint(2, 60) if children else None,
            "current_method": rng.choice(BEFORE),
            "insurance": "PBI" if is_poor else rng.choice(("JKN mandiri", "JKN pekerja", "tidak ada")),
            "is_poor": "ya" if is_poor else "tidak",
            "poor_source": rng.choice(POOR_SOURCES) if is_poor else None,
            "brought_by": f"Kader Contoh {row['kelurahan_code'][6:8]}-{row['kelurahan_code'][-2:]}",
            "free_dates": ", ".join(day.isoformat() for day in free) if free else None,
        }
        | _contact(rng, serial)
    )


def _contact(rng: Random, serial: int) -> Row:
    """Return how somebody can be reached: half by e-mail, a quarter by message, the others through their cadre."""
    phone, email = f"08900000{serial + 1:04d}", f"calon{serial + 1:04d}@contoh.example"
    lot = rng.random()
    if lot < 0.5:
        return {"phone": phone, "email": email, "may_be_messaged": "ya", "channel": "email"}
    if lot < 0.75:
        return {"phone": phone, "may_be_messaged": "ya", "channel": "pesan"}
    if lot < 0.85:
        return {"phone": phone, "may_be_messaged": "tidak", "channel": "kader"}
    return {"may_be_messaged": "tidak", "channel": "kader"}
