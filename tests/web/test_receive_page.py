"""A delivery on the page: the label of a pack, the condition of each line, the supplier's note."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from campaign.accounts.policy import Reach
from campaign.accounts.roles import Role
from campaign.audit import AuditEntry
from campaign.db import db
from campaign.logistics import standing
from campaign.logistics.models import DocumentKind, StockDocument
from campaign.logistics.standing import Wanted
from tests.builders.logistics import TODAY, Depot, make_depot
from tests.web.conftest import Visit

Arranging = Callable[[], Any]

GTIN = "08992112045036"
LABEL = f"]d201{GTIN}1729033110AB-12\x1d21SN1"
SCAN = b"%PDF-1.7 surat jalan"


@pytest.fixture
def depot(arranging: Arranging) -> Depot:
    """An empty warehouse."""
    with arranging():
        return make_depot()


def _form(depot: Depot, **changes: Any) -> dict[str, Any]:
    return {
        "key": "0123456789abcdef0123456789abcdef",
        "warehouse_id": str(depot.warehouse.stock_place_id),
        "occurred_on": TODAY.isoformat(),
        "source": "Perwakilan BKKBN, surat jalan 7",
        "lines-0-item_id": str(depot.city.iud.item_id),
        "lines-0-number": "BARU",
        "lines-0-expires_on": "2029-01-31",
        "lines-0-quantity": "12",
        "lines-0-unit_price": "15000",
        "lines-0-fund_source": "grant",
        "lines-0-condition": "good",
        "lines-1-item_id": "0",
        "lines-1-fund_source": "apbn",
        "lines-1-condition": "good",
    } | changes


def _received() -> list[StockDocument]:
    db.session.expire_all()
    return db.session.query(StockDocument).filter_by(kind=DocumentKind.RECEIPT).all()


def test_a_label_fills_the_first_empty_row_and_keeps_what_was_typed(visit: Visit, depot: Depot) -> None:
    blank = {f"lines-1-{name}": "" for name in ("number", "production_year", "expires_on", "quantity", "unit_price")}
    answer = visit(Role.WAREHOUSE).post("/stock/receive", data=_form(depot, label=LABEL, fill="1", **blank))
    page = answer.get_data(as_text=True)
    assert 'value="AB-12"' in page
    assert 'value="2029-03-31"' in page
    assert 'value="BARU"' in page
    assert _received() == []


def test_what_is_no_label_is_told_beside_the_field(visit: Visit, depot: Depot) -> None:
    answer = visit(Role.WAREHOUSE).post("/stock/receive", data=_form(depot, label="halo", fill="1"))
    assert "Ini bukan kode GS1." in answer.get_data(as_text=True)


def test_the_next_scan_of_a_pack_that_was_received_chooses_its_item(visit: Visit, depot: Depot) -> None:
    client = visit(Role.WAREHOUSE)
    assert client.post("/stock/receive", data=_form(depot, **{"lines-0-gtin": GTIN})).status_code == 303
    empty = _form(depot) | {"lines-0-item_id": "0", "lines-0-number": "", "lines-0-expires_on": ""}
    empty |= {"lines-0-quantity": "", "lines-0-unit_price": "", "label": LABEL, "fill": "1"}
    page = client.post("/stock/receive", data=empty).get_data(as_text=True)
    assert f'<option selected value="{depot.city.iud.item_id}">' in page


def test_damaged_goods_come_in_and_are_set_apart(visit: Visit, depot: Depot) -> None:
    answer = visit(Role.WAREHOUSE).post("/stock/receive", data=_form(depot, **{"lines-0-condition": "damaged"}))
    assert answer.status_code == 303
    (row,) = standing.standing(Reach(everywhere=True), Wanted())
    assert (row.usable, row.damaged) == (0, 12)


def test_the_suppliers_note_is_kept_and_its_download_written_down(visit: Visit, depot: Depot) -> None:
    client = visit(Role.WAREHOUSE)
    note = (io.BytesIO(SCAN), "surat jalan.pdf")
    assert client.post("/stock/receive", data=_form(depot, note=note)).status_code == 303
    (document,) = _received()
    address = f"/stock/documents/{document.stock_document_id}/delivery-note"
    assert "Surat jalan" in client.get(f"/stock/documents/{document.stock_document_id}").get_data(as_text=True)
    assert client.get(address).data == SCAN
    assert db.session.query(AuditEntry).filter_by(action="download-delivery-note").count() == 1
    assert visit(Role.FACILITY, facility_id=depot.city.puskesmas.facility_id).get(address).status_code == 404


def test_a_note_that_is_no_picture_is_refused_with_all_other_mistakes(visit: Visit, depot: Depot) -> None:
    wrong = {"note": (io.BytesIO(b"MZ"), "virus.exe"), "lines-0-quantity": "-1", "source": ""}
    answer = visit(Role.WAREHOUSE).post("/stock/receive", data=_form(depot, **wrong))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Berkas harus PDF" in page
    assert "Isi jumlah bulat" in page
    assert "Isian ini wajib diisi." in page
    assert _received() == []
