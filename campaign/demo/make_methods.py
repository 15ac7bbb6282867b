"""Items and methods of the demo city: the eleven of R/I/KB, and the opening stock of the warehouse.

Minutes are planning defaults of the field (edit them in the workbook); prices are made up.
"""

from datetime import date
from typing import Any

Row = dict[str, Any]

ITEMS: tuple[tuple[str, str, str, str, int], ...] = (  # code, name, kind, unit, pack
    ("iud", "IUD CuT 380A", "alokon", "buah", 1),
    ("implant_1", "Implan 1 batang", "alokon", "set", 1),
    ("implant_2", "Implan 2 batang", "alokon", "set", 1),
    ("injection_1_month", "Suntik 1 bulan kombinasi", "alokon", "vial", 10),
    ("injection_3_combined", "Suntik 3 bulan kombinasi", "alokon", "vial", 10),
    ("injection_3_progestin", "Suntik 3 bulan DMPA 150 mg", "alokon", "vial", 10),
    ("pill_combined", "Pil kombinasi", "alokon", "siklus", 10),
    ("pill_progestin", "Pil progestin", "alokon", "siklus", 10),
    ("condom", "Kondom", "alokon", "buah", 144),  # the warehouse counts gross: 144 pieces
    ("iud_pack", "BHP pasang IUD", "bahan habis pakai", "paket", 1),
    ("implant_pack", "BHP pasang implan", "bahan habis pakai", "paket", 1),
    ("syringe", "ADS 3 ml", "bahan habis pakai", "buah", 10),
    ("tubectomy_kit", "Paket minilaparotomi", "kit", "paket", 1),
    ("vasectomy_kit", "Paket vasektomi", "kit", "paket", 1),
)

_DESK, _EXAM, _ROOM, _THEATRE, _BED = (
    "Meja pendaftaran",
    "Ruang periksa",
    "Ruang tindakan",
    "Ruang operasi",
    "Tempat tidur pulih",
)
Steps = tuple[tuple[str, str, int, str | None], ...]


def _way(exam: int, place: str, service: int, skill: str | None, recovery: int) -> Steps:
    steps: Steps = (("pendaftaran", _DESK, 5, None), ("anamnesa dan penapisan", _EXAM, exam, None))
    steps += (("pelayanan", place, service, skill),)
    return (*steps, ("pemulihan", _BED, recovery, None)) if recovery else steps


# code, name, R/I/KB, MKJP, spouse's consent, steps, uses
METHODS: tuple[tuple[str, str, int, str, str, Steps, dict[str, int]], ...] = (
    ("iud", "IUD", 9, "ya", "ya", _way(15, _ROOM, 25, "iud", 15), {"iud": 1, "iud_pack": 1}),
    (
        "implant_2",
        "Implan 2 batang",
        8,
        "ya",
        "ya",
        _way(10, _ROOM, 20, "implan", 10),
        {"implant_2": 1, "implant_pack": 1},
    ),
    (
        "implant_1",
        "Implan 1 batang",
        7,
        "ya",
        "ya",
        _way(10, _ROOM, 20, "implan", 10),
        {"implant_1": 1, "implant_pack": 1},
    ),
    ("tubectomy", "MOW (tubektomi)", 11, "ya", "ya", _way(20, _THEATRE, 45, "tubektomi", 180), {"tubectomy_kit": 1}),
    (
        "vasectomy",
        "MOP (vasektomi)",
        10,
        "ya",
        "ya",
        _way(20, _ROOM, 30, "vasektomi", 30),
        {"vasectomy_kit": 1, "condom": 24},
    ),
    (
        "injection_3_progestin",
        "Suntik 3 bulan progestin",
        3,
        "tidak",
        "tidak",
        _way(10, _EXAM, 10, "suntik", 0),
        {"injection_3_progestin": 1, "syringe": 1},
    ),
    (
        "injection_3_combined",
        "Suntik 3 bulan kombinasi",
        2,
        "tidak",
        "tidak",
        _way(10, _EXAM, 10, "suntik", 0),
        {"injection_3_combined": 1, "syringe": 1},
    ),
    (
        "injection_1_month",
        "Suntik 1 bulan kombinasi",
        1,
        "tidak",
        "tidak",
        _way(10, _EXAM, 10, "suntik", 0),
        {"injection_1_month": 1, "syringe": 1},
    ),
    ("pill_combined", "Pil kombinasi", 4, "tidak", "tidak", _way(10, _EXAM, 5, None, 0), {"pill_combined": 3}),
    ("pill_progestin", "Pil progestin", 5, "tidak", "tidak", _way(10, _EXAM, 5, None, 0), {"pill_progestin": 3}),
    ("condom", "Kondom", 6, "tidak", "tidak", _way(5, _EXAM, 5, None, 0), {"condom": 12}),
)

WAREHOUSE = "GUDANG"
# item, batch, expires, produced, quantity, rupiah, fund; what a plan does with each stands beside it
LOTS: tuple[tuple[str, str, date, int, int, int, str], ...] = (
    ("iud", "IUD2203A", date(2027, 3, 31), 2022, 12, 21_500, "APBN"),  # expired: to be written off
    ("iud", "IUD2301B", date(2027, 6, 30), 2023, 20, 21_500, "APBN"),  # expires too soon after the campaign
    ("iud", "IUD2306C", date(2027, 8, 31), 2023, 45, 22_000, "APBN"),  # first out
    ("iud", "IUD2502D", date(2031, 1, 31), 2025, 60, 23_000, "APBN"),
    ("implant_2", "IMP2304A", date(2027, 7, 31), 2024, 50, 118_000, "APBN"),
    ("implant_2", "IMP2511B", date(2029, 10, 31), 2025, 80, 124_000, "APBD"),
    ("implant_1", "IMO2509A", date(2028, 8, 31), 2025, 40, 310_000, "APBN"),
    ("injection_3_progestin", "DMP2412A", date(2027, 9, 30), 2024, 120, 9_800, "APBN"),
    ("injection_3_progestin", "DMP2601B", date(2029, 12, 31), 2026, 200, 10_200, "APBN"),
    ("injection_3_combined", "SKB2505A", date(2028, 4, 30), 2025, 60, 11_400, "APBN"),
    ("injection_1_month", "SBL2510A", date(2028, 9, 30), 2025, 40, 12_000, "APBD"),
    ("pill_combined", "PKB2407A", date(2027, 8, 31), 2024, 150, 4_300, "APBN"),
    ("pill_combined", "PKB2511B", date(2029, 10, 31), 2025, 300, 4_600, "APBN"),
    ("pill_progestin", "PPG2508A", date(2028, 7, 31), 2025, 90, 6_900, "APBN"),
    ("condom", "KDM2503A", date(2029, 2, 28), 2025, 2880, 700, "APBN"),  # 20 gross
    ("iud_pack", "BHI2601A", date(2028, 12, 31), 2026, 160, 18_000, "APBD"),
    ("implant_pack", "BHM2601A", date(2028, 12, 31), 2026, 180, 21_000, "APBD"),
    ("syringe", "ADS2506A", date(2030, 5, 31), 2025, 600, 1_700, "APBN"),
    ("tubectomy_kit", "MOW2602A", date(2028, 1, 31), 2026, 22, 285_000, "APBD"),
    ("vasectomy_kit", "MOP2602A", date(2028, 1, 31), 2026, 6, 165_000, "APBD"),
)
FLOORS = {"iud": 15, "implant_2": 20, "injection_3_progestin": 100, "pill_combined": 120, "condom": 720}


def method_sheets() -> dict[str, list[Row]]:
    """Return the rows of the workbook of items and methods."""
    return {
        "Barang": [dict(zip(("code", "name", "kind", "unit", "pack"), item, strict=True)) for item in ITEMS],
        "Metode": [
            {
                "code": code,
                "name": name,
                "register_code": register,
                "is_long_acting": long,
                "needs_spouse_consent": spouse,
            }
            | {"display_order": order}
            for order, (code, name, register, long, spouse, _, _) in enumerate(METHODS, start=1)
        ],
        "Langkah": [
            {
                "code": method[0],
                "position": position,
                "name": name,
                "station": station,
                "minutes": minutes,
                "skill": skill,
            }
            for method in METHODS
            for position, (name, station, minutes, skill) in enumerate(method[5], start=1)
        ],
        "Pemakaian": [
            {"code": method[0], "item": item, "quantity": quantity}
            for method in METHODS
            for item, quantity in method[6].items()
        ],
    }


def stock_sheets() -> dict[str, list[Row]]:
    """Return the rows of the workbook of opening balances."""
    fields = ("item", "number", "expires_on", "production_year", "quantity", "unit_price", "fund_source")
    return {
        "Gudang": [
            {
                "code": WAREHOUSE,
                "name": "Gudang Alokon Dinsos-P2KB",
                "area_code": "33.75",
                "lat": -6.889,
                "lon": 109.6753,
            }
        ],
        "Saldo awal": [{"warehouse": WAREHOUSE} | dict(zip(fields, lot, strict=True)) for lot in LOTS],
        "Batas minimum": [
            {"warehouse": WAREHOUSE, "item": item, "quantity": quantity} for item, quantity in FLOORS.items()
        ],
    }
