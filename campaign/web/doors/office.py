"""The office: papers, imports, registry, accounts, signing in. Which permission opens each view."""

from flask_babel import lazy_gettext as _

from campaign.accounts.policy import Permission
from campaign.web import accounts, audit, documents, health, imports, locale, registry, signin, sop, verification
from campaign.web.area import Area
from campaign.web.menu import Menu

AREAS: tuple[Area, ...] = (
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
            "again": Permission.IMPORT,
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
    Area(verification, "/", {}),
    Area(signin, "/", {"change_password": Permission.SEE_HOME, "confirm": Permission.SEE_HOME}),
    Area(locale, "/", {}),
    Area(health, "/", {}),
)
