"""Telephones of a service day: real browsers that lose the network, their clock or their tab."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import func, select

from campaign import clock
from campaign.accounts.models import Account
from campaign.accounts.policy import Grant
from campaign.accounts.roles import Role
from campaign.attendance.models import ServiceOutcome
from campaign.attendance.outcomes import OutcomeKind
from campaign.db import db
from tests.builders import attendance
from tests.builders.accounts import PASSWORD, make_account
from tests.builders.attendance import NINE, ServiceDay, make_service_day
from tests.e2e.conftest import PHONE, Site

# Telephones are slow, and so is a machine that plays several: what is awaited may take a while.
expect.set_options(timeout=20_000)

PIN = "246810"
VISIT = 11  # events of a whole visit: arrival, five moves, screening, consent, end, discharge, next visit
TEN = NINE + timedelta(hours=1)


@pytest.fixture
def service_day(site: Site) -> ServiceDay:
    """A service day at the puskesmas with six people expected."""
    site.now = TEN
    with clock.standing_at(site.now - timedelta(hours=2)), site.arranging():
        found = make_service_day()
        for number in range(6):
            attendance.expect(found, minutes=number * 10).name = f"Ibu Contoh {number}"
        db.session.flush()
        db.session.expunge_all()
    return found


@pytest.fixture
def nurse(service_day: ServiceDay, site: Site) -> Account:
    """Somebody of the facility who may sign in."""
    with clock.standing_at(site.now), site.arranging():
        account = make_account(Grant(Role.FACILITY, facility_id=service_day.city.puskesmas.facility_id))
        db.session.flush()
        db.session.expunge_all()
    return account


Telephone = Callable[..., Page]


@pytest.fixture
def telephone(chromium: Browser, site: Site) -> Iterator[Telephone]:
    """Open a telephone of its own: signed in, set up with a PIN, the day downloaded, ready to lose the network."""
    opened: list[BrowserContext] = []
    problems: list[str] = []

    def made(account: Account, clock_ahead: timedelta = timedelta(), context: BrowserContext | None = None) -> Page:
        context = context or chromium.new_context(viewport=PHONE, locale="id-ID", timezone_id="Asia/Jakarta")  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        context.clock.install(time=site.now + clock_ahead)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda one: problems.append(one.text) if "Content Security Policy" in one.text else None)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{site.url}/sign-in?next=/day/")
        page.get_by_label("Surel").fill(account.email)
        page.get_by_label("Kata sandi").fill(PASSWORD)
        page.get_by_role("button", name="Masuk").click()
        set_up(page)
        return page

    yield made
    for context in opened:
        context.close()
    assert problems == []


def set_up(page: Page) -> None:
    page.get_by_label("PIN baru").fill(PIN)
    page.get_by_label("Ulangi PIN").fill(PIN)
    page.get_by_role("button", name="Siapkan gawai ini").click()
    expect(page.get_by_label("Cari")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def unlock(page: Page) -> None:
    page.get_by_label("PIN", exact=True).fill(PIN)
    page.get_by_role("button", name="Buka", exact=True).click()
    expect(page.get_by_label("Cari")).to_be_visible()


@contextmanager
def no_network(*pages: Page) -> Iterator[None]:
    for page in pages:
        page.context.set_offline(True)
    yield
    for page in pages:
        page.context.set_offline(False)


def unsent(page: Page, number: int) -> None:
    expect(page.get_by_role("button", name=f"{number} belum terkirim")).to_be_visible()


def send(page: Page) -> None:
    page.get_by_role("button", name="belum terkirim").click()
    unsent(page, 0)


def arrives(page: Page, number: int) -> None:
    page.get_by_role("button", name=f"Datang: Ibu Contoh {number}").click()
    expect(page.get_by_role("button", name=f"Datang: Ibu Contoh {number}")).to_have_count(0)


def is_screened(page: Page) -> None:
    page.get_by_role("button", name="Isi penapisan").first.click()
    for group in ("Tanda radang", "Tumor atau keganasan ginekologi"):
        page.get_by_role("group", name=group).get_by_label("Tidak").check()
    expect(page.get_by_text("iud boleh diberikan hari ini.")).to_be_visible()
    page.get_by_role("button", name="Simpan keputusan").click()


def signs(page: Page) -> None:
    page.get_by_role("button", name="Persetujuan klien").click()
    pad = page.get_by_label("Tempat tanda tangan")
    pad.evaluate("pad => pad.scrollIntoView({ block: 'center' })")
    pad.hover(position={"x": 40, "y": 60})
    page.mouse.down()
    pad.hover(position={"x": 130, "y": 90})
    pad.hover(position={"x": 200, "y": 40})
    page.mouse.up()
    page.get_by_role("button", name="Setuju, simpan").click()


def is_served(page: Page) -> None:
    page.get_by_role("button", name="Ke pelayanan").click()
    page.get_by_role("button", name="Catat hasil").click()
    page.get_by_role("button", name="Simpan: dilayani").click()


def whole_visit(page: Page, number: int) -> None:
    arrives(page, number)
    page.get_by_role("button", name=f"Ibu Contoh {number}").first.click()
    is_screened(page)
    signs(page)
    is_served(page)
    page.get_by_role("button", name="Boleh pulang").click()
    page.get_by_role("button", name="Simpan, pulang").click()
    page.get_by_role("button", name="‹ Daftar").click()


def served(site: Site) -> int:
    with site.arranging():
        query = select(func.count()).select_from(ServiceOutcome).where(ServiceOutcome.kind == OutcomeKind.SERVED)
        return db.session.scalar(query) or 0
