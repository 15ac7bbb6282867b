"""A facility asks for goods (SPB); the head of dinas orders them out, less if need be, or refuses with a reason."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Reach, require
from campaign.db import db
from campaign.documents import numbering as agenda
from campaign.errors import Conflict, KeyReused, Mistake, NotFound
from campaign.logistics import mistakes, numbering
from campaign.logistics.request_models import StockRequest, StockRequestLine
from campaign.registry import queries as registry
from campaign.transaction import hold


class UnknownRequest(NotFound):
    """No SPB has this id."""

    code = "unknown-request"


class RequestAnswered(Conflict):
    """The SPB has its SPMB already, or was refused."""

    code = "request-answered"


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What a facility asks for."""

    key: str
    facility_id: int
    requested_on: date
    needed_on: date
    items: tuple[tuple[int, int], ...]  # (item_id, quantity)
    note: str = ""
    number: str | None = None  # of the facility's own letter; None draws one


def request_stock(actor: Actor, new: NewRequest) -> StockRequest:
    """Send an SPB to the warehouse."""
    require(actor, Permission.USE_STOCK, registry.place_of(new.facility_id))
    hold(f"stock-request:{new.key}")
    before = db.session.scalar(select(StockRequest).where(StockRequest.idempotency_key == new.key))
    if before is not None and before.facility_id != new.facility_id:
        raise KeyReused(stock_request_id=before.stock_request_id)
    if before is not None:
        return before
    mistakes.refuse(_mistakes_in(new))
    year = new.requested_on.year
    row = StockRequest(
        number=new.number or numbering.written("SPB", year, agenda.draw("SPB", year)),
        idempotency_key=new.key,
        facility_id=new.facility_id,
        requested_on=new.requested_on,
        needed_on=new.needed_on,
        note=new.note.strip(),
        recorded_at=clock.now(),
        account_id=actor.account_id,
        lines=[StockRequestLine(item_id=item_id, quantity=quantity) for item_id, quantity in new.items],
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "request-stock", ("stock_request", row.stock_request_id), items=len(new.items))
    return row


def _mistakes_in(new: NewRequest) -> tuple[Mistake, ...]:
    wrong = list(
        mistakes.about_date(new.requested_on, "requested_on")
        + mistakes.about_quantities([quantity for _, quantity in new.items])
    )
    if new.needed_on < new.requested_on:
        wrong.append(Mistake("needed_on", "needed-before-requested"))
    if len(new.note.strip()) > 240:
        wrong.append(Mistake("note", "text-length"))
    if len(dict(new.items)) < len(new.items):
        wrong.append(Mistake("lines", "item-twice"))
    known = registry.items_by_ids({item_id for item_id, _ in new.items})
    wrong += [
        Mistake(f"lines-{index}-item_id", "unknown-item")
        for index, (item_id, _) in enumerate(new.items)
        if item_id not in known
    ]
    if new.number is not None:
        wrong += _wrong_number(new.number)
    return tuple(wrong)


def _wrong_number(number: str) -> list[Mistake]:
    if not 1 <= len(number) <= numbering.LONGEST:
        return [Mistake("number", "number-length")]
    hold(f"stock-number:request:{number}")
    used = db.session.scalar(select(StockRequest.requested_on).where(StockRequest.number == number))
    return [Mistake("number", "request-number-used", {"on": used})] if used else []


def request_to_answer(stock_request_id: int) -> StockRequest:
    """Return an SPB, locked, that nobody has answered yet."""
    row = db.session.get(StockRequest, stock_request_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise UnknownRequest(stock_request_id=stock_request_id)
    if row.order_id is not None or row.refused_at is not None:
        raise RequestAnswered(stock_request_id=stock_request_id)
    return row


def refuse_request(actor: Actor, stock_request_id: int, reason: str) -> StockRequest:
    """Answer an SPB with no, and why; refusing again is nothing new."""
    row = request(stock_request_id)
    require(actor, Permission.ORDER_STOCK, registry.place_of(row.facility_id))
    if row.refused_at is not None:
        return row
    mistakes.refuse(mistakes.about_text("refusal", reason))
    row = request_to_answer(stock_request_id)
    row.refused_at, row.refused_by_id, row.refusal = clock.now(), actor.account_id, reason.strip()
    db.session.flush()
    audit.record(actor, "refuse-stock-request", ("stock_request", stock_request_id))
    return row


def request(stock_request_id: int) -> StockRequest:
    """Return one SPB."""
    row = db.session.get(StockRequest, stock_request_id)
    if row is None:
        raise UnknownRequest(stock_request_id=stock_request_id)
    return row


def requests(reach: Reach) -> list[StockRequest]:
    """Return the SPB of facilities within reach: those that wait first, then the newest."""
    rows = db.session.scalars(select(StockRequest)).all()
    mine = rows if reach.everywhere else [row for row in rows if _inside(reach, row.facility_id)]
    return sorted(mine, key=lambda row: (is_answered(row), -row.stock_request_id))


def is_answered(row: StockRequest) -> bool:
    """Tell whether an SPB has its SPMB or its refusal."""
    return row.order_id is not None or row.refused_at is not None


def _inside(reach: Reach, facility_id: int) -> bool:
    area = registry.place_of(facility_id).area_code or ""
    return facility_id in reach.facilities or any(area == code or area.startswith(code + ".") for code in reach.areas)
