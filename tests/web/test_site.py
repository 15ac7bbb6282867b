"""What holds on every page: CSRF, language, errors."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import DataError

from campaign.accounts.models import Account
from campaign.accounts.roles import Role
from campaign.app import create_app
from campaign.audit import AuditEntry
from campaign.config import Settings
from campaign.db import db
from campaign.errors import Conflict, Invalid, Mistake, NotAllowed, NotFound, Unavailable
from campaign.web import errors
from tests.builders.accounts import PASSWORD, make_user
from tests.web.conftest import Visit

Arranging = Callable[[], Any]


@pytest.fixture
def guarded(browser: FlaskClient, app: Flask) -> Iterator[FlaskClient]:
    """A browser that must send the secret of its forms."""
    app.config["WTF_CSRF_ENABLED"] = True
    return app.test_client()


def test_a_form_without_its_secret_is_refused(guarded: FlaskClient) -> None:
    for address in ("/sign-in", "/sign-out", "/language"):
        answer = guarded.post(address, data={"email": "a@contoh.test", "password": "x", "language": "en"})
        assert (address, answer.status_code) == (address, 400)
        assert "form-expired" in answer.text


def test_a_form_with_its_secret_is_taken(guarded: FlaskClient, arranging: Arranging) -> None:
    with arranging():
        email = make_user(Role.VIEWER).email
    secret = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', guarded.get("/sign-in").text)
    assert secret is not None
    data = {"email": email, "password": PASSWORD, "csrf_token": secret[1]}
    assert guarded.post("/sign-in", data=data).location == "/"


def test_a_stranger_reads_indonesian_until_the_cookie_says_english(browser: FlaskClient) -> None:
    assert '<html lang="id">' in browser.get("/sign-in", headers={"Accept-Language": "en"}).text
    answer = browser.post("/language", data={"language": "en", "next": "/sign-in"})
    assert answer.location == "/sign-in"
    assert '<html lang="en">' in browser.get("/sign-in").text


def test_an_account_keeps_its_language(visit: Visit) -> None:
    client = visit(Role.VIEWER)
    client.post("/language", data={"language": "en", "next": "/"})
    client.delete_cookie("language")
    assert '<html lang="en">' in client.get("/").text
    assert db.session.query(Account).one().language == "en"


def test_a_language_we_do_not_speak_changes_nothing(browser: FlaskClient) -> None:
    browser.post("/language", data={"language": "xx", "next": "https://elsewhere.test"})
    assert '<html lang="id">' in browser.get("/sign-in").text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Invalid((Mistake("email", "email-taken"),)), 422),
        (NotFound(thing_id=1), 404),
        (NotAllowed(), 403),
        (Conflict(), 409),
        (Unavailable(), 503),
    ],
)
def test_an_error_is_a_page_for_people_and_json_for_programs(app: Flask, error: Any, status: int) -> None:
    with app.test_request_context("/", headers={"Accept": "text/html"}):
        page, page_status = errors.campaign_error(error)  # type: ignore[misc]
    with app.test_request_context("/", headers={"Accept": "application/json"}):
        answer, json_status = errors.campaign_error(error)  # type: ignore[misc]
    assert (page_status, json_status, answer.json["code"]) == (status, status, error.code)
    assert error.code in page
    assert page.count("<h1>") == 1


@pytest.mark.parametrize("status", sorted(errors.KNOWN))
def test_every_status_says_what_to_do(app: Flask, status: int) -> None:
    with app.test_request_context("/"):
        page, _status = errors._answer(status, f"http-{status}")  # type: ignore[misc]
    assert "btn-primary" in page


def test_an_unexpected_error_shows_nothing_of_the_inside(app: Flask) -> None:
    with app.test_request_context("/"):
        page, status = errors.unexpected(ValueError("rahasia"))  # type: ignore[misc]
    assert (status, "rahasia" in page) == (500, False)


def test_the_service_says_that_it_is_alive(browser: FlaskClient) -> None:
    assert browser.get("/alive").text == "ok\n"


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_stopped_database_is_a_503_page_for_whoever_is_signed_in_and_for_strangers(
    own_database: Settings, *, signed_in: bool
) -> None:
    gone = replace(own_database, database_url="postgresql+psycopg://nobody@127.0.0.1:1/gone")
    app = create_app(gone, send=lambda job: None)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    if signed_in:
        with client.session_transaction() as session:
            session.update(_user_id="somebody", _fresh=True)
    answer = client.get("/") if signed_in else client.post("/sign-in", data={"email": "a@b.test", "password": "x"})
    assert answer.status_code == 503
    assert "http-503" in answer.text


@pytest.mark.parametrize("number", [2**63, 10**30])
def test_an_id_that_no_row_can_have_is_not_found(visit: Visit, number: int) -> None:
    assert visit(Role.VIEWER).get(f"/campaigns/{number}").status_code == 404


def test_the_largest_possible_id_is_merely_unknown(visit: Visit) -> None:
    assert visit(Role.VIEWER).get(f"/campaigns/{2**63 - 1}").status_code == 404


def test_a_refusal_is_in_the_audit_trail(visit: Visit) -> None:
    client = visit(Role.VIEWER)
    assert client.get("/candidates/7").status_code == 403
    entry = db.session.query(AuditEntry).filter_by(action="refuse").one()
    account = db.session.query(Account).one()
    assert (entry.account_id, entry.facts) == (account.account_id, {"endpoint": "candidates.page", "campaign_id": 7})


def test_a_number_too_large_for_its_column_is_a_mistake_of_the_form(app: Flask) -> None:
    with app.test_request_context("/"):
        _page, status = errors.out_of_range(DataError("", {}, ValueError()))  # type: ignore[misc]
    assert status == 422
