"""The stock card of an item at a place (Kartu Persediaan Barang) over a stretch of days."""

from dataclasses import dataclass
from datetime import date

from campaign import clock, i18n
from campaign.documents.table_sheet import TableRow, plain_heads
from campaign.documents.xlsx import CellKind, Column, Sheet, Value
from campaign.logistics import queries, sheets
from campaign.logistics.models import StockPlace
from campaign.logistics.queries import CardLine
from campaign.logistics.sheets import Drawn
from campaign.registry.models import Item

HEADINGS = ("Tanggal", "Dokumen", "Dari / kepada", "Nomor batch", "Kedaluwarsa", "Masuk", "Keluar", "Sisa")


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the first day to the last; None: from the beginning, until today."""

    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """The lines of a stretch, and what stood before the first."""

    before: int
    lines: tuple[CardLine, ...]

    @property
    def came(self) -> int:
        """Return all that came in."""
        return sum(line.entry.quantity for line in self.lines if line.entry.quantity > 0)

    @property
    def went(self) -> int:
        """Return all that went out."""
        return -sum(line.entry.quantity for line in self.lines if line.entry.quantity < 0)

    @property
    def after(self) -> int:
        """Return what is left."""
        return self.before + self.came - self.went


def read_card(stock_place_id: int, item_id: int, stretch: Stretch) -> Card:
    """Return the card in the order of the books; a line's balance is that of the stretch."""
    before, kept = 0, []
    for line in queries.stock_card(stock_place_id, item_id):
        on = line.entry.occurred_on
        if stretch.from_on is not None and on < stretch.from_on:
            before += line.entry.quantity
        elif stretch.until_on is None or on <= stretch.until_on:
            kept.append(line)
    return Card(before, tuple(_running(before, kept)))


def _running(balance: int, lines: list[CardLine]) -> list[CardLine]:
    found = []
    for line in lines:
        balance += line.entry.quantity
        found.append(CardLine(line.entry, line.document, line.lot, line.other_place, balance))
    return found


def draw_card(place: StockPlace, item: Item, stretch: Stretch, card: Card) -> Drawn:
    """Return the card as a sheet; call it in the language of papers."""
    opening = TableRow(("", "", "Sisa sebelumnya", "", "", "", "", i18n.number(card.before)), is_strong=True)
    closing = ("", "", "Jumlah", "", "", i18n.number(card.came), i18n.number(card.went), i18n.number(card.after))
    rows = (opening, *(_row(line) for line in card.lines), TableRow(closing, is_strong=True))
    return Drawn(
        title="KARTU PERSEDIAAN BARANG",
        note=item.name,
        facts=(("Tempat", place.name), ("Satuan", item.unit), ("Masa", _said(stretch))),
        columns=sheets.columns(
            "20mm center", "42mm", "1fr", "30mm", "22mm center", "22mm right", "22mm right", "24mm right"
        ),
        heads=plain_heads(*HEADINGS),
        rows=rows,
        book=_book(item, card),
        signatures=(sheets.head_of_office(), sheets.storekeeper()),
    )


def _said(stretch: Stretch) -> str:
    start = sheets.day(stretch.from_on) if stretch.from_on else "awal pembukuan"
    return f"{start} sampai {sheets.day(stretch.until_on or clock.today())}"


def _row(line: CardLine) -> TableRow:
    quantity = line.entry.quantity
    return TableRow(
        (
            sheets.day(line.entry.occurred_on),
            line.document.number or i18n.word(line.document.kind),
            line.other_place.name,
            line.lot.number,
            sheets.day(line.lot.expires_on),
            i18n.number(quantity) if quantity > 0 else "",
            i18n.number(-quantity) if quantity < 0 else "",
            i18n.number(line.balance),
        )
    )


def _book(item: Item, card: Card) -> Sheet:
    wide = (12, 24, 30, 18, 12, 12, 12, 12)
    kinds = (CellKind.DATE, CellKind.TEXT, CellKind.TEXT, CellKind.TEXT, CellKind.DATE, *[CellKind.NUMBER] * 3)
    columns = tuple(Column(*one) for one in zip(HEADINGS, wide, kinds, strict=True))
    rows: list[tuple[Value, ...]] = [(None, "", "Sisa sebelumnya", "", None, None, None, card.before)]
    for line in card.lines:
        quantity = line.entry.quantity
        rows.append(
            (
                line.entry.occurred_on,
                line.document.number or i18n.word(line.document.kind),
                line.other_place.name,
                line.lot.number,
                line.lot.expires_on,
                max(quantity, 0) or None,
                max(-quantity, 0) or None,
                line.balance,
            )
        )
    total = (None, "", "Jumlah", "", None, card.came, card.went, card.after)
    return Sheet(item.name, columns, rows, total)
