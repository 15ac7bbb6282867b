"""Candidates: the lists, field work, invitations and answers. Which permission opens each view."""

from flask_babel import lazy_gettext as _

from campaign.accounts.policy import Permission
from campaign.web import candidates, dispatch, field, invitations, replying
from campaign.web.area import Area
from campaign.web.menu import Menu

AREAS: tuple[Area, ...] = (
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
        candidates,
        "/candidates",
        {"choose": Permission.SEE_CANDIDATES, "page": Permission.SEE_CANDIDATES},
        (Menu("candidates.choose", _("Calon"), "person-lines-fill"),),
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
)
