"""Planning by hand in a browser: drag, keyboard, a chart, a map, at both sizes."""

import pytest
from playwright.sync_api import Page, expect

from campaign.accounts.policy import Grant
from campaign.accounts.roles import Role
from campaign.planning import queries
from tests.builders.accounts import make_account
from tests.builders.plans import HELD_ON, Scene, make_scene, make_solved_run
from tests.builders.registry import KECAMATAN
from tests.e2e.conftest import Look, SignIn, Site


@pytest.fixture
def scene(site: Site, sign_in: SignIn) -> Scene:
    with site.arranging():
        scene = make_scene()
        planner = make_account(Grant(Role.PLANNER), name="Contoh Perencana")
    sign_in(planner)
    return scene


@pytest.fixture
def solved(site: Site, scene: Scene) -> int:
    with site.arranging():
        return make_solved_run(scene).plan_run_id


def test_who_waits_is_dragged_into_a_session(page: Page, site: Site, scene: Scene, solved: int) -> None:
    page.goto(f"{site.url}/plans/{solved}/edit")
    cell = page.locator(f'.drop[data-facility="{scene.depot.city.puskesmas.code}"][data-date="{HELD_ON}"]')
    expect(cell).to_have_text("3")
    page.locator('.chip[data-kind="group"]').first.drag_to(cell)
    expect(page.get_by_role("heading", name="Semua ketentuan terpenuhi")).to_be_visible()
    expect(cell).to_have_text("4")
    page.get_by_role("link", name="Urungkan").click()
    expect(cell).to_have_text("3")


def test_a_provider_is_freed_with_the_keyboard_alone(page: Page, site: Site, scene: Scene, solved: int) -> None:
    page.goto(f"{site.url}/plans/{solved}/edit?facility={scene.depot.city.puskesmas.code}&date={HELD_ON}")
    page.get_by_label("Ke faskes").nth(1).focus()
    page.keyboard.press("Home")  # the first choice: out of the session
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Yang dilanggar")).to_be_visible()
    expect(page.locator(".breaches")).to_contain_text("jadwal tidak muat")
    expect(page.locator(".page-actions .status")).to_have_text("Konsep, masih ada yang dilanggar")


def test_plan_pages_at_both_sizes(site: Site, scene: Scene, solved: int, page: Page, look: Look) -> None:
    place = scene.depot.city.puskesmas.code
    page.goto(f"{site.url}/plans/{solved}/edit?facility={place}&date={HELD_ON}")
    page.get_by_label("Tanggal").nth(1).select_option(HELD_ON.isoformat())
    page.get_by_role("button", name="Pindahkan tenaga").click()  # to where the midwife is: refused
    expect(page.get_by_role("alert")).to_contain_text("Pilih tempat atau tanggal tujuan yang lain")
    page.goto(f"{site.url}/plans/{solved}/edit")
    page.locator('.chip[data-kind="group"]').first.drag_to(
        page.locator(f'.drop[data-facility="{place}"][data-date="{HELD_ON}"]')
    )
    page.wait_for_url("**/edit?**")
    made = max(run.plan_run_id for run in queries.runs(scene.campaign.campaign_id))
    for name, address in {
        "plan": f"/plans/{made}",
        "plan-day": f"/plans/{solved}/{place}/{HELD_ON}",
        "plan-map": f"/plans/{solved}/map",
        "plan-edit": f"/plans/{made}/edit",
        "plan-edit-session": f"/plans/{made}/edit?facility={place}&date={HELD_ON}",
        "plan-versions": f"/plans/of/{scene.campaign.campaign_id}",
        "plan-compare": f"/plans/compare?first={solved}&second={made}",
        "plan-prices": f"/plans/{made}/prices",
        "campaign-plans": f"/campaigns/{scene.campaign.campaign_id}",
        "targets": f"/campaigns/{scene.campaign.campaign_id}/targets",
        "targets-kelurahan": f"/campaigns/{scene.campaign.campaign_id}/targets/{KECAMATAN}",
        "campaign-close": f"/campaigns/{scene.campaign.campaign_id}/close",
    }.items():
        look(address, name)
