"""Meetings as lists and pages show them."""

from datetime import date

from sqlalchemy import select

from campaign.db import db
from campaign.errors import NotFound
from campaign.events.meetings.models import Agreement, Meeting


class UnknownMeeting(NotFound):
    """No meeting has this id."""

    code = "unknown-meeting"


def meeting(meeting_id: int) -> Meeting:
    """Return one meeting with everything about it."""
    found = db.session.get(Meeting, meeting_id)
    if found is None:
        raise UnknownMeeting(meeting_id=meeting_id)
    return found


def meetings_of(campaign_id: int) -> list[Meeting]:
    """Return the meetings of a campaign by day and hour."""
    query = select(Meeting).where(Meeting.campaign_id == campaign_id)
    return list(db.session.scalars(query.order_by(Meeting.meets_on, Meeting.starts_at)))


def open_agreements(campaign_id: int) -> list[Agreement]:
    """Return what was promised in a campaign's meetings and is not done, the earliest due first."""
    query = (
        select(Agreement)
        .join(Meeting, Meeting.meeting_id == Agreement.meeting_id)
        .where(Meeting.campaign_id == campaign_id, Agreement.done_at.is_(None), Meeting.cancelled_at.is_(None))
    )
    return sorted(db.session.scalars(query), key=lambda row: (row.due_on or date.max, row.agreement_id))
