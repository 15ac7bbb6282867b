"""The daily letters leave through a real mail server, once each."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from campaign import clock
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.jobs import Job
from campaign.progress.digest_models import Digest, DigestState
from campaign.transaction import transaction
from tests.builders.accounts import make_user
from tests.builders.events import make_campaign
from tests.builders.mail import MailServer
from tests.builders.registry import DISTRICT, make_city
from tests.builders.sop import make_checklist
from workers.digests import send_digests

MORNING = datetime(2027, 6, 9, 1, tzinfo=UTC)  # Wednesday, 08:00 in Jakarta: preparation was due on the 2nd


@pytest.fixture
def two_planners(real_app: Flask, sent: list[Job]) -> None:
    """Two planners of a campaign whose first step is late."""
    with transaction(sent.append):
        campaign = make_campaign(make_city())
        make_checklist(campaign.campaign_id)
        make_user(Role.PLANNER, DISTRICT)
        make_user(Role.PLANNER, DISTRICT)


def _states() -> list[DigestState]:
    return list(db.session.scalars(select(Digest.state).order_by(Digest.digest_id)))


@pytest.mark.usefixtures("two_planners")
def test_each_gets_one_letter_however_often_the_sweep_runs(mail: MailServer) -> None:
    with clock.standing_at(MORNING):
        send_digests()
        send_digests()
    assert len(mail.messages) == 2
    assert set(mail.arrivals.values()) == {1}
    assert _states() == [DigestState.SENT, DigestState.SENT]


@pytest.mark.usefixtures("two_planners")
def test_a_busy_server_is_asked_again_and_a_refusal_is_final(mail: MailServer) -> None:
    mail.answers = ["451 busy"]
    with clock.standing_at(MORNING):
        send_digests()
    assert _states() == [DigestState.WAITING, DigestState.WAITING]
    mail.answers = ["550 no"]
    with clock.standing_at(MORNING):
        send_digests()
    assert sorted(_states()) == [DigestState.REJECTED, DigestState.SENT]
    assert len(mail.messages) == 1
