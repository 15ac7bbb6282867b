"""Stock card, F/V/KB and R/II/KB: their figures add up, and their pages can be read."""

import io
import os
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from campaign import i18n
from campaign.accounts.policy import SYSTEM
from campaign.documents.papers import PaperFormat
from campaign.logistics import card_sheet, month_sheets, services, sheets
from campaign.logistics.arriving import Arrival, ArrivedLot, confirm_arrival
from campaign.logistics.card_sheet import Stretch
from campaign.logistics.conditions import StateChange, StateStep, StockState, change_state
from campaign.logistics.facility_month import facility_month
from campaign.logistics.ledger import Line
from campaign.logistics.models import FundSource, StockLot
from campaign.logistics.monthly import Month
from campaign.logistics.services import OpeningBalance, Reversal, StockIssue, StockUse
from campaign.logistics.sheets import Drawn
from campaign.logistics.warehouse_month import Column, WarehouseMonth, warehouse_month
from tests.builders.logistics import Depot, incoming, item_order, key, make_depot, make_office, receipt

pytestmark = pytest.mark.usefixtures("open_transaction")

MAY = Month(date(2027, 5, 1))
SITE = "https://serempak.invalid/stock"


def may(day: int) -> date:
    """Return a day of the month that the tests report on."""
    return date(2027, 5, day)


def _printed(drawn: Drawn, name: str) -> str:
    pdf = sheets.rendered(drawn, PaperFormat.PDF, SITE)()
    if folder := os.environ.get("KEEP_PAPERS"):
        (Path(folder) / f"{name}.pdf").write_bytes(pdf)
        (Path(folder) / f"{name}.xlsx").write_bytes(sheets.rendered(drawn, PaperFormat.XLSX, SITE)())
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def _busy_may(depot: Depot) -> StockLot:
    """Open with 100 in April; in May receive 40 and 10, issue 30, of which 25 arrive and 4 are used, write 5 off."""
    iud, warehouse = depot.city.iud.item_id, depot.warehouse.stock_place_id
    opening = OpeningBalance(key(), warehouse, date(2027, 4, 20), (incoming(iud, 100, number="AWAL"),))
    lot = services.open_balance(SYSTEM, opening).lines[0].lot
    services.receive_stock(SYSTEM, receipt(depot, incoming(iud, 40, number="PUSAT"), occurred_on=may(3)))
    grant = incoming(iud, 10, number="HIBAH", fund_source=FundSource.GRANT)
    services.receive_stock(SYSTEM, receipt(depot, grant, occurred_on=may(4)))
    order = services.order_items(SYSTEM, item_order(depot, 30, signed_on=may(5), deliver_on=may(6)))
    sent = services.issue_stock(SYSTEM, StockIssue(key(), order.stock_document_id, may(5)))
    arrived = ArrivedLot(lot.stock_lot_id, received=25, missing=5, note="kurang satu dus")
    confirm_arrival(SYSTEM, Arrival(key(), sent.stock_document_id, may(6), (arrived,)))
    for day in (7, 7, 8):
        items = ((iud, 1 if day == 7 else 2),)
        services.use_stock(SYSTEM, StockUse(key(), depot.city.puskesmas.facility_id, None, may(day), items))
    lines = (Line(lot.stock_lot_id, 5),)
    change_state(
        SYSTEM, StateChange(key(), warehouse, StockState.USABLE, StateStep.WRITE_OFF, may(20), lines, "Kemasan rusak")
    )
    return lot


def _warehouse_row(depot: Depot) -> WarehouseMonth:
    (row,) = warehouse_month(depot.warehouse, MAY)
    return row


def test_a_month_of_a_warehouse_adds_up() -> None:
    depot = make_depot()
    _busy_may(depot)
    row = _warehouse_row(depot)
    assert row.before == 100
    assert {column: count for column, count in row.columns.items() if count} == {
        Column.CENTRAL: 40,
        Column.OTHER: 10,
        Column.GOVERNMENT: 30,
        Column.LOSS: 5,
    }
    assert row.after == 100 + 40 + 10 - 30 - 5


def test_goods_set_apart_stay_in_the_month_of_their_warehouse() -> None:
    depot = make_depot()
    lot = _busy_may(depot)
    change = StateChange(
        key(),
        depot.warehouse.stock_place_id,
        StockState.USABLE,
        StateStep.DAMAGE,
        may(21),
        (Line(lot.stock_lot_id, 3),),
        "Jatuh",
    )
    change_state(SYSTEM, change)
    row = _warehouse_row(depot)
    assert (row.good, row.damaged, row.columns[Column.LOSS]) == (112, 3, 5)


def test_a_reversed_receipt_leaves_nothing_in_its_column() -> None:
    depot = make_depot()
    iud = depot.city.iud.item_id
    document = services.receive_stock(SYSTEM, receipt(depot, incoming(iud, 40), occurred_on=may(3)))
    services.reverse(SYSTEM, Reversal(key(), document.stock_document_id, may(4), "Salah ketik"))
    row = _warehouse_row(depot)
    assert (row.columns[Column.CENTRAL], row.after) == (0, 0)


def test_a_month_of_a_facility_is_one_line_a_day_and_lot() -> None:
    depot = make_depot()
    _busy_may(depot)
    (register,) = facility_month(depot.shelf, MAY)
    assert [(line.on.day, line.received, line.used, line.balance) for line in register.lines] == [
        (6, 25, 0, 25),
        (7, 0, 2, 23),  # two services
        (8, 0, 2, 21),
    ]
    assert (register.before, register.total("received"), register.total("used"), register.after) == (0, 25, 4, 21)


def test_the_warehouse_report_prints_its_columns() -> None:
    depot = make_depot()
    make_office()
    _busy_may(depot)
    with i18n.with_locale("id"):
        text = _printed(month_sheets.draw_month(depot.warehouse, MAY), "f-v-kb")
    assert "F/V/KB, Mei 2027" in text
    assert "iud buah 100 40 – 10 30 – – – 5 115 – –" in text
    assert "Plt. Kepala Dinas" in text


def test_the_register_of_a_facility_prints_batch_and_document() -> None:
    depot = make_depot()
    make_office()
    _busy_may(depot)
    with i18n.with_locale("id"):
        drawn = month_sheets.draw_month(depot.shelf, MAY)
        text = _printed(drawn, "r-ii-kb")
    assert "R/II/KB, Mei 2027" in text
    assert "06-05-2027 001/SBBK/P2KB/2027 Gudang contoh AWAL 31-12-2029 25" in text
    book = load_workbook(io.BytesIO(sheets.rendered(drawn, PaperFormat.XLSX, SITE)())).active
    last = [cell.value for cell in list(book.rows)[-1]]
    assert last[3] == "Jumlah"
    assert last[-6:] == [25, 4, 0, 0, 0, 21]  # received, used, passed on, returned, lost, left


def test_a_card_of_a_stretch_begins_with_what_stood_before() -> None:
    depot = make_depot()
    make_office()
    _busy_may(depot)
    stretch = Stretch(may(4), may(5))
    card = card_sheet.read_card(depot.warehouse.stock_place_id, depot.city.iud.item_id, stretch)
    assert (card.before, card.came, card.went, card.after) == (140, 10, 30, 120)
    assert [line.balance for line in card.lines] == [150, 120]
    with i18n.with_locale("id"):
        text = _printed(card_sheet.draw_card(depot.warehouse, depot.city.iud, stretch, card), "kartu")
    assert "KARTU PERSEDIAAN BARANG" in text
    assert "04-05-2027 sampai 05-05-2027" in text
