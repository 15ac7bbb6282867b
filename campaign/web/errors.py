"""Errors as pages, or as JSON for programs: what happened, and what to do now. Facts carry ids only."""

import logging

from flask import Flask, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from campaign import audit, i18n
from campaign.errors import CampaignError, Invalid, NotAllowed
from campaign.privacy import Untold
from campaign.transaction import transaction
from campaign.web import guard

log = logging.getLogger(__name__)

# Statuses with a page of their own in templates/errors/page.html; others use the words of their family.
KNOWN = frozenset({400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503})


def init_app(app: Flask) -> None:
    """Answer every error of the application."""
    app.register_error_handler(CampaignError, campaign_error)
    app.register_error_handler(CSRFError, csrf_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OperationalError, database_away)
    app.register_error_handler(InterfaceError, database_away)
    app.register_error_handler(DataError, out_of_range)
    app.register_error_handler(Exception, unexpected)


def campaign_error(error: CampaignError) -> ResponseReturnValue:
    """Answer an error that a use-case raised on purpose."""
    if isinstance(error, NotAllowed):
        _note_refusal()
    if wants_json():
        mistakes = [
            {"where": m.where, "code": m.code, "facts": m.facts, "text": i18n.error_text(m.code, m.facts)}
            for m in (error.mistakes if isinstance(error, Invalid) else ())
        ]
        body = {"code": error.code, "facts": error.facts, "text": i18n.error_text(error.code, error.facts)}
        return jsonify(body | {"mistakes": mistakes}), error.status
    return _page(error.status, error.code, error)


def _note_refusal() -> None:
    """Keep in the trail who knocked at a door that is closed to them; the request itself was undone."""
    who = guard.actor()
    if who.account_id is None:
        return
    ids = {name: value for name, value in (request.view_args or {}).items() if isinstance(value, int)}
    with transaction(current_app.extensions["send"]):
        audit.record(who, "refuse", ("account", who.account_id), endpoint=request.endpoint, **ids)


def database_away(error: OperationalError | InterfaceError) -> ResponseReturnValue:
    """Answer while the database is stopped or too busy: nothing was written, the same request may come again."""
    log.error("database does not answer", extra={"endpoint": request.endpoint})
    # The page must not ask the database who reads it.
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
    g.actor = guard.NOBODY
    return _answer(503, "http-503")


def out_of_range(error: DataError) -> ResponseReturnValue:
    """Answer a number too large for its column, or a character that no text can hold."""
    return _answer(422, "http-422")


def csrf_error(error: CSRFError) -> ResponseReturnValue:
    """Answer a form whose secret is missing or old: most often a session that ended."""
    return _answer(400, "form-expired")


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer what the framework refused; redirects and other non-errors pass."""
    status = error.code or 500
    if status < 400:
        return error.get_response()
    return _answer(status, f"http-{status}" if status in KNOWN else ("http-400" if status < 500 else "http-500"))


def unexpected(error: Exception) -> ResponseReturnValue:
    """Answer a mistake of ours; the log has the trace, the page does not."""
    log.error("request failed", extra={"endpoint": request.endpoint}, exc_info=Untold(error))
    return _answer(500, "http-500")


def _answer(status: int, code: str) -> ResponseReturnValue:
    if wants_json():
        return jsonify({"code": code, "facts": {}, "text": i18n.error_text(code), "mistakes": []}), status
    return _page(status, code, None)


def _page(status: int, code: str, error: CampaignError | None) -> ResponseReturnValue:
    page = render_template(
        "errors/page.html",
        status=status,
        advice=status if status in KNOWN else (400 if status < 500 else 500),
        code=code,
        facts=error.facts if error else {},
        mistakes=error.mistakes if isinstance(error, Invalid) else (),
    )
    return page, status


def wants_json() -> bool:
    """Tell whether a program asks rather than a browser."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or best == "application/json"
