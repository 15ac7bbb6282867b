"""Tasks called as functions: once, twice, late, with a gateway that fails."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from campaign.config import Settings
from campaign.db import db
from campaign.jobs import Job, JobName
from campaign.outreach.claiming import claim_due
from campaign.outreach.models import Channel, Invitation, InvitationState
from campaign.transaction import transaction
from tests.builders.invitations import make_invitations
from tests.builders.mail import MailServer
from tests.builders.plans import make_scene
from workers.gateways.journal import Journal
from workers.outreach import deliver_invitations
from workers.sweeps import journals, requeue_invitations

pytestmark = pytest.mark.usefixtures("real_app")


def _make(number: int = 1, channel: Channel = Channel.EMAIL) -> list[int]:
    with transaction(lambda job: None):
        ids = [row.invitation_id for row in make_invitations(make_scene(), number, channel)]
    db.session.remove()
    return ids


def _states() -> Counter[InvitationState]:
    found = Counter(db.session.scalars(select(Invitation.state)))
    db.session.remove()
    return found


def _be(invitation_id: int, **values: object) -> None:
    with transaction(lambda job: None):
        row = db.session.get_one(Invitation, invitation_id)
        for name, value in values.items():
            setattr(row, name, value)
    db.session.remove()


def test_a_task_that_runs_twice_sends_once(mail: MailServer) -> None:
    _make()
    deliver_invitations()
    deliver_invitations()
    assert len(mail.messages) == 1
    assert _states() == {InvitationState.SENT: 1}


@pytest.mark.parametrize("channel", [Channel.MESSAGE, Channel.CADRE])
def test_messages_and_slips_go_to_the_outbox(settings: Settings, channel: Channel) -> None:
    (invitation_id,) = _make(1, channel)
    deliver_invitations()
    (path,) = (settings.outbox_dir / channel.value).rglob("*.txt")
    assert path.stem == str(invitation_id)
    assert _states() == {InvitationState.SENT: 1}


def test_a_busy_server_is_tried_again_later(mail: MailServer) -> None:
    mail.answers = ["451 wait"]
    _make()
    deliver_invitations()
    assert _states() == {InvitationState.PENDING: 1}
    deliver_invitations()  # too early
    assert mail.messages == []


def test_a_refused_address_is_final(mail: MailServer) -> None:
    mail.refused = lambda recipient: "550 nobody"
    _make()
    deliver_invitations()
    assert _states() == {InvitationState.REJECTED: 1}


def _died(settings: Settings, invitation_id: int, *steps: str) -> None:
    """Leave an invitation as a worker leaves it that dies after these lines of its journal."""
    journal = Journal.open(journals(settings))
    with transaction(lambda job: None):
        claim_due(journal.name, 100, lambda ids: journal.begin(*ids))
    db.session.remove()
    if "hand" in steps:
        journal.hand(invitation_id)
    if "took" in steps:
        journal.took(invitation_id, "<reference>")
    journal.close()


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ((), InvitationState.PENDING),
        (("hand",), InvitationState.UNKNOWN),
        (("hand", "took"), InvitationState.SENT),
    ],
)
def test_a_dead_worker_leaves_no_doubt_but_between_the_dot_and_the_answer(
    settings: Settings, sent: list[Job], steps: tuple[str, ...], state: InvitationState
) -> None:
    (invitation_id,) = _make()
    _died(settings, invitation_id, *steps)
    requeue_invitations()
    assert _states() == {state: 1}
    wanted = [Job(JobName.DELIVER_INVITATIONS, {})]
    assert sent == (wanted if state is InvitationState.PENDING else [])


@pytest.mark.parametrize("is_there", [True, False])
def test_a_file_outbox_is_asked_instead(settings: Settings, *, is_there: bool) -> None:
    (invitation_id,) = _make(1, Channel.MESSAGE)
    if is_there:
        deliver_invitations()
        _be(invitation_id, state=InvitationState.PENDING, sent_at=None)
    _died(settings, invitation_id)
    requeue_invitations()
    assert _states() == {InvitationState.SENT if is_there else InvitationState.PENDING: 1}


def test_a_worker_that_is_alive_is_left_alone(settings: Settings) -> None:
    _make()
    journal = Journal.open(journals(settings))
    with transaction(lambda job: None):
        claim_due(journal.name, 100, lambda ids: journal.begin(*ids))
    db.session.remove()
    requeue_invitations()
    assert _states() == {InvitationState.SENDING: 1}
    journal.close()


def test_no_connection_is_held_while_the_gateway_is_spoken_to(mail: MailServer, real_app: Flask) -> None:
    held: list[int] = []
    engine = db.engine
    mail.on_message = lambda number: held.append(engine.pool.checkedout())  # type: ignore[attr-defined]
    _make(2)
    deliver_invitations()
    assert held == [0, 0]
