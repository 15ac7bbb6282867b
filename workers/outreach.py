"""Sends invitations: claim, write, hand over, record. No transaction is open while a gateway is spoken to."""

import logging
import os
from functools import cache
from pathlib import Path

from flask import current_app

from campaign.config import Settings
from campaign.outreach import invitations
from campaign.outreach.invitations import Claim
from campaign.outreach.messages import render
from campaign.outreach.models import Channel
from workers.gateways import Gateway, Outgoing, Rejected, TryLater, Unclear
from workers.gateways.journal import Journal
from workers.gateways.outbox import Outbox
from workers.gateways.smtp import Smtp
from workers.task import work

log = logging.getLogger(__name__)


def deliver_invitation(invitation_id: int) -> None:
    """Send one invitation if it is due and nobody else has it."""
    settings: Settings = current_app.extensions["serempak"]
    journal = journal_of(settings, os.getpid())
    journal.begin(invitation_id)
    with work():
        claim = invitations.claim_invitation(invitation_id, journal.name)
    if claim is None:
        journal.left(invitation_id)
        return
    deliver(claim, journal, gateway_of(settings, os.getpid(), claim.channel))


def deliver(claim: Claim, journal: Journal, gateway: Gateway) -> None:
    """Hand a claimed invitation to its gateway and record what came of it."""
    try:
        reference = gateway.send(_outgoing(claim))
    except Unclear:
        with work():
            invitations.record_unknown(claim.invitation_id, claim.attempt)
        log.warning("invitation in doubt", extra={"invitation_id": claim.invitation_id})
        return
    except (TryLater, Rejected) as error:
        journal.left(claim.invitation_id)
        record = invitations.record_rejected if isinstance(error, Rejected) else invitations.record_try_later
        with work():
            record(claim.invitation_id, claim.attempt, error.code)
        log.info("invitation not sent", extra={"invitation_id": claim.invitation_id, "code": error.code})
        return
    journal.took(claim.invitation_id, reference)
    with work():
        invitations.record_sent(claim.invitation_id, claim.attempt, reference)
    log.info("invitation sent", extra={"invitation_id": claim.invitation_id, "attempt": claim.attempt})


def _outgoing(claim: Claim) -> Outgoing:
    text = render(claim.letter)
    return Outgoing(
        invitation_id=claim.invitation_id,
        to=claim.to,
        recipient=claim.letter.name,
        area_code=claim.kelurahan_code,
        subject=text.subject,
        body=text.body,
        until=claim.until,
    )


def journals(settings: Settings) -> Path:
    """Return the folder of the journals."""
    return settings.data_dir / "journals"


def outbox(settings: Settings, channel: Channel) -> Outbox:
    """Return the file outbox of a channel that a person serves."""
    return Outbox(settings.outbox_dir / channel.value)


@cache
def journal_of(settings: Settings, process_id: int) -> Journal:
    """Return this process's journal; a forked child starts its own."""
    return Journal.open(journals(settings))


@cache
def gateway_of(settings: Settings, process_id: int, channel: Channel) -> Gateway:
    """Return this process's gateway for a channel; its connection is kept."""
    if channel is Channel.EMAIL:
        return Smtp(settings, journal_of(settings, process_id))
    return outbox(settings, channel)
