"""What is known of SOPs, checklists and ticks."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import undefer

from campaign import audit, clock
from campaign.accounts.policy import Actor
from campaign.db import db
from campaign.errors import NotFound
from campaign.events.lifecycle import CampaignState
from campaign.events.models import Campaign, CampaignDate
from campaign.events.sop.models import CampaignSop, SopStepEvent, SopStepFile, SopTemplate
from campaign.events.sop.services import UnknownChecklist
from campaign.events.sop.storing import read
from campaign.events.sop.template import Anchor, Template
from campaign.events.sop.templates import UnknownTemplate

OWED_FOR = timedelta(days=90)


class UnknownFile(NotFound):
    """No tick has such a file."""

    code = "unknown-step-file"


def templates() -> list[SopTemplate]:
    """Return every version of every SOP, newest version of each first."""
    return list(db.session.scalars(select(SopTemplate).order_by(SopTemplate.code, SopTemplate.version.desc())))


def template(sop_template_id: int) -> SopTemplate:
    """Return one version of an SOP."""
    found = db.session.get(SopTemplate, sop_template_id)
    if found is None:
        raise UnknownTemplate(sop_template_id=sop_template_id)
    return found


def content(row: SopTemplate) -> Template:
    """Return what a version says."""
    return read(row)


def offered(district_code: str) -> list[SopTemplate]:
    """Return the newest published version of each SOP; first those of the district, of them what prepares a campaign.

    The first one is what a campaign there would choose.
    """
    newest: dict[str, SopTemplate] = {}
    for row in templates():
        if row.published_at is not None:
            newest.setdefault(row.code, row)
    return sorted(newest.values(), key=lambda row: (row.district_code != district_code, not _prepares(row), row.code))


def _prepares(row: SopTemplate) -> bool:
    return any(step.due_anchor is Anchor.FIRST_DAY for step in row.steps)


def checklists_of(campaign_id: int) -> list[CampaignSop]:
    """Return the checklists of a campaign in the order in which they were started."""
    query = select(CampaignSop).where(CampaignSop.campaign_id == campaign_id)
    return list(db.session.scalars(query.order_by(CampaignSop.campaign_sop_id)))


def checklist(campaign_sop_id: int) -> CampaignSop:
    """Return one checklist."""
    found = db.session.get(CampaignSop, campaign_sop_id)
    if found is None:
        raise UnknownChecklist(campaign_sop_id=campaign_sop_id)
    return found


def running_checklists() -> list[CampaignSop]:
    """Return the checklists of campaigns that are not cancelled and ended at most OWED_FOR ago, oldest campaign first.

    A closed campaign still owes its reports; one of last year reminds nobody any more.
    """
    recent = select(CampaignDate.campaign_id).where(CampaignDate.held_on >= clock.today() - OWED_FOR)
    query = (
        select(CampaignSop)
        .join(Campaign, Campaign.campaign_id == CampaignSop.campaign_id)
        .where(Campaign.state != CampaignState.CANCELLED, Campaign.campaign_id.in_(recent))
        .order_by(CampaignSop.campaign_id, CampaignSop.campaign_sop_id)
    )
    return list(db.session.scalars(query))


def events_of(campaign_sop_ids: Iterable[int]) -> dict[tuple[int, str], list[SopStepEvent]]:
    """Return ticks and returns per checklist and step, oldest first: the last one says where the step stands."""
    query = select(SopStepEvent).where(SopStepEvent.campaign_sop_id.in_(list(campaign_sop_ids)))
    found: dict[tuple[int, str], list[SopStepEvent]] = {}
    for event in db.session.scalars(query.order_by(SopStepEvent.number)):
        found.setdefault((event.campaign_sop_id, event.step_code), []).append(event)
    return found


def campaign_of_event(sop_step_event_id: int) -> int:
    """Return the campaign that a tick belongs to."""
    query = select(CampaignSop.campaign_id).join(
        SopStepEvent, SopStepEvent.campaign_sop_id == CampaignSop.campaign_sop_id
    )
    found = db.session.scalar(query.where(SopStepEvent.sop_step_event_id == sop_step_event_id))
    if found is None:
        raise UnknownFile(sop_step_event_id=sop_step_event_id)
    return found


def file_for_download(actor: Actor, sop_step_event_id: int) -> SopStepFile:
    """Return the file behind a tick with its bytes and write down who took it; the caller has asked the policy."""
    found = db.session.get(
        SopStepFile, sop_step_event_id, options=[undefer(SopStepFile.content)], populate_existing=True
    )
    if found is None:
        raise UnknownFile(sop_step_event_id=sop_step_event_id)
    audit.record(actor, "download-step-file", ("sop_step_event", sop_step_event_id))
    return found
