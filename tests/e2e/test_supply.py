"""The warehouse's pages in a browser, wide and narrow; a pack's label read from a picture of it."""

import base64
from datetime import timedelta

import segno
from playwright.sync_api import Page, expect

from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.logistics import services
from campaign.planning.approving import approve_plan
from tests.builders.accounts import make_user
from tests.builders.logistics import TODAY, Depot, item_order, make_depot, make_office, make_stock, receipt
from tests.builders.plans import make_scene, make_solved_run
from tests.e2e.conftest import Look, SignIn, Site

GTIN = "08992112045036"


def _arrange(site: Site) -> tuple[Depot, int]:
    with site.arranging():
        depot = make_depot()
        make_office()
        iud = depot.city.iud.item_id
        make_stock(depot.warehouse, iud, 120, number="IUD-2701")
        make_stock(depot.warehouse, depot.city.pill.item_id, 340, number="PIL-09", expires_on=TODAY + timedelta(70))
        make_stock(depot.warehouse, iud, 3, number="LEWAT", expires_on=TODAY - timedelta(1))
        make_stock(depot.shelf, iud, 4, number="RAK")
        order = services.order_items(SYSTEM, item_order(depot, 25)).stock_document_id
        services.receive_stock(SYSTEM, receipt(depot))
        return depot, order


def test_the_pages_of_supply_can_be_read_wide_and_narrow(site: Site, sign_in: SignIn, look: Look) -> None:
    depot, order = _arrange(site)
    with site.arranging():
        keeper = make_user(Role.WAREHOUSE)
    sign_in(keeper)
    place, item = depot.warehouse.stock_place_id, depot.city.iud.item_id
    look("/stock/", "stock")
    look("/stock/levels", "levels")
    look("/stock/expiring", "expiring")
    look("/stock/alerts", "alerts")
    look("/stock/settings", "settings")
    look(f"/stock/months?place={place}&month=2027-06", "months")
    look(f"/stock/card/{place}/{item}", "card")
    look(f"/stock/documents/{order}", "document")
    look("/stock/receive", "receive")
    look("/stock/need", "needs")
    look("/stock/kit/new", "kit")
    look("/stock/numbers", "numbers")


def test_the_need_of_a_campaign_can_be_read_wide_and_narrow(site: Site, sign_in: SignIn, look: Look) -> None:
    with site.arranging():
        scene = make_scene()
        approve_plan(scene.head, make_solved_run(scene).plan_run_id)
        keeper = make_user(Role.WAREHOUSE)
    sign_in(keeper)
    look("/", "home")
    look(f"/stock/need/{scene.campaign.campaign_id}", "need")


def _picture(text: str) -> bytes:
    """Return a photo of a pack: a QR code with the text of its label."""
    data = segno.make(text).png_data_uri(scale=8, border=4)
    return base64.b64decode(data.partition(",")[2])


def test_a_label_is_read_from_a_photo_and_fills_a_row(site: Site, page: Page, sign_in: SignIn) -> None:
    _arrange(site)
    with site.arranging():
        keeper = make_user(Role.WAREHOUSE)
    sign_in(keeper)
    page.goto(f"{site.url}/stock/receive")
    picture = _picture(f"(01){GTIN}(17)290331(10)AB-12(21)SN1")
    page.locator("[data-photo]").set_input_files({"name": "kode.png", "mimeType": "image/png", "buffer": picture})
    expect(page.get_by_label("Nomor batch").first).to_have_value("AB-12")
    expect(page.get_by_label("Kedaluwarsa").first).to_have_value("2029-03-31")
