"""Sign-in kept by Flask-Security-Too: sessions, password hashes (argon2), freshness; and CSRF on every form."""

from datetime import timedelta

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from campaign.accounts.models import Account, RoleGrant
from campaign.config import Settings
from campaign.db import db

# A working day: a midwife signs in once in the morning.
SESSION_HOURS = 12
# Managing accounts or changing a password asks for the password again after this long.
FRESH_FOR = timedelta(minutes=30)


def init_app(app: Flask) -> None:
    """Attach the session, without the library's own pages: signin.py has ours, inside the guard's transaction."""
    settings: Settings = app.extensions["serempak"]
    # __Host-: no other host of the domain can plant the cookie. Browsers accept the prefix only over TLS.
    prefix = "__Host-" if settings.is_https else ""
    app.config.update(
        SESSION_COOKIE_NAME=f"{prefix}serempak",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=SESSION_HOURS),
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a scheme
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_PASSWORD_SINGLE_HASH=True,  # accounts/passwords.py makes the hashes
        SECURITY_PASSWORD_SALT=settings.secret_key,
        SECURITY_FRESHNESS=FRESH_FOR,
        SECURITY_FRESHNESS_GRACE_PERIOD=timedelta(0),
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"email": {"mapper": str, "case_insensitive": True}}],
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form may lie open over lunch
        WTF_CSRF_SSL_STRICT=settings.is_https,
    )
    if settings.proxies:  # who asks, and whether by TLS, is what the proxies say
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    CSRFProtect(app)
    # The library looks at no role: guard.py does.
    Security(app, SQLAlchemyUserDatastore(db, Account, RoleGrant), register_blueprint=False)  # type: ignore[arg-type]
    # A phone changes its address all day: a new one makes the session stale, it does not end it.
    app.login_manager.session_protection = "basic"  # type: ignore[attr-defined]
