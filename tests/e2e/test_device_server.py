"""The server dies in the middle of a sync, and comes back: a real server process, killed as a power cut would."""

import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import psycopg
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select

from campaign import clock
from campaign.accounts.policy import Grant
from campaign.accounts.roles import Role
from campaign.app import create_app
from campaign.attendance.device.models import DeviceResult, ResultState
from campaign.attendance.models import ServiceOutcome
from campaign.config import Settings
from campaign.db import db
from campaign.transaction import transaction
from tests.builders import attendance
from tests.builders.accounts import PASSWORD, make_account
from tests.builders.attendance import make_service_day
from tests.builders.processes import PROJECT, environment, kill, wait_until
from tests.e2e.conftest import PHONE
from tests.e2e.telephones import TEN, VISIT, no_network, send, set_up, unsent, whole_visit


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(settings: Settings, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the site under gunicorn, at ten in the morning of the service day."""
    command = [sys.executable, "-m", "gunicorn", "campaign.app:application()", "-b", f"127.0.0.1:{port}", "-w", "2"]
    with clock.standing_at(TEN), (settings.data_dir / "web.log").open("ab") as log:
        process = subprocess.Popen(
            [*command, "--no-control-socket"],
            env=environment(settings) | {"SEREMPAK_BASE_URL": f"http://127.0.0.1:{port}"},
            cwd=PROJECT,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until(lambda: answers(port))
        yield process
    finally:
        kill(process)


def answers(port: int) -> bool:
    with suppress(OSError):
        return bool(urllib.request.urlopen(f"http://127.0.0.1:{port}/device/hello", timeout=2).status == 200)
    return False


def test_a_server_killed_while_it_takes_a_batch_loses_nothing_and_counts_nothing_twice(
    own_database: Settings, port: int, chromium: Browser
) -> None:
    app = create_app(own_database, send=lambda job: None)
    with app.app_context():
        with clock.standing_at(TEN - timedelta(hours=2)), transaction(lambda job: None):
            day = make_service_day()
            attendance.expect(day).name = "Ibu Contoh 0"
            account = make_account(Grant(Role.FACILITY, facility_id=day.city.puskesmas.facility_id))
            email = account.email
        db.session.remove()
        db.engine.dispose()
    url = f"http://127.0.0.1:{port}"
    context = chromium.new_context(viewport=PHONE, locale="id-ID", timezone_id="Asia/Jakarta")  # type: ignore[arg-type]
    context.clock.install(time=TEN)
    page = context.new_page()
    dsn = own_database.owner_database_url.replace("postgresql+psycopg", "postgresql")
    with serving(own_database, port) as first:
        page.goto(f"{url}/sign-in?next=/day/")
        page.get_by_label("Surel").fill(email)
        page.get_by_label("Kata sandi").fill(PASSWORD)
        page.get_by_role("button", name="Masuk").click()
        set_up(page)
        with psycopg.connect(dsn) as other:
            with no_network(page):
                whole_visit(page, 0)
                # Somebody holds the device's lock before the network is back: the batch is being taken, and cannot be
                # finished.
                other.execute("SELECT pg_advisory_xact_lock(hashtextextended('device:1', 0))")
            page.get_by_role("button", name="belum terkirim").click()
            wait_until(lambda: waits_for_the_lock(dsn))
            kill(first)
    expect(page.get_by_text("Tanpa jaringan")).to_be_visible()
    unsent(page, VISIT)
    with serving(own_database, port):
        send(page)
    context.close()
    with app.app_context(), transaction(lambda job: None):
        found = dict(db.session.execute(select(DeviceResult.state, func.count()).group_by(DeviceResult.state)).all())
        assert found == {ResultState.APPLIED: VISIT}
        assert db.session.scalar(select(func.count()).select_from(ServiceOutcome)) == 1
    with app.app_context():
        db.engine.dispose()


def waits_for_the_lock(dsn: str) -> bool:
    with psycopg.connect(dsn) as asking:
        row = asking.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        ).fetchone()
    return bool(row and row[0])
