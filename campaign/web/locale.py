"""Which language a page is in: the account's, else the cookie's, else Indonesian."""

from flask import Blueprint, Flask, current_app, has_request_context, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_login import current_user

from campaign import clock
from campaign.accounts import services as accounts
from campaign.config import Settings
from campaign.web import guard
from campaign.web.addresses import own_path

blueprint = Blueprint("locale", __name__)

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
COOKIE = "language"
COOKIE_SECONDS = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Attach Babel and the switch."""
    Babel(
        app,
        default_locale="id",
        default_timezone=clock.zone().key,
        default_translation_directories="translations",
        locale_selector=language,
    )
    app.jinja_env.globals.update(LANGUAGES=LANGUAGES, language=language)


def language() -> str:
    """Return the language of this request; workers and commands set their own with i18n.with_locale."""
    if not has_request_context():
        return "id"
    chosen = current_user.language if current_user and current_user.is_authenticated else request.cookies.get(COOKIE)
    return chosen if chosen in LANGUAGES else "id"


@blueprint.post("/language")
def switch() -> ResponseReturnValue:
    """Change the language, for the account if one is signed in, and go back to the page."""
    chosen = request.form.get("language", "")
    answer = redirect(own_path(request.form.get("next")) or url_for("home.page"))
    if chosen in LANGUAGES:
        if current_user.is_authenticated:
            accounts.choose_language(guard.actor(), chosen)
        settings: Settings = current_app.extensions["serempak"]
        answer.set_cookie(
            COOKIE, chosen, max_age=COOKIE_SECONDS, secure=settings.is_https, httponly=True, samesite="Lax"
        )
    return answer
