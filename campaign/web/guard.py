"""Stands before every view: who is it, may they, and one transaction for the request. What no table lists is closed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security.utils import check_and_update_authn_fresh

from campaign.accounts import policy
from campaign.accounts.policy import Actor, Grant, Permission
from campaign.errors import NotAllowed
from campaign.transaction import transaction
from campaign.web.addresses import own_path
from campaign.web.security import FRESH_FOR

View = Callable[..., Any]  # Flask allows a dozen kinds of answer

NOBODY = Actor(account_id=None)


def actor() -> Actor:
    """Return who acts in this request; nobody at all when not signed in."""
    if "actor" not in g:
        g.actor = _actor_of_session()
    found: Actor = g.actor
    return found


def _actor_of_session() -> Actor:
    if not current_user.is_authenticated:
        return NOBODY
    grants = tuple(Grant(grant.role, grant.area_code, grant.facility_id) for grant in current_user.grants)
    return Actor(account_id=current_user.account_id, grants=grants)


def forget() -> None:
    """Read the actor anew: the account signed in or out during this request."""
    g.pop("actor", None)


def may(permission: Permission | str) -> bool:
    """Tell whether whoever asks holds `permission` somewhere; templates show buttons by it."""
    return policy.may(actor(), Permission(permission))


def address(endpoint: str, **values: Any) -> str | None:
    """Return the address of a page for whoever may open it somewhere; None where it would be a closed door."""
    doors: Doors = current_app.extensions["doors"]
    permission = doors.permissions.get(endpoint)
    if permission is None or not may(permission):
        return None
    return url_for(endpoint, **values)


@dataclass(frozen=True, slots=True)
class Doors:
    """Which endpoint asks for what; an endpoint that is in none of them is closed."""

    permissions: Mapping[str, Permission]
    fresh: frozenset[str]  # asks for the password again after FRESH_FOR
    public: frozenset[str]


def stand_before(app: Flask, doors: Doors) -> None:
    """Put the guard in front of every view of `app`."""
    app.extensions["doors"] = doors
    for endpoint, view in app.view_functions.items():
        if endpoint in doors.permissions:
            permission, is_fresh = doors.permissions[endpoint], endpoint in doors.fresh
            app.view_functions[endpoint] = _signed_in(view, permission, must_be_fresh=is_fresh)
        elif endpoint == "static":
            continue
        elif endpoint in doors.public:
            app.view_functions[endpoint] = _open(view)
        else:
            app.view_functions[endpoint] = _closed(endpoint)


def _signed_in(view: View, permission: Permission, *, must_be_fresh: bool) -> View:
    @wraps(view)
    def guarded(**arguments: Any) -> ResponseReturnValue:
        if not current_user.is_authenticated:
            return redirect(url_for("signin.page", next=_next()))
        policy.require(actor(), permission)
        if must_be_fresh and not check_and_update_authn_fresh(FRESH_FOR, timedelta(0)):
            return redirect(url_for("signin.confirm", next=_next()))
        return _in_transaction(view, arguments)

    return guarded


def _next() -> str | None:
    """Return the address to come back to: a form that was sent cannot be sent again by itself, so its page."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")
    return own_path(came_from.path) if came_from.netloc == request.host else None


def _open(view: View) -> View:
    @wraps(view)
    def guarded(**arguments: Any) -> ResponseReturnValue:
        return _in_transaction(view, arguments)

    return guarded


def _closed(endpoint: str) -> View:
    def guarded(**_arguments: Any) -> ResponseReturnValue:
        raise NotAllowed(endpoint=endpoint)

    return guarded


def _in_transaction(view: View, arguments: dict[str, Any]) -> ResponseReturnValue:
    with transaction(current_app.extensions["send"]):
        answer: ResponseReturnValue = view(**arguments)
        return answer
