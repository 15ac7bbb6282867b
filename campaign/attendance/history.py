"""Who was served in campaigns before: what a split of targets by history goes by. Counts only."""

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from campaign.attendance.models import OutcomeKind, ServiceOutcome
from campaign.db import db
from campaign.events.models import Campaign, ServiceSession
from campaign.outreach.models import Candidate


def served_before(district_code: str, campaign_id: int) -> dict[tuple[str, str], int]:
    """Return acceptors per (kelurahan, method) of the district's other campaigns; corrected outcomes count once."""
    later = aliased(ServiceOutcome)
    query = (
        select(Candidate.kelurahan_code, ServiceOutcome.method_code, func.count())
        .join(Candidate, Candidate.candidate_id == ServiceOutcome.candidate_id)
        .join(ServiceSession, ServiceSession.service_session_id == ServiceOutcome.service_session_id)
        .join(Campaign, Campaign.campaign_id == ServiceSession.campaign_id)
        .outerjoin(later, later.replaces_id == ServiceOutcome.service_outcome_id)
        .where(
            Campaign.district_code == district_code,
            Campaign.campaign_id != campaign_id,
            ServiceOutcome.kind == OutcomeKind.SERVED,
            later.service_outcome_id.is_(None),
        )
        .group_by(Candidate.kelurahan_code, ServiceOutcome.method_code)
    )
    return {(kelurahan, method): number for kelurahan, method, number in db.session.execute(query)}
