"""The chain as people work it, in a browser: approve, order, issue, serve; and a workbook that comes in."""

from pathlib import Path

from playwright.sync_api import Page, expect

from campaign import clock
from campaign.accounts.models import Account
from campaign.accounts.policy import Grant
from campaign.accounts.roles import Role
from campaign.attendance.tallying import tally_campaign
from campaign.imports.models import WorkbookKind
from tests.builders.accounts import make_account
from tests.builders.attendance import NINE, make_service_day
from tests.builders.attendance import expect as expect_at
from tests.builders.plans import make_scene, make_solved_run
from tests.builders.workbooks import workbook_of
from tests.e2e.conftest import SignIn, Site


def somebody(site: Site, role: Role, facility_id: int | None = None) -> Account:
    with site.arranging():
        return make_account(Grant(role, facility_id=facility_id))


def agree(page: Page) -> None:
    """Answer the question that stands before something that matters."""
    page.get_by_role("dialog").get_by_role("button", name="Ya, lanjutkan").click()


def test_the_head_approves_and_signs_and_the_warehouse_issues(site: Site, page: Page, sign_in: SignIn) -> None:
    with site.arranging():
        make_solved_run(make_scene())
    sign_in(somebody(site, Role.HEAD))
    page.get_by_role("region", name="Rencana menunggu persetujuan").get_by_role("link").first.click()
    page.get_by_role("button", name="Setujui rencana").click()
    agree(page)
    expect(page.get_by_text("Rencana disetujui.")).to_be_visible()

    page.goto(site.url)
    page.get_by_role("region", name="SPMB untuk ditandatangani").get_by_role("link").first.click()
    page.get_by_role("button", name="Tanda tangani SPMB").click()
    agree(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("SPMB")

    sign_in(somebody(site, Role.WAREHOUSE))
    page.get_by_role("region", name="SBBK untuk dikeluarkan").get_by_role("link").first.click()
    page.get_by_role("button", name="Keluarkan barang").click()
    agree(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("SBBK")


def test_a_facility_receives_screens_and_serves_somebody(site: Site, page: Page, sign_in: SignIn) -> None:
    with site.arranging():
        day = make_service_day()
        expect_at(day)
    site.now = NINE
    sign_in(somebody(site, Role.FACILITY, day.city.puskesmas.facility_id))
    page.get_by_role("region", name="Sesi pelayanan").get_by_role("link").first.click()
    page.get_by_role("button", name="Datang", exact=True).click()
    page.get_by_role("link", name="Buka Calon").click()
    page.get_by_role("link", name="Isi penapisan").click()
    page.get_by_label("Tekanan darah sistolik (mmHg)").fill("120")
    page.get_by_label("Tekanan darah diastolik (mmHg)").fill("80")
    for group in ("Tanda radang", "Tumor atau keganasan ginekologi"):
        page.get_by_role("radiogroup", name=group).get_by_label("Tidak", exact=True).check()
    page.get_by_role("button", name="Simpan keputusan").click()
    page.get_by_role("link", name="Catat hasil kunjungan").click()
    page.get_by_role("radiogroup").first.get_by_label("Dilayani").check()
    page.get_by_label("Petugas yang melayani").select_option(index=1)
    page.get_by_label("Nomor lembar persetujuan").fill("IC-001")
    page.get_by_role("button", name="Simpan hasil").click()
    expect(page.get_by_text("Hasil kunjungan tersimpan.")).to_be_visible()

    with clock.standing_at(NINE), site.arranging():
        tally_campaign(day.campaign.campaign_id)
    sign_in(somebody(site, Role.VIEWER))
    expect(page.get_by_role("region", name="Hasil pelayanan")).to_contain_text("terlayani 1")


def test_a_workbook_is_looked_at_and_then_applied(site: Site, page: Page, sign_in: SignIn, tmp_path: Path) -> None:
    file = tmp_path / "wilayah.xlsx"
    file.write_bytes(workbook_of(WorkbookKind.AREAS))
    sign_in(somebody(site, Role.PLANNER))
    page.get_by_role("link", name="Impor").first.click()
    page.get_by_label("Berkas", exact=True).set_input_files(file)
    page.get_by_role("button", name="Periksa berkas").click()
    expect(page.get_by_text("Tidak ada kesalahan.")).to_be_visible()
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_text("Buku kerja diterapkan.")).to_be_visible()
