"""A facility confirms a shipment on a phone; the warehouse's new pages fit a desktop and a phone."""

import re

from playwright.sync_api import Page, expect

from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.logistics import services
from tests.builders.accounts import make_user
from tests.builders.logistics import TODAY, item_order, key, make_stock
from tests.builders.supply import make_shipment, state_change
from tests.e2e.conftest import PHONE, Look, SignIn, Site


def test_a_shipment_is_confirmed_on_a_phone_from_the_address_in_its_code(
    page: Page, site: Site, sign_in: SignIn
) -> None:
    with site.arranging():
        sent = make_shipment(10)
        account = make_user(Role.FACILITY, facility_id=sent.facility_id)
        shipment_id = sent.sbbk.stock_document_id
    sign_in(account)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{site.url}/stock/arrivals/{shipment_id}")
    page.get_by_label("Diterima baik").fill("8")
    page.get_by_text("Ada yang kurang, rusak, atau ditolak").click()
    page.get_by_label("Apa yang terjadi").fill("dua tidak ada di kotak")
    page.get_by_role("button", name="Simpan penerimaan").click()
    page.get_by_role("button", name="Ya, lanjutkan").click()
    expect(page.get_by_role("status")).to_contain_text("Penerimaan dicatat")
    page.goto(f"{site.url}/stock/arrivals/")
    expect(page.get_by_role("row", name=re.compile("2 "))).to_be_visible()


def test_the_pages_of_the_warehouse_fit_a_desktop_and_a_phone(site: Site, sign_in: SignIn, look: Look) -> None:
    with site.arranging():
        sent = make_shipment(10)
        other = make_shipment(4, sent.depot)
        depot, iud = sent.depot, sent.depot.city.iud.item_id
        lot = make_stock(depot.warehouse, iud, 20, number="AWET")
        shelf_lot = make_stock(depot.shelf, iud, 6, number="RAK")
        services.change_state(SYSTEM, state_change(depot.warehouse, lot, 2))
        found = services.ArrivedLot(other.lot.stock_lot_id, 3, missing=1, note="satu tidak ada")
        services.confirm_arrival(SYSTEM, services.Arrival(key(), other.sbbk.stock_document_id, TODAY, (found,)))
        count = services.open_count(SYSTEM, key(), depot.warehouse.stock_place_id, TODAY)
        entry = (services.Counted(depot.warehouse.stock_place_id, lot.stock_lot_id, 17),)
        services.enter_count(SYSTEM, services.CountEntry(key(), count.stock_count_id, entry))
        new = services.NewRequest(key(), sent.facility_id, TODAY, TODAY, ((iud, 5),), "stok tinggal sedikit")
        request_id = services.request_stock(SYSTEM, new).stock_request_id
        order_id = services.order_items(SYSTEM, item_order(depot, 3)).stock_document_id
        warehouse, head = make_user(Role.WAREHOUSE), make_user(Role.HEAD)
        facility = make_user(Role.FACILITY, facility_id=sent.facility_id)
        shipment_id, facility_id = sent.sbbk.stock_document_id, sent.facility_id
        place_id, lot_id, count_id = depot.warehouse.stock_place_id, lot.stock_lot_id, count.stock_count_id
        assert shelf_lot.number == "RAK"
    sign_in(facility)
    look(f"/stock/arrivals/{shipment_id}", "wha-arrive")
    look("/stock/requests/new", "wha-request")
    look(f"/stock/conditions/transfer/{facility_id}", "wha-transfer")
    sign_in(warehouse)
    look("/stock/arrivals/", "wha-arrivals")
    look("/stock/arrivals/differences", "wha-differences")
    look(f"/stock/conditions/?place={place_id}", "wha-conditions")
    look(f"/stock/conditions/{place_id}/{lot_id}/usable", "wha-condition")
    look("/stock/counts/", "wha-counts")
    look(f"/stock/counts/{count_id}", "wha-count")
    look(f"/stock/counts/{count_id}/review", "wha-review")
    look(f"/stock/issues/{order_id}/pick", "wha-pick")
    sign_in(head)
    look("/stock/requests/", "wha-requests")
    look(f"/stock/requests/order?request_id={request_id}", "wha-order")
