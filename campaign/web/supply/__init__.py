"""Supply to look at and to set up: levels, what expires, the campaign's need, papers, numbers.

The views hang on the blueprint of campaign/web/stock.py: to its readers it is one area of the site.
"""

from campaign.accounts.policy import Permission
from campaign.web.supply import settings, views

MODULES = (settings, views)  # importing them hangs their views on the blueprint

DOORS: dict[str, Permission] = {
    "levels": Permission.SEE_STOCK,
    "expiring": Permission.SEE_STOCK,
    "alerts": Permission.SEE_STOCK,
    "settings": Permission.SEE_STOCK,  # the use-case asks who may change them
    "save_norms": Permission.SEE_STOCK,
    "save_reckoning": Permission.SEE_STOCK,
}
