"""Which days and hours there are: national holidays, cuti bersama, local days off, opening hours, absences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

import holidays
from sqlalchemy import or_, select

from campaign.db import db
from campaign.registry.models import Facility, LocalDayOff, Provider


class ClosureKind(StrEnum):
    """Who says that a day is off."""

    PUBLIC = "public"  # national holiday
    GOVERNMENT = "government"  # cuti bersama; a separate category of the holidays package, omitted by default
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Closure:
    """A day on which facilities are closed: everywhere, or in one area and all below it."""

    day: date
    kind: ClosureKind
    reason: str
    area_code: str | None = None

    def covers(self, area_code: str) -> bool:
        """Tell whether the day is off in `area_code`."""
        return self.area_code is None or area_code == self.area_code or area_code.startswith(self.area_code + ".")


def closures(district_code: str, days: Iterable[date]) -> tuple[Closure, ...]:
    """Return every closure of the given days in a kota or kabupaten, national first, by day."""
    wanted = sorted(set(days))
    return tuple(sorted((*national(wanted), *_local(district_code, wanted)), key=lambda closure: closure.day))


def national(days: Sequence[date]) -> list[Closure]:
    """Return the public holidays and cuti bersama among the days, in their order."""
    years = {day.year for day in days}
    found: dict[date, Closure] = {}
    # Public last: a day that is both is a public holiday.
    for kind in (ClosureKind.GOVERNMENT, ClosureKind.PUBLIC):
        calendar = holidays.country_holidays("ID", years=years, categories=(kind.value,), language="id")
        found |= {day: Closure(day, kind, calendar[day]) for day in days if day in calendar}
    return sorted(found.values(), key=lambda closure: closure.day)


def _local(district_code: str, days: Sequence[date]) -> list[Closure]:
    query = select(LocalDayOff).where(
        LocalDayOff.off_on.in_(days),
        or_(
            LocalDayOff.area_code.is_(None),
            LocalDayOff.area_code == district_code,
            LocalDayOff.area_code.startswith(district_code + "."),
        ),
    )
    rows = db.session.scalars(query.order_by(LocalDayOff.off_on, LocalDayOff.local_day_off_id))
    return [Closure(row.off_on, ClosureKind.LOCAL, row.reason, row.area_code) for row in rows]


def opening_windows(facility: Facility, day: date, closed: Sequence[Closure]) -> tuple[tuple[time, time], ...]:
    """Return when a facility is open on a day, ascending; nothing when the day is off there."""
    if any(closure.day == day and closure.covers(facility.kecamatan_code) for closure in closed):
        return ()
    return tuple(sorted((row.opens_at, row.closes_at) for row in facility.hours if row.weekday == day.weekday()))


def provider_dates(provider: Provider, days: Iterable[date]) -> tuple[date, ...]:
    """Return those of the given days on which a provider can work, ascending; days off are the facility's matter."""
    return tuple(
        day
        for day in sorted(set(days))
        if day.weekday() in provider.weekdays
        and not any(absence.from_on <= day <= absence.until_on for absence in provider.absences)
    )


def skills_on(provider: Provider, day: date) -> tuple[str, ...]:
    """Return the skills whose certificate still holds on `day`, by name."""
    return tuple(
        sorted(skill.skill for skill in provider.skills if skill.valid_until is None or skill.valid_until >= day)
    )
