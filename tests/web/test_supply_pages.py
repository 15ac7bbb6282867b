"""What supply shows: levels, expiry, alerts, settings; who may change what."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import text as sql

from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.logistics import norms, services
from campaign.logistics.levels import StockLevel
from tests.builders.logistics import TODAY, Depot, make_depot, make_stock
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
        return depot


def _text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def test_the_stock_page_filters_by_state_and_batch(visit: Visit, depot: Depot) -> None:
    client = visit(Role.WAREHOUSE)
    assert "AWET" not in _text(client, "/stock/?state=expired")
    assert "LEWAT" in _text(client, "/stock/?state=expired")
    found = _text(client, "/stock/?number=sege")
    assert "SEGERA" in found
    assert "AWET" not in found


def test_the_stock_page_points_at_what_to_see_to(visit: Visit, depot: Depot) -> None:
    assert "Sudah kedaluwarsa 1" in _text(visit(Role.WAREHOUSE), "/stock/")


def test_the_workbook_lists_what_the_page_lists(visit: Visit, depot: Depot) -> None:
    answer = visit(Role.WAREHOUSE).get("/stock/export.xlsx?state=expired")
    page = load_workbook(io.BytesIO(answer.data)).active
    cells = [cell.value for row in page.iter_rows() for cell in row]
    assert "LEWAT" in cells
    assert "AWET" not in cells


def test_levels_say_that_defaults_are_the_applications(visit: Visit, depot: Depot) -> None:
    found = _text(visit(Role.WAREHOUSE), "/stock/levels")
    assert re.search(r"25 .* 3,0–6,0 bawaan Tanpa pemakaian", found)


def test_expiring_within_one_month_leaves_later_lots_out(visit: Visit, depot: Depot) -> None:
    client = visit(Role.WAREHOUSE)
    assert "SEGERA" in _text(client, "/stock/expiring?months=1")
    assert "AWET" not in _text(client, "/stock/expiring?months=1")
    assert "AWET" in _text(client, "/stock/expiring?months=36")


def test_a_warehouse_officer_sets_a_level_and_lets_it_go(visit: Visit, depot: Depot) -> None:
    client = visit(Role.WAREHOUSE)
    iud = depot.city.iud.item_id
    form = {"key": "0" * 32, "level": "warehouse", "item_id": str(iud), "min_months": "2", "max_months": "4.5"}
    assert client.post("/stock/settings/norms", data=form).status_code == 303
    assert "2,0–4,5" in _text(client, "/stock/settings")
    blank = form | {"min_months": "", "max_months": ""}
    assert client.post("/stock/settings/norms", data=blank).status_code == 303
    db.session.expire_all()
    assert norms.norms().of(StockLevel.WAREHOUSE, iud).is_default


def test_a_wrong_level_comes_back_beside_its_field(visit: Visit, depot: Depot) -> None:
    form = {"key": "0" * 32, "level": "warehouse", "item_id": "0", "min_months": "6", "max_months": "3"}
    answer = visit(Role.WAREHOUSE).post("/stock/settings/norms", data=form)
    assert answer.status_code == 422
    assert "Isi maksimum lebih besar daripada minimum." in answer.get_data(as_text=True)


def test_a_facility_reads_levels_and_cannot_change_them(visit: Visit, depot: Depot) -> None:
    client = visit(Role.FACILITY, facility_id=depot.city.puskesmas.facility_id)
    assert "Simpan batas" not in _text(client, "/stock/settings")
    form = {"key": "0" * 32, "level": "facility", "item_id": "0", "min_months": "1", "max_months": "3"}
    assert client.post("/stock/settings/norms", data=form).status_code == 403


def test_reckoning_out_of_range_is_refused(visit: Visit, depot: Depot) -> None:
    names = ("consumption_months", "expiring_months", "procurement_days", "buffer_percent", "receipt_days")
    form = {f"reckoning-{name}": "999" for name in names} | {"reckoning-key": "0" * 32}
    answer = visit(Role.PLANNER).post("/stock/settings/reckoning", data=form)
    assert answer.status_code == 422
    assert answer.get_data(as_text=True).count("Isi antara") >= len(names)


def test_a_failed_comparison_is_told_with_place_and_batch(visit: Visit, depot: Depot, arranging: Arranging) -> None:
    with arranging():
        found = services.verify_stock(SYSTEM)
        lot_id = db.session.scalar(sql("SELECT stock_lot_id FROM stock_lot WHERE number = 'AWET'"))
        place_id = depot.warehouse.stock_place_id
        found.differences = [{"stock_place_id": place_id, "stock_lot_id": lot_id, "stored": 20, "counted": 19}]
    text = _text(visit(Role.WAREHOUSE), "/stock/")
    assert "1 saldo tidak cocok" in text
    assert re.search(r"Gudang contoh iud AWET 20 19", text)
