"""HTTP only: parse, call one use-case, answer.

To add an area of the site:
1. Write campaign/web/<area>.py with `blueprint = Blueprint("<area>", __name__)` and thin views that take the actor
   from guard.actor(). The guard runs each view in one transaction: a view never commits, an exception undoes all.
2. Import the module here and add one row to AREAS: under which address it lives, and for EACH view function which
   Permission opens it. A function that has no row is closed to everybody, and a rule test fails.
3. Templates extend base.html and live in templates/<area>/; their pieces come from templates/_macros/. A form is a
   forms.Form; call its use-case inside `with forms.attempt(form) as attempt:` (see forms.py).
"""

from dataclasses import dataclass
from types import ModuleType

from flask import Flask
from flask_babel import lazy_gettext as _

from campaign.accounts.policy import Permission
from campaign.web import (
    accounts,
    addresses,
    arrivals,
    attendance,
    audit,
    campaign_ends,
    campaigns,
    candidates,
    conditions,
    counts,
    day,
    device,
    dispatch,
    documents,
    errors,
    field,
    guard,
    headers,
    health,
    home,
    imports,
    invitations,
    letters,
    live,
    locale,
    matters,
    meetings,
    menu,
    movements,
    picks,
    plan_edits,
    plan_questions,
    plans,
    registry,
    replying,
    reports,
    requests,
    security,
    signin,
    sop,
    steps,
    supply,
    tally,
    targets,
    verification,
    views,
)
from campaign.web.menu import Menu


@dataclass(frozen=True, slots=True)
class Area:
    """One area of the site: its blueprint, its address, and the permission that opens each of its views."""

    module: ModuleType  # has `blueprint`
    url_prefix: str
    endpoints: dict[str, Permission]  # function name -> permission; the use-case checks the place
    menu: tuple[Menu, ...] = ()  # entries of the main menu, shown to whoever may open them
    fresh: frozenset[str] = frozenset()  # functions that ask for the password again when the last time is long ago


AREAS: tuple[Area, ...] = (
    Area(home, "/", {"page": Permission.SEE_HOME}, (Menu("home.page", _("Beranda"), "house"),)),
    Area(
        campaigns,
        "/campaigns",
        {
            "list_all": Permission.SEE_CAMPAIGNS,
            "page": Permission.SEE_CAMPAIGNS,
            "new": Permission.EDIT_CAMPAIGN,
            "edit": Permission.EDIT_CAMPAIGN,
        },
        (Menu("campaigns.list_all", _("Kampanye"), "calendar2-week"),),
    ),
    Area(
        targets,
        "/campaigns",
        {"page": Permission.EDIT_CAMPAIGN, "split": Permission.EDIT_CAMPAIGN, "kelurahan": Permission.EDIT_CAMPAIGN},
    ),
    Area(
        campaign_ends,
        "/campaigns",
        {"page": Permission.SEE_CAMPAIGNS, "close": Permission.EDIT_CAMPAIGN, "cancel": Permission.EDIT_CAMPAIGN},
    ),
    Area(
        plans,
        "/plans",
        {
            "new": Permission.PLAN,
            "page": Permission.SEE_CAMPAIGNS,
            "state": Permission.SEE_CAMPAIGNS,
            "versions": Permission.SEE_CAMPAIGNS,
            "compare": Permission.SEE_CAMPAIGNS,
            "stop": Permission.PLAN,
            "on_map": Permission.SEE_CAMPAIGNS,
            "facility_day": Permission.SEE_CAMPAIGNS,
            "approve": Permission.APPROVE_PLAN,
            "problem_document": Permission.PLAN,  # groups can be as small as one person
            "plan_document": Permission.PLAN,
            "pins_document": Permission.PLAN,
        },
    ),
    Area(
        plan_edits,
        "/plans",
        {"start": Permission.PLAN, "page": Permission.PLAN, "change": Permission.PLAN, "repair": Permission.PLAN},
    ),
    Area(
        plan_questions,
        "/plans",
        {
            "prices": Permission.PLAN,
            "ask_prices": Permission.PLAN,
            "ask_why": Permission.PLAN,
            "page": Permission.PLAN,
            "state": Permission.PLAN,
        },
    ),
    Area(
        invitations,
        "/invitations",
        dict.fromkeys(
            ("page", "settle", "anew", "stop", "resume", "tell", "appointments", "change", "extra", "invite_extra"),
            Permission.INVITE,
        ),
    ),
    Area(
        dispatch,
        "/dispatch",
        {
            "rules": Permission.EDIT_REGISTRY,
            "all_texts": Permission.EDIT_REGISTRY,
            "text": Permission.EDIT_REGISTRY,
            "restore": Permission.EDIT_REGISTRY,
            "turnout": Permission.EDIT_REGISTRY,
            "calendars": Permission.INVITE,
            "close_calendar": Permission.INVITE,
        },
        (Menu("dispatch.rules", _("Pesan"), "envelope"),),
    ),
    Area(replying, "/", {}),
    Area(
        steps,
        "/campaigns",
        {
            "page": Permission.SEE_CAMPAIGNS,
            "start": Permission.EDIT_CAMPAIGN,
            "drop": Permission.EDIT_CAMPAIGN,
            "step": Permission.SEE_CAMPAIGNS,
            "take_back": Permission.SEE_CAMPAIGNS,
            "download": Permission.SEE_DOCUMENTS,
        },
    ),
    Area(
        candidates,
        "/candidates",
        {"choose": Permission.SEE_CANDIDATES, "page": Permission.SEE_CANDIDATES},
        (Menu("candidates.choose", _("Calon"), "person-lines-fill"),),
    ),
    Area(
        movements,  # carries the blueprint of stock.py: what to look at and what to do, one area
        "/stock",
        {
            "page": Permission.SEE_STOCK,
            "card": Permission.SEE_STOCK,
            "documents": Permission.SEE_STOCK,
            "document": Permission.SEE_STOCK,
            "export": Permission.SEE_STOCK,
            "receive": Permission.MOVE_STOCK,
            "waiting": Permission.MOVE_STOCK,
            "issue": Permission.MOVE_STOCK,
            "to_order": Permission.ORDER_STOCK,
            "order_all": Permission.ORDER_STOCK,
            "order": Permission.ORDER_STOCK,
            "reverse": Permission.SEE_STOCK,  # whoever wrote a kind of document at a place: the use-case knows
            "withdraw": Permission.ORDER_STOCK,
            "verify": Permission.MOVE_STOCK,
            "returns": Permission.USE_STOCK,
            "give_back": Permission.USE_STOCK,
        }
        | supply.DOORS
        | picks.DOORS,
        (Menu("stock.page", _("Persediaan"), "box-seam"),),
    ),
    Area(
        arrivals,
        "/stock/arrivals",
        {
            "page": Permission.SEE_STOCK,
            "arrive": Permission.SEE_STOCK,  # a warehouse that scans its own SBBK sees the document
            "unsettled": Permission.MOVE_STOCK,
            "settle": Permission.MOVE_STOCK,
        },
    ),
    Area(
        conditions,  # whoever keeps a place, the warehouse or the facility itself: the use-case asks which
        "/stock/conditions",
        {"page": Permission.SEE_STOCK, "change": Permission.SEE_STOCK, "transfer": Permission.SEE_STOCK},
    ),
    Area(
        counts,
        "/stock/counts",
        {
            "page": Permission.SEE_STOCK,
            "sheet": Permission.SEE_STOCK,
            "review": Permission.SEE_STOCK,
            "explain": Permission.SEE_STOCK,
            "post": Permission.SEE_STOCK,
            "drop": Permission.SEE_STOCK,
        },
    ),
    Area(
        requests,
        "/stock/requests",
        {
            "page": Permission.SEE_STOCK,
            "new": Permission.USE_STOCK,
            "order": Permission.ORDER_STOCK,
            "refuse": Permission.ORDER_STOCK,
        },
    ),
    Area(
        attendance,
        "/attendance",
        {
            "today": Permission.RECORD_ATTENDANCE,
            "page": Permission.RECORD_ATTENDANCE,
            "search": Permission.RECORD_ATTENDANCE,
            "enter": Permission.RECORD_ATTENDANCE,
            "walk_in": Permission.RECORD_ATTENDANCE,
            "visit": Permission.RECORD_ATTENDANCE,
            "screening": Permission.SCREEN,
            "outcome": Permission.RECORD_ATTENDANCE,
            "ask_list": Permission.RECORD_ATTENDANCE,
            "download": Permission.RECORD_ATTENDANCE,
            "close": Permission.RECORD_ATTENDANCE,
        },
        (Menu("attendance.today", _("Kehadiran"), "person-check"),),
    ),
    Area(
        matters,
        "/attendance",
        {
            "page": Permission.RECORD_ATTENDANCE,
            "decide": Permission.RECORD_ATTENDANCE,
            "revoke": Permission.RECORD_ATTENDANCE,
        },
    ),
    Area(day, "/day", {}),  # its files are open to everybody: they name nobody
    Area(
        device,
        "/device",
        {
            "register": Permission.RECORD_ATTENDANCE,
            "unlock": Permission.RECORD_ATTENDANCE,
            "day": Permission.RECORD_ATTENDANCE,
            "news": Permission.RECORD_ATTENDANCE,
            "take_events": Permission.RECORD_ATTENDANCE,
        },
    ),
    Area(
        tally,
        "/tally",
        {"choose": Permission.SEE_CAMPAIGNS, "page": Permission.SEE_CAMPAIGNS, "sign": Permission.SIGN_RESULTS},
        (Menu("tally.choose", _("Rekapitulasi"), "bar-chart"),),
    ),
    Area(
        reports,
        "/reports",
        {
            "choose": Permission.SEE_CAMPAIGNS,
            "page": Permission.SEE_CAMPAIGNS,
            "ask": Permission.SEE_DOCUMENTS,
            "download": Permission.SEE_DOCUMENTS,
        },
        (Menu("reports.choose", _("Laporan"), "file-earmark-text"),),
    ),
    Area(
        documents,
        "/documents",
        {
            "page": Permission.SEE_DOCUMENTS,
            "download": Permission.SEE_DOCUMENTS,
            "again": Permission.SEE_DOCUMENTS,
            "office_page": Permission.EDIT_REGISTRY,
            "save_letterhead": Permission.EDIT_REGISTRY,
            "save_logo": Permission.EDIT_REGISTRY,
            "save_official": Permission.EDIT_REGISTRY,
        },
        (Menu("documents.page", _("Dokumen"), "file-earmark-pdf"),),
    ),
    Area(
        imports,
        "/imports",
        {
            "page": Permission.IMPORT,
            "template": Permission.IMPORT,
            "upload": Permission.IMPORT,
            "preview": Permission.IMPORT,
            "apply": Permission.IMPORT,
        },
        (Menu("imports.page", _("Impor"), "file-earmark-arrow-up"),),
    ),
    Area(
        registry,
        "/registry",
        {
            "page": Permission.SEE_CAMPAIGNS,
            "areas": Permission.SEE_CAMPAIGNS,
            "facilities": Permission.SEE_CAMPAIGNS,
            "facility": Permission.SEE_CAMPAIGNS,
            "methods": Permission.SEE_CAMPAIGNS,
            "items": Permission.SEE_CAMPAIGNS,
            "item": Permission.EDIT_REGISTRY,
            "providers": Permission.EDIT_REGISTRY,
            "days_off": Permission.SEE_CAMPAIGNS,
            "add_day_off": Permission.EDIT_REGISTRY,
            "remove_day_off": Permission.EDIT_REGISTRY,
        },
        (Menu("registry.page", _("Data induk"), "geo-alt"),),
    ),
    Area(
        sop,
        "/sop",
        {
            "page": Permission.EDIT_REGISTRY,
            "load": Permission.EDIT_REGISTRY,
            "version": Permission.EDIT_REGISTRY,
            "copy": Permission.EDIT_REGISTRY,
            "publish": Permission.EDIT_REGISTRY,
            "discard": Permission.EDIT_REGISTRY,
            "roles": Permission.EDIT_REGISTRY,
            "step": Permission.EDIT_REGISTRY,
            "remove_step": Permission.EDIT_REGISTRY,
        },
        (Menu("sop.page", _("SOP"), "list-check"),),
    ),
    Area(
        accounts,
        "/accounts",
        {
            "page": Permission.MANAGE_ACCOUNTS,
            "person": Permission.MANAGE_ACCOUNTS,
            "new": Permission.MANAGE_ACCOUNTS,
            "grant": Permission.MANAGE_ACCOUNTS,
            "revoke": Permission.MANAGE_ACCOUNTS,
            "deactivate": Permission.MANAGE_ACCOUNTS,
            "reactivate": Permission.MANAGE_ACCOUNTS,
            "link": Permission.MANAGE_ACCOUNTS,
        },
        (Menu("accounts.page", _("Pengguna"), "people"),),
        fresh=frozenset({"new", "grant", "revoke", "deactivate", "reactivate", "link"}),
    ),
    Area(audit, "/audit", {"page": Permission.SEE_AUDIT}, (Menu("audit.page", _("Jejak audit"), "journal-text"),)),
    Area(
        letters,
        "/",
        {
            "page": Permission.SEE_DOCUMENTS,
            "new": Permission.WRITE_LETTERS,
            "invite": Permission.WRITE_LETTERS,
            "save_team": Permission.WRITE_LETTERS,
            "letter": Permission.SEE_DOCUMENTS,
            "approve": Permission.SEE_DOCUMENTS,  # the use-case asks for the signer
            "send_back": Permission.SEE_DOCUMENTS,
            "number": Permission.WRITE_LETTERS,
            "sign": Permission.SEE_DOCUMENTS,
            "drop": Permission.WRITE_LETTERS,
            "replace": Permission.WRITE_LETTERS,
            "hand_over": Permission.WRITE_LETTERS,
            "download": Permission.SEE_DOCUMENTS,
            "receipt": Permission.SEE_DOCUMENTS,
            "choose_text": Permission.EDIT_REGISTRY,
            "text": Permission.EDIT_REGISTRY,
        },
    ),
    Area(
        meetings,
        "/",
        {
            "page": Permission.SEE_CAMPAIGNS,
            "new": Permission.EDIT_CAMPAIGN,
            "edit": Permission.EDIT_CAMPAIGN,
            "meeting": Permission.SEE_CAMPAIGNS,
            "presence": Permission.EDIT_CAMPAIGN,
            "minutes": Permission.EDIT_CAMPAIGN,
            "agree": Permission.EDIT_CAMPAIGN,
            "finish": Permission.EDIT_CAMPAIGN,
            "close": Permission.EDIT_CAMPAIGN,
            "cancel": Permission.EDIT_CAMPAIGN,
            "ask_paper": Permission.SEE_DOCUMENTS,
            "download": Permission.SEE_DOCUMENTS,
        },
    ),
    Area(verification, "/", {}),
    Area(
        live,
        "/live",
        {
            "page": Permission.SEE_CAMPAIGNS,
            "projector": Permission.SEE_CAMPAIGNS,
            "part": Permission.SEE_CAMPAIGNS,
            "stream": Permission.SEE_CAMPAIGNS,
            "move": Permission.INVITE,
        },
        (Menu("live.page", _("Papan hari ini"), "speedometer2"),),
    ),
    Area(
        field,
        "/",
        {
            "work": Permission.LIST_CANDIDATES,
            "add": Permission.LIST_CANDIDATES,
            "visit": Permission.LIST_CANDIDATES,
            "lists": Permission.SEE_CAMPAIGNS,
            "submit": Permission.LIST_CANDIDATES,
            "accept": Permission.PLAN,
            "give_back": Permission.PLAN,
            "doubles": Permission.SEE_CANDIDATES,
            "decide": Permission.LIST_CANDIDATES,
            "funnel": Permission.SEE_CAMPAIGNS,
            "person": Permission.SEE_CANDIDATES,
            "method_rules": Permission.EDIT_REGISTRY,
            "method_rule": Permission.EDIT_REGISTRY,
        },
    ),
    Area(signin, "/", {"change_password": Permission.SEE_HOME, "confirm": Permission.SEE_HOME}),
    Area(locale, "/", {}),
    Area(health, "/", {}),
)

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
