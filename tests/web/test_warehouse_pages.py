"""Pages of shipments, states, transfers, counts, requests and picks: who may, and what a button does once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.logistics import services, transit
from campaign.logistics.count_models import StockCount
from campaign.logistics.models import DocumentKind, StockDocument, StockLot
from campaign.logistics.request_models import StockRequest
from tests.builders.logistics import TODAY, Depot, item_order, make_depot, make_stock
from tests.builders.supply import Sent, make_shipment
from tests.web.conftest import Visit

Arranging = Callable[[], Any]
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def shipped(arranging: Arranging) -> Sent:
    """Ten IUD on their way to the puskesmas."""
    with arranging():
        return make_shipment(10)


@pytest.fixture
def depot(arranging: Arranging) -> Depot:
    """A warehouse with an early and a late lot, and a shelf."""
    with arranging():
        depot = make_depot()
        make_stock(depot.warehouse, depot.city.iud.item_id, 5, number="AWAL", expires_on=TODAY.replace(year=2028))
        make_stock(depot.warehouse, depot.city.iud.item_id, 20, number="AKHIR")
        make_stock(depot.shelf, depot.city.iud.item_id, 4, number="RAK")
        return depot


def _body(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.status
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def _documents(kind: DocumentKind) -> list[StockDocument]:
    db.session.expire_all()
    return db.session.query(StockDocument).filter_by(kind=kind).all()


def _lot(number: str) -> StockLot:
    return db.session.query(StockLot).filter_by(number=number).one()


def _found(shipped: Sent, **changes: str) -> dict[str, str]:
    row = {"lots-0-stock_lot_id": str(shipped.lot.stock_lot_id), "lots-0-received": "10"}
    return {"key": KEY, "occurred_on": TODAY.isoformat()} | row | changes


# shipments


def test_a_facility_confirms_by_the_code_on_the_sbbk_once(visit: Visit, shipped: Sent) -> None:
    client = visit(Role.FACILITY, facility_id=shipped.facility_id)
    address = f"/stock/arrivals/{shipped.sbbk.stock_document_id}"
    assert "Dikirim 10" in _body(client, address)
    answers = [client.post(address, data=_found(shipped)) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    (bast,) = _documents(DocumentKind.ARRIVAL)
    assert {answer.location for answer in answers} == {f"/stock/documents/{bast.stock_document_id}"}


def test_somebody_not_signed_in_comes_back_to_the_shipment_after_signing_in(visit: Visit, shipped: Sent) -> None:
    address = f"/stock/arrivals/{shipped.sbbk.stock_document_id}"
    answer = visit().get(address)
    assert answer.status_code == 302
    assert f"next={address}" in answer.location.replace("%2F", "/")


def test_a_number_finds_its_shipment_and_an_unknown_one_is_said(visit: Visit, shipped: Sent) -> None:
    client = visit(Role.FACILITY, facility_id=shipped.facility_id)
    answer = client.get("/stock/arrivals/", query_string={"number": shipped.sbbk.number})
    assert answer.location == f"/stock/arrivals/{shipped.sbbk.stock_document_id}"
    assert "Tidak ada satu kiriman" in _body(client, "/stock/arrivals/?number=tidak-ada", 404)


def test_what_nobody_names_is_missing_and_needs_a_word(visit: Visit, shipped: Sent) -> None:
    client = visit(Role.FACILITY, facility_id=shipped.facility_id)
    address = f"/stock/arrivals/{shipped.sbbk.stock_document_id}"
    answer = client.post(address, data=_found(shipped, **{"lots-0-received": "8"}))
    assert answer.status_code == 422
    assert 'id="lots-0-note-mistake"' in answer.get_data(as_text=True)
    client.post(address, data=_found(shipped, **{"lots-0-received": "8", "lots-0-note": "dua tidak ada"}))
    assert sum(row.quantity for row in transit.open_of(shipped.sbbk.stock_document_id).values()) == 2
    (bast,) = _documents(DocumentKind.ARRIVAL)
    assert re.search(r"8 0 2 0 dua tidak ada", _body(client, f"/stock/documents/{bast.stock_document_id}"))


@pytest.mark.parametrize("typed", ["1,5", "-1", "11", "99999999999999999999", ""])
def test_a_count_that_cannot_be_comes_back_beside_its_field(visit: Visit, shipped: Sent, typed: str) -> None:
    client = visit(Role.FACILITY, facility_id=shipped.facility_id)
    address = f"/stock/arrivals/{shipped.sbbk.stock_document_id}"
    answer = client.post(address, data=_found(shipped, **{"lots-0-received": typed}))
    assert answer.status_code == 422
    assert 'id="lots-0-received-mistake"' in answer.get_data(as_text=True)
    assert _documents(DocumentKind.ARRIVAL) == []


def test_another_facility_does_not_find_the_shipment(visit: Visit, shipped: Sent) -> None:
    client = visit(Role.FACILITY, facility_id=shipped.depot.city.hospital.facility_id)
    assert client.get(f"/stock/arrivals/{shipped.sbbk.stock_document_id}").status_code == 404


def test_the_warehouse_sees_a_difference_until_it_settles_it(visit: Visit, shipped: Sent) -> None:
    client = visit(Role.FACILITY, facility_id=shipped.facility_id)
    said = {"lots-0-received": "8", "lots-0-note": "dua tidak ada"}
    client.post(f"/stock/arrivals/{shipped.sbbk.stock_document_id}", data=_found(shipped, **said))
    warehouse = visit(Role.WAREHOUSE)
    assert "dua tidak ada" in _body(warehouse, "/stock/arrivals/differences")
    form = {
        "key": KEY[::-1],
        "shipment_id": str(shipped.sbbk.stock_document_id),
        "stock_lot_id": str(shipped.lot.stock_lot_id),
        "fate": "came-back",
        "quantity": "3",
        "occurred_on": TODAY.isoformat(),
        "reason": "tertinggal di gudang",
    }
    answer = warehouse.post("/stock/arrivals/differences/settle", data=form)
    assert answer.status_code == 422
    assert 'id="quantity-mistake"' in answer.get_data(as_text=True)
    assert warehouse.post("/stock/arrivals/differences/settle", data=form | {"quantity": "2"}).status_code == 303
    assert "Tidak ada selisih kiriman" in _body(warehouse, "/stock/arrivals/differences")


# states and transfers


def test_goods_are_set_apart_with_a_reason_once(visit: Visit, depot: Depot) -> None:
    client = visit(Role.WAREHOUSE)
    lot = _lot("AWAL")
    address = f"/stock/conditions/{depot.warehouse.stock_place_id}/{lot.stock_lot_id}/usable"
    form = {"key": KEY, "step": "quarantine", "quantity": "2", "occurred_on": TODAY.isoformat(), "reason": ""}
    assert client.post(address, data=form | {"quantity": "0"}).status_code == 422
    for _ in range(2):
        assert client.post(address, data=form | {"reason": "suhu"}).status_code == 303
    (document,) = _documents(DocumentKind.QUARANTINE)
    assert [(line.lot.number, line.quantity) for line in document.lines] == [("AWAL", 2)]
    place = f"/stock/conditions/?place={depot.warehouse.stock_place_id}"
    assert re.search(r"AWAL .*? Karantina 2", _body(client, place))


def test_a_facility_keeps_its_own_shelf_and_no_other(visit: Visit, depot: Depot) -> None:
    client = visit(Role.FACILITY, facility_id=depot.city.puskesmas.facility_id)
    lot_id = _lot("RAK").stock_lot_id
    assert client.get(f"/stock/conditions/{depot.shelf.stock_place_id}/{lot_id}/usable").status_code == 200
    assert client.get(f"/stock/conditions/{depot.warehouse.stock_place_id}/{lot_id}/usable").status_code == 403
    write_off = {"key": KEY, "step": "write-off", "quantity": "1", "occurred_on": TODAY.isoformat(), "reason": "x"}
    address = f"/stock/conditions/{depot.shelf.stock_place_id}/{lot_id}/usable"
    assert client.post(address, data=write_off).status_code == 403


def test_goods_are_sent_to_another_facility_once(visit: Visit, depot: Depot) -> None:
    facility_id = depot.city.puskesmas.facility_id
    client = visit(Role.FACILITY, facility_id=facility_id)
    form = {
        "key": KEY,
        "to_facility_id": str(depot.city.hospital.facility_id),
        "occurred_on": TODAY.isoformat(),
        "reason": "rumah sakit kehabisan",
        "lots-0-stock_lot_id": str(_lot("RAK").stock_lot_id),
        "lots-0-quantity": "5",
    }
    address = f"/stock/conditions/transfer/{facility_id}"
    assert client.post(address, data=form).status_code == 422  # four are there
    for _ in range(2):
        assert client.post(address, data=form | {"lots-0-quantity": "3"}).status_code == 303
    assert len(_documents(DocumentKind.TRANSFER)) == 1
    other = visit(Role.FACILITY, facility_id=depot.city.hospital.facility_id)
    assert "RAK" in _body(other, "/stock/arrivals/")


# counts


def test_a_count_sheet_never_shows_what_the_books_expect(visit: Visit, depot: Depot) -> None:
    client = visit(Role.WAREHOUSE)
    form = {"key": KEY, "stock_place_id": str(depot.warehouse.stock_place_id), "counted_on": TODAY.isoformat()}
    answers = [client.post("/stock/counts/", data=form) for _ in range(2)]
    assert len({answer.location for answer in answers}) == 1
    sheet = _body(client, answers[0].location)
    assert "AKHIR" in sheet
    assert not re.search(r"\b20\b", sheet.split("AKHIR")[1])
    assert db.session.query(StockCount).count() == 1


def test_a_difference_is_explained_before_it_is_posted(visit: Visit, depot: Depot) -> None:
    client = visit(Role.WAREHOUSE)
    place_id = depot.warehouse.stock_place_id
    form = {"key": KEY, "stock_place_id": str(place_id), "counted_on": TODAY.isoformat()}
    count = client.post("/stock/counts/", data=form).location
    rows = {
        "key": KEY,
        "lots-0-line": f"{place_id}-{_lot('AWAL').stock_lot_id}",
        "lots-0-counted": "5",
        "lots-1-line": f"{place_id}-{_lot('AKHIR').stock_lot_id}",
        "lots-1-counted": "18",
    }
    for _ in range(2):
        assert client.post(count, data=rows).status_code == 303
    assert "Selisih belum dijelaskan" in _body(client, f"{count}/review")
    assert client.post(f"{count}/post").status_code == 409
    why = {"key": KEY, "line": rows["lots-1-line"], "cause": "lost", "note": ""}
    assert client.post(f"{count}/explain", data=why).status_code == 422
    assert client.post(f"{count}/explain", data=why | {"note": "tidak ditemukan"}).status_code == 303
    for _ in range(2):
        assert client.post(f"{count}/post").status_code == 303
    (document,) = _documents(DocumentKind.COUNT)
    assert [(line.lot.number, line.quantity, line.reason) for line in document.lines] == [
        ("AKHIR", 2, "tidak ditemukan")
    ]
    card = _body(client, f"/stock/card/{place_id}/{depot.city.iud.item_id}")
    assert re.search(r"AKHIR .*? 2 23", card)


# requests and picks


def test_a_request_becomes_an_order_whose_lots_are_filled_in_first_expired_first(visit: Visit, depot: Depot) -> None:
    facility = visit(Role.FACILITY, facility_id=depot.city.puskesmas.facility_id)
    asked = {
        "key": KEY,
        "facility_id": str(depot.city.puskesmas.facility_id),
        "needed_on": TODAY.isoformat(),
        "note": "stok tinggal sedikit",
        "lots-0-item_id": str(depot.city.iud.item_id),
        "lots-0-quantity": "7",
    }
    for _ in range(2):
        assert facility.post("/stock/requests/new", data=asked).status_code == 303
    (row,) = db.session.query(StockRequest)
    head = visit(Role.HEAD)
    page = head.get(f"/stock/requests/order?request_id={row.stock_request_id}").get_data(as_text=True)
    assert re.findall(r'name="lots-\d-quantity"[^>]*value="(\d+)"', page) == ["5", "2"]
    order = {
        "key": KEY[::-1],
        "request_id": str(row.stock_request_id),
        "facility_id": asked["facility_id"],
        "signed_on": TODAY.isoformat(),
        "deliver_on": TODAY.isoformat(),
        "reason": "permintaan",
        "lots-0-stock_lot_id": str(_lot("AKHIR").stock_lot_id),
        "lots-0-quantity": "7",
    }
    answer = head.post("/stock/requests/order", data=order)
    assert answer.status_code == 422
    assert 'id="lots-0-reason-mistake"' in answer.get_data(as_text=True)
    for _ in range(2):
        assert head.post("/stock/requests/order", data=order | {"lots-0-reason": "jatah kampanye"}).status_code == 303
    (spmb,) = _documents(DocumentKind.ISSUE_ORDER)
    assert [(line.lot.number, line.reason) for line in spmb.lines] == [("AKHIR", "jatah kampanye")]
    assert "SPMB ditandatangani" in _body(facility, "/stock/requests/")


def test_a_refused_request_says_why(visit: Visit, depot: Depot, arranging: Arranging) -> None:
    with arranging():
        new = services.NewRequest(
            "spb", depot.city.puskesmas.facility_id, TODAY, TODAY, ((depot.city.iud.item_id, 2),), "perlu"
        )
        request_id = services.request_stock(SYSTEM, new).stock_request_id
    address = f"/stock/requests/{request_id}/refuse"
    assert visit(Role.FACILITY, facility_id=depot.city.puskesmas.facility_id).post(address).status_code == 403
    visit(Role.HEAD).post(address, data={"key": KEY, "refusal": "gudang kosong"})
    client = visit(Role.FACILITY, facility_id=depot.city.puskesmas.facility_id)
    assert "gudang kosong" in _body(client, "/stock/requests/")


def test_part_of_an_order_is_issued_and_the_rest_waits(visit: Visit, depot: Depot, arranging: Arranging) -> None:
    with arranging():
        order = services.order_items(SYSTEM, item_order(depot, 5))
        order_id, lot_id = order.stock_document_id, order.lines[0].stock_lot_id
    client = visit(Role.WAREHOUSE)
    form = {
        "key": KEY,
        "occurred_on": TODAY.isoformat(),
        "lots-0-ordered_lot_id": str(lot_id),
        "lots-0-stock_lot_id": str(lot_id),
        "lots-0-quantity": "6",
    }
    address = f"/stock/issues/{order_id}/pick"
    assert client.post(address, data=form).status_code == 422
    for _ in range(2):
        assert client.post(address, data=form | {"lots-0-quantity": "2"}).status_code == 303
    assert len(_documents(DocumentKind.ISSUE)) == 1
    assert "Sebagian sudah keluar" in _body(client, f"/stock/documents/{order_id}")
    other = form | {"key": KEY[::-1], "lots-0-stock_lot_id": str(_lot("AKHIR").stock_lot_id), "lots-0-quantity": "3"}
    assert client.post(address, data=other).status_code == 422  # another lot needs its reason
    assert client.post(address, data=other | {"lots-0-reason": "kardus AWAL basah"}).status_code == 303
    assert {line.lot.number for document in _documents(DocumentKind.ISSUE) for line in document.lines} == {
        "AWAL",
        "AKHIR",
    }


def test_the_home_page_says_what_waits(visit: Visit, shipped: Sent, arranging: Arranging) -> None:
    with arranging():
        services.request_stock(
            SYSTEM,
            services.NewRequest("spb", shipped.facility_id, TODAY, TODAY, ((shipped.lot.item_id, 2),), "perlu"),
        )
    facility = visit(Role.FACILITY, facility_id=shipped.facility_id)
    assert re.search(rf"Kiriman untuk diterima .*{re.escape(shipped.sbbk.number or '')}", _body(facility, "/"))
    assert re.search(r"SPB untuk dijawab .*001/SPB", _body(visit(Role.HEAD), "/"))
    said = {"lots-0-received": "8", "lots-0-note": "dua tidak ada"}
    facility.post(f"/stock/arrivals/{shipped.sbbk.stock_document_id}", data=_found(shipped, **said))
    assert re.search(rf"Selisih kiriman .*{shipped.lot.number} · 2", _body(visit(Role.WAREHOUSE), "/"))


# programs


def _waiting_order(arranging: Arranging, depot: Depot) -> int:
    with arranging():
        return services.order_items(SYSTEM, item_order(depot, 3)).stock_document_id


def _said(order_id: int, **changes: object) -> dict[str, object]:
    return {"key": KEY, "order": order_id, "occurred_on": TODAY.isoformat()} | changes


def test_a_program_issues_an_order_once_under_one_key(visit: Visit, arranging: Arranging, depot: Depot) -> None:
    order_id, client = _waiting_order(arranging, depot), visit(Role.WAREHOUSE)
    answers = [client.post("/stock/api/issues", json=_said(order_id)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    (sbbk,) = _documents(DocumentKind.ISSUE)
    assert [answer.json for answer in answers] == [{"id": sbbk.stock_document_id, "number": sbbk.number}] * 2
    refused = client.post("/stock/api/issues", json=_said(order_id, key=KEY[::-1]))
    assert (refused.status_code, (refused.json or {})["code"]) == (409, "order-not-waiting")


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "again"},
        {"order": "1"},
        {"order": True},
        {"occurred_on": "kemarin"},
        {"picks": [{"lot": 1, "quantity": 1.0}]},
    ],
)
def test_a_program_that_sends_nonsense_is_told_so(
    visit: Visit, arranging: Arranging, depot: Depot, wrong: dict[str, object]
) -> None:
    order_id = _waiting_order(arranging, depot)
    answer = visit(Role.WAREHOUSE).post("/stock/api/issues", json=_said(order_id, **wrong))
    assert answer.status_code == 400
    assert _documents(DocumentKind.ISSUE) == []


def test_a_program_without_the_right_issues_nothing(visit: Visit, arranging: Arranging, depot: Depot) -> None:
    order_id = _waiting_order(arranging, depot)
    assert visit(Role.FACILITY).post("/stock/api/issues", json=_said(order_id)).status_code == 403
    assert _documents(DocumentKind.ISSUE) == []


# found by a count, withdrawn from an order


def test_a_batch_that_the_sheet_does_not_list_is_added_by_its_number(visit: Visit, depot: Depot) -> None:
    client = visit(Role.WAREHOUSE)
    opening = {"key": KEY, "stock_place_id": str(depot.warehouse.stock_place_id), "counted_on": TODAY.isoformat()}
    sheet = client.post("/stock/counts/", data=opening).location
    said = {"found_item_id": str(depot.city.iud.item_id), "found_place_id": str(depot.warehouse.stock_place_id)}
    unknown = client.post(sheet, data={"key": KEY, "found_number": "BARU", "found_counted": "2"} | said)
    assert unknown.status_code == 422
    assert "belum pernah tercatat" in unknown.get_data(as_text=True)
    client.post(sheet, data={"key": KEY, "found_number": "RAK", "found_counted": "2"} | said)
    assert "RAK" in _body(client, sheet)


def test_the_head_withdraws_what_has_not_left_yet(visit: Visit, arranging: Arranging, depot: Depot) -> None:
    order_id = _waiting_order(arranging, depot)
    lot = _lot("AWAL").stock_lot_id
    picks = [{"lot": lot, "quantity": 1}]
    visit(Role.WAREHOUSE).post("/stock/api/issues", json=_said(order_id, picks=picks))
    head = visit(Role.HEAD)
    page = f"/stock/documents/{order_id}"
    assert "Tarik sisa yang belum keluar" in _body(head, page)
    head.post(f"{page}/withdraw", data={"reverse-key": KEY[::-1], "reverse-reason": "cukup"})
    assert "sisanya ditarik" in _body(head, page)
