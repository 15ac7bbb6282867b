"""A small valid city, and its parts. Everything that a test does not name is valid by default."""

from dataclasses import dataclass
from datetime import date, time
from itertools import count
from typing import TypeVar

from campaign.db import db
from campaign.registry.models import (
    Area,
    AreaFigure,
    AreaLevel,
    Facility,
    FacilityHours,
    FacilityKind,
    FacilityStation,
    Item,
    ItemKind,
    Method,
    MethodStep,
    MethodUse,
    Provider,
    ProviderAbsence,
    ProviderSkill,
    Station,
)

DISTRICT = "33.75"
KECAMATAN = "33.75.01"
KELURAHAN = "33.75.01.1002"
OTHER_KELURAHAN = "33.75.01.1003"
OTHER_KECAMATAN = "33.75.02"
FAR_KELURAHAN = "33.75.02.1002"

Row = TypeVar("Row")
_numbers = count(1)
_LEVELS = (AreaLevel.PROVINCE, AreaLevel.DISTRICT, AreaLevel.KECAMATAN, AreaLevel.KELURAHAN)


@dataclass(frozen=True, slots=True)
class City:
    """What make_city made: two kecamatan with three kelurahan, a puskesmas and a hospital, three methods."""

    puskesmas: Facility
    hospital: Facility
    iud: Item
    pill: Item
    midwife: Provider
    district_code: str = DISTRICT


def make_area(code: str, name: str = "Contoh", point: tuple[float, float] | None = (-6.9, 109.67)) -> Area:
    """Add an area; its parents are there already."""
    parent = code.rpartition(".")[0] or None
    lat, lon = point or (None, None)
    return _added(
        Area(code=code, parent_code=parent, level=_LEVELS[code.count(".")], name=name, aliases=[], lat=lat, lon=lon)
    )


def make_areas() -> None:
    """Add Jawa Tengah, Kota Pekalongan, two kecamatan and three kelurahan."""
    make_area("33", "Jawa Tengah")
    make_area(DISTRICT, "Kota Pekalongan")
    make_area(KECAMATAN, "Pekalongan Barat")
    make_area(OTHER_KECAMATAN, "Pekalongan Timur")
    make_area(KELURAHAN, "Medono", (-6.9030, 109.6658))
    make_area(OTHER_KELURAHAN, "Podosugih", (-6.8981, 109.6655))
    make_area(FAR_KELURAHAN, "Noyontaansari", (-6.9002, 109.6811))


def make_figure(area_code: str = KELURAHAN, year: int = 2026, couples: int = 1800) -> AreaFigure:
    """Add the yearly figures of a kelurahan: 75 % users, 10 % unmet need, 30 % poor."""
    return _added(
        AreaFigure(
            area_code=area_code,
            year=year,
            couples=couples,
            active_users=couples * 3 // 4,
            unmet_need=couples // 10,
            poor_couples=couples * 3 // 10,
            source="contoh",
        )
    )


def make_facility(kecamatan_code: str = KECAMATAN, kind: FacilityKind = FacilityKind.PUSKESMAS) -> Facility:
    """Add a facility with every station, open 08:00-14:00 from Monday to Saturday, Friday until 11:00."""
    number = next(_numbers)
    return _added(
        Facility(
            code=f"3375{number:05d}",
            name=f"Faskes {number}",
            kind=kind,
            kecamatan_code=kecamatan_code,
            address="Jalan Contoh 1",
            lat=-6.9,
            lon=109.67,
            session_cost=750_000,
            is_active=True,
            stations=[FacilityStation(station=station, count=2) for station in Station],
            hours=[
                FacilityHours(weekday=day, opens_at=time(8), closes_at=time(11 if day == 4 else 14)) for day in range(6)
            ],
        )
    )


def make_item(code: str | None = None, kind: ItemKind = ItemKind.ALOKON, pack: int = 1) -> Item:
    """Add an item."""
    code = code or f"item_{next(_numbers)}"
    return _added(Item(code=code, name=code, kind=kind, unit="buah", pack=pack))


def make_method(code: str, uses: dict[Item, int], skill: str | None = None) -> Method:
    """Add a method of three steps: registration 5, anamnesis 15, service 20 minutes in a procedure room."""
    steps = (
        ("registration", Station.REGISTRATION_DESK, 5, None),
        ("anamnesis", Station.EXAM_ROOM, 15, None),
        ("service", Station.PROCEDURE_ROOM, 20, skill),
    )
    return _added(
        Method(
            code=code,
            name=code,
            register_code=9,
            is_long_acting=skill is not None,
            needs_spouse_consent=False,
            display_order=next(_numbers),
            steps=[
                MethodStep(position=position, name=name, station=station, minutes=minutes, skill=needed)
                for position, (name, station, minutes, needed) in enumerate(steps, start=1)
            ],
            uses=[MethodUse(item=item, quantity=quantity) for item, quantity in uses.items()],
        )
    )


def make_provider(base: Facility, skills: dict[str, date | None] | None = None) -> Provider:
    """Add a provider who works Monday to Saturday, 360 minutes a day."""
    number = next(_numbers)
    return _added(
        Provider(
            code=f"T{number:03d}",
            name=f"Bidan {number}",
            base_facility_id=base.facility_id,
            is_mobile=False,
            max_days=5,
            minutes_per_day=360,
            day_cost=150_000,
            weekdays=[0, 1, 2, 3, 4, 5],
            is_active=True,
            skills=[ProviderSkill(skill=skill, valid_until=until) for skill, until in (skills or {}).items()],
        )
    )


def make_absence(provider: Provider, from_on: date, until_on: date) -> ProviderAbsence:
    """Add a stretch of days on which the provider cannot work."""
    absence = ProviderAbsence(from_on=from_on, until_on=until_on)
    provider.absences.append(absence)
    db.session.flush()
    return absence


def make_city() -> City:
    """Add a small city that can hold a campaign: areas, two facilities, IUD and pill with their items, a midwife."""
    make_areas()
    puskesmas = make_facility()
    hospital = make_facility(OTHER_KECAMATAN, FacilityKind.HOSPITAL)
    iud, pill = make_item("iud"), make_item("pill", pack=10)
    make_method("iud", {iud: 1}, skill="iud")
    make_method("pill", {pill: 3})
    make_method("condom", {make_item("condom", pack=144): 36})
    midwife = make_provider(puskesmas, {"iud": None})
    for code in (KELURAHAN, OTHER_KELURAHAN, FAR_KELURAHAN):
        make_figure(code)
    return City(puskesmas=puskesmas, hospital=hospital, iud=iud, pill=pill, midwife=midwife)


def _added(row: Row) -> Row:
    db.session.add(row)
    db.session.flush()
    return row
