"""Signing in and out, and one's own password, as a browser meets them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask.testing import FlaskClient

from campaign.accounts import access
from campaign.accounts.models import Account
from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.app import create_app
from campaign.config import Settings
from campaign.db import db
from campaign.transaction import transaction
from tests.builders.accounts import PASSWORD, make_user
from tests.web.conftest import Visit, sign_in

Arranging = Callable[[], Any]
NEW_PASSWORD = "gunung tinggi sekali"


def enter(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def test_signing_in_leads_to_the_page_one_wanted(browser: FlaskClient, arranging: Arranging) -> None:
    with arranging():
        email = make_user(Role.VIEWER).email
    answer = enter(browser, email, next="/password")
    assert (answer.status_code, answer.location) == (302, "/password")
    assert browser.get("/").status_code == 200


def test_signing_in_never_leads_to_another_site(browser: FlaskClient, arranging: Arranging) -> None:
    with arranging():
        email = make_user(Role.VIEWER).email
    for address in ("https://elsewhere.test/", "//elsewhere.test", "/\\elsewhere.test", "/\t/elsewhere.test"):
        assert enter(browser, email, next=address).location == "/"


def test_a_wrong_password_comes_back_with_the_address_but_not_the_password(
    browser: FlaskClient, arranging: Arranging
) -> None:
    with arranging():
        email = make_user(Role.VIEWER).email
    answer = enter(browser, email, "salah sekali ini")
    assert answer.status_code == 422
    assert email in answer.text
    assert "salah sekali ini" not in answer.text


def test_refusals_are_counted_although_the_page_says_no(browser: FlaskClient, arranging: Arranging) -> None:
    with arranging():
        email = make_user(Role.VIEWER).email
    statuses = [enter(browser, email, "salah sekali ini").status_code for _try in range(access.MAX_PAIR + 1)]
    assert statuses == [422] * access.MAX_PAIR + [429]


def test_the_session_cookie_is_not_for_scripts_and_not_for_other_sites(
    browser: FlaskClient, arranging: Arranging
) -> None:
    with arranging():
        email = make_user(Role.VIEWER).email
    cookie = enter(browser, email).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_signing_out_is_a_post_and_ends_the_session(visit: Visit) -> None:
    client = visit(Role.VIEWER)
    assert client.get("/sign-out").status_code == 405
    client.post("/sign-out")
    assert client.get("/").status_code == 302


def test_a_closed_account_is_out_at_its_next_click(browser: FlaskClient, arranging: Arranging) -> None:
    with arranging():
        account = make_user(Role.VIEWER)
        sign_in(browser, account)
        account_id = account.account_id
    assert browser.get("/").status_code == 200
    with arranging():
        db.session.get_one(Account, account_id).active = False
    assert browser.get("/").status_code == 302


def test_changing_the_password_ends_the_other_sessions(
    browser: FlaskClient, visit: Visit, arranging: Arranging
) -> None:
    other = visit()
    with arranging():
        account = make_user(Role.VIEWER)
        sign_in(browser, account)
        sign_in(other, account)
    answer = browser.post("/password", data={"old_password": PASSWORD, "password": NEW_PASSWORD, "key": "0" * 32})
    assert answer.status_code == 302
    assert browser.get("/").status_code == 200
    assert other.get("/").status_code == 302


def test_the_old_password_is_asked_and_the_new_one_is_judged(visit: Visit) -> None:
    client = visit(Role.VIEWER)
    wrong = client.post("/password", data={"old_password": "bukan yang ini", "password": NEW_PASSWORD, "key": "0" * 32})
    short = client.post("/password", data={"old_password": PASSWORD, "password": "pendek", "key": "0" * 32})
    assert (wrong.status_code, short.status_code) == (422, 422)
    assert 'id="password-mistake"' in short.text


def test_a_set_password_link_lets_its_owner_in_once(browser: FlaskClient, visit: Visit, arranging: Arranging) -> None:
    with arranging():
        token = access.set_password_link(SYSTEM, make_user(Role.VIEWER).account_id)
    assert browser.get(f"/set-password/{token}").status_code == 200
    answer = browser.post(f"/set-password/{token}", data={"password": NEW_PASSWORD, "key": "0" * 32})
    assert answer.location == "/"
    assert browser.get("/").status_code == 200
    assert visit().get(f"/set-password/{token}").status_code == 404


def test_behind_a_proxy_each_caller_is_counted_for_itself(own_database: Settings, frozen_clock: None) -> None:
    app = create_app(replace(own_database, proxies=1), send=lambda job: None)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    with app.app_context(), transaction(lambda job: None):
        email = make_user(Role.VIEWER).email

    def guess(caller: str) -> int:
        data = {"email": email, "password": "salah sekali ini"}
        return client.post("/sign-in", data=data, headers={"X-Forwarded-For": caller}).status_code

    assert [guess("198.51.100.7") for _try in range(access.MAX_PAIR + 1)][-1] == 429
    assert guess("203.0.113.9") == 422
