"""Puts forgotten rows back into the queue. Rows are the truth: losing the broker, or a worker, loses time only."""

import logging
from datetime import timedelta

from flask import current_app

from campaign.attendance import tallying
from campaign.config import Settings
from campaign.documents import papers
from campaign.jobs import JobName, enqueue
from campaign.outreach import invitations, settling
from campaign.outreach.models import Channel
from campaign.outreach.settling import Unfinished
from campaign.planning import services as planning
from workers.gateways import Evidence
from workers.gateways.journal import Finding, forget_old, look_up
from workers.outreach import journals, outbox
from workers.task import work

log = logging.getLogger(__name__)

KEEP_JOURNALS = timedelta(days=1)
FORGOTTEN_PAPER = timedelta(minutes=2)


def requeue_plans() -> None:
    """Ask again for plan runs that wait, or whose worker died."""
    with work():
        planning.requeue_runs()


def requeue_invitations() -> None:
    """Settle what dead workers left behind, and ask again for what is due."""
    settings: Settings = current_app.extensions["serempak"]
    with work():
        open_ones = settling.unfinished()
        for row in open_ones:
            _settle(row, _find(settings, row))
        settling.requeue_due()
    needed = frozenset(row.claimed_by for row in open_ones)
    forget_old(journals(settings), needed, KEEP_JOURNALS.total_seconds())


def _find(settings: Settings, row: Unfinished) -> Finding:
    """Return what can be known of an attempt that nothing was recorded of."""
    found = look_up(journals(settings), row.claimed_by, row.invitation_id, claim_is_over=row.is_expired)
    if row.channel is Channel.EMAIL or found.evidence is Evidence.UNDER_WAY:
        return found
    # A file outbox can be asked, whatever the journal says: once nobody is writing any more.
    return outbox(settings, row.channel).look_up(row.invitation_id, row.kelurahan_code)


def _settle(row: Unfinished, found: Finding) -> None:
    if found.evidence is Evidence.SENT:
        invitations.record_sent(row.invitation_id, row.attempt, found.reference)
    elif found.evidence is Evidence.NOT_SENT:
        invitations.record_not_sent(row.invitation_id, row.attempt)
    elif found.evidence is Evidence.UNKNOWN:
        invitations.record_unknown(row.invitation_id, row.attempt)
        log.warning("invitation in doubt", extra={"invitation_id": row.invitation_id})


def requeue_tallies() -> None:
    """Ask again for campaigns whose tallies do not show all rows."""
    with work():
        for campaign_id in tallying.stale_campaigns():
            tallying.mark_dirty(campaign_id)


def requeue_documents() -> None:
    """Ask again for papers that wait to be rendered."""
    with work():
        for paper_id in papers.forgotten_papers(FORGOTTEN_PAPER):
            enqueue(JobName.RENDER_DOCUMENT, paper_id=paper_id)
