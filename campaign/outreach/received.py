"""Which kelurahan have sent their lists."""

from datetime import datetime

from sqlalchemy import func, select

from campaign.db import db
from campaign.outreach.models import Candidate, CandidateSource


def lists_received(campaign_id: int) -> dict[str, datetime]:
    """Return when the first name of each kelurahan's list came in, by kelurahan; walk-ins are no list."""
    query = (
        select(Candidate.kelurahan_code, func.min(Candidate.created_at))
        .where(Candidate.campaign_id == campaign_id, Candidate.source == CandidateSource.LIST)
        .group_by(Candidate.kelurahan_code)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
