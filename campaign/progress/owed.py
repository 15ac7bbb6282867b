"""What the SOP asks of somebody today."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from campaign.accounts.policy import Actor
from campaign.accounts.roles import Role
from campaign.events import queries as events
from campaign.events.sop import queries as sops
from campaign.events.sop.owing import Ground, roles_on
from campaign.events.sop.schedule import StepState
from campaign.progress.checklists import Checklist, StepLine, checklists_by

if TYPE_CHECKING:
    from campaign.events.models import Campaign
    from campaign.events.sop.models import CampaignSop


@dataclass(frozen=True, slots=True)
class OwedStep:
    """A step that somebody's role owes."""

    campaign_id: int
    campaign_name: str
    campaign_sop_id: int
    step_code: str
    number: str  # as printed
    title: str
    due_on: date
    days_late: int  # working days
    is_overdue: bool


def steps_owed(actor: Actor) -> list[OwedStep]:
    """Return the steps that are ready and owed by a role of the actor, longest due first."""
    by_campaign: dict[int, list[CampaignSop]] = {}
    for row in sops.running_checklists():
        by_campaign.setdefault(row.campaign_id, []).append(row)
    owed = [step for campaign_id, rows in by_campaign.items() for step in _owed_in(actor, campaign_id, rows)]
    return sorted(owed, key=lambda step: (step.due_on, step.campaign_id, step.campaign_sop_id))


def _owed_in(actor: Actor, campaign_id: int, rows: list["CampaignSop"]) -> list[OwedStep]:
    campaign = events.campaign(campaign_id)
    roles = roles_in(actor, campaign)
    if not roles:
        return []
    return [
        _owed(campaign, checklist, line)
        for checklist in checklists_by(campaign, rows)
        for line in checklist.lines
        if line.standing.state is StepState.READY and line.owing & roles
    ]


def roles_in(actor: Actor, campaign: "Campaign") -> frozenset[Role]:
    """Return the roles that an actor holds in a campaign."""
    return roles_on(Ground(campaign.district_code, frozenset(events.facility_ids_of(campaign.campaign_id))), actor)


def _owed(campaign: "Campaign", checklist: Checklist, line: StepLine) -> OwedStep:
    return OwedStep(
        campaign_id=campaign.campaign_id,
        campaign_name=campaign.name,
        campaign_sop_id=checklist.row.campaign_sop_id,
        step_code=line.step.code,
        number=line.step.printed.number,
        title=line.step.title,
        due_on=line.standing.due_on,
        days_late=line.standing.days_late,
        is_overdue=line.standing.is_overdue,
    )
