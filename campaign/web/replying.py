"""What opens without signing in, to whoever holds the address: a personal link, its calendar file, a calendar."""

from uuid import uuid4

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from campaign import i18n
from campaign.config import Settings
from campaign.errors import Conflict, Invalid
from campaign.outreach import feeds, links, replies
from campaign.outreach.dispatch_models import Answer
from campaign.outreach.replies import Card, NewReply
from campaign.web import days

blueprint = Blueprint("replying", __name__)


@blueprint.get("/u/<token>")
def page(token: str) -> ResponseReturnValue:
    """Show place and time and what can be answered. Nothing changes by looking: messengers look at links too."""
    found = _found(token)
    return found if isinstance(found, Response) else _show(found, token)


@blueprint.post("/u/<token>")
def answer(token: str) -> ResponseReturnValue:
    """Take an answer and show how it stands now."""
    found = _found(token)
    if isinstance(found, Response):
        return found
    given = request.form.get("answer", "")
    if given not in {one.value for one in Answer}:
        return _show(found, token, "answer-not-possible")
    new = NewReply(_key(), Answer(given), days.day_or_none(request.form.get("wished_on")))
    try:
        replies.answer_by_link(token, new)
    except (Conflict, Invalid) as error:
        return _show(found, token, error.code)
    return redirect(url_for("replying.page", token=token, _anchor="done"), 303)


@blueprint.get("/u/<token>/janji.ics")
def entry(token: str) -> ResponseReturnValue:
    """Give the appointment as a file for a calendar."""
    found = _found(token)
    if isinstance(found, Response):
        return found
    settings: Settings = current_app.extensions["serempak"]
    return _calendar(replies.calendar_entry(token, settings.base_url))


@blueprint.get("/calendar/<token>.ics")
def feed(token: str) -> ResponseReturnValue:
    """Give the sessions behind an address to a calendar program."""
    return _calendar(feeds.feed(token))


def _found(token: str) -> Card | Response:
    """Return what the link opens, or the page that says why nothing."""
    address = request.remote_addr or ""
    if links.has_missed_too_often(address):
        return _private(render_template("replying/nothing.html", code="too-many-links"), 429)
    found = replies.card(token)
    if found is None:
        links.count_miss(address)
        return _private(render_template("replying/nothing.html", code="unknown-link"), 404)
    return found


def _show(card: Card, token: str, code: str | None = None) -> Response:
    with i18n.with_locale(card.language):
        text = render_template("replying/page.html", card=card, token=token, code=code, key=uuid4().hex)
    return _private(text, 200 if code is None else 409)


def _key() -> str:
    """Return the key that was drawn with the form; pressing twice is answering once."""
    given = request.form.get("key", "")
    return given if len(given) == 32 and given.isalnum() else uuid4().hex


def _private(text: str, status: int) -> Response:
    """Answer with a page that no search engine keeps and that tells its address to nobody."""
    made = make_response(text, status)
    made.headers["X-Robots-Tag"] = "noindex, nofollow"
    made.headers["Referrer-Policy"] = "no-referrer"
    return made


def _calendar(content: bytes) -> Response:
    made = make_response(content)
    made.headers["Content-Type"] = "text/calendar; charset=utf-8"
    made.headers["X-Robots-Tag"] = "noindex, nofollow"
    made.headers["Referrer-Policy"] = "no-referrer"
    return made
