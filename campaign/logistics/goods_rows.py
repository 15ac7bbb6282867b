"""The rows of goods that stock papers share: one batch a row, its price and its total."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaign import i18n
from campaign.logistics.models import StockDocumentLine
from campaign.registry import queries as registry
from campaign.registry.models import Item


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """One batch as the table prints it."""

    no: str
    quantity: str
    unit: str
    name: str
    price: str
    total: str
    batch: str
    produced: str
    expires: str
    note: str


def goods_rows(lines: Sequence[StockDocumentLine], notes: Mapping[int, str]) -> tuple[GoodsRow, ...]:
    """Return the rows of a document; `notes` by position stand beside the fund source."""
    items = registry.items_by_ids({line.lot.item_id for line in lines})
    return tuple(
        _row(number, line, items[line.lot.item_id], notes.get(line.position, ""))
        for number, line in enumerate(lines, start=1)
    )


def _row(number: int, line: StockDocumentLine, item: Item, note: str) -> GoodsRow:
    said = (i18n.word(line.lot.fund_source), line.reason, note)
    return GoodsRow(
        no=str(number),
        quantity=i18n.number(line.quantity),
        unit=item.unit,
        name=item.name,
        price=i18n.number(line.lot.unit_price),
        total=i18n.number(line.quantity * line.lot.unit_price),
        batch=line.lot.number,
        produced=str(line.lot.production_year or "–"),
        expires=line.lot.expires_on.strftime("%d-%m-%Y"),
        note="; ".join(part for part in said if part),
    )
