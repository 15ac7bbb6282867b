"""Change providers, their certificates and absences."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date

from sqlalchemy import select

from campaign import audit
from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.errors import Invalid, Mistake
from campaign.registry.models import Facility, MethodStep, Provider, ProviderAbsence, ProviderSkill
from campaign.registry.storing import Change, Counts, Wanted, align, broken, first_of, store


class ProvidersInvalid(Invalid):
    """Providers break rules. `where` is the row's position and the field: "3.name", "3.skills.iud"."""

    code = "providers-invalid"


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """A provider with certificates and absences."""

    code: str
    name: str
    base_facility_code: str
    is_mobile: bool
    max_days: int
    minutes_per_day: int
    day_cost: int
    weekdays: tuple[int, ...]
    skills: Mapping[str, date | None] = field(default_factory=dict)  # last day on which the certificate holds
    absences: tuple[tuple[date, date], ...] = ()
    is_active: bool = True


def register_providers(actor: Actor, rows: Sequence[ProviderRow]) -> Counts:
    """Store the providers; certificates and absences of each become exactly those of its row."""
    require(actor, Permission.EDIT_REGISTRY)
    wanted = {row.base_facility_code for row in rows}
    bases = {one.code: one.facility_id for one in db.session.scalars(select(Facility).where(Facility.code.in_(wanted)))}
    mistakes = _mistakes_of(rows, set(bases))
    if mistakes:
        raise ProvidersInvalid(tuple(mistakes))
    found = db.session.scalars(select(Provider).where(Provider.code.in_([row.code for row in rows])))
    known = {provider.code: provider for provider in found}
    counts = Counts.of([_put_provider(row, bases[row.base_facility_code], known.get(row.code)) for row in rows])
    db.session.flush()
    if counts.touched:
        audit.record(actor, "register-providers", ("provider", "*"), new=counts.new, changed=counts.changed)
    return counts


def _mistakes_of(rows: Sequence[ProviderRow], bases: set[str]) -> list[Mistake]:
    skills = set(db.session.scalars(select(MethodStep.skill).where(MethodStep.skill.is_not(None)).distinct()))
    codes = Counter(row.code for row in rows)
    mistakes: list[Mistake] = []
    for position, row in enumerate(rows):
        rules = (
            ("code", "code-missing", not row.code.strip()),
            ("code", "listed-twice", codes[row.code] > 1),
            ("name", "name-missing", not row.name.strip()),
            ("base_facility_code", "unknown-facility", row.base_facility_code not in bases),
            ("max_days", "negative", row.max_days < 0),
            ("minutes_per_day", "minutes-outside", not 0 <= row.minutes_per_day <= 24 * 60),
            ("day_cost", "negative", row.day_cost < 0),
            ("weekdays", "weekdays-missing", not row.weekdays),
            *((f"skills.{skill}", "unknown-skill", skill not in skills) for skill in row.skills),
            *(
                (f"absences.{index}", "ends-before-it-starts", start > end)
                for index, (start, end) in enumerate(row.absences)
            ),
        )
        mistakes += broken(position, rules)
    return mistakes


def _put_provider(row: ProviderRow, base_facility_id: int, known: Provider | None) -> Change:
    elsewhere = ("base_facility_code", "skills", "absences")
    columns = {one.name: getattr(row, one.name) for one in fields(row) if one.name not in elsewhere}
    columns |= {"base_facility_id": base_facility_id, "weekdays": sorted(set(row.weekdays))}
    provider, change = store(Provider, known, columns)
    skills: Wanted = {(skill,): {"valid_until": until} for skill, until in row.skills.items()}
    absences: Wanted = {(start,): {"until_on": end} for start, end in row.absences}
    return first_of(
        change,
        align(provider.skills, ProviderSkill, ("skill",), skills),
        align(provider.absences, ProviderAbsence, ("from_on",), absences),
    )
