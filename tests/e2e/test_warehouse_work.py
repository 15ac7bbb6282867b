"""A clerk and a midwife do the rarer work of a warehouse in a real browser: set apart, write off, transfer, count."""

from playwright.sync_api import Page, expect

from campaign.accounts.policy import Reach
from campaign.accounts.roles import Role
from campaign.logistics.queries import stock_on_hand
from tests.builders.accounts import make_user
from tests.builders.logistics import Depot, make_depot, make_stock, on_hand
from tests.e2e.conftest import PHONE, SignIn, Site


def _agree(page: Page) -> None:
    page.get_by_role("button", name="Ya, lanjutkan").click()


def _depot() -> tuple[Depot, int, int]:
    """Return a depot with twenty IUDs of one lot, with the ids of the place and the lot."""
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 20, number="AWET-1")
    return depot, depot.warehouse.stock_place_id, lot.stock_lot_id


def test_goods_are_set_apart_and_then_written_off_with_a_paper(page: Page, site: Site, sign_in: SignIn) -> None:
    with site.arranging():
        _, place_id, lot_id = _depot()
        clerk = make_user(Role.WAREHOUSE)
    sign_in(clerk)
    page.goto(f"{site.url}/stock/conditions/{place_id}/{lot_id}/usable")
    page.get_by_text("Karantina", exact=False).first.click()
    page.get_by_label("Jumlah").fill("21")
    page.get_by_label("Alasan").fill("kemasan basah")
    page.get_by_role("button", name="Simpan").click()
    _agree(page)
    expect(page.get_by_role("alert")).to_contain_text("diminta 21, yang boleh diambil 20")
    page.get_by_label("Jumlah").fill("3")
    page.get_by_role("button", name="Simpan").click()
    _agree(page)
    expect(page.get_by_role("status").first).to_contain_text("Keadaan barang dicatat")
    page.goto(f"{site.url}/stock/conditions/{place_id}/{lot_id}/quarantined")
    page.get_by_text("Hapus dari persediaan", exact=False).first.click()
    page.get_by_label("Jumlah").fill("3")
    page.get_by_label("Alasan").fill("rusak oleh air, dimusnahkan")
    page.get_by_role("button", name="Simpan").click()
    _agree(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Penghapusan")
    page.goto(f"{site.url}/stock/conditions/?place={place_id}")
    expect(page.locator("td[data-label='Jumlah']")).to_have_text(["17"])


def test_one_facility_sends_to_another_which_confirms_on_a_phone(page: Page, site: Site, sign_in: SignIn) -> None:
    with site.arranging():
        depot, _, _ = _depot()
        lot = make_stock(depot.shelf, depot.city.iud.item_id, 6, number="RAK-1")
        sender_id, receiver_id = depot.city.puskesmas.facility_id, depot.city.hospital.facility_id
        sender = make_user(Role.FACILITY, facility_id=sender_id)
        receiver = make_user(Role.FACILITY, facility_id=receiver_id)
        hospital = depot.city.hospital.name
    sign_in(sender)
    page.goto(f"{site.url}/stock/conditions/transfer/{sender_id}")
    page.get_by_label("Kepada faskes").select_option(label=hospital)
    page.get_by_label("Alasan").fill("di sana habis")
    page.get_by_label("Dikirim, batch RAK-1").fill("4")
    page.get_by_role("button", name="Kirim barang").click()
    _agree(page)
    expect(page.get_by_role("status").first).to_contain_text("Barang dikirim")
    sign_in(receiver)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{site.url}/stock/arrivals/")
    page.get_by_role("link", name="Terima", exact=True).click()
    page.get_by_role("button", name="Simpan penerimaan").click()
    _agree(page)
    expect(page.get_by_role("status").first).to_contain_text("Penerimaan dicatat")
    with site.arranging():
        assert on_hand(depot.shelf, lot) == 2


def test_a_blind_count_is_explained_before_it_is_posted(page: Page, site: Site, sign_in: SignIn) -> None:
    with site.arranging():
        _, place_id, _ = _depot()
        clerk = make_user(Role.WAREHOUSE)
    sign_in(clerk)
    page.goto(f"{site.url}/stock/counts/")
    page.get_by_label("Tempat").select_option(value=str(place_id))
    page.get_by_role("button", name="Buka opname").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lembar hitung")
    page.get_by_label("Hitungan batch AWET-1").fill("18")
    page.get_by_role("button", name="Simpan hitungan").click()
    expect(page.get_by_role("main")).to_contain_text("setiap selisih dijelaskan")
    page.get_by_text("Jelaskan", exact=True).click()
    page.get_by_label("Sebab").select_option(index=0)
    page.get_by_label("Penjelasan").fill("dua belum dicatat keluar")
    page.get_by_role("button", name="Simpan penjelasan").click()
    page.get_by_role("button", name="Bukukan opname").click()
    _agree(page)
    expect(page.get_by_role("main")).to_contain_text("dibukukan")
    with site.arranging():
        left = stock_on_hand(Reach(everywhere=True), place_id)
        assert [row.on_hand for row in left] == [18]
