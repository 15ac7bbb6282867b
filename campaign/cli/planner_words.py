"""The planner's answers in the planners' own language: changes, what stands in the way, differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from campaign.planning.binding import Binding
from campaign.planning.plan import Reason
from campaign.planning.problem import Problem

_MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()  # noqa: SIM905

REASONS = {
    Reason.TOO_FAR: "semua fasilitas yang mampu terlalu jauh",
    Reason.NO_CAPABILITY: "tidak ada tenaga, ruang atau alat yang mampu pada tanggal mereka bisa datang",
    Reason.NO_STOCK: "persediaan habis",
    Reason.NO_CAPACITY: "tempat atau jam pelayanan penuh",
    Reason.NO_DELIVERY: "barang ada di gudang tetapi tidak dapat tiba tepat waktu",
    Reason.SESSION_TOO_SMALL: "peserta terlalu sedikit untuk membuka pelayanan",
    Reason.NO_OUTREACH: "kelurahan tidak dapat dikunjungi siaran keliling tepat waktu",
}

_RULES = {
    "min_session": "peserta paling sedikit per pelayanan",
    "max_sessions_per_day": "pelayanan paling banyak per hari",
    "max_dates_per_kecamatan": "tanggal paling banyak per kecamatan",
    "max_travel_km": "jarak paling jauh",
}

_STATIONS = {
    "registration_desk": "meja pendaftaran",
    "exam_room": "ruang periksa",
    "procedure_room": "ruang tindakan",
    "operating_theatre": "kamar operasi",
    "recovery_bed": "tempat tidur pemulihan",
}

_BINDINGS = {
    "too-far": "fasilitas terdekat, {facility}, berjarak {km:g} km; batas {most:g} km",
    "other-kecamatan": "fasilitas terdekat, {facility}, ada di kecamatan lain ({km:g} km); itu tidak dibolehkan",
    "no-visit": "{kelurahan} belum dikunjungi siaran keliling; {visits} kunjungan sampai {until} terpakai semua",
    "closed": "{facility} tutup pada {dates}",
    "no-station": "{facility} tidak punya {station}",
    "no-skill": "tidak ada tenaga dengan kemampuan {skill} di {facility} pada {dates}",
    "no-stock": "{item} di {facility} kurang {missing} sampai {until}; sisa di gudang {in_warehouses}",
    "no-delivery": "{item} di {facility} kurang {missing} sampai {until}; di gudang ada {in_warehouses}, {earliest}",
    "no-room": "{facility} {date}: {station} terpakai {used} dari {minutes} menit untuk {people} orang",
    "no-skill-minutes": "{facility} {date}: tenaga {skill} terpakai {used} dari {minutes} menit untuk {people} orang",
    "nobody-free": "{facility}, {dates}: {people} tenaga {skill} semua bertugas di tempat lain atau habis harinya",
    "sessions-a-day": "{facility}, {dates}: sudah {most} pelayanan sehari, batasnya {most}",
    "dates-of-kecamatan": "{facility}, {dates}: kecamatannya sudah memakai {most} tanggal, batasnya {most}",
    "too-few": "{facility}: hanya {waiting} orang menunggu di sekitarnya, pelayanan paling sedikit {least} orang",
}


def day(text: str) -> str:
    """A date as it is said: 16 Juni."""
    when = date.fromisoformat(text)
    return f"{when.day} {_MONTHS[when.month - 1]}"


def binding_words(row: Binding) -> str:
    """What stands in the way, in a sentence with its numbers."""
    facts = dict(row.facts)
    for key in ("until", "date"):
        if key in facts:
            facts[key] = day(facts[key])
    if "dates" in facts:
        facts["dates"] = ", ".join(day(text) for text in facts["dates"]) or "tanggal mereka"
    if "station" in facts:
        facts["station"] = _STATIONS.get(facts["station"], facts["station"])
    if row.code == "no-delivery":
        earliest = facts["earliest"]
        facts["earliest"] = f"paling cepat tiba {day(earliest)}" if earliest else "tidak ada perjalanan tersisa"
    return _BINDINGS[row.code].format(**facts)


def change_words(change: Mapping[str, Any], problem: Problem) -> str:
    """A change, with names instead of identifiers."""
    kind = str(change.get("change"))
    make = _CHANGES.get(kind)
    return kind if make is None else make(change, problem)


def _place(change: Mapping[str, Any], problem: Problem) -> str:
    for key, rows in (("facility", problem.facility), ("warehouse", problem.warehouse)):
        if key in change:
            row = rows.get(str(change[key]))
            return row.name if row is not None else str(change[key])
    return "semua fasilitas"


def _team(change: Mapping[str, Any], problem: Problem) -> str:
    who = problem.provider.get(str(change.get("provider")))
    skills = change.get("skills", who.skills if who is not None else ())
    like = f"seperti {who.name}" if who is not None else f"di {_place(change, problem)}"
    return f"satu tenaga lagi {like} ({', '.join(skills)})"


def _stock(change: Mapping[str, Any], problem: Problem) -> str:
    item = problem.item.get(str(change.get("item")))
    name, unit = (item.name, item.unit) if item is not None else (str(change.get("item")), "")
    return f"tambah {change.get('quantity')} {unit} {name} di {_place(change, problem)}"


def _travel(change: Mapping[str, Any], problem: Problem) -> str:
    over = " dan boleh lintas kecamatan" if change.get("cross_kecamatan") else ""
    more = change.get("km", 0)
    return f"batas jarak {problem.rules.max_travel_km + more:g} km (tambah {more:g} km){over}"


def _ill(change: Mapping[str, Any], problem: Problem) -> str:
    who = problem.provider.get(str(change.get("provider")))
    days = ", ".join(day(text) for text in change.get("dates", ())) or "selama pelayanan"
    return f"{who.name if who is not None else change.get('provider')} berhalangan {days}"


def _rule(change: Mapping[str, Any], problem: Problem) -> str:
    name = str(change.get("rule"))
    return f"{_RULES.get(name, name)} {change.get('value')} (kini {getattr(problem.rules, name, '-')})"


_CHANGES: dict[str, Callable[[Mapping[str, Any], Problem], str]] = {
    "team": _team,
    "stock": _stock,
    "travel": _travel,
    "ill": _ill,
    "rule": _rule,
    "hours": lambda row, problem: f"tutup {row.get('minutes')} menit lebih lambat di {_place(row, problem)}",
    "date": lambda row, problem: f"satu tanggal lagi, {day(row['date'])}, seperti {day(row['like'])}",
    "trips": lambda row, problem: f"{row.get('trips')} pengiriman lagi per hari dari {_place(row, problem)}",
    "stops": lambda row, problem: f"{row.get('stops')} kunjungan siaran keliling lagi per hari",
    "station": lambda row, problem: (
        f"{row.get('units')} {_STATIONS.get(row['station'], row['station'])} lagi di {_place(row, problem)}"
    ),
}


def range_words(found: float, range_: tuple[float, float] | None, unit: str) -> str:
    """A difference as far as it is proven: exactly, at least and at most, or not."""
    if range_ is None:
        return "belum terbukti"
    least, most = range_
    if abs(least - most) <= 1e-6 * max(1.0, abs(found)):
        return "tepat"
    return f"paling sedikit {format(least, unit)}, paling banyak {format(most, unit)}"
