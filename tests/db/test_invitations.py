"""Invitations: written first, claimed by one, recorded once, settled by a person when nobody knows."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.errors import NotAllowed
from campaign.jobs import JobName
from campaign.outreach import invitations, settling
from campaign.outreach.claiming import CLAIM, Claim
from campaign.outreach.models import Appointment, Candidate, Channel, Invitation, InvitationState
from campaign.outreach.recording import MOST_ATTEMPTS, Ending, Result, record, wait_after
from tests.builders.actors import actor_with
from tests.builders.invitations import claim, make_invitations
from tests.builders.plans import Scene, make_scene

pytestmark = pytest.mark.usefixtures("open_transaction")

WORKER = "journal-of-a-worker"


def _one(scene: Scene | None = None, channel: Channel = Channel.EMAIL) -> Invitation:
    return make_invitations(scene or make_scene(), 1, channel)[0]


def _claimed() -> tuple[Invitation, Claim]:
    row = _one()
    (claimed,) = claim(row)
    return row, claimed


def _record(row: Invitation, attempt: int, ending: Ending, word: str = "") -> bool:
    counted = record([Result(row.invitation_id, attempt, ending, word)])
    db.session.refresh(row)
    return row.invitation_id in counted


def _later(seconds: float) -> object:
    return clock.standing_at(clock.now() + timedelta(seconds=seconds))


def test_a_claim_says_what_to_send_to_whom() -> None:
    row, claimed = _claimed()
    assert (row.state, row.attempts, row.claimed_by) == (InvitationState.SENDING, 1, WORKER)
    assert claimed.to.endswith("@contoh.example")
    assert claimed.letter.place.startswith("Faskes")


def test_nobody_is_asked_to_come_at_a_time_that_has_passed() -> None:
    scene = make_scene()
    row = _one(scene)
    at = db.session.scalars(
        select(Appointment.expected_at).where(Appointment.appointment_id == row.appointment_id)
    ).one()
    with clock.standing_at(at):
        assert claim(row) == []
    assert (row.state, row.failure, row.claimed_by) == (InvitationState.REJECTED, "too-late", None)


def test_an_invitation_is_claimed_once() -> None:
    row, _ = _claimed()
    assert claim(row, by="another") == []


def test_what_was_sent_stays_sent() -> None:
    row, claimed = _claimed()
    assert _record(row, claimed.attempt, Ending.SENT, "<reference>")
    assert not _record(row, claimed.attempt, Ending.TRY_LATER, "smtp-421")
    assert (row.state, row.reference, row.claimed_by) == (InvitationState.SENT, "<reference>", None)


def test_an_attempt_that_is_over_changes_nothing() -> None:
    row, first = _claimed()
    _record(row, first.attempt, Ending.NOT_SENT)
    (second,) = claim(row)
    assert not _record(row, first.attempt, Ending.SENT, "late")
    assert _record(row, second.attempt, Ending.SENT, "now")


def test_an_invitation_to_be_tried_later_waits() -> None:
    row, first = _claimed()
    _record(row, first.attempt, Ending.TRY_LATER, "smtp-451")
    assert claim(row) == []
    with _later(31):  # the first wait is 15 to 30 s
        assert len(claim(row)) == 1


def test_a_gateway_says_how_long_to_wait() -> None:
    row, first = _claimed()
    record([Result(row.invitation_id, first.attempt, Ending.TRY_LATER, "gateway-busy", timedelta(minutes=10))])
    with _later(9 * 60):
        assert claim(row) == []
    with _later(10 * 60 + 1):
        assert len(claim(row)) == 1


@pytest.mark.parametrize(
    ("attempt", "chance", "seconds"), [(1, 0, 15), (1, 1, 30), (2, 1, 60), (8, 1, 3600), (30, 1, 3600)]
)
def test_waits_double_up_to_an_hour(attempt: int, chance: float, seconds: float) -> None:
    assert wait_after(attempt, chance) == timedelta(seconds=seconds)


def test_a_gateway_that_never_answers_is_given_up() -> None:
    row = _one()
    row.state, row.attempts = InvitationState.SENDING, MOST_ATTEMPTS
    row.claimed_by, row.claimed_until = WORKER, clock.now()
    db.session.flush()
    _record(row, MOST_ATTEMPTS, Ending.TRY_LATER, "smtp-451")
    assert (row.state, row.failure) == (InvitationState.REJECTED, "gave-up")


@pytest.mark.parametrize(
    ("channel", "may_be_messaged", "email", "phone", "used"),
    [
        (Channel.EMAIL, True, "a@contoh.example", None, Channel.EMAIL),
        (Channel.EMAIL, True, None, "+628990001", Channel.CADRE),
        (Channel.MESSAGE, True, None, "+628990001", Channel.MESSAGE),
        (Channel.MESSAGE, True, "a@contoh.example", None, Channel.CADRE),
        (Channel.EMAIL, False, "a@contoh.example", "+628990001", Channel.CADRE),
    ],
)
def test_who_did_not_agree_or_cannot_be_reached_is_told_by_the_cadre(
    channel: Channel, *, may_be_messaged: bool, email: str | None, phone: str | None, used: Channel
) -> None:
    person = Candidate(channel=channel, may_be_messaged=may_be_messaged, email=email, phone=phone)
    assert invitations.channel_for(person) is used


def test_only_what_has_been_due_for_a_while_is_asked_for_again() -> None:
    _one()
    assert settling.requeue_due() == 0
    with _later(settling.GRACE.total_seconds() + 1):
        assert settling.requeue_due() == 1
    last = db.session.info["jobs"][-1]
    assert (last.name, last.ids) == (JobName.DELIVER_INVITATIONS, {})


def test_what_nobody_recorded_is_found() -> None:
    row, claimed = _claimed()
    (found,) = settling.unfinished()
    assert (found.invitation_id, found.attempt, found.claimed_by, found.is_expired) == (
        row.invitation_id,
        claimed.attempt,
        WORKER,
        False,
    )
    with _later(CLAIM.total_seconds() + 1):
        assert settling.unfinished()[0].is_expired


def test_a_person_settles_what_nobody_knows() -> None:
    scene = make_scene()
    arrived, lost = make_invitations(scene, 2)
    for claimed in claim(arrived, lost):
        record([Result(claimed.invitation_id, claimed.attempt, Ending.UNKNOWN, "delivery-unknown")])
    doubts = settling.doubts(actor_with(Role.PLANNER), scene.campaign.campaign_id)
    assert [doubt.invitation_id for doubt in doubts] == [arrived.invitation_id, lost.invitation_id]
    settling.settle_unknown(SYSTEM, arrived.invitation_id, arrived=True)
    settling.settle_unknown(SYSTEM, lost.invitation_id, arrived=False)
    assert (arrived.state, lost.state) == (InvitationState.SENT, InvitationState.PENDING)
    with pytest.raises(settling.UnknownInvitation):
        settling.settle_unknown(SYSTEM, arrived.invitation_id, arrived=False)


def test_only_who_invites_settles() -> None:
    row, claimed = _claimed()
    _record(row, claimed.attempt, Ending.UNKNOWN)
    with pytest.raises(NotAllowed):
        settling.settle_unknown(actor_with(Role.FACILITY), row.invitation_id, arrived=True)


def test_counts_are_by_channel_and_state() -> None:
    scene = make_scene()
    make_invitations(scene, 2)
    assert settling.counts(scene.campaign.campaign_id) == {(Channel.EMAIL, InvitationState.PENDING): 2}


def test_the_database_refuses_a_second_invitation_to_one_appointment() -> None:
    row = _one()
    values = {c.key: getattr(row, c.key) for c in Invitation.__table__.columns if c.key != "invitation_id"}
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(Invitation(**values))
