"""A worker killed at each step of one message, seen from the server that it speaks to: no hook in the product."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
import redis
from flask import Flask
from sqlalchemy import select

from campaign.app import create_app
from campaign.config import HttpSender, Settings
from campaign.db import db
from campaign.outreach.models import Channel, Invitation, InvitationState
from campaign.transaction import transaction
from tests.builders.http_gateway import HttpGateway, http_gateway
from tests.builders.invitations import make_invitations
from tests.builders.mail import MailServer
from tests.builders.plans import make_scene
from tests.builders.processes import kill, wait_until, worker
from workers.outreach import deliver_invitations
from workers.sweeps import requeue_invitations

SENT, UNKNOWN = InvitationState.SENT, InvitationState.UNKNOWN


@pytest.fixture
def gateways() -> Iterator[tuple[HttpGateway, HttpGateway]]:
    """One gateway that honours keys, and one that does not but can be asked when a test says so."""
    with ExitStack() as stack:
        yield stack.enter_context(http_gateway(is_keyed=True)), stack.enter_context(http_gateway())


@pytest.fixture
def settings(
    settings: Settings, redis_url: str, broker: "redis.Redis", gateways: tuple[HttpGateway, HttpGateway]
) -> Settings:
    """Settings with a broker and both gateways."""
    keyed, plain = gateways
    return replace(
        settings,
        redis_url=redis_url,
        whatsapp=HttpSender(keyed.url, is_keyed=True),
        sms=HttpSender(plain.url),
    )


@pytest.fixture
def real_app(settings: Settings) -> Iterator[Flask]:
    """The application of the web, which sends its jobs to the broker."""
    app = create_app(settings)
    with app.app_context():
        yield app


def _killed(app: Flask, settings: Settings, channel: Channel, arm: Callable[[Callable[[], None]], None]) -> None:
    """Invite one person, kill the worker when `arm` lets it, and let a sweep and another worker go on."""
    killed: list[int] = []
    with transaction(app.extensions["send"]):
        make_invitations(make_scene(), 1, channel)
    db.session.remove()
    with worker(settings) as process:

        def strike() -> None:
            if not killed:
                killed.append(process.pid)
                kill(process)

        arm(strike)
        wait_until(lambda: bool(killed) and process.poll() is not None)
    wait_until(_is_settled)  # its children may still be dying: until then a sweep leaves their messages alone


def _is_settled() -> bool:
    requeue_invitations()
    deliver_invitations()
    return _state() not in (InvitationState.PENDING, InvitationState.SENDING)


def _state() -> InvitationState:
    found = db.session.scalars(select(Invitation.state)).one()
    db.session.remove()
    return found


def test_killed_before_the_message_was_handed_over_it_is_sent_once(
    real_app: Flask, settings: Settings, mail: MailServer
) -> None:
    def arm(strike: Callable[[], None]) -> None:
        mail.refused = lambda recipient: strike()

    _killed(real_app, settings, Channel.EMAIL, arm)
    assert (_state(), len(mail.messages)) == (SENT, 1)


def test_killed_while_the_mail_server_answers_nobody_knows(
    real_app: Flask, settings: Settings, mail: MailServer
) -> None:
    def arm(strike: Callable[[], None]) -> None:
        mail.on_message = lambda number: strike()

    _killed(real_app, settings, Channel.EMAIL, arm)
    assert (_state(), len(mail.messages)) == (UNKNOWN, 1)
