"""A workbook goes through the site in a real browser, and the pages of the registry fit every screen."""

from pathlib import Path

from playwright.sync_api import Page, expect

from campaign.accounts.roles import Role
from campaign.imports.models import WorkbookKind
from campaign.imports.workbook import LARGEST_FILE
from tests.builders.accounts import make_user
from tests.builders.candidates import make_candidate
from tests.builders.events import make_campaign
from tests.builders.registry import make_city
from tests.builders.workbooks import candidate_line, workbook_of
from tests.e2e.conftest import Look, SignIn, Site


def send(page: Page, path: Path) -> None:
    page.get_by_label("Isi buku kerja").select_option("candidates")
    page.get_by_label("Kampanye").select_option(label="Pelayanan KB Serempak")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Periksa berkas").click()


def test_a_list_of_candidates_is_corrected_applied_and_found(
    site: Site, page: Page, sign_in: SignIn, tmp_path: Path
) -> None:
    with site.arranging():
        make_campaign(make_city())
        planner = make_user(Role.PLANNER)
    wrong, right = tmp_path / "salah.xlsx", tmp_path / "benar.xlsx"
    lines = [candidate_line(1), candidate_line(2, nik="337599450790900")]
    wrong.write_bytes(workbook_of(WorkbookKind.CANDIDATES, {"Calon": lines}))
    right.write_bytes(workbook_of(WorkbookKind.CANDIDATES, {"Calon": [lines[0], candidate_line(2)]}))
    sign_in(planner)
    page.goto(f"{site.url}/imports/")
    send(page, wrong)
    expect(page.get_by_role("row").filter(has_text="NIK")).to_contain_text("E")
    expect(page.get_by_role("button", name="Terapkan")).to_have_count(0)
    page.get_by_role("link", name="Kirim berkas lain").click()
    send(page, right)
    page.get_by_role("button", name="Terapkan").click()
    page.get_by_role("link", name="Lihat daftar calon").click()
    expect(page.get_by_role("row").filter(has_text="Calon 2")).to_be_visible()


def test_a_file_that_is_too_large_is_told_before_it_is_sent(
    site: Site, page: Page, sign_in: SignIn, tmp_path: Path
) -> None:
    with site.arranging():
        administrator = make_user(Role.ADMINISTRATOR)
    large = tmp_path / "besar.xlsx"
    with large.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    sign_in(administrator)
    page.goto(f"{site.url}/imports/")
    page.locator("input[type=file]").set_input_files(large)
    expect(page.get_by_role("alert")).to_contain_text("8 MB")
    page.get_by_role("button", name="Periksa berkas").click()
    expect(page).to_have_url(f"{site.url}/imports/")
    expect(page.get_by_role("alert")).to_contain_text("8 MB")


def test_the_pages_of_the_registry_fit_a_desktop_and_a_phone(
    site: Site, page: Page, sign_in: SignIn, look: Look
) -> None:
    with site.arranging():
        city = make_city()
        campaign_id = make_campaign(city).campaign_id
        make_candidate(campaign_id)
        facility_id = city.puskesmas.facility_id
        planner = make_user(Role.PLANNER)
    sign_in(planner)
    for name in ("", "areas", "facilities", f"facilities/{facility_id}", "methods", "items", "providers", "calendar"):
        look(f"/registry/{name}", f"registry-{name or 'page'}")
    look("/imports/", "imports")
    look("/candidates/", "candidates")
    look(f"/candidates/{campaign_id}", "candidates-page")
    expect(page.get_by_role("heading", level=1)).to_have_text("Calon peserta")
