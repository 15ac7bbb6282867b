"""Each page opens to the roles that hold its permission, and to nobody else."""

import pytest
from flask import Flask

from campaign import web
from campaign.accounts.policy import ROLES
from campaign.accounts.roles import Role
from tests.web.conftest import Visit


def _plain_pages(app: Flask) -> list[tuple[str, str]]:
    """Address and endpoint of every page that needs no argument."""
    return [
        (rule.rule, rule.endpoint)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and rule.endpoint in web.permissions()
        # A stream goes on for half a minute: test_live_pages.py opens it and lets it go.
        and rule.endpoint != "live.stream"
    ]


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_its_pages_and_no_others(whole_app: Flask, visit: Visit, role: Role) -> None:
    client = visit(role)
    for address, endpoint in _plain_pages(whole_app):
        answer = client.get(address)
        allowed = web.permissions()[endpoint] in ROLES[role]
        # 302: a page that chooses the only campaign there is; 422: one that waits for its query
        assert (answer.status_code in (200, 302, 404, 422)) if allowed else answer.status_code == 403, endpoint


def test_a_stranger_opens_nothing(whole_app: Flask, visit: Visit) -> None:
    client = visit()
    for address, endpoint in _plain_pages(whole_app):
        answer = client.get(address)
        assert answer.status_code == 302, endpoint
        assert "/sign-in" in answer.location, endpoint
