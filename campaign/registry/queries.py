"""What the registry knows: areas, facilities, items, methods, providers, figures."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, select

from campaign.accounts.policy import Place
from campaign.db import db
from campaign.errors import NotFound
from campaign.registry.models import Area, AreaFigure, Facility, Item, LocalDayOff, Method, Provider
from campaign.registry.models import AreaLevel as AreaLevel


class UnknownArea(NotFound):
    """No area has this code."""

    code = "unknown-area"


class UnknownFacility(NotFound):
    """No facility has this id."""

    code = "unknown-facility"


class UnknownMethod(NotFound):
    """No method has this code."""

    code = "unknown-method"


class UnknownItem(NotFound):
    """No item has this code."""

    code = "unknown-item"


def area(code: str) -> Area:
    """Return the area with this Kemendagri code, of any level."""
    found = db.session.get(Area, code)
    if found is None:
        raise UnknownArea(area_code=code)
    return found


def areas(level: AreaLevel, under: str | None = None) -> list[Area]:
    """Return the areas of a level, those below the area `under` if given, by code."""
    query = select(Area).where(Area.level == level).order_by(Area.code)
    if under is not None:
        query = query.where(Area.code.startswith(under + ".", autoescape=True))
    return list(db.session.scalars(query))


def areas_below(code: str) -> list[Area]:
    """Return every area below the one with this code, of any level, by code."""
    query = select(Area).where(Area.code.startswith(code + ".", autoescape=True)).order_by(Area.code)
    return list(db.session.scalars(query))


def districts() -> list[Area]:
    """Return the kota and kabupaten that the registry holds, by code."""
    return areas(AreaLevel.DISTRICT)


def kecamatan_of(district_code: str) -> list[Area]:
    """Return the kecamatan of a kota or kabupaten, by code."""
    return areas(AreaLevel.KECAMATAN, district_code)


def kelurahan_of(code: str) -> list[Area]:
    """Return the kelurahan of a kecamatan, or of a whole kota or kabupaten, by code."""
    return areas(AreaLevel.KELURAHAN, code)


def known_kelurahan(codes: Iterable[str]) -> frozenset[str]:
    """Return those of the codes that are kelurahan of the registry."""
    query = select(Area.code).where(Area.level == AreaLevel.KELURAHAN, Area.code.in_(list(codes)))
    return frozenset(db.session.scalars(query))


def facilities(ids: Iterable[int] | None = None) -> list[Facility]:
    """Return the active facilities by code; with `ids` exactly those, active or not."""
    query = select(Facility).order_by(Facility.code)
    query = query.where(Facility.is_active) if ids is None else query.where(Facility.facility_id.in_(list(ids)))
    return list(db.session.scalars(query))


def every_facility() -> list[Facility]:
    """Return all facilities, also those that are not active, by code."""
    return list(db.session.scalars(select(Facility).order_by(Facility.code)))


def facilities_of(district_code: str) -> list[Facility]:
    """Return the active facilities of a kota or kabupaten, by code."""
    query = select(Facility).where(Facility.is_active, Facility.kecamatan_code.startswith(district_code + "."))
    return list(db.session.scalars(query.order_by(Facility.code)))


def facility(facility_id: int) -> Facility:
    """Return one facility with its stations and hours."""
    found = db.session.get(Facility, facility_id)
    if found is None:
        raise UnknownFacility(facility_id=facility_id)
    return found


def signs(ids: Iterable[int]) -> dict[int, tuple[str, str, str]]:
    """Return name, address and kecamatan of facilities, as a message names them."""
    query = select(Facility.facility_id, Facility.name, Facility.address, Facility.kecamatan_code)
    rows = db.session.execute(query.where(Facility.facility_id.in_(list(ids))))
    return {facility_id: (name, address, kecamatan) for facility_id, name, address, kecamatan in rows}


def place_of(facility_id: int) -> Place:
    """Return where a facility is, as the policy asks it."""
    # One column: every use-case at a facility asks this, and none of them needs the stations and hours.
    code = db.session.scalar(select(Facility.kecamatan_code).where(Facility.facility_id == facility_id))
    if code is None:
        raise UnknownFacility(facility_id=facility_id)
    return Place(area_code=code, facility_id=facility_id)


def methods() -> list[Method]:
    """Return the methods in the order in which lists show them."""
    return list(db.session.scalars(select(Method).order_by(Method.display_order)))


def register_codes() -> dict[str, int]:
    """Return each method's code in the service register R/I/KB, in the order in which lists show them."""
    rows = db.session.execute(select(Method.code, Method.register_code).order_by(Method.display_order))
    return {row.code: row.register_code for row in rows}


def method(code: str) -> Method:
    """Return one method with its steps and uses."""
    found = db.session.get(Method, code)
    if found is None:
        raise UnknownMethod(method_code=code)
    return found


def items() -> list[Item]:
    """Return everything that the warehouse counts: alokon first, then by code."""
    return sorted(db.session.scalars(select(Item)), key=lambda item: (item.kind != "alokon", item.code))


def items_by_ids(ids: Iterable[int]) -> dict[int, Item]:
    """Return the items with these ids, by id."""
    return {item.item_id: item for item in db.session.scalars(select(Item).where(Item.item_id.in_(list(ids))))}


def providers(base_facility_ids: Sequence[int] | None = None) -> list[Provider]:
    """Return the active providers by code, those based at the facilities if given; skills and absences loaded."""
    query = select(Provider).where(Provider.is_active).order_by(Provider.code)
    if base_facility_ids is not None:
        query = query.where(Provider.base_facility_id.in_(base_facility_ids))
    return list(db.session.scalars(query))


def providers_by_ids(ids: Iterable[int]) -> dict[int, Provider]:
    """Return the providers with these ids, active or not, by id."""
    found = db.session.scalars(select(Provider).where(Provider.provider_id.in_(list(ids))))
    return {provider.provider_id: provider for provider in found}


def area_figures(district_code: str, year: int | None = None) -> list[AreaFigure]:
    """Return the figures of the kelurahan of a district for `year`, or for the latest year that has any."""
    inside = AreaFigure.area_code.startswith(district_code + ".", autoescape=True)
    if year is None:
        year = db.session.scalar(select(func.max(AreaFigure.year)).where(inside))
    query = select(AreaFigure).where(inside, AreaFigure.year == year).order_by(AreaFigure.area_code)
    return list(db.session.scalars(query))


def days_off(first: date, last: date) -> list[LocalDayOff]:
    """Return the local days off in a stretch of days, by day."""
    query = select(LocalDayOff).where(LocalDayOff.off_on.between(first, last))
    return list(db.session.scalars(query.order_by(LocalDayOff.off_on, LocalDayOff.local_day_off_id)))
