"""Sends the daily letters about late steps."""

import logging

from flask import current_app

from campaign.config import Settings
from campaign.outreach.models import Channel
from campaign.progress import digests
from campaign.progress.digest_models import DigestState
from campaign.progress.digests import DigestMail
from workers.gateways import GatewayError, Outgoing, Rejected, Unclear
from workers.gateways.choosing import gateway_for
from workers.gateways.journal import Journal
from workers.task import work

log = logging.getLogger(__name__)

MOST_AT_ONCE = 100  # the next sweep takes the rest


def send_digests() -> None:
    """Write what is due, settle what dead workers left behind, and send what waits."""
    settings: Settings = current_app.extensions["serempak"]
    with work():
        digests.write_due()
        for digest_id in digests.settle_forgotten():
            log.warning("digest in doubt", extra={"digest_id": digest_id})
    for _ in range(MOST_AT_ONCE):
        with work():
            mail = digests.claim_next(settings.base_url)
        if mail is None:
            return
        state, reference = _send(settings, mail)
        with work():
            digests.record(mail.digest_id, state, reference)
        if state is DigestState.WAITING:  # the server does not answer: the next sweep tries again
            return


def _send(settings: Settings, mail: DigestMail) -> tuple[DigestState, str]:
    journal = Journal.open(settings.data_dir / "journals" / "digests")
    message = Outgoing(mail.digest_id, mail.to, mail.name, "", mail.subject, mail.body, series="digest")
    try:
        reference = gateway_for(settings, Channel.EMAIL, journal).send(message)
    except Rejected as error:
        return DigestState.REJECTED, error.code
    except Unclear as error:
        return DigestState.UNKNOWN, error.code
    except GatewayError as error:
        log.info("digest waits", extra={"digest_id": mail.digest_id})
        return DigestState.WAITING, error.code
    finally:
        journal.close()
    return DigestState.SENT, reference
