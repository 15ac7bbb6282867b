"""Workers as real processes, killed without warning, with a broker that forgets everything."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import redis
from flask import Flask
from sqlalchemy import select, update

from campaign.app import create_app
from campaign.config import Settings
from campaign.db import db
from campaign.outreach.models import Channel, Invitation, InvitationState
from campaign.outreach.settling import GRACE
from campaign.transaction import transaction
from tests.builders.invitations import make_invitations
from tests.builders.mail import MailServer
from tests.builders.plans import make_scene
from tests.builders.processes import kill, wait_until, worker
from workers.lanes import LANES
from workers.sweeps import requeue_invitations

NUMBER = 60


@pytest.fixture
def settings(settings: Settings, redis_url: str, broker: "redis.Redis") -> Settings:
    """Settings with a broker, emptied."""
    return replace(settings, redis_url=redis_url)


@pytest.fixture
def real_app(settings: Settings) -> Iterator[Flask]:
    """The application of the web, which sends its jobs to the broker."""
    app = create_app(settings)
    with app.app_context():
        yield app


def _invite(app: Flask, channel: Channel = Channel.EMAIL) -> None:
    with transaction(app.extensions["send"]):
        make_invitations(make_scene(), NUMBER, channel)
    db.session.remove()


def _states() -> Counter[InvitationState]:
    found = Counter(db.session.scalars(select(Invitation.state)))
    db.session.remove()
    return found


def _sweep_after_the_grace() -> None:
    with transaction(lambda job: None):
        db.session.execute(update(Invitation).values(due_at=Invitation.due_at - GRACE - timedelta(seconds=5)))
    db.session.remove()
    requeue_invitations()


def _is_over() -> bool:
    """Tell whether everything is settled; if not, sweep as beat would: what must be tried later waits for a sweep."""
    if not {InvitationState.PENDING, InvitationState.SENDING} & _states().keys():
        return True
    _sweep_after_the_grace()
    return False


def test_a_worker_killed_in_the_middle_sends_each_invitation_once(
    real_app: Flask, settings: Settings, mail: MailServer
) -> None:
    mail.pause = 0.02
    _invite(real_app)
    with worker(settings) as process:
        wait_until(lambda: len(mail.messages) >= NUMBER // 3)
        kill(process)
    with worker(settings):
        wait_until(_is_over)
    states, arrivals = _states(), mail.arrivals
    assert max(arrivals.values()) == 1
    assert states[InvitationState.SENT] + states[InvitationState.UNKNOWN] == NUMBER
    # Two processes died, each within one message a lane at most. Only what is in doubt may be missing.
    assert states[InvitationState.UNKNOWN] <= 2 * LANES
    assert NUMBER - len(arrivals) <= states[InvitationState.UNKNOWN]


def test_a_broker_that_forgot_everything_costs_time_only(
    real_app: Flask, settings: Settings, mail: MailServer, broker: "redis.Redis"
) -> None:
    _invite(real_app)
    broker.flushall()
    with worker(settings):
        wait_until(_is_over)
    assert _states() == {InvitationState.SENT: NUMBER}
    assert len(mail.messages) == len(mail.arrivals) == NUMBER
    log = (settings.data_dir / "worker-fast.log").read_text()
    counts = re.findall(r"invitations handed over outreach.deliver_invitations \S+ count=(\d+)", log)
    assert sum(map(int, counts)) == NUMBER
    assert "Calon Contoh" not in log
    assert "contoh.example" not in log
