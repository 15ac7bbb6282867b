"""Planning by hand in a browser: drag, keyboard, a chart, a map, at both sizes."""

import pytest
from playwright.sync_api import Page, expect

from campaign.accounts.policy import SYSTEM, Grant
from campaign.accounts.roles import Role
from campaign.planning import asking, queries
from campaign.planning.asking import Inquiry
from campaign.planning.hand.edits import Edit, EditKind, Place
from campaign.planning.hand.services import EditRequest, edit_plan
from campaign.planning.models import QuestionKind
from tests.builders.accounts import make_account
from tests.builders.logistics import key
from tests.builders.plans import HELD_ON, Scene, make_run, make_scene, make_solved_run
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


def test_pages_that_wait_and_answers_at_both_sizes(
    site: Site, scene: Scene, solved: int, page: Page, look: Look
) -> None:
    place, midwife = scene.depot.city.puskesmas.code, scene.depot.city.midwife.code
    with site.arranging():
        waiting = make_run(scene).plan_run_id
        edit = Edit(EditKind.PROVIDER, midwife, 1, Place(place, HELD_ON), None)
        draft = edit_plan(SYSTEM, EditRequest(key(), solved, edit)).plan_run_id
        group = next(g.id for g in queries.made(queries.run(solved)).problem.candidates if not g.priority)
        why = _answered(Inquiry(solved, QuestionKind.WHY, group), WHY | {"facilities": [place]})
        prices = _answered(Inquiry(solved, QuestionKind.PRICES), PRICES)
        open_one = asking.ask(SYSTEM, Inquiry(draft, QuestionKind.WHY, group)).plan_question_id
    for name, address in {
        "plan-waiting": f"/plans/{waiting}",
        "plan-draft": f"/plans/{draft}",
        "plan-draft-edit": f"/plans/{draft}/edit?facility={place}&date={HELD_ON}",
        "plan-why": f"/plans/{solved}/questions/{why}",
        "plan-prices-done": f"/plans/{solved}/questions/{prices}",
        "plan-asked": f"/plans/{draft}/questions/{open_one}",
    }.items():
        look(address, name)
    page.goto(f"{site.url}/plans/{waiting}")
    page.get_by_role("button", name="Hentikan").click()
    expect(page.get_by_role("heading", name="Tidak ada rencana")).to_be_visible()


WHY = {
    "count": 2,
    "served": 1,
    "could_be_served": 1,
    "reason": "no_capacity",
    "shortages": [{"item": "iud", "needed": 1, "on_shelves": 0, "in_warehouses": 7}],
    "helps": [{"change": {"change": "hours", "minutes": 60}, "served": 2}],
}
PRICES = {
    "prices": [
        {
            "change": {"change": "hours", "minutes": 60},
            "reached": [2, 4, 0.8, 1_100_000],
            "limits": [2, 4, 1, 0],
            "before": [2, 3, 0.6, 1_000_000],
        }
    ]
}


def _answered(inquiry: Inquiry, answer: dict[str, object]) -> int:
    row = asking.ask(SYSTEM, inquiry)
    claim = asking.claim_question(row.plan_question_id)
    assert claim is not None
    asking.record_answer(claim, answer)
    return row.plan_question_id
