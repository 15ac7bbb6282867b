"""The service day, its tallies and reports. Which permission opens each view."""

from flask_babel import lazy_gettext as _

from campaign.accounts.policy import Permission
from campaign.web import attendance, day, day_pack, device, live, matters, paper, queue, reports, tally
from campaign.web.area import Area
from campaign.web.menu import Menu

AREAS: tuple[Area, ...] = (
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
    Area(day_pack, "/attendance", {"page": Permission.RECORD_ATTENDANCE, "download": Permission.RECORD_ATTENDANCE}),
    Area(
        paper,
        "/attendance",
        {
            "page": Permission.RECORD_ATTENDANCE,
            "save": Permission.RECORD_ATTENDANCE,
            "template": Permission.RECORD_ATTENDANCE,
            "upload": Permission.RECORD_ATTENDANCE,
        },
    ),
    Area(
        queue,
        "/attendance",
        {
            "board": Permission.RECORD_ATTENDANCE,
            "part": Permission.RECORD_ATTENDANCE,
            "stations": Permission.RECORD_ATTENDANCE,
            "move": Permission.RECORD_ATTENDANCE,
            "controls": Permission.RECORD_ATTENDANCE,
            "done": Permission.RECORD_ATTENDANCE,
        },
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
    Area(day, "/day", {}),  # its files are open to everybody: they name nobody,
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
)
