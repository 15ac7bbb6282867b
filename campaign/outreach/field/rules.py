"""What the city asks of candidates for each method, and whom on the list somebody should look at."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.errors import Invalid, Mistake
from campaign.outreach.field.models import MethodRule
from campaign.outreach.field.quality import EligibilityRule, Facts, flags
from campaign.outreach.models import Candidate
from campaign.outreach.queries import COUNTED
from campaign.registry import queries as registry

LIMITS = {"min_age": (10, 60), "max_age": (10, 60), "min_children": (0, 20), "min_youngest_months": (0, 240)}


@dataclass(frozen=True, slots=True)
class Flagged:
    """A candidate whom somebody should look at, and why."""

    candidate_id: int
    codes: tuple[str, ...]


def rules() -> dict[str, EligibilityRule]:
    """Return the rule of each method that has one."""
    rows = db.session.scalars(select(MethodRule))
    return {row.method_code: EligibilityRule(**{name: getattr(row, name) for name in LIMITS}) for row in rows}


def save_rule(actor: Actor, method_code: str, rule: EligibilityRule) -> None:
    """Set what is asked of candidates for a method; an empty rule asks nothing."""
    require(actor, Permission.EDIT_REGISTRY)
    registry.method(method_code)
    values = asdict(rule)
    mistakes = [
        Mistake(name, "out-of-range", {"least": least, "most": most})
        for name, (least, most) in LIMITS.items()
        if values[name] is not None and not least <= values[name] <= most
    ]
    if rule.min_age is not None and rule.max_age is not None and rule.min_age > rule.max_age:
        mistakes.append(Mistake("max_age", "ages-in-order"))
    if mistakes:
        raise Invalid(tuple(mistakes))
    db.session.merge(MethodRule(method_code=method_code, **values))
    audit.record(actor, "save-method-rule", ("method", method_code))


def flagged(campaign_id: int, area_code: str) -> list[Flagged]:
    """Return the candidates of an area whom somebody should look at, in the order of the list."""
    query = select(Candidate).where(
        Candidate.campaign_id == campaign_id,
        Candidate.state.in_(COUNTED),
        Candidate.kelurahan_code.startswith(area_code + ".", autoescape=True),
    )
    known, none, today = rules(), EligibilityRule(), clock.today()
    rows: Iterable[Candidate] = db.session.scalars(query.order_by(Candidate.list_key))
    found = (Flagged(row.candidate_id, flags(_facts(row), known.get(row.method_code, none), today)) for row in rows)
    return [one for one in found if one.codes]


def _facts(row: Candidate) -> Facts:
    return Facts(row.nik, row.birth_on, row.children, row.youngest_child_months)
