"""Sheets that are printed while one waits: who gets them, and that each download is written down."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.audit import AuditEntry
from campaign.db import db
from campaign.documents.papers import PaperKind, papers_of
from campaign.logistics import asking, counting, requesting, services
from campaign.logistics.requesting import NewRequest
from tests.builders.logistics import TODAY, Depot, item_order, key, make_depot, make_stock, receipt
from tests.web.conftest import Visit

Arranging = Callable[[], Any]


@pytest.fixture
def depot(arranging: Arranging) -> Depot:
    """A warehouse with 20 IUD."""
    with arranging():
        depot = make_depot()
        make_stock(depot.warehouse, depot.city.iud.item_id, 20, number="AWET")
        return depot


def _pdf(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def _downloads() -> int:
    return db.session.query(AuditEntry).filter_by(action="download-stock-sheet").count()


def test_a_stock_card_is_printed_and_the_download_written_down(visit: Visit, depot: Depot) -> None:
    client = visit(Role.WAREHOUSE)
    address = f"/stock/card/{depot.warehouse.stock_place_id}/{depot.city.iud.item_id}/card"
    assert "KARTU PERSEDIAAN BARANG" in _pdf(client.get(address + ".pdf").data)
    assert load_workbook(io.BytesIO(client.get(address + ".xlsx").data)).active is not None
    assert _downloads() == 2


def test_another_facility_gets_no_card_of_this_shelf(visit: Visit, depot: Depot) -> None:
    client = visit(Role.FACILITY, facility_id=depot.city.hospital.facility_id)
    assert client.get(f"/stock/card/{depot.shelf.stock_place_id}/{depot.city.iud.item_id}/card.pdf").status_code == 404
    assert client.get(f"/stock/months/{depot.shelf.stock_place_id}/2027-06/report.pdf").status_code == 404


def test_the_monthly_report_of_a_warehouse_is_seen_and_printed(visit: Visit, depot: Depot) -> None:
    client = visit(Role.WAREHOUSE)
    place = depot.warehouse.stock_place_id
    assert "F/V/KB, Juni 2027" in client.get(f"/stock/months?place={place}&month=2027-06").get_data(as_text=True)
    assert "F/V/KB, Juni 2027" in _pdf(client.get(f"/stock/months/{place}/2027-06/report.pdf").data)


def test_a_pick_list_names_the_lots_of_an_spmb_and_of_nothing_else(
    visit: Visit, depot: Depot, arranging: Arranging
) -> None:
    with arranging():
        order = services.order_items(SYSTEM, item_order(depot, 5)).stock_document_id
        other = services.receive_stock(SYSTEM, receipt(depot)).stock_document_id
    client = visit(Role.WAREHOUSE)
    text = _pdf(client.get(f"/stock/documents/{order}/pick-list.pdf").data)
    assert "DAFTAR PENGAMBILAN BARANG" in text
    assert "AWET" in text
    assert client.get(f"/stock/documents/{other}/pick-list.pdf").status_code == 404


def test_a_blind_sheet_does_not_say_what_the_books_say(visit: Visit, depot: Depot, arranging: Arranging) -> None:
    with arranging():
        count = counting.open_count(SYSTEM, key(), depot.warehouse.stock_place_id, TODAY).stock_count_id
    client = visit(Role.WAREHOUSE)
    book = load_workbook(io.BytesIO(client.get(f"/stock/counts/{count}/blind.xlsx").data)).active
    cells = [str(cell.value) for row in book.iter_rows() for cell in row]
    assert "AWET" in cells
    assert "20" not in cells
    assert "LEMBAR HITUNG" in _pdf(client.get(f"/stock/counts/{count}/blind.pdf").data)
    assert client.get(f"/stock/counts/{count}/note.pdf").status_code == 404  # not before it is posted


def test_an_spb_says_what_the_facility_has_and_asks_for(visit: Visit, depot: Depot, arranging: Arranging) -> None:
    with arranging():
        facility = depot.city.puskesmas.facility_id
        wanted = NewRequest(key(), facility, TODAY, TODAY, ((depot.city.iud.item_id, 7),), "Stok rutin")
        found = requesting.request_stock(SYSTEM, wanted).stock_request_id
    text = _pdf(visit(Role.FACILITY, facility_id=facility).get(f"/stock/requests/{found}/spb.pdf").data)
    assert "SURAT PERMINTAAN BARANG" in text
    assert "iud buah 0 7" in text
    stranger = visit(Role.FACILITY, facility_id=depot.city.hospital.facility_id)
    assert stranger.get(f"/stock/requests/{found}/spb.pdf").status_code == 403


def test_a_document_written_before_its_paper_existed_can_be_printed(
    visit: Visit, depot: Depot, arranging: Arranging
) -> None:
    with arranging():
        document = services.receive_stock(SYSTEM, receipt(depot)).stock_document_id
    client = visit(Role.WAREHOUSE)
    assert "Cetak dokumen" in client.get(f"/stock/documents/{document}").get_data(as_text=True)
    assert client.post(f"/stock/documents/{document}/paper").status_code == 303
    assert [paper.title for paper in papers_of(PaperKind.SBBM, document)] == ["SBBM 001/SBBM/KB/2027"]


def test_papers_of_every_kind_of_movement_are_listed(visit: Visit, depot: Depot, arranging: Arranging) -> None:
    with arranging():
        document = services.receive_stock(SYSTEM, receipt(depot))
        asking.ask_document_paper(document)
        number = document.number
    assert f"SBBM {number}" in visit(Role.WAREHOUSE).get("/documents/").get_data(as_text=True)
    stranger = visit(Role.FACILITY, facility_id=depot.city.puskesmas.facility_id)
    assert f"SBBM {number}" not in stranger.get("/documents/").get_data(as_text=True)
