"""Write the workbooks of the demo city into campaign/demo/city: `python -m campaign.demo.make_city`.

The workbooks are in the repository; this module is how they were made. A test compares their content.
"""

from datetime import date, time
from pathlib import Path
from random import Random
from typing import Any

from campaign.demo.make_methods import method_sheets, stock_sheets
from campaign.demo.make_people import candidate_sheets
from campaign.demo.pekalongan import (
    ALIASES,
    DISTRICT,
    HOSPITALS,
    KECAMATAN,
    MIDWIVES,
    PROVINCE,
    PUSKESMAS,
    SERVING_HOSPITALS,
    Site,
    points,
)
from campaign.imports.kinds import WORKBOOKS
from campaign.imports.models import WorkbookKind
from campaign.imports.sheets import Content, write

Row = dict[str, Any]
CITY = Path(__file__).parent / "city"
SEED = 3375
COUPLES = 47_700  # about 15 % of 318,221 inhabitants
WORKDAYS = ("Senin", "Selasa", "Rabu", "Kamis")
ALL_DAYS = (*WORKDAYS, "Jumat", "Sabtu")


def city() -> dict[WorkbookKind, dict[str, list[Row]]]:
    """Return the rows of every workbook: the same at every call."""
    return {
        WorkbookKind.AREAS: _area_sheets(Random(SEED)),  # noqa: S311 - made-up figures, always the same
        WorkbookKind.FACILITIES: _facility_sheets(),
        WorkbookKind.ITEMS_METHODS: method_sheets(),
        WorkbookKind.PROVIDERS: _provider_sheets(),
        WorkbookKind.STOCK: stock_sheets(),
        WorkbookKind.CANDIDATES: candidate_sheets(Random(SEED + 1)),  # noqa: S311
    }


def _area_sheets(rng: Random) -> dict[str, list[Row]]:
    areas: list[Row] = [{"code": code, "name": name} for code, name in (PROVINCE, DISTRICT)]
    for (code, name, lat, lon), kelurahan in KECAMATAN.items():
        areas.append({"code": code, "name": name, "lat": lat, "lon": lon})
        areas += [
            {"code": f"{code}.{short}", "name": own, "lat": y, "lon": x, "aliases": ALIASES.get(f"{code}.{short}")}
            for short, own, y, x in kelurahan
        ]
    weights = {code: rng.uniform(0.7, 1.3) for code in points()}
    whole = sum(weights.values())
    return {"Wilayah": areas, "Angka": [_figure(rng, code, round(COUPLES * w / whole)) for code, w in weights.items()]}


def _figure(rng: Random, code: str, couples: int) -> Row:
    return {
        "area_code": code,
        "year": 2026,
        "couples": couples,
        "active_users": round(couples * rng.uniform(0.71, 0.79)),
        "unmet_need": round(couples * rng.uniform(0.06, 0.12)),
        "poor_couples": round(couples * rng.uniform(0.15, 0.4)),
        "source": "Angka contoh, disusun menurut besaran Pendataan Keluarga",
    }


def codes() -> dict[str, str]:
    """Return the synthetic K/0/KB code of every facility: 3375 and a number, two digits more under a puskesmas."""
    found = {site.name: f"3375{number:03d}" for number, site in enumerate(PUSKESMAS, start=1)}
    found |= {site.name: f"3375{number:03d}" for number, site in enumerate(HOSPITALS, start=101)}
    under: dict[str, int] = {}
    for site in MIDWIVES:
        under[site.parent] = under.get(site.parent, 0) + 1
        found[site.name] = f"{found[site.parent]}{under[site.parent]:02d}"
    return found


def _facility_sheets() -> dict[str, list[Row]]:
    rows, hours = [], []
    for number, site in enumerate(PUSKESMAS):
        rooms = {
            "registration_desk": 1,
            "exam_room": 2 + number % 2,
            "procedure_room": 1 + number % 2,
            "recovery_bed": 3,
        }
        rows.append(_facility(site, number, {"kind": "puskesmas", "session_cost": 750_000} | rooms))
        hours += _hours(site, (time(8), time(14)), (time(8), time(11)), (time(8), time(13)), has_break=number % 5 == 4)
    for number, site in enumerate(MIDWIVES):
        rooms = {"registration_desk": 1, "exam_room": 1, "procedure_room": 1, "recovery_bed": 1}
        rows.append(_facility(site, number + 3, {"kind": "PMB", "session_cost": 300_000} | rooms))
        hours += _hours(site, (time(8), time(12)), (time(8), time(11)), (time(8), time(12)))
    for number, site in enumerate(HOSPITALS):
        rooms = {"registration_desk": 2, "exam_room": 3, "procedure_room": 2, "operating_room": 1, "recovery_bed": 6}
        is_active = "ya" if number < SERVING_HOSPITALS else "tidak"
        own = {"kind": "rumah sakit", "session_cost": 1_500_000, "is_active": is_active}
        rows.append(_facility(site, number + 6, own | rooms))
        hours += _hours(site, (time(7, 30), time(15)), (time(7, 30), time(11, 30)), (time(7, 30), time(12)))
    return {"Faskes": rows, "Jam buka": hours}


def _facility(site: Site, number: int, own: Row) -> Row:
    lat, lon = points()[site.kelurahan]
    # A little beside the centroid, so that two in one kelurahan are two points on a map.
    place = {"lat": round(lat + (number % 3 - 1) * 0.0012, 4), "lon": round(lon + (number % 4 - 2) * 0.0009, 4)}
    identity = {"code": codes()[site.name], "name": site.name, "kecamatan_code": site.kelurahan[:8]}
    return {"address": "Alamat contoh", "is_active": "ya"} | identity | place | own


Window = tuple[time, time]


def _hours(site: Site, workday: Window, friday: Window, saturday: Window, *, has_break: bool = False) -> list[Row]:
    parts = ((workday[0], time(12)), (time(12, 30), workday[1])) if has_break else (workday,)
    windows = [(day, part) for day in WORKDAYS for part in parts] + [("Jumat", friday), ("Sabtu", saturday)]
    code = codes()[site.name]
    return [{"code": code, "weekday": day, "opens": opens, "closes": closes} for day, (opens, closes) in windows]


def _provider_sheets() -> dict[str, list[Row]]:
    code_of = codes()
    people: list[Row] = []
    skills: list[Row] = []
    for number, site in enumerate((*PUSKESMAS, *MIDWIVES), start=1):
        code = f"B{number:02d}"
        people.append(_provider(code, f"Bidan Contoh {number:02d}", code_of[site.name]))
        skills.append({"code": code, "skill": "suntik"})
        # Two in three hold the certificate for IUD and implants. One has lapsed, one lapses in the campaign.
        if number % 3:
            until = {2: date(2027, 3, 31), 5: date(2027, 6, 15)}.get(number, date(2028 + number % 2, 12, 31))
            skills += [{"code": code, "skill": skill, "valid_until": until} for skill in ("iud", "implan")]
    teams = (
        ("D01", "Tim bedah contoh 1 (SpOG)", "RSUD Bendan", ("tubektomi",)),
        ("D02", "Tim bedah contoh 2 (SpOG)", "RS HA Zaky Djunaid", ("tubektomi",)),
        ("D03", "dr. Contoh (MOP)", "Puskesmas Bendan", ("vasektomi",)),
        ("D04", "Bidan penggerak contoh (CTU)", "RSUD Bendan", ("iud", "implan", "suntik")),
    )
    for code, name, base, able in teams:
        people.append(_provider(code, name, code_of[base]) | {"day_cost": 600_000, "minutes_per_day": 420})
        skills += [{"code": code, "skill": skill, "valid_until": date(2028, 12, 31)} for skill in able]
    people[-1] |= {"is_mobile": "ya", "day_cost": 250_000}
    return {"Tenaga": people, "Keterampilan": skills, "Tidak hadir": _absences()}


def _provider(code: str, name: str, base: str) -> Row:
    weekdays = {str(number): "x" for number in range(len(ALL_DAYS))}
    own = {"code": code, "name": name, "base_facility_code": base, "is_mobile": "tidak", "is_active": "ya"}
    return own | {"max_days": 4, "minutes_per_day": 330, "day_cost": 150_000} | weekdays


def _absences() -> list[Row]:
    stretches = {"B04": (14, 15), "B11": (16, 17), "B20": (14, 17), "D02": (14, 15)}
    return [
        {"code": code, "from_on": date(2027, 6, first), "until_on": date(2027, 6, last)}
        for code, (first, last) in stretches.items()
    ]


def main() -> None:
    """Write the workbooks."""
    CITY.mkdir(exist_ok=True)
    for kind, rows in city().items():
        (CITY / f"{kind.value}.xlsx").write_bytes(write(WORKBOOKS[kind], Content(rows=rows, has_example=False)))


if __name__ == "__main__":
    main()
