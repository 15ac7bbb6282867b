"""Sends messages: claim many, write them, hand them over side by side, record many.

No transaction is open and no connection is held while a gateway is spoken to. A task takes what is due until nothing
is left, or its time is over; then it asks for another one. What could not be recorded, because the database was away,
is kept and recorded first by the next task of this process; a sweep reads it in the journal if there is none.
"""

import logging
from time import monotonic

from flask import current_app

from campaign.config import Settings
from campaign.outreach import calendars, claiming, recording
from campaign.outreach.claiming import Claim, Claimed
from campaign.outreach.messages import render
from campaign.outreach.models import Channel, InvitationKind
from campaign.outreach.recording import Result
from campaign.outreach.waking import BATCH, wake
from workers.gateways import Outgoing
from workers.lanes import Lanes, Post, own_lanes
from workers.task import work

log = logging.getLogger(__name__)

TASK_SECONDS = 30.0  # then other jobs of the queue have their turn; far below FAST_LIMIT

_unrecorded: list[Result] = []


def deliver_invitations() -> None:
    """Send what is due, batch after batch."""
    settings: Settings = current_app.extensions["serempak"]
    lanes = own_lanes(settings)
    _record([])
    end = monotonic() + TASK_SECONDS
    while monotonic() < end:
        if not deliver_batch(settings, lanes):
            return
    with work():
        wake(1)


def deliver_batch(settings: Settings, lanes: Lanes) -> int:
    """Claim a batch, send it, record it; return how many rows were taken."""
    with work():
        claimed = claiming.claim_due(lanes.journal.name, BATCH, lambda ids: lanes.journal.begin(*ids))
    results = lanes.post(_posts(settings, claimed))
    _record(results)
    log.info("invitations handed over", extra={"count": len(results)})
    return claimed.taken


def _record(results: list[Result]) -> None:
    """Record results, with those that an earlier task could not."""
    _unrecorded.extend(results)
    if not _unrecorded:
        return
    with work():
        recording.record(_unrecorded)
    _unrecorded.clear()


def _posts(settings: Settings, claimed: Claimed) -> list[Post]:
    return [Post(_outgoing(settings, claim, claimed), claim.attempt, claim.channel) for claim in claimed.claims]


def _outgoing(settings: Settings, claim: Claim, claimed: Claimed) -> Outgoing:
    text = render(claim.letter, claimed.texts, settings.base_url)
    has_calendar = claim.channel is Channel.EMAIL and claim.kind is not InvitationKind.OFFER
    return Outgoing(
        invitation_id=claim.invitation_id,
        to=claim.to,
        recipient=claim.letter.name,
        area_code=claim.kelurahan_code,
        subject=text.subject,
        body=text.body,
        until=claim.until,
        key=claim.key,
        calendar=calendars.entry(claim.letter, settings.base_url) if has_calendar else None,
    )
