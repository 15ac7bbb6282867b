"""HTTP only: parse, call one use-case, answer.

To add an area of the site:
1. Write campaign/web/<area>.py with `blueprint = Blueprint("<area>", __name__)` and thin views that take the actor
   from guard.actor(). The guard runs each view in one transaction: a view never commits, an exception undoes all.
2. Add one row to its table in campaign/web/doors/: under which address it lives, and for EACH view function which
   Permission opens it. A function that has no row is closed to everybody, and a rule test fails.
3. Templates extend base.html and live in templates/<area>/; their pieces come from templates/_macros/. A form is a
   forms.Form; call its use-case inside `with forms.attempt(form) as attempt:` (see forms.py).
"""

from flask import Flask

from campaign.accounts.policy import Permission
from campaign.web import addresses, errors, guard, headers, locale, menu, security, views
from campaign.web.doors import AREAS

# Open to everybody, signed in or not.
PUBLIC = frozenset(
    {
        "static",
        "day.app_file",
        "day.manifest",
        "day.page",
        "day.worker",
        "day.words",
        "device.hello",
        "health.alive",
        "locale.switch",
        "signin.enter",
        "signin.leave",
        "signin.page",
        "signin.set_password",
        "verification.page",
        "replying.page",
        "replying.answer",
        "replying.entry",
        "replying.feed",
    }
)


def init_app(app: Flask) -> None:
    """Attach the site to the application."""
    addresses.init_app(app)
    security.init_app(app)
    locale.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    views.init_app(app)
    for area in AREAS:
        app.register_blueprint(area.module.blueprint, url_prefix=area.url_prefix)
    menu.init_app(app, tuple(entry for area in AREAS for entry in area.menu), permissions())
    guard.stand_before(app, guard.Doors(permissions(), _fresh(), PUBLIC))


def permissions() -> dict[str, Permission]:
    """Return which permission opens each endpoint."""
    return {
        f"{area.module.blueprint.name}.{name}": permission
        for area in AREAS
        for name, permission in area.endpoints.items()
    }


def _fresh() -> frozenset[str]:
    return frozenset(f"{area.module.blueprint.name}.{name}" for area in AREAS for name in area.fresh)
