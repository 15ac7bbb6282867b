"""The SOP pages in a real browser: a step is ticked with a file on a phone, and every page fits both widths."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from campaign.accounts.policy import SYSTEM, Grant
from campaign.accounts.roles import Role
from campaign.events.sop import queries, templates
from campaign.events.sop.services import tick_step
from tests.builders.accounts import make_account
from tests.builders.candidates import Wish, make_candidate
from tests.builders.events import make_campaign
from tests.builders.registry import KELURAHAN, make_city
from tests.builders.sop import PDF, TANGERANG, make_checklist, make_sop, step_tick
from tests.conftest import NOON
from tests.e2e.conftest import PHONE, Look, SignIn, Site


@pytest.fixture
def planner(site: Site, sign_in: SignIn) -> None:
    """Sign a planner of the whole city in."""
    with site.arranging():
        account = make_account(Grant(Role.PLANNER), name="Contoh Perencana")
    sign_in(account)


@pytest.fixture
def campaign_id(site: Site) -> int:
    """Return a campaign nine days after its checklist was started: something is done, something is late."""
    with site.arranging():
        campaign_id = make_campaign(make_city()).campaign_id
        checklist = make_checklist(campaign_id)
        make_checklist(campaign_id, TANGERANG)
        make_candidate(campaign_id, Wish(KELURAHAN))
        tick_step(SYSTEM, step_tick(checklist))
    site.now = NOON + timedelta(days=9)
    return campaign_id


def test_the_pages_of_the_sop_fit_a_desktop_and_a_phone(
    site: Site, campaign_id: int, planner: None, look: Look, page: Page
) -> None:
    with site.arranging():
        sop = make_sop().sop_template_id
        draft = templates.copy_template(SYSTEM, sop).sop_template_id
        checklist = queries.checklists_of(campaign_id)[0].campaign_sop_id
    pages = {
        "steps": f"/campaigns/{campaign_id}/steps",
        "step-to-tick": f"/campaigns/steps/{checklist}/coordination-invitation",
        "step-ticked": f"/campaigns/steps/{checklist}/preparation-meeting",
        "step-by-itself": f"/campaigns/steps/{checklist}/home-visits",
        "home": "/",
        "sop": "/sop/",
        "sop-version": f"/sop/{sop}",
        "sop-draft": f"/sop/{draft}",
        "sop-step": f"/sop/{draft}/steps/home-visits",
        "sop-roles": f"/sop/{draft}/roles",
    }
    for name, address in pages.items():
        look(address, f"sop-{name}")
    page.goto(site.url + pages["steps"])
    assert page.locator(".step-row").count() == 12 + 8  # Pekalongan, Tangerang
    assert page.get_by_text("Menunggu, terlambat").first.is_visible()


def test_a_step_is_ticked_with_a_file_and_taken_back_on_a_phone(
    site: Site, campaign_id: int, planner: None, page: Page, tmp_path: Path
) -> None:
    (tmp_path / "Undangan rapat.pdf").write_bytes(PDF)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{site.url}/campaigns/{campaign_id}/steps")
    page.get_by_role("link", name="Centang Terbitkan SK tim dan pelaksanaan pelayanan KB").click()
    page.get_by_label("Catatan").fill("Undangan dikirim lewat caraka")
    page.get_by_label("Berkas bukti").set_input_files(tmp_path / "Undangan rapat.pdf")
    page.get_by_role("button", name="Centang").click()
    page.wait_for_url("**/steps")
    assert "Langkah dicentang" in page.get_by_role("status").first.inner_text()
    page.get_by_role("link", name="Terbitkan SK tim dan pelaksanaan", exact=False).first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Undangan rapat.pdf").click()
    assert download.value.path().read_bytes() == PDF
    page.get_by_text("Tarik kembali centang ini").click()
    page.get_by_label("Alasan").fill("Undangan salah tanggal")
    page.get_by_role("button", name="Tarik kembali").click()
    page.get_by_text("Undangan salah tanggal").wait_for()
    assert page.get_by_label("Catatan").is_visible()
