"""Change items, and methods with their steps and what one acceptor uses up."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields

from sqlalchemy import select

from campaign import audit
from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.errors import Invalid, Mistake
from campaign.registry.models import Item, Method, MethodStep, MethodUse, Station
from campaign.registry.models import ItemKind as ItemKind
from campaign.registry.storing import Change, Counts, Wanted, align, broken, first_of, store


class ItemsInvalid(Invalid):
    """Items break rules. `where` is the row's position and the field: "3.code"."""

    code = "items-invalid"


class MethodsInvalid(Invalid):
    """Methods break rules. `where` is the row's position and the field: "3.name", "3.uses.iud"."""

    code = "methods-invalid"


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A thing that the warehouse counts."""

    code: str
    name: str
    kind: ItemKind
    unit: str
    pack: int


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a method."""

    position: int
    name: str
    station: Station
    minutes: int
    skill: str | None = None


@dataclass(frozen=True, slots=True)
class MethodRow:
    """A method with its steps and uses."""

    code: str
    name: str
    register_code: int  # in R/I/KB edition 2020
    is_long_acting: bool
    needs_spouse_consent: bool
    display_order: int
    steps: tuple[StepRow, ...]
    uses: Mapping[str, int] = field(default_factory=dict)  # item code -> quantity for one acceptor


def register_items(actor: Actor, rows: Sequence[ItemRow]) -> Counts:
    """Store the items."""
    require(actor, Permission.EDIT_REGISTRY)
    codes = Counter(row.code for row in rows)
    mistakes: list[Mistake] = []
    for position, row in enumerate(rows):
        rules = (
            ("code", "code-missing", not row.code.strip()),
            ("code", "listed-twice", codes[row.code] > 1),
            ("name", "name-missing", not row.name.strip()),
            ("unit", "unit-missing", not row.unit.strip()),
            ("pack", "not-positive", row.pack < 1),
        )
        mistakes += broken(position, rules)
    if mistakes:
        raise ItemsInvalid(tuple(mistakes))
    known = {item.code: item for item in db.session.scalars(select(Item).where(Item.code.in_(list(codes))))}
    counts = Counts.of([store(Item, known.get(row.code), asdict(row))[1] for row in rows])
    db.session.flush()
    return _audited(actor, "item", counts)


def register_methods(actor: Actor, rows: Sequence[MethodRow]) -> Counts:
    """Store the methods; steps and uses of each become exactly those of its row."""
    require(actor, Permission.EDIT_REGISTRY)
    wanted = {code for row in rows for code in row.uses}
    items = {item.code: item for item in db.session.scalars(select(Item).where(Item.code.in_(wanted)))}
    mistakes = _mistakes_of(rows, set(items))
    if mistakes:
        raise MethodsInvalid(tuple(mistakes))
    found = db.session.scalars(select(Method).where(Method.code.in_([row.code for row in rows])))
    known = {method.code: method for method in found}
    _make_room(rows, known)
    counts = Counts.of([_put_method(row, items, known.get(row.code)) for row in rows])
    db.session.flush()
    return _audited(actor, "method", counts)


def _mistakes_of(rows: Sequence[MethodRow], items: set[str]) -> list[Mistake]:
    codes = Counter(row.code for row in rows)
    orders = Counter(row.display_order for row in rows)
    query = select(Method.display_order).where(Method.code.not_in(list(codes)))
    taken = set(db.session.scalars(query))
    mistakes: list[Mistake] = []
    for position, row in enumerate(rows):
        positions = [step.position for step in row.steps]
        rules = (
            ("code", "code-missing", not row.code.strip()),
            ("code", "listed-twice", codes[row.code] > 1),
            ("name", "name-missing", not row.name.strip()),
            ("register_code", "register-code-outside", not 1 <= row.register_code <= 11),
            ("display_order", "order-twice", orders[row.display_order] > 1 or row.display_order in taken),
            ("steps", "steps-missing", not row.steps),
            *((f"steps.{i}", "step-number-twice", number in positions[:i]) for i, number in enumerate(positions)),
            *((f"steps.{i}", "negative", step.minutes < 0) for i, step in enumerate(row.steps)),
            *((f"uses.{code}", "unknown-item", code not in items) for code in row.uses),
            *((f"uses.{code}", "not-positive", quantity < 1) for code, quantity in row.uses.items()),
        )
        mistakes += broken(position, rules)
    return mistakes


def _make_room(rows: Sequence[MethodRow], known: Mapping[str, Method]) -> None:
    """Let two methods change places: the order is unique at every moment, so who moves steps aside first."""
    for row in rows:
        method = known.get(row.code)
        if method is not None and method.display_order != row.display_order:
            method.display_order = -method.display_order
    db.session.flush()


def _put_method(row: MethodRow, items: Mapping[str, Item], known: Method | None) -> Change:
    columns = {one.name: getattr(row, one.name) for one in fields(row) if one.name not in ("steps", "uses")}
    method, change = store(Method, known, columns)
    steps: Wanted = {(step.position,): asdict(step) for step in row.steps}
    uses: Wanted = {(items[code].item_id,): {"quantity": quantity} for code, quantity in row.uses.items()}
    return first_of(
        change,
        align(method.steps, MethodStep, ("position",), steps),
        align(method.uses, MethodUse, ("item_id",), uses),
    )


def _audited(actor: Actor, kind: str, counts: Counts) -> Counts:
    if counts.touched:
        audit.record(actor, f"register-{kind}s", (kind, "*"), new=counts.new, changed=counts.changed)
    return counts
