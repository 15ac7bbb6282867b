"""The team that carries a campaign out."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from campaign import audit
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import Invalid
from campaign.events import queries as events
from campaign.letters.models import TeamMember
from campaign.letters.rosters import Member, read_members


def team_of(campaign_id: int) -> list[TeamMember]:
    """Return the members of a campaign's team in their order."""
    query = select(TeamMember).where(TeamMember.campaign_id == campaign_id).order_by(TeamMember.position)
    return list(db.session.scalars(query))


def save_team(actor: Actor, campaign_id: int, text: str) -> None:
    """Set the team from a pasted list: a decree that was signed keeps the one that it names."""
    campaign = events.campaign(campaign_id)
    require(actor, Permission.WRITE_LETTERS, Place(area_code=campaign.district_code))
    members, mistakes = read_members("team", text)
    if mistakes:
        raise Invalid(tuple(mistakes))
    _write(campaign_id, members)
    audit.record(actor, "save-team", ("campaign", campaign_id), members=len(members))


def _write(campaign_id: int, members: Sequence[Member]) -> None:
    db.session.execute(delete(TeamMember).where(TeamMember.campaign_id == campaign_id))
    db.session.add_all(
        TeamMember(campaign_id=campaign_id, position=position, duty=one.duty, name=one.name, office=one.office)
        for position, one in enumerate(members, start=1)
    )
    db.session.flush()
