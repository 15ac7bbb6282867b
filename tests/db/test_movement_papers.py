"""What SBBM, BAST, transfer, return and write-off print."""

import io
import os
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from campaign.accounts.policy import SYSTEM
from campaign.documents.papers import PaperKind, UnknownPaper, papers_of
from campaign.errors import Invalid
from campaign.logistics import movement_papers, receipts, services
from campaign.logistics.arriving import Arrival, ArrivedLot, confirm_arrival
from campaign.logistics.conditions import StateChange, StateStep, StockState, change_state
from campaign.logistics.ledger import Line
from campaign.logistics.receipts import Delivery, ReceivedState
from tests.builders.logistics import (
    TODAY,
    Depot,
    incoming,
    item_order,
    key,
    make_depot,
    make_office,
    make_stock,
    on_hand,
    receipt,
)

pytestmark = pytest.mark.usefixtures("open_transaction")

SITE = "https://serempak.invalid"


def printed(kind: PaperKind, subject_id: int) -> str:
    """Return the text of a paper; the file is kept where whoever runs the tests asks for it."""
    pdf = movement_papers.prepare(kind, subject_id, SITE)()
    if folder := os.environ.get("KEEP_PAPERS"):
        (Path(folder) / f"{kind.value}.pdf").write_bytes(pdf)
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def _delivery(depot: Depot) -> Delivery:
    iud, pill = depot.city.iud.item_id, depot.city.pill.item_id
    lines = (
        incoming(iud, 100, number="IUD-1", unit_price=25_000),
        incoming(pill, 50, number="PIL-1"),
        incoming(pill, 8, number="PIL-2"),
    )
    states = (ReceivedState.GOOD, ReceivedState.DOUBTFUL, ReceivedState.DAMAGED)
    return Delivery(receipt(depot, *lines), states)


def test_sbbm_lists_price_batch_and_condition() -> None:
    depot = make_depot()
    make_office()
    document = receipts.receive_delivery(SYSTEM, _delivery(depot))
    text = printed(PaperKind.SBBM, document.stock_document_id)
    assert "SURAT BUKTI BARANG MASUK" in text
    assert "Perwakilan BKKBN Provinsi, surat jalan 12" in text
    assert "2.500.000" in text  # 100 x 25.000
    assert "APBN; Perlu diperiksa" in text
    assert "APBN; Rusak" in text
    assert [paper.state.value for paper in papers_of(PaperKind.SBBM, document.stock_document_id)] == ["waiting"]


def test_what_came_doubtful_or_damaged_is_not_usable() -> None:
    depot = make_depot()
    document = receipts.receive_delivery(SYSTEM, _delivery(depot))
    assert [on_hand(depot.warehouse, line.lot) for line in document.lines] == [100, 0, 0]


def test_a_delivery_sent_twice_is_received_once() -> None:
    depot = make_depot()
    delivery = _delivery(depot)
    first = receipts.receive_delivery(SYSTEM, delivery)
    assert receipts.receive_delivery(SYSTEM, delivery).stock_document_id == first.stock_document_id
    assert on_hand(depot.warehouse, first.lines[0].lot) == 100


def test_a_delivery_with_a_condition_for_every_line_but_one_is_refused() -> None:
    delivery = _delivery(make_depot())
    with pytest.raises(Invalid):
        receipts.receive_delivery(SYSTEM, Delivery(delivery.receipt, delivery.conditions[:2]))


def _arrived(depot: Depot, **parts: object) -> int:
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10, number="KIRIM")
    order = services.order_items(SYSTEM, item_order(depot, 10))
    sent = services.issue_stock(SYSTEM, services.StockIssue(key(), order.stock_document_id, TODAY))
    found = ArrivedLot(lot.stock_lot_id, **parts)  # type: ignore[arg-type]
    return confirm_arrival(SYSTEM, Arrival(key(), sent.stock_document_id, TODAY, (found,))).stock_document_id


def test_bast_shows_every_difference_between_sent_and_received() -> None:
    make_office()
    text = printed(PaperKind.BAST, _arrived(make_depot(), received=7, missing=2, damaged=1, note="kardus basah"))
    assert "BERITA ACARA SERAH TERIMA BARANG" in text
    assert "Selisih antara yang dikirim dan yang diterima" in text
    assert "KIRIM 10 7 0 2 1 kardus basah" in text
    assert "001/SBBK/P2KB/2027, tanggal 1 Juni 2027" in text


def test_bast_of_a_whole_shipment_has_no_differences() -> None:
    assert "Selisih" not in printed(PaperKind.BAST, _arrived(make_depot(), received=10))


def test_a_write_off_names_its_reason_and_who_approves() -> None:
    depot = make_depot()
    make_office()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 5, expires_on=date(2027, 5, 31))
    lines = (Line(lot.stock_lot_id, 5),)
    change = StateChange(
        key(),
        depot.warehouse.stock_place_id,
        StockState.USABLE,
        StateStep.WRITE_OFF,
        TODAY,
        lines,
        "Kedaluwarsa, dimusnahkan",
    )
    text = printed(PaperKind.WRITE_OFF, change_state(SYSTEM, change).stock_document_id)
    assert "BERITA ACARA PENGHAPUSAN BARANG" in text
    assert "Kedaluwarsa, dimusnahkan" in text
    assert "Menyetujui, Plt. Kepala Dinas" in text


def test_a_paper_is_not_printed_for_a_document_of_another_kind() -> None:
    document = receipts.receive_delivery(SYSTEM, _delivery(make_depot()))
    with pytest.raises(UnknownPaper):
        movement_papers.context(PaperKind.BAST, document.stock_document_id, SITE)
