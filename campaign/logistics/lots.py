"""Lots as they come in: what may be wrong with one, and the row that stands for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, tuple_

from campaign.db import db
from campaign.errors import Mistake
from campaign.logistics.ledger import Line
from campaign.logistics.mistakes import LARGEST_QUANTITY
from campaign.logistics.models import FundSource as FundSource
from campaign.logistics.models import StockLot
from campaign.registry import queries as registry
from campaign.transaction import hold

LARGEST_PRICE = 1_000_000_000  # rupiah per unit


@dataclass(frozen=True, slots=True)
class IncomingLot:
    """One line of a receipt or an opening balance, as the pack and the delivery note say."""

    item_id: int
    number: str
    expires_on: date
    production_year: int | None
    unit_price: int  # rupiah
    fund_source: FundSource
    quantity: int  # in the item's unit

    @property
    def name(self) -> tuple[int, str]:
        """Return what tells this lot from every other."""
        return self.item_id, self.number.strip()


def mistakes_in(lines: Sequence[IncomingLot]) -> tuple[Mistake, ...]:
    """Return everything wrong with incoming lines; `where` is lines-<index>-<field>, counted from 0."""
    if not lines:
        return (Mistake("lines", "nothing-listed"),)
    known_items = registry.items_by_ids({line.item_id for line in lines})
    known_lots = _known([line.name for line in lines])
    found: list[Mistake] = []
    before: set[tuple[int, str]] = set()
    for index, line in enumerate(lines):
        wrong = list(_wrong_by_itself(line))
        if line.item_id not in known_items:
            wrong.append(("item_id", "unknown-item"))
        if line.name in before:
            wrong.append(("number", "lot-twice"))
        elif line.name in known_lots:
            wrong += _differs(line, known_lots[line.name])
        before.add(line.name)
        found += [Mistake(f"lines-{index}-{field}", code) for field, code in wrong]
    return tuple(found)


def _wrong_by_itself(line: IncomingLot) -> Iterator[tuple[str, str]]:
    if not 1 <= line.quantity <= LARGEST_QUANTITY:
        yield "quantity", "quantity-out-of-range"
    if not 0 <= line.unit_price <= LARGEST_PRICE:
        yield "unit_price", "price-out-of-range"
    if not 1 <= len(line.number.strip()) <= 40:
        yield "number", "lot-number-length"
    if line.production_year is not None and not 1990 <= line.production_year <= line.expires_on.year:
        yield "production_year", "expiry-before-production"


def _differs(line: IncomingLot, lot: StockLot) -> list[tuple[str, str]]:
    """One batch has one expiry, one year, one price: another value is a typing error here or there."""
    return [
        (field, "lot-differs")
        for field in ("expires_on", "production_year", "unit_price", "fund_source")
        if getattr(line, field) != getattr(lot, field)
    ]


def _known(names: Sequence[tuple[int, str]]) -> dict[tuple[int, str], StockLot]:
    query = select(StockLot).where(tuple_(StockLot.item_id, StockLot.number).in_(names))
    return {(lot.item_id, lot.number): lot for lot in db.session.scalars(query)}


def rows_for(lines: Sequence[IncomingLot]) -> list[Line]:
    """Return a ledger line for each incoming one, adding the lots that are new."""
    # Two receipts of one new lot at once: the second waits here and then finds the lot.
    for item_id in sorted({line.item_id for line in lines}):
        hold(f"lots-of:{item_id}")
    known = _known([line.name for line in lines])
    for line in lines:
        if line.name not in known:
            known[line.name] = _lot(line)
    db.session.add_all(known.values())
    db.session.flush()
    return [Line(known[line.name].stock_lot_id, line.quantity) for line in lines]


def _lot(line: IncomingLot) -> StockLot:
    return StockLot(
        item_id=line.item_id,
        number=line.number.strip(),
        expires_on=line.expires_on,
        production_year=line.production_year,
        unit_price=line.unit_price,
        fund_source=line.fund_source,
    )
