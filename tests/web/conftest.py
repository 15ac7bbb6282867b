"""Browsers without a browser: a client that behaves like one, signed in as whoever a test needs.

def test_planner_sees_the_board(visit: Visit) -> None:
    with arranging(): campaign = make_campaign(...)
    page = visit(Role.PLANNER).get(f"/campaigns/{campaign.campaign_id}")
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.accounts.models import Account
from campaign.accounts.roles import Role
from campaign.jobs import Job
from campaign.transaction import transaction
from tests.builders.accounts import make_user


class Browser(FlaskClient):
    """A client whose every request has an application context of its own, as on a server."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; what one request remembers, the next does not."""
        with self.application.app_context():
            return super().open(*args, **kwargs)


class Visit(Protocol):
    """Opens a browser signed in with one role; without one, nobody is signed in."""

    def __call__(
        self, role: Role | None = None, *, area_code: str | None = None, facility_id: int | None = None
    ) -> FlaskClient: ...


@pytest.fixture
def browser(app: Flask) -> Iterator[FlaskClient]:
    """Nobody signed in. CSRF is off: test_csrf.py has it on."""
    app.test_client_class = Browser
    app.config["WTF_CSRF_ENABLED"] = False
    yield app.test_client()
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def arranging(app: Flask, sent: list[Job]) -> Callable[[], Any]:
    """Rows that the request will find: `with arranging(): make_…()`."""
    return lambda: transaction(sent.append)


@pytest.fixture
def visit(browser: FlaskClient, app: Flask, arranging: Callable[[], Any]) -> Visit:
    """Open a browser signed in with one role somewhere."""

    def opened(
        role: Role | None = None, *, area_code: str | None = None, facility_id: int | None = None
    ) -> FlaskClient:
        client = app.test_client()
        if role is not None:
            with arranging():
                account = make_user(role, area_code, facility_id)
                sign_in(client, account)
        return client

    return opened


def sign_in(client: FlaskClient, account: Account) -> None:
    """Sign `account` in without typing its password."""
    with client.session_transaction() as session:
        session.update(_user_id=account.fs_uniquifier, _fresh=True, fs_paa=time.time())
