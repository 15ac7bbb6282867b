"""A real browser on the real site: Playwright drives Debian's chromium against a server on a free port.

Without a browser these tests are skipped with one line; where CI=true they fail with it.
Set SCREENSHOTS=<folder> to keep a picture of every page that a test calls `look` on.
"""

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from campaign import clock
from campaign.accounts.models import Account
from campaign.app import create_app
from campaign.config import Settings
from campaign.db import db
from campaign.jobs import Job
from campaign.transaction import transaction
from tests.builders.accounts import PASSWORD
from tests.conftest import NOON

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
NO_BROWSER = "no chromium on this machine: apt-get install chromium"


@dataclass(slots=True)
class Site:
    """The running site, and how a test puts rows into it."""

    app: Flask
    jobs: list[Job]  # that left after a commit; no worker runs them
    now: datetime = NOON  # what time each request finds it is
    url: str = ""

    def answer(self, environ: Any, start_response: Any) -> Any:
        """Answer a request at the time that the test set."""
        with clock.standing_at(self.now):
            return self.app.wsgi_app(environ, start_response)

    def arranging(self) -> AbstractContextManager[Any]:
        """Open a transaction on the site's database."""
        return transaction(self.jobs.append)


@pytest.fixture
def site(own_database: Settings) -> Iterator[Site]:
    """Serve the site from a database of this test's own, at the noon of every test unless it sets another time."""
    jobs: list[Job] = []
    running = Site(create_app(own_database, send=jobs.append), jobs)
    server = make_server("127.0.0.1", 0, running.answer, threaded=True)
    running.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with running.app.app_context():
        yield running
        db.session.remove()
        db.engine.dispose()
    server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the run."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_BROWSER, pytrace=False)
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh window of desktop size that keeps nothing of earlier tests."""
    context = chromium.new_context(viewport=DESKTOP, locale="id-ID", timezone_id="Asia/Jakarta")  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    """A tab; the test fails when a page throws in its script or breaks the Content-Security-Policy."""
    tab = window.new_page()
    problems: list[str] = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on("console", lambda message: problems.append(message.text) if _is_refusal(message.text) else None)
    yield tab
    assert problems == []


def _is_refusal(text: str) -> bool:
    return "Content Security Policy" in text or "Refused to" in text


SignIn = Callable[[Account], None]


@pytest.fixture
def sign_in(page: Page, site: Site) -> SignIn:
    """Sign an account in through the form."""

    def entered(account: Account) -> None:
        page.context.clear_cookies()  # of somebody else
        page.goto(f"{site.url}/sign-in")
        page.get_by_label("Surel").fill(account.email)
        page.get_by_label("Kata sandi").fill(PASSWORD)
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_url(f"{site.url}/")

    return entered


Look = Callable[[str, str], None]


@pytest.fixture
def look(page: Page, site: Site) -> Look:
    """Open an address on a desktop and on a phone: nothing may stick out sideways, and there is one h1."""

    def looked(path: str, name: str) -> None:
        page.goto(site.url + path)
        for size_name, size in (("phone", PHONE), ("desktop", DESKTOP)):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            _keep_picture(page, f"{name}-{size_name}")
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{path} is {wide} px too wide on a {size_name}"
            assert page.locator("h1").count() == 1

    return looked


def _keep_picture(page: Page, name: str) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        safe = re.sub(r"[^a-z0-9-]+", "-", name.lower())
        page.screenshot(path=Path(folder) / f"{safe}.png", full_page=True)


from tests.e2e.telephones import nurse, service_day, telephone  # noqa: E402, F401 - they use what stands above
