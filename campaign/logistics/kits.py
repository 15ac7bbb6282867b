"""What a campaign needs beside what the ledger counts: cards, forms, lists, a banner. Kept as rows, to be edited."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from campaign import audit
from campaign.accounts.policy import Actor
from campaign.db import db
from campaign.errors import Invalid, Mistake, NotFound
from campaign.logistics.norms import require_setter
from campaign.logistics.supply_models import KitBasis as KitBasis  # for callers: they may not import models
from campaign.logistics.supply_models import KitLine
from campaign.registry import queries as registry

LARGEST = 10_000
OF_PEOPLE = (KitBasis.CANDIDATE, KitBasis.ACCEPTOR)


class UnknownKitLine(NotFound):
    """No line of the kit has this id."""

    code = "unknown-kit-line"


@dataclass(frozen=True, slots=True)
class KitThing:
    """One thing of the kit: so many for `per` of a basis."""

    name: str
    unit: str
    quantity: int
    per: int
    basis: KitBasis
    method_code: str | None = None  # only for people of this method


@dataclass(frozen=True, slots=True)
class Counts:
    """What a kit is counted by: a session, a facility, or the whole campaign."""

    people: Mapping[KitBasis, Mapping[str, int]]  # candidates and acceptors by method
    things: Mapping[KitBasis, int]  # sessions, facilities, campaigns


def needed(thing: KitThing, counts: Counts) -> int:
    """Return how many of a thing are needed; a part of `per` counts as whole."""
    if thing.basis in OF_PEOPLE:
        of_method = counts.people.get(thing.basis, {})
        count = of_method.get(thing.method_code, 0) if thing.method_code else sum(of_method.values())
    else:
        count = counts.things.get(thing.basis, 0)
    return -(-count * thing.quantity // thing.per)


def kit() -> list[tuple[int, KitThing]]:
    """Return the things of the kit with their ids: for people first, by id."""
    rows = db.session.scalars(select(KitLine).order_by(KitLine.kit_line_id)).all()
    order = list(KitBasis)
    return [(row.kit_line_id, _thing(row)) for row in sorted(rows, key=lambda row: order.index(row.basis))]


def _thing(row: KitLine) -> KitThing:
    return KitThing(row.name, row.unit, row.quantity, row.per, row.basis, row.method_code)


def kit_thing(kit_line_id: int) -> KitThing:
    """Return one thing of the kit."""
    return _thing(_row(kit_line_id))


def _row(kit_line_id: int) -> KitLine:
    found = db.session.get(KitLine, kit_line_id)
    if found is None:
        raise UnknownKitLine(kit_line_id=kit_line_id)
    return found


def save_thing(actor: Actor, kit_line_id: int | None, thing: KitThing) -> int:
    """Change a thing of the kit, or add one; return its id."""
    require_setter(actor)
    mistakes = _mistakes_in(kit_line_id, thing)
    if mistakes:
        raise Invalid(mistakes)
    row = KitLine() if kit_line_id is None else _row(kit_line_id)
    row.name, row.unit = thing.name.strip(), thing.unit.strip()
    row.quantity, row.per, row.basis, row.method_code = thing.quantity, thing.per, thing.basis, thing.method_code
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "save-kit-line", ("kit_line", row.kit_line_id))
    return row.kit_line_id


def remove_thing(actor: Actor, kit_line_id: int) -> None:
    """Take a thing out of the kit."""
    require_setter(actor)
    _row(kit_line_id)
    db.session.execute(delete(KitLine).where(KitLine.kit_line_id == kit_line_id))
    audit.record(actor, "remove-kit-line", ("kit_line", kit_line_id))


def _mistakes_in(kit_line_id: int | None, thing: KitThing) -> tuple[Mistake, ...]:
    found = []
    for where, text, longest in (("name", thing.name, 120), ("unit", thing.unit, 24)):
        if not 1 <= len(text.strip()) <= longest:
            found.append(Mistake(where, "text-length"))
    same = select(KitLine.kit_line_id).where(func.lower(KitLine.name) == thing.name.strip().lower())
    if db.session.scalar(same.where(KitLine.kit_line_id != (kit_line_id or 0))) is not None:
        found.append(Mistake("name", "kit-name-taken"))
    for where, count in (("quantity", thing.quantity), ("per", thing.per)):
        if not 1 <= count <= LARGEST:
            found.append(Mistake(where, "out-of-range", {"least": 1, "most": LARGEST}))
    if thing.method_code is not None:
        if thing.basis not in OF_PEOPLE:
            found.append(Mistake("method_code", "kit-method-of-people"))
        elif thing.method_code not in registry.register_codes():
            found.append(Mistake("method_code", "unknown-method"))
    return tuple(found)
