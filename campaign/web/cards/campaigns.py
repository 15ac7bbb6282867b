"""Cards about campaigns: what is planned, what waits for approval, what came of it."""

from flask_babel import gettext

from campaign import i18n
from campaign.accounts.policy import Actor, Permission, reach
from campaign.attendance import queries as attendance
from campaign.events import queries as events
from campaign.events.lifecycle import CampaignState
from campaign.events.models import Campaign
from campaign.planning import queries as planning
from campaign.planning.models import PlanRun, PlanState
from campaign.web import guard
from campaign.web.cards.card import Card, Task


def _campaigns(actor: Actor) -> list[Campaign]:
    return events.campaigns(reach(actor, Permission.SEE_CAMPAIGNS))


def open_campaigns(actor: Actor) -> list[Campaign]:
    """Return the campaigns within reach that are being prepared or held."""
    return [one for one in _campaigns(actor) if one.state in (CampaignState.DRAFT, CampaignState.APPROVED)]


def campaigns_in_work(actor: Actor) -> Card:
    """Campaigns that are being planned or carried out, each with how far it is."""
    found = open_campaigns(actor)
    tasks = tuple(
        Task(one.name, _dates(one), guard.address("campaigns.page", campaign_id=one.campaign_id), *_state(one))
        for one in found
    )
    empty = gettext("Belum ada kampanye.")
    return Card(gettext("Kampanye"), "calendar2-week", len(found), tasks, empty, guard.address("campaigns.list_all"))


def _dates(one: Campaign) -> str:
    days = [row.held_on for row in one.dates]
    if not days:
        return str(gettext("belum ada tanggal"))
    first, last = i18n.short_day(days[0]), i18n.short_day(days[-1])
    return first if len(days) == 1 else f"{first} – {last}"


def _state(one: Campaign) -> tuple[str, str]:
    runs = planning.runs(one.campaign_id)
    if one.state is CampaignState.APPROVED:
        return "good", i18n.word(one.state)
    if runs:
        tone = {PlanState.SOLVED: "info", PlanState.FAILED: "bad"}.get(runs[0].state, "warn")
        return tone, gettext("rencana: %(state)s", state=i18n.word(runs[0].state).lower())
    return "", i18n.word(one.state)


def _ready(campaign_id: int) -> list[PlanRun]:
    """Return the plans that could be approved, newest first: of names, and not empty."""
    return [
        run
        for run in planning.runs(campaign_id)
        if run.state is PlanState.SOLVED and run.served and not run.is_estimated
    ]


def plans_to_approve(actor: Actor) -> Card:
    """Plans that are ready while their campaign has none."""
    waiting = [
        (one, run)
        for one in _campaigns(actor)
        if one.state is CampaignState.DRAFT
        for run in _ready(one.campaign_id)[:1]
    ]
    tasks = tuple(
        Task(
            one.name,
            gettext("%(served)s calon terlayani", served=i18n.number(run.served or 0)),
            guard.address("plans.page", plan_run_id=run.plan_run_id),
        )
        for one, run in waiting
    )
    empty = gettext("Tidak ada rencana yang menunggu.")
    return Card(gettext("Rencana menunggu persetujuan"), "pen", len(waiting), tasks, empty)


def results(actor: Actor) -> Card:
    """How far each campaign under way is: served of the target."""
    tasks = []
    total = 0
    for one in _campaigns(actor):
        if one.state not in (CampaignState.APPROVED, CampaignState.CLOSED):
            continue
        served = sum(cell.served for cell in attendance.tally(one.campaign_id).cells.values())
        target = sum(events.targets(one.campaign_id).values())
        total += served
        note = gettext(
            "terlayani %(served)s dari target %(target)s", served=i18n.number(served), target=i18n.number(target)
        )
        address = guard.address("tally.page", campaign_id=one.campaign_id)
        tasks.append(Task(one.name, note, address, "info", i18n.percent(served, target) if target else ""))
    return Card(gettext("Hasil pelayanan"), "bar-chart", total, tuple(tasks), gettext("Belum ada hasil."))
