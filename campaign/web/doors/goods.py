"""The warehouse and the shelves. Which permission opens each view."""

from flask_babel import lazy_gettext as _

from campaign.accounts.policy import Permission
from campaign.web import arrivals, conditions, counts, movements, picks, requests, stock_api, supply
from campaign.web.area import Area
from campaign.web.menu import Menu

AREAS: tuple[Area, ...] = (
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
    Area(stock_api, "/stock/api", {"issue": Permission.MOVE_STOCK}),
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
)
