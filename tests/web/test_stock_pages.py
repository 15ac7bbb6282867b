"""The pages of the warehouse: who sees what, what a form says back, and what a button does once."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.audit import AuditEntry
from campaign.db import db
from campaign.documents.papers import PaperKind, papers_of, store_paper
from campaign.logistics import services
from campaign.logistics.models import DocumentKind, Reservation, StockDocument
from campaign.logistics.services import IssueOrder
from tests.builders.logistics import (
    TODAY,
    Depot,
    incoming,
    item_order,
    make_depot,
    make_reservations,
    make_stock,
    receipt,
)
from tests.web.conftest import Visit

Arranging = Callable[[], Any]


@pytest.fixture
def depot(arranging: Arranging) -> Depot:
    """A warehouse with 20 IUD that last, 5 that run out soon and 3 that have run out."""
    with arranging():
        depot = make_depot()
        iud = depot.city.iud.item_id
        make_stock(depot.warehouse, iud, 20, number="AWET")
        make_stock(depot.warehouse, iud, 5, number="SEGERA", expires_on=TODAY + timedelta(30))
        make_stock(depot.warehouse, iud, 3, number="LEWAT", expires_on=TODAY - timedelta(1))
        make_stock(depot.shelf, iud, 4, number="RAK")
        return depot


def _text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def _key() -> str:
    return "0123456789abcdef0123456789abcdef"


def _receipt_form(depot: Depot, **changes: str) -> dict[str, str]:
    return {
        "key": _key(),
        "warehouse_id": str(depot.warehouse.stock_place_id),
        "occurred_on": TODAY.isoformat(),
        "source": "Surat jalan 7",
        "lines-0-item_id": str(depot.city.iud.item_id),
        "lines-0-number": "BARU",
        "lines-0-expires_on": "2029-01-31",
        "lines-0-quantity": "12",
        "lines-0-unit_price": "15000",
        "lines-0-fund_source": "apbn",
        "lines-1-item_id": "0",
        "lines-1-fund_source": "apbn",
    } | changes


def _documents(kind: DocumentKind) -> list[StockDocument]:
    db.session.expire_all()
    return db.session.query(StockDocument).filter_by(kind=kind).all()


def test_stock_on_hand_says_what_may_still_be_taken(visit: Visit, depot: Depot) -> None:
    text = _text(visit(Role.WAREHOUSE), "/stock/")
    assert "AWET" in text
    assert "Segera kedaluwarsa" in text
    assert re.search(r"LEWAT 31 Mei 2027 Kedaluwarsa 3 – 0 ", text)  # there, but not available
    assert "RAK" not in text  # the warehouse is shown first, one place at a time


def test_a_facility_sees_its_own_shelf_alone(visit: Visit, depot: Depot) -> None:
    text = _text(visit(Role.FACILITY, facility_id=depot.city.puskesmas.facility_id), "/stock/?place=-1")
    assert "RAK" in text
    assert "AWET" not in text
    other = visit(Role.FACILITY, facility_id=depot.city.hospital.facility_id)
    card = f"/stock/card/{depot.shelf.stock_place_id}/{depot.city.iud.item_id}"
    assert other.get(card).status_code == 404


def test_a_stock_card_keeps_a_running_balance(visit: Visit, depot: Depot) -> None:
    text = _text(visit(Role.WAREHOUSE), f"/stock/card/{depot.warehouse.stock_place_id}/{depot.city.iud.item_id}")
    assert re.search(r"AWET .* 20 20 .* SEGERA .* 5 25 .* LEWAT .* 3 28", text)


def test_a_delivery_is_received_once_however_often_the_button_is_pressed(visit: Visit, depot: Depot) -> None:
    client = visit(Role.WAREHOUSE)
    answers = [client.post("/stock/receive", data=_receipt_form(depot)) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    (document,) = _documents(DocumentKind.RECEIPT)
    assert [(line.lot.number, line.quantity) for line in document.lines] == [("BARU", 12)]


def test_every_mistake_of_a_delivery_comes_back_beside_its_field(visit: Visit, depot: Depot) -> None:
    wrong = {
        "source": "",
        "lines-0-quantity": "1,5",
        "lines-1-item_id": str(depot.city.iud.item_id),
        "lines-1-number": "",
        "lines-1-quantity": "-3",
        "lines-2-item_id": "0",
        "lines-2-fund_source": "apbn",
        "lines-2-expires_on": "2027-05-31",
    }
    answer = visit(Role.WAREHOUSE).post("/stock/receive", data=_receipt_form(depot, **wrong))
    body = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for field in ("source", "lines-0-quantity", "lines-1-number", "lines-1-expires_on", "lines-1-unit_price"):
        assert f'id="{field}-mistake"' in body, field
    # what the ledger would refuse is said as well: below nothing, expired
    for field in ("lines-1-quantity", "lines-2-item_id", "lines-2-expires_on"):
        assert f'id="{field}-mistake"' in body, field
    assert 'value="BARU"' in body  # what was typed stays
    assert _documents(DocumentKind.RECEIPT) == []


def test_what_the_ledger_refuses_is_shown_in_its_row_too(visit: Visit, depot: Depot) -> None:
    lines = {f"lines-{index}-fund_source": "apbn" for index in range(3)}
    third = {
        f"lines-2-{name.removeprefix('lines-0-')}": value
        for name, value in _receipt_form(depot).items()
        if "lines-0" in name
    }
    wrong = lines | third | {"lines-2-number": "AWET", "lines-2-quantity": "-1", "lines-0-expires_on": "2027-05-31"}
    body = visit(Role.WAREHOUSE).post("/stock/receive", data=_receipt_form(depot, **wrong)).get_data(as_text=True)
    # the second row is empty: the third row on the page is the second one filled in
    for field in ("lines-0-expires_on", "lines-2-quantity", "lines-2-expires_on"):
        assert f'id="{field}-mistake"' in body, field


def test_more_rows_keep_what_was_typed(visit: Visit, depot: Depot) -> None:
    answer = visit(Role.WAREHOUSE).post("/stock/receive", data=_receipt_form(depot, more="1"))
    body = answer.get_data(as_text=True)
    assert 'value="BARU"' in body
    assert 'name="lines-4-number"' in body
    assert _documents(DocumentKind.RECEIPT) == []


def test_the_head_signs_and_the_warehouse_issues(visit: Visit, depot: Depot, arranging: Arranging) -> None:
    with arranging():
        lot = make_stock(depot.warehouse, depot.city.iud.item_id, 9, number="PESAN")
        campaign_id = make_reservations(depot, lot, 6)[0].campaign_id
    head, warehouse = visit(Role.HEAD), visit(Role.WAREHOUSE)
    assert "PESAN" in _text(head, "/stock/orders")
    for _ in range(2):
        assert head.post(f"/stock/orders/{campaign_id}", data={"key": _key()}).status_code == 303
    (order,) = _documents(DocumentKind.ISSUE_ORDER)
    assert order.number in _text(warehouse, "/stock/issues")
    form = {"key": _key(), "occurred_on": TODAY.isoformat()}
    for _ in range(2):
        answer = warehouse.post(f"/stock/issues/{order.stock_document_id}", data=form)
        assert answer.status_code == 303
    (issue,) = _documents(DocumentKind.ISSUE)
    assert "dikeluarkan" in _text(warehouse, answer.location)
    assert issue.ordered_by_id == order.stock_document_id


def test_one_delivery_is_signed_with_a_number_from_the_agenda_book(
    visit: Visit, depot: Depot, arranging: Arranging
) -> None:
    with arranging():
        lot = make_stock(depot.warehouse, depot.city.iud.item_id, 9)
        held = make_reservations(depot, lot, 6)[0]
        address = (
            f"/stock/orders/{held.campaign_id}/{held.warehouse_id}/{depot.city.puskesmas.facility_id}/{held.deliver_on}"
        )
    head = visit(Role.HEAD)
    form = {"key": _key(), "signed_on": TODAY.isoformat(), "number": "476/9/2027", "purpose": "Serempak"}
    answers = [head.post(address, data=form) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {302, 303} or {a.status_code for a in answers} == {303}
    assert [order.number for order in _documents(DocumentKind.ISSUE_ORDER)] == ["476/9/2027"]


def test_an_order_is_withdrawn_with_a_reason_and_frees_its_goods(
    visit: Visit, depot: Depot, arranging: Arranging
) -> None:
    with arranging():
        order_id = services.order_items(SYSTEM, item_order(depot, 2)).stock_document_id
    head = visit(Role.HEAD)
    address = f"/stock/documents/{order_id}/withdraw"
    assert head.post(address, data={"reverse-key": _key(), "reverse-reason": ""}).status_code == 422
    assert head.post(address, data={"reverse-key": _key(), "reverse-reason": "salah alamat"}).status_code == 303
    assert db.session.query(Reservation).filter_by(released_at=None).count() == 0


def test_the_warehouse_signs_no_order_and_the_head_moves_no_goods(visit: Visit, depot: Depot) -> None:
    assert visit(Role.WAREHOUSE).get("/stock/orders").status_code == 403
    assert visit(Role.HEAD).get("/stock/receive").status_code == 403
    assert visit(Role.FACILITY, facility_id=depot.city.puskesmas.facility_id).get("/stock/issues").status_code == 403


def test_a_facility_gives_back_what_a_campaign_left_once(visit: Visit, depot: Depot, arranging: Arranging) -> None:
    facility_id = depot.city.puskesmas.facility_id
    with arranging():
        lot = make_stock(depot.warehouse, depot.city.iud.item_id, 9, number="SISA")
        held = make_reservations(depot, lot, 6)[0]
        campaign_id = held.campaign_id or 0
        order = IssueOrder("a", campaign_id, held.warehouse_id, facility_id, held.deliver_on, TODAY)
        order_id = services.order_issue(SYSTEM, order).stock_document_id
        services.issue_stock(SYSTEM, services.StockIssue("b", order_id, TODAY))
    client = visit(Role.FACILITY, facility_id=facility_id)
    assert re.search(r"SISA .* 6 buah", _text(client, "/stock/returns"))
    for _ in range(2):
        client.post(f"/stock/returns/{campaign_id}/{facility_id}", data={"key": _key()})
    (document,) = _documents(DocumentKind.RETURN)
    assert [line.quantity for line in document.lines] == [6]
    assert "SISA" not in _text(client, "/stock/returns")
    other = visit(Role.FACILITY, facility_id=depot.city.hospital.facility_id)
    assert other.post(f"/stock/returns/{campaign_id}/{facility_id}", data={"key": _key()}).status_code == 403


def test_documents_are_filtered_by_kind_and_number(visit: Visit, depot: Depot, arranging: Arranging) -> None:
    with arranging():
        services.receive_stock(SYSTEM, receipt(depot, incoming(depot.city.iud.item_id), number="SBBM-77"))
    client = visit(Role.WAREHOUSE)
    assert "SBBM-77" in _text(client, "/stock/documents?kind=receipt&number=77")
    assert "SBBM-77" not in _text(client, "/stock/documents?kind=opening")


def test_a_paper_is_handed_out_to_whoever_may_see_its_places_and_written_down(
    visit: Visit, depot: Depot, arranging: Arranging
) -> None:
    with arranging():
        order_id = services.order_items(SYSTEM, item_order(depot, 2)).stock_document_id
        (paper,) = papers_of(PaperKind.SPMB, order_id)
        paper_id = paper.paper_id
        store_paper(paper_id, b"%PDF-1.7 contoh")
    address = f"/documents/papers/{paper_id}"
    assert "SPMB" in _text(visit(Role.WAREHOUSE), "/documents/")
    assert visit(Role.WAREHOUSE).get(address).data == b"%PDF-1.7 contoh"
    assert visit(Role.FACILITY, facility_id=depot.city.puskesmas.facility_id).get(address).status_code == 200
    assert visit(Role.FACILITY, facility_id=depot.city.hospital.facility_id).get(address).status_code == 404
    assert db.session.query(AuditEntry).filter_by(action="download-paper").count() == 2


def test_the_list_of_stock_is_downloaded_and_written_down(visit: Visit, depot: Depot) -> None:
    answer = visit(Role.WAREHOUSE).get("/stock/export.xlsx")
    assert answer.data[:2] == b"PK"
    assert db.session.query(AuditEntry).filter_by(action="download-stock").count() == 1


def test_the_books_are_compared_on_demand(visit: Visit, depot: Depot) -> None:
    client = visit(Role.WAREHOUSE)
    assert client.post("/stock/verify").status_code == 303
    assert "semua cocok" in _text(client, "/stock/")


def test_the_letterhead_is_set_by_the_administrator(visit: Visit, depot: Depot) -> None:
    client = visit(Role.ADMINISTRATOR)
    form = {"key": _key(), "government": "Pemerintah Kota Contoh", "name": "Dinas Contoh", "address": "Jalan 1"}
    assert client.post("/documents/office", data=form).status_code == 422  # the town is missing
    form |= {"town": "Contoh", "unit_code": "KBK"}
    assert client.post("/documents/office", data=form).status_code == 303
    assert 'value="Dinas Contoh"' in client.get("/documents/office").get_data(as_text=True)
    wrong = {"head-key": _key(), "head-position": "Kepala Dinas", "head-name": "Contoh", "head-nip": "123"}
    assert client.post("/documents/office/head", data=wrong).status_code == 422
    assert client.post("/documents/office/head", data=wrong | {"head-nip": "0" * 18}).status_code == 303
    assert visit(Role.WAREHOUSE).get("/documents/office").status_code == 403
