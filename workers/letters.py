"""Sends signed letters by e-mail, each with its PDF."""

import logging

from flask import current_app

from campaign.config import Settings
from campaign.letters import mailing
from campaign.letters.mail_models import LetterMailState
from campaign.letters.mailing import Mail
from campaign.outreach.models import Channel
from workers.gateways import Enclosed, GatewayError, Outgoing, Rejected, Unclear
from workers.gateways.choosing import gateway_for
from workers.gateways.journal import Journal
from workers.task import work

log = logging.getLogger(__name__)

MOST_AT_ONCE = 100  # the next sweep takes the rest


def send_letters() -> None:
    """Settle what dead workers left behind, and send what waits."""
    settings: Settings = current_app.extensions["serempak"]
    with work():
        for letter_mail_id in mailing.settle_forgotten():
            log.warning("letter in doubt", extra={"letter_mail_id": letter_mail_id})
    for _ in range(MOST_AT_ONCE):
        with work():
            mail = mailing.claim_next()
        if mail is None:
            return
        state, reference = _send(settings, mail)
        with work():
            mailing.record(mail.letter_mail_id, state, reference)
        if state is LetterMailState.WAITING:  # the server does not answer: the next sweep tries again
            return


def _send(settings: Settings, mail: Mail) -> tuple[LetterMailState, str]:
    journal = Journal.open(settings.data_dir / "journals" / "letters")
    message = Outgoing(
        invitation_id=mail.letter_mail_id,
        to=mail.to,
        recipient=mail.name,
        area_code="0",
        subject=mail.subject,
        body=mail.body,
        series="letter",
        enclosed=Enclosed(mail.file_name, mail.pdf),
    )
    try:
        reference = gateway_for(settings, Channel.EMAIL, journal).send(message)
    except Rejected as error:
        return LetterMailState.REJECTED, error.code
    except Unclear as error:
        return LetterMailState.UNKNOWN, error.code
    except GatewayError as error:
        log.info("letter waits", extra={"letter_mail_id": mail.letter_mail_id})
        return LetterMailState.WAITING, error.code
    finally:
        journal.close()
    return LetterMailState.SENT, reference
