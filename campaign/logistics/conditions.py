"""Goods change their state: set apart, given free, found damaged, written off. A state is a compartment of a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select

from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.errors import Conflict
from campaign.logistics import ledger, mistakes, numbering, places, posting
from campaign.logistics.asking import ask_document_paper
from campaign.logistics.ledger import InsufficientStock, Line, Shortage
from campaign.logistics.models import DocumentKind, PlaceKind, StockBalance, StockDocument, StockPlace
from campaign.logistics.posting import Draft


class StockState(StrEnum):
    """Whether goods may be used; what has expired follows from the lot's date, what is reserved from reservations."""

    USABLE = "usable"
    QUARANTINED = "quarantined"
    DAMAGED = "damaged"


class StateStep(StrEnum):
    """What may be done to the state of goods."""

    QUARANTINE = "quarantine"
    RELEASE = "release"
    DAMAGE = "damage"
    WRITE_OFF = "write-off"


class StepNotAllowed(Conflict):
    """Goods in this state cannot take this step: what is damaged is not released."""

    code = "state-step-not-allowed"


@dataclass(frozen=True, slots=True)
class StateChange:
    """Goods of one place that change their state together, for one reason."""

    key: str
    stock_place_id: int  # the warehouse or shelf
    state: StockState  # as they are now
    step: StateStep
    occurred_on: date
    lines: tuple[Line, ...]
    reason: str
    number: str | None = None  # of the paper of a write-off
    campaign_id: int | None = None  # whose goods these are: it then counts them as lost


COMPARTMENTS = {StockState.QUARANTINED: PlaceKind.QUARANTINE, StockState.DAMAGED: PlaceKind.DAMAGED}
_FROM = {
    StateStep.QUARANTINE: {StockState.USABLE},
    StateStep.RELEASE: {StockState.QUARANTINED},
    StateStep.DAMAGE: {StockState.USABLE, StockState.QUARANTINED},
    StateStep.WRITE_OFF: set(StockState),
}
_KINDS = {
    StateStep.QUARANTINE: DocumentKind.QUARANTINE,
    StateStep.RELEASE: DocumentKind.RELEASE,
    StateStep.DAMAGE: DocumentKind.DAMAGE,
    StateStep.WRITE_OFF: DocumentKind.WRITE_OFF,
}


def steps_from(state: StockState) -> tuple[StateStep, ...]:
    """Return what may be done to goods in a state."""
    return tuple(step for step in StateStep if state in _FROM[step])


def change_state(actor: Actor, change: StateChange) -> StockDocument:
    """Set goods apart, give them free, call them damaged or write them off; never what is reserved for somebody."""
    place = places.real_place(change.stock_place_id)
    _require_right(actor, change.step, place)
    if before := posting.seen(_KINDS[change.step], change.key, from_place_id=_source(change)):
        return before
    if change.state not in _FROM[change.step]:
        raise StepNotAllowed(state=change.state.value, step=change.step.value)
    draft = Draft(
        _KINDS[change.step],
        change.key,
        _source(change),
        _goal(change),
        change.occurred_on,
        reason=change.reason.strip(),
        number=change.number,
        campaign_id=change.campaign_id,
    )
    mistakes.refuse(
        mistakes.about_quantities([line.quantity for line in change.lines])
        + mistakes.about_date(change.occurred_on)
        + mistakes.about_text("reason", change.reason)
        + numbering.mistakes_in(draft.kind, change.number)
    )
    posting.lock_lots((draft.from_place_id, draft.to_place_id), [line.stock_lot_id for line in change.lines])
    require_there(draft.from_place_id, change.lines)
    document = posting.write(actor, numbering.numbered(draft), change.lines)
    posting.move(document)
    ask_document_paper(document)
    return document


def _require_right(actor: Actor, step: StateStep, place: StockPlace) -> None:
    """Whoever keeps a place sets goods apart; only the warehouse takes them off the books."""
    if step is StateStep.WRITE_OFF:
        require(actor, Permission.MOVE_STOCK, places.policy_place(place))
    else:
        places.require_keeper(actor, place)


def _source(change: StateChange) -> int:
    if change.state is StockState.USABLE:
        return change.stock_place_id
    return places.compartment(change.stock_place_id, COMPARTMENTS[change.state])


def _goal(change: StateChange) -> int:
    if change.step is StateStep.RELEASE:
        return change.stock_place_id
    if change.step is StateStep.WRITE_OFF:
        return places.virtual(PlaceKind.LOSSES).stock_place_id
    kind = PlaceKind.QUARANTINE if change.step is StateStep.QUARANTINE else PlaceKind.DAMAGED
    return places.compartment(change.stock_place_id, kind)


def require_there(stock_place_id: int, lines: Sequence[Line]) -> None:
    """Refuse lines beyond what a place holds and has not promised; raise InsufficientStock with each lot."""
    wanted = ledger.total(lines)
    found = {lot.stock_lot_id: lot for lot in posting.stock_at(stock_place_id, wanted)}
    short = tuple(
        Shortage(
            found[lot_id].item_id if lot_id in found else 0, quantity, found[lot_id].free if lot_id in found else 0
        )
        for lot_id, quantity in wanted.items()
        if lot_id not in found or found[lot_id].free < quantity
    )
    if short:
        raise InsufficientStock(short)


@dataclass(frozen=True, slots=True)
class StateRow:
    """So much of a lot in one state at a place."""

    stock_place_id: int
    stock_lot_id: int
    state: StockState
    on_hand: int


_STATES = {
    PlaceKind.WAREHOUSE: StockState.USABLE,
    PlaceKind.FACILITY: StockState.USABLE,
    PlaceKind.QUARANTINE: StockState.QUARANTINED,
    PlaceKind.DAMAGED: StockState.DAMAGED,
}


def state_rows(stock_place_id: int) -> list[StateRow]:
    """Return what a warehouse or shelf holds by lot and state; what is on the way is not there yet."""
    query = (
        select(StockPlace.kind, StockBalance.stock_lot_id, StockBalance.quantity)
        .join(StockPlace, StockPlace.stock_place_id == StockBalance.stock_place_id)
        .where(
            func.coalesce(StockPlace.of_place_id, StockPlace.stock_place_id) == stock_place_id,
            StockPlace.kind.in_(_STATES),
            StockBalance.quantity > 0,
        )
        .order_by(StockBalance.stock_lot_id, StockBalance.stock_place_id)
    )
    return [StateRow(stock_place_id, lot, _STATES[kind], held) for kind, lot, held in db.session.execute(query)]
