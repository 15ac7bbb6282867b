"""What stands before every view."""

from flask import Flask
from flask.testing import FlaskClient

from campaign import web
from campaign.accounts.roles import Role
from tests.web.conftest import Visit


def test_a_stranger_is_sent_to_sign_in_and_back(browser: FlaskClient) -> None:
    answer = browser.get("/password?x=1")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/password?x%3D1"


def test_a_role_without_the_permission_is_refused(visit: Visit) -> None:
    assert visit(Role.VIEWER).get("/accounts/").status_code == 403


def test_a_role_with_the_permission_enters(visit: Visit) -> None:
    assert visit(Role.VIEWER).get("/").status_code == 200


def test_every_endpoint_has_a_permission_or_is_public(whole_app: Flask) -> None:
    listed = set(web.permissions()) | web.PUBLIC
    assert set(whole_app.view_functions) == listed


def test_a_view_that_no_table_lists_is_closed(app: Flask) -> None:
    from campaign.web.guard import _closed  # the guard puts it where a row is missing

    other = Flask("other")
    other.add_url_rule("/x", "x", _closed("x"))
    other.register_error_handler(403, lambda e: ("", 403))
    from campaign.errors import NotAllowed

    other.register_error_handler(NotAllowed, lambda e: ("", 403))
    assert other.test_client().get("/x").status_code == 403


def test_every_answer_forbids_frames_and_foreign_scripts(browser: FlaskClient) -> None:
    headers = browser.get("/sign-in").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    policy = headers["Content-Security-Policy"].replace(
        "'wasm-unsafe-eval'", ""
    )  # lets WASM compile, evaluates no text
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
