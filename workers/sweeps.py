"""Puts forgotten rows back into the queue. Rows are the truth: losing the broker, or a worker, loses time only."""

import logging
from datetime import timedelta
from pathlib import Path

from flask import current_app

from campaign.attendance import tallying
from campaign.config import Settings
from campaign.documents import papers
from campaign.imports import working as uploads
from campaign.jobs import JobName, enqueue
from campaign.outreach import offers, recording, reminding, settling
from campaign.outreach.models import Channel
from campaign.outreach.recording import Ending, Result
from campaign.outreach.settling import Unfinished
from campaign.planning import asking
from campaign.planning import services as planning
from workers.gateways import Evidence
from workers.gateways.choosing import is_file, outbox, sender_of
from workers.gateways.http import Http
from workers.gateways.journal import Finding, forget_old, look_up
from workers.lanes import own_lanes
from workers.task import work

log = logging.getLogger(__name__)

KEEP_JOURNALS = timedelta(days=1)
FORGOTTEN_PAPER = timedelta(minutes=2)


def requeue_plans() -> None:
    """Ask again for plan runs, and questions about plans, that wait or whose worker died."""
    with work():
        planning.requeue_runs()
        asking.requeue_questions()


def requeue_invitations() -> None:
    """Settle what dead workers left behind, ask gateways about what is in doubt, and ask again for what is due."""
    settings: Settings = current_app.extensions["serempak"]
    with work():
        open_ones = settling.unfinished()
        doubtful = settling.askable([c for c in Channel if sender_of(settings, c).ask_url])
    found = {row.invitation_id: _find(settings, row) for row in open_ones}
    results = [_result(row, found[row.invitation_id]) for row in open_ones]
    answers = {row.invitation_id: _ask(settings, row) for row in doubtful}
    with work():
        recording.record([result for result in results if result is not None])
        for row in doubtful:
            settling.settle_by_gateway(row, *_verdict(answers[row.invitation_id]))
        settling.requeue_due()
    needed = frozenset(row.claimed_by for row in open_ones)
    forget_old(journals(settings), needed, KEEP_JOURNALS.total_seconds())


def journals(settings: Settings) -> Path:
    """Return the folder of the journals."""
    return settings.data_dir / "journals"


def _find(settings: Settings, row: Unfinished) -> Finding:
    """Return what can be known of an attempt that nothing was recorded of."""
    found = look_up(journals(settings), row.claimed_by, row.invitation_id, claim_is_over=row.is_expired)
    if found.evidence is Evidence.UNDER_WAY:
        return found
    if is_file(settings, row.channel):
        # A file outbox can be asked, whatever the journal says: once nobody is writing any more.
        return outbox(settings, row.channel).look_up(row.invitation_id, row.kelurahan_code)
    if found.evidence is Evidence.UNKNOWN and sender_of(settings, row.channel).ask_url:
        found = _ask(settings, row)
    if found.evidence is Evidence.UNKNOWN and sender_of(settings, row.channel).is_keyed:
        return Finding(Evidence.NOT_SENT)  # the same key again: the gateway sends it once
    return found


def _ask(settings: Settings, row: Unfinished) -> Finding:
    gateway = Http(sender_of(settings, row.channel), own_lanes(settings).journal)
    return Finding(*gateway.ask(row.key))


def _result(row: Unfinished, found: Finding) -> Result | None:
    """Return how an attempt ended; None while it is under way."""
    endings = {
        Evidence.SENT: Ending.SENT,
        Evidence.NOT_SENT: Ending.NOT_SENT,
        Evidence.UNKNOWN: Ending.UNKNOWN,
    }
    if found.evidence is Evidence.UNDER_WAY:
        return None
    if found.evidence is Evidence.UNKNOWN:
        log.warning("invitation in doubt", extra={"invitation_id": row.invitation_id})
    words = {Evidence.SENT: found.reference, Evidence.NOT_SENT: "worker-died", Evidence.UNKNOWN: "delivery-unknown"}
    return Result(row.invitation_id, row.attempt, endings[found.evidence], words[found.evidence])


def _verdict(found: Finding) -> tuple[bool | None, str]:
    """Return whether a gateway has the message; None when it could not say."""
    return {Evidence.SENT: True, Evidence.NOT_SENT: False}.get(found.evidence), found.reference


def write_reminders() -> None:
    """Write the reminders that are due, and pass on freed places whose offer has lapsed."""
    with work():
        reminding.write_due()
    with work():
        offers.pass_on_lapsed()


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


def requeue_uploads() -> None:
    """Ask again for workbooks that wait to be looked at or applied, or whose worker died."""
    with work():
        uploads.requeue_forgotten()
