"""Change areas, their yearly figures and the local days off."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from campaign import audit
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import Invalid, Mistake, NotFound
from campaign.registry import queries
from campaign.registry.codes import is_area_code, level_of, parent_of
from campaign.registry.models import Area, AreaFigure, AreaLevel, LocalDayOff
from campaign.registry.storing import Change, Counts, broken, store


class AreasInvalid(Invalid):
    """Areas or figures break rules. `where` is the row's position and the field: "12.code"."""

    code = "areas-invalid"


class DayOffInvalid(Invalid):
    """A day off cannot be noted as asked."""

    code = "day-off-invalid"


class UnknownDayOff(NotFound):
    """No local day off has this id."""

    code = "unknown-day-off"


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area by Kemendagri code. A list of kelurahan may leave out what lies above: it is then named by its code."""

    code: str
    name: str
    aliases: tuple[str, ...] | None = None  # None: leave what is known
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class FigureRow:
    """Couples and unmet need of a kelurahan in a year."""

    area_code: str
    year: int
    couples: int
    active_users: int
    unmet_need: int
    poor_couples: int
    source: str


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day off that no national calendar knows; without an area it holds everywhere."""

    off_on: date
    reason: str
    area_code: str | None = None


def register_areas(actor: Actor, rows: Sequence[AreaRow]) -> Counts:
    """Store the areas; parents that neither the rows nor the registry hold are added, named by their code."""
    require(actor, Permission.EDIT_REGISTRY)
    _refuse(_area_mistakes(rows))
    given = {row.code: row for row in rows}
    above = {code for row in rows for code in _ancestors(row.code)}
    # By province, not by code: a statement takes 65,535 parameters, and a whole province is imported at once.
    provinces = {code[:2] for code in given}
    found = db.session.scalars(select(Area).where(func.left(Area.code, 2).in_(provinces)))
    known = {area.code: area for area in found}
    for code in sorted(above - given.keys() - known.keys()):
        _put_area(AreaRow(code, name=code), None)
    # By length: a parent is in the database before what lies in it.
    changes = [_put_area(given[code], known.get(code)) for code in sorted(given, key=lambda code: (len(code), code))]
    db.session.flush()
    return _audited(actor, "register-areas", Counts.of(changes))


def _area_mistakes(rows: Sequence[AreaRow]) -> list[Mistake]:
    codes = Counter(row.code for row in rows)
    mistakes: list[Mistake] = []
    for position, row in enumerate(rows):
        rules = (
            ("code", "area-code-form", not is_area_code(row.code)),
            ("code", "listed-twice", codes[row.code] > 1),
            ("name", "name-missing", not row.name.strip()),
            ("lat", "half-a-point", (row.lat is None) != (row.lon is None)),
            ("lat", "latitude-outside", row.lat is not None and not -12 <= row.lat <= 7),  # Rote to Weh
            ("lon", "longitude-outside", row.lon is not None and not 94 <= row.lon <= 142),  # Weh to Merauke
        )
        mistakes += broken(position, rules)
    return mistakes


def _ancestors(code: str) -> list[str]:
    parent = parent_of(code)
    return [] if parent is None else [parent, *_ancestors(parent)]


def _put_area(row: AreaRow, known: Area | None) -> Change:
    values: dict[str, object] = {"name": row.name}
    if row.lat is not None:  # a list without points, such as the CSV of codes, takes none away
        values |= {"lat": row.lat, "lon": row.lon}
    if row.aliases is not None or known is None:
        values["aliases"] = list(row.aliases or ())
    if known is None:
        values |= {"code": row.code, "parent_code": parent_of(row.code), "level": level_of(row.code)}
    return store(Area, known, values)[1]


def register_figures(actor: Actor, rows: Sequence[FigureRow]) -> Counts:
    """Store the yearly figures of kelurahan."""
    require(actor, Permission.EDIT_REGISTRY)
    _refuse(_figure_mistakes(rows))
    found = db.session.scalars(select(AreaFigure).where(AreaFigure.year.in_({row.year for row in rows})))
    known = {(figure.area_code, figure.year): figure for figure in found}
    changes = [store(AreaFigure, known.get((row.area_code, row.year)), asdict(row))[1] for row in rows]
    db.session.flush()
    return _audited(actor, "register-figures", Counts.of(changes))


def _figure_mistakes(rows: Sequence[FigureRow]) -> list[Mistake]:
    kelurahan = queries.known_kelurahan({row.area_code for row in rows})
    keys = Counter((row.area_code, row.year) for row in rows)
    mistakes: list[Mistake] = []
    for position, row in enumerate(rows):
        rules = (
            ("area_code", "unknown-kelurahan", row.area_code not in kelurahan),
            ("area_code", "listed-twice", keys[row.area_code, row.year] > 1),
            ("year", "year-outside", not 2000 <= row.year <= 2100),
            ("active_users", "more-than-couples", row.active_users + row.unmet_need > row.couples),
            ("poor_couples", "more-than-couples", row.poor_couples > row.couples),
            ("source", "source-missing", not row.source.strip()),
        )
        mistakes += broken(position, rules)
    return mistakes


def _refuse(mistakes: list[Mistake]) -> None:
    if mistakes:
        raise AreasInvalid(tuple(mistakes))


def _audited(actor: Actor, action: str, counts: Counts) -> Counts:
    if counts.touched:
        audit.record(actor, action, ("area", "*"), new=counts.new, changed=counts.changed)
    return counts


def add_day_off(actor: Actor, day: DayOff) -> int:
    """Note a local day off and return its id; noting the same day for the same area again changes nothing."""
    require(actor, Permission.EDIT_REGISTRY, Place(area_code=day.area_code) if day.area_code else None)
    mistakes = []
    if not day.reason.strip():
        mistakes.append(Mistake("reason", "reason-missing"))
    if day.area_code is not None and queries.area(day.area_code).level not in (AreaLevel.DISTRICT, AreaLevel.KECAMATAN):
        mistakes.append(Mistake("area_code", "day-off-area-level"))  # facilities are placed by kecamatan
    if mistakes:
        raise DayOffInvalid(tuple(mistakes))
    values = {"off_on": day.off_on, "area_code": day.area_code, "reason": day.reason.strip()}
    added: int | None = db.session.scalar(
        insert(LocalDayOff).values(values).on_conflict_do_nothing().returning(LocalDayOff.local_day_off_id)
    )
    if added is not None:
        audit.record(actor, "add-day-off", ("local_day_off", added), day=day.off_on.isoformat(), area=day.area_code)
        return added
    same = select(LocalDayOff.local_day_off_id).where(
        LocalDayOff.off_on == day.off_on, LocalDayOff.area_code.is_not_distinct_from(day.area_code)
    )
    return db.session.scalars(same).one()


def remove_day_off(actor: Actor, local_day_off_id: int) -> None:
    """Take a local day off out of the calendar."""
    row = db.session.get(LocalDayOff, local_day_off_id)
    if row is None:
        raise UnknownDayOff(local_day_off_id=local_day_off_id)
    require(actor, Permission.EDIT_REGISTRY, Place(area_code=row.area_code) if row.area_code else None)
    db.session.delete(row)
    db.session.flush()
    audit.record(
        actor, "remove-day-off", ("local_day_off", local_day_off_id), day=row.off_on.isoformat(), area=row.area_code
    )
