"""What the registry and its calendar answer."""

from datetime import date, time

import pytest

from campaign.db import db
from campaign.registry import calendar, queries
from campaign.registry.models import LocalDayOff
from tests.builders import registry as a

pytestmark = pytest.mark.usefixtures("open_transaction")

MONDAY, FRIDAY, SUNDAY = date(2027, 6, 14), date(2027, 6, 18), date(2027, 6, 20)
WINDOW = (time(8), time(14))


def test_an_unknown_area_is_not_found() -> None:
    with pytest.raises(queries.UnknownArea):
        queries.area("33.75")


def test_kelurahan_of_a_kecamatan_and_of_its_district() -> None:
    a.make_areas()
    assert [area.code for area in queries.kelurahan_of(a.KECAMATAN)] == [a.KELURAHAN, a.OTHER_KELURAHAN]
    assert len(queries.kelurahan_of(a.DISTRICT)) == 3
    assert [area.code for area in queries.kecamatan_of(a.DISTRICT)] == [a.KECAMATAN, a.OTHER_KECAMATAN]


def test_a_district_whose_code_starts_alike_is_not_inside() -> None:
    a.make_areas()
    assert queries.kecamatan_of("33.7") == []


def test_the_place_of_a_facility_lies_in_its_kecamatan() -> None:
    city = a.make_city()
    place = queries.place_of(city.puskesmas.facility_id)
    assert (place.area_code, place.facility_id) == (a.KECAMATAN, city.puskesmas.facility_id)


def test_inactive_facilities_are_listed_only_when_named() -> None:
    city = a.make_city()
    city.hospital.is_active = False
    db.session.flush()
    assert queries.facilities() == [city.puskesmas]
    assert queries.facilities([city.hospital.facility_id]) == [city.hospital]


def test_figures_are_those_of_the_latest_year() -> None:
    a.make_areas()
    a.make_figure(year=2025)
    latest = a.make_figure(year=2026)
    assert queries.area_figures(a.DISTRICT) == [latest]
    assert [figure.year for figure in queries.area_figures(a.DISTRICT, 2025)] == [2025]


def test_methods_come_in_display_order_with_their_steps() -> None:
    a.make_city()
    assert [method.code for method in queries.methods()] == ["iud", "pill", "condom"]
    assert [step.position for step in queries.method("iud").steps] == [1, 2, 3]


def test_friday_is_shorter_and_sunday_closed() -> None:
    city = a.make_city()
    assert calendar.opening_windows(city.puskesmas, MONDAY, ()) == (WINDOW,)
    assert calendar.opening_windows(city.puskesmas, FRIDAY, ()) == ((time(8), time(11)),)
    assert calendar.opening_windows(city.puskesmas, SUNDAY, ()) == ()


def test_public_holidays_and_cuti_bersama_are_closures() -> None:
    found = calendar.closures("33.75", [date(2027, 5, 1), date(2027, 5, 2), date(2027, 5, 18)])
    assert [(closure.day.day, closure.kind) for closure in found] == [
        (1, calendar.ClosureKind.PUBLIC),  # Hari Buruh
        (18, calendar.ClosureKind.GOVERNMENT),  # cuti bersama Idul Adha
    ]


def test_a_local_day_off_closes_its_kecamatan_only() -> None:
    city = a.make_city()
    db.session.add(LocalDayOff(off_on=MONDAY, area_code=a.OTHER_KECAMATAN, reason="rob"))
    db.session.flush()
    closed = calendar.closures(a.DISTRICT, [MONDAY])
    assert calendar.opening_windows(city.hospital, MONDAY, closed) == ()
    assert calendar.opening_windows(city.puskesmas, MONDAY, closed) == (WINDOW,)


def test_a_day_off_for_the_whole_city_closes_every_facility() -> None:
    city = a.make_city()
    db.session.add(LocalDayOff(off_on=MONDAY, area_code=None, reason="pilkada"))
    db.session.flush()
    closed = calendar.closures(a.DISTRICT, [MONDAY])
    assert calendar.opening_windows(city.puskesmas, MONDAY, closed) == ()


def test_a_day_off_in_another_district_closes_nothing_here() -> None:
    a.make_areas()
    a.make_area("33.76", "Kota Lain")
    db.session.add(LocalDayOff(off_on=MONDAY, area_code="33.76", reason="pilkada"))
    db.session.flush()
    assert calendar.closures(a.DISTRICT, [MONDAY]) == ()


def test_an_absence_takes_its_first_and_last_day() -> None:
    city = a.make_city()
    a.make_absence(city.midwife, date(2027, 6, 15), date(2027, 6, 16))
    days = [date(2027, 6, day) for day in (14, 15, 16, 17)]
    assert calendar.provider_dates(city.midwife, days) == (days[0], days[3])


def test_a_provider_works_on_their_weekdays_only() -> None:
    city = a.make_city()
    assert calendar.provider_dates(city.midwife, [SUNDAY, MONDAY]) == (MONDAY,)


def test_a_certificate_holds_on_its_last_day_and_not_after() -> None:
    city = a.make_city()
    doctor = a.make_provider(city.hospital, {"tubectomy": MONDAY, "iud": None})
    assert calendar.skills_on(doctor, MONDAY) == ("iud", "tubectomy")
    assert calendar.skills_on(doctor, date(2027, 6, 15)) == ("iud",)
