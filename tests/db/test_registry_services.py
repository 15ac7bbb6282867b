"""Changing the registry: all mistakes at once, counts that tell the truth, nothing twice."""

from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy import func, select

from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.audit import AuditEntry
from campaign.db import db
from campaign.errors import Invalid, NotAllowed
from campaign.registry import queries
from campaign.registry.facilities import FacilitiesInvalid, FacilityRow, register_facilities
from campaign.registry.methods import ItemRow, MethodRow, StepRow, register_items, register_methods
from campaign.registry.models import AreaLevel, FacilityKind, ItemKind, LocalDayOff, Station
from campaign.registry.providers import ProviderRow, ProvidersInvalid, register_providers
from campaign.registry.services import (
    AreaRow,
    AreasInvalid,
    DayOff,
    FigureRow,
    add_day_off,
    register_areas,
    register_figures,
    remove_day_off,
)
from campaign.registry.storing import Counts
from tests.builders import registry as a
from tests.builders.actors import actor_with

pytestmark = pytest.mark.usefixtures("open_transaction")

MONDAY = date(2027, 6, 14)
CLINIC = FacilityRow(
    code="3375901",
    name="Klinik Contoh",
    kind=FacilityKind.CLINIC,
    kecamatan_code=a.KECAMATAN,
    address="",
    lat=-6.9,
    lon=109.67,
    session_cost=500_000,
    stations={Station.EXAM_ROOM: 1, Station.RECOVERY_BED: 0},
    hours=((0, time(8), time(11)), (0, time(12), time(14))),
)
SHOTS = MethodRow("shots", "Suntik", 3, False, True, 900, (StepRow(1, "service", Station.EXAM_ROOM, 10, "shots"),))


def mistakes_of(error: pytest.ExceptionInfo[Invalid]) -> set[tuple[str, str]]:
    return {(mistake.where, mistake.code) for mistake in error.value.mistakes}


def test_a_kelurahan_brings_the_areas_above_it() -> None:
    counts = register_areas(SYSTEM, [AreaRow("31.71.01.1001", "Gambir")])
    assert counts == Counts(new=1)
    assert queries.area("31").level is AreaLevel.PROVINCE
    assert queries.area("31.71.01").parent_code == "31.71"


def test_the_same_areas_again_are_unchanged_and_leave_no_trace() -> None:
    rows = [AreaRow("31", "DKI Jakarta"), AreaRow("31.71", "Jakarta Pusat", ("Jakpus",), -6.18, 106.83)]
    register_areas(SYSTEM, rows)
    before = db.session.scalar(select(func.count()).select_from(AuditEntry))
    assert register_areas(SYSTEM, rows) == Counts(unchanged=2)
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before


def test_a_list_of_codes_and_names_keeps_the_points_that_are_known() -> None:
    register_areas(SYSTEM, [AreaRow("31", "DKI", ("Jakarta",), -6.2, 106.8)])
    assert register_areas(SYSTEM, [AreaRow("31", "DKI Jakarta")]) == Counts(changed=1)
    assert (queries.area("31").lat, queries.area("31").aliases) == (-6.2, ["Jakarta"])


def test_every_mistake_of_a_list_of_areas_is_told_with_its_row() -> None:
    rows = [AreaRow("31.7", "Salah"), AreaRow("31", ""), AreaRow("31.71", "A"), AreaRow("31.71", "B", lat=50.0)]
    with pytest.raises(AreasInvalid) as error:
        register_areas(SYSTEM, rows)
    assert mistakes_of(error) == {
        ("0.code", "area-code-form"),
        ("1.name", "name-missing"),
        ("2.code", "listed-twice"),
        ("3.code", "listed-twice"),
        ("3.lat", "half-a-point"),
        ("3.lat", "latitude-outside"),
    }


def test_users_and_unmet_need_are_at_most_all_couples() -> None:
    a.make_areas()
    exact = FigureRow(a.KELURAHAN, 2026, couples=10, active_users=8, unmet_need=2, poor_couples=10, source="PK")
    assert register_figures(SYSTEM, [exact]) == Counts(new=1)
    with pytest.raises(AreasInvalid) as error:
        register_figures(SYSTEM, [replace(exact, unmet_need=3, poor_couples=11, area_code=a.KECAMATAN)])
    assert mistakes_of(error) == {
        ("0.area_code", "unknown-kelurahan"),
        ("0.active_users", "more-than-couples"),
        ("0.poor_couples", "more-than-couples"),
    }


def test_a_facility_keeps_only_the_stations_and_hours_of_its_row() -> None:
    a.make_areas()
    assert register_facilities(SYSTEM, [CLINIC]) == Counts(new=1)
    assert register_facilities(SYSTEM, [CLINIC]) == Counts(unchanged=1)
    later = replace(CLINIC, hours=((0, time(8), time(12)), (4, time(8), time(11))))
    assert register_facilities(SYSTEM, [later]) == Counts(changed=1)
    [clinic] = queries.facilities()
    assert {(row.weekday, row.opens_at, row.closes_at) for row in clinic.hours} == set(later.hours)
    assert [(row.station, row.count) for row in clinic.stations] == [(Station.EXAM_ROOM, 1)]


def test_windows_that_touch_are_fine_and_windows_that_overlap_are_not() -> None:
    a.make_areas()
    touching = replace(CLINIC, hours=((0, time(8), time(11)), (0, time(11), time(12))))
    assert register_facilities(SYSTEM, [touching]).new == 1
    with pytest.raises(FacilitiesInvalid) as error:
        register_facilities(SYSTEM, [replace(CLINIC, hours=((0, time(8), time(11)), (0, time(10, 59), time(12))))])
    assert mistakes_of(error) == {("0.hours.1", "hours-overlap")}


def test_a_provider_needs_a_known_base_and_skills_that_some_method_asks_for() -> None:
    city = a.make_city()
    doctor = ProviderRow("D1", "dr. Contoh", city.hospital.code, True, 4, 300, 0, (0, 1), {"iud": MONDAY})
    assert register_providers(SYSTEM, [doctor]) == Counts(new=1)
    away = replace(doctor, absences=((MONDAY, MONDAY),), skills={"iud": None})
    assert register_providers(SYSTEM, [away]) == Counts(changed=1)
    assert register_providers(SYSTEM, [away]) == Counts(unchanged=1)
    with pytest.raises(ProvidersInvalid) as error:
        register_providers(SYSTEM, [replace(doctor, base_facility_code="0000000", skills={"magic": None}, weekdays=())])
    assert mistakes_of(error) == {
        ("0.base_facility_code", "unknown-facility"),
        ("0.skills.magic", "unknown-skill"),
        ("0.weekdays", "weekdays-missing"),
    }


def test_methods_keep_steps_and_uses_and_may_change_places() -> None:
    register_items(SYSTEM, [ItemRow("vial", "DMPA", ItemKind.ALOKON, "vial", 20)])
    first, second = replace(SHOTS, uses={"vial": 1}), replace(SHOTS, code="other", display_order=901)
    assert register_methods(SYSTEM, [first, second]) == Counts(new=2)
    swapped = [replace(first, display_order=901), replace(second, display_order=900)]
    assert register_methods(SYSTEM, swapped) == Counts(changed=2)
    assert register_methods(SYSTEM, swapped) == Counts(unchanged=2)
    assert [method.code for method in queries.methods()] == ["other", "shots"]


def test_mistakes_of_items_and_methods() -> None:
    with pytest.raises(Invalid) as error:
        register_items(SYSTEM, [ItemRow("", "x", ItemKind.KIT, " ", 0)])
    assert mistakes_of(error) == {("0.code", "code-missing"), ("0.unit", "unit-missing"), ("0.pack", "not-positive")}
    with pytest.raises(Invalid) as error:
        register_methods(SYSTEM, [replace(SHOTS, uses={"nothing": 0}, register_code=12, steps=())])
    assert mistakes_of(error) == {
        ("0.uses.nothing", "unknown-item"),
        ("0.uses.nothing", "not-positive"),
        ("0.register_code", "register-code-outside"),
        ("0.steps", "steps-missing"),
    }


def test_a_day_off_is_noted_once_and_can_be_taken_back() -> None:
    a.make_areas()
    day = DayOff(MONDAY, "rob", a.KECAMATAN)
    first = add_day_off(SYSTEM, day)
    assert add_day_off(SYSTEM, day) == first
    assert add_day_off(SYSTEM, DayOff(MONDAY, "pilkada")) != first
    remove_day_off(SYSTEM, first)
    assert [row.reason for row in db.session.scalars(select(LocalDayOff))] == ["pilkada"]


def test_a_day_off_needs_a_reason_and_no_smaller_area_than_a_kecamatan() -> None:
    a.make_areas()
    with pytest.raises(Invalid) as error:
        add_day_off(SYSTEM, DayOff(MONDAY, " ", a.KELURAHAN))
    assert mistakes_of(error) == {("reason", "reason-missing"), ("area_code", "day-off-area-level")}


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.PLANNER}))
def test_only_administrators_and_planners_change_the_registry(role: Role) -> None:
    with pytest.raises(NotAllowed):
        register_areas(actor_with(role), [AreaRow("31", "DKI Jakarta")])
