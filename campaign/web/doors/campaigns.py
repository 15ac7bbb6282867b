"""Campaigns: targets, plans, SOP steps, letters, meetings. Which permission opens each view."""

from flask_babel import lazy_gettext as _

from campaign.accounts.policy import Permission
from campaign.web import (
    campaign_ends,
    campaigns,
    home,
    letters,
    meetings,
    plan_edits,
    plan_questions,
    plans,
    steps,
    targets,
)
from campaign.web.area import Area
from campaign.web.menu import Menu

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
            "mail": Permission.WRITE_LETTERS,
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
)
