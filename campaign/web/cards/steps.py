"""The card of the SOP: which steps the reader's role owes."""

from flask_babel import gettext

from campaign import i18n
from campaign.accounts.policy import Actor
from campaign.progress.owed import OwedStep, steps_owed
from campaign.web import guard
from campaign.web.cards.card import Card, Task


def sop_steps(actor: Actor) -> Card:
    """Steps that are ready and that a role of the reader has to do; the most overdue first."""
    owed = steps_owed(actor)
    return Card(
        gettext("Langkah SOP"),
        "list-check",
        len(owed),
        tuple(_task(step) for step in owed),
        gettext("Tidak ada langkah SOP yang menunggu peran Anda."),
    )


def _task(step: OwedStep) -> Task:
    title = f"{step.number} {step.title}".strip()
    note = gettext("%(campaign)s · tenggat %(day)s", campaign=step.campaign_name, day=i18n.short_day(step.due_on))
    address = guard.address("steps.step", campaign_sop_id=step.campaign_sop_id, code=step.step_code)
    if not step.is_overdue:
        return Task(title, note, address)
    late = gettext("terlambat %(days)s hari kerja", days=i18n.number(step.days_late))
    return Task(title, note, address, "bad", late)
