"""Signing in with a real browser, and the pages that every role has."""

from playwright.sync_api import Page, expect

from campaign.accounts.roles import Role
from tests.builders.accounts import make_user
from tests.e2e.conftest import PHONE, Look, SignIn, Site


def test_somebody_signs_in_reads_the_home_page_and_signs_out(site: Site, page: Page, sign_in: SignIn) -> None:
    with site.arranging():
        account = make_user(Role.ADMINISTRATOR)
    sign_in(account)
    expect(page.get_by_role("heading", level=1)).to_have_text("Hari ini")
    page.locator("details.account-menu summary").click()
    page.get_by_role("button", name="Keluar").click()
    page.goto(site.url)
    expect(page).to_have_url(f"{site.url}/sign-in?next=/")


def test_the_pages_of_an_administrator_fit_a_desktop_and_a_phone(site: Site, sign_in: SignIn, look: Look) -> None:
    look("/sign-in", "sign-in")
    with site.arranging():
        account = make_user(Role.ADMINISTRATOR)
        make_user(Role.FACILITY)
    sign_in(account)
    look("/", "home-administrator")
    look("/accounts/", "accounts")
    look("/password", "change-password")
    look("/nowhere", "error-404")


def test_the_site_changes_its_language_and_keeps_it(site: Site, page: Page, sign_in: SignIn) -> None:
    with site.arranging():
        account = make_user(Role.VIEWER)
    sign_in(account)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    page.goto(f"{site.url}/campaigns/")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_phone_is_used_with_the_keyboard_alone(site: Site, page: Page, sign_in: SignIn) -> None:
    with site.arranging():
        account = make_user(Role.VIEWER)
    sign_in(account)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    menu = page.get_by_role("navigation", name="Menu utama")
    expect(menu).to_be_hidden()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    menu.get_by_role("link", name="Kampanye").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/campaigns/")
