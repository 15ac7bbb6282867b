"""Supply to look at and to set up: levels, what expires, the campaign's need, papers, numbers.

The views hang on the blueprint of campaign/web/stock.py: to its readers it is one area of the site.
"""

from campaign.accounts.policy import Permission
from campaign.web.supply import need, numbers, papers, settings, views

MODULES = (need, numbers, papers, settings, views)  # importing them hangs their views on the blueprint

DOORS: dict[str, Permission] = {
    "levels": Permission.SEE_STOCK,
    "expiring": Permission.SEE_STOCK,
    "alerts": Permission.SEE_STOCK,
    "settings": Permission.SEE_STOCK,  # the use-case asks who may change them
    "save_norms": Permission.SEE_STOCK,
    "save_reckoning": Permission.SEE_STOCK,
    "needs": Permission.SEE_STOCK,
    "need": Permission.SEE_STOCK,
    "need_file": Permission.SEE_STOCK,
    "kit": Permission.SEE_STOCK,
    "add_to_kit": Permission.SEE_STOCK,  # the use-case asks who may change it
    "edit_kit": Permission.SEE_STOCK,
    "remove_from_kit": Permission.SEE_STOCK,
    "numbers": Permission.SEE_STOCK,
    "card_file": Permission.SEE_STOCK,
    "months": Permission.SEE_STOCK,
    "month_file": Permission.SEE_STOCK,
    "pick_list": Permission.SEE_STOCK,
    "count_sheet_file": Permission.SEE_STOCK,
    "count_note": Permission.SEE_STOCK,
    "request_paper": Permission.SEE_STOCK,
    "ask_paper": Permission.SEE_DOCUMENTS,
    "delivery_note": Permission.SEE_STOCK,
}
