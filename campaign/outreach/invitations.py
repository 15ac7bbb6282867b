"""Invitations: written before anything is sent, claimed by one worker, recorded once, and never sent twice.

pending --claim--> sending --+--> sent
   ^                         +--> rejected   the gateway will never take it
   +---- try later ----------+
   +---- nothing left -------+--> unknown    a worker died while the message was leaving: a person decides

`attempts` is the fence: what a worker learned of attempt 3 changes nothing once attempt 4 has begun.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import SystemRandom

from sqlalchemy import select, update

from campaign import audit, clock
from campaign.accounts.policy import SYSTEM, Actor
from campaign.db import db
from campaign.events import queries as events
from campaign.jobs import JobName, enqueue
from campaign.outreach.messages import Letter
from campaign.outreach.models import Appointment, Candidate, Channel, Invitation, InvitationKind, InvitationState
from campaign.outreach.queries import candidates_by_ids
from campaign.registry import queries as registry

# Longer than a task may live (workers/celery_app.py): when it is over, whoever claimed has ended or was ended.
CLAIM = timedelta(seconds=150)
# Jobs leave just after the commit that made the row due; clocks of two machines differ a little.
SKEW = timedelta(seconds=5)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
MOST_ATTEMPTS = 12  # about eight hours of a gateway that does not answer

_dice = SystemRandom()


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt at one invitation: what to say, to whom, and by which channel."""

    invitation_id: int
    attempt: int
    until: datetime
    channel: Channel
    to: str  # e-mail address, phone number, or where the cadre finds them
    kelurahan_code: str
    letter: Letter


def channel_for(candidate: Candidate) -> Channel:
    """Return how to reach a candidate: as they wished if they agreed and can be, otherwise through the cadre."""
    if candidate.may_be_messaged and candidate.channel is Channel.EMAIL and candidate.email:
        return Channel.EMAIL
    if candidate.may_be_messaged and candidate.channel is Channel.MESSAGE and candidate.phone:
        return Channel.MESSAGE
    return Channel.CADRE


def queue_invitations(actor: Actor, campaign_id: int, appointments: Sequence[Appointment]) -> list[Invitation]:
    """Write one pending invitation per appointment and ask the workers to send them."""
    ids = [row.candidate_id for row in appointments]
    people = candidates_by_ids(ids)
    now = clock.now()
    rows = [
        Invitation(
            appointment_id=row.appointment_id,
            kind=InvitationKind.INVITATION,
            channel=channel_for(people[row.candidate_id]),
            state=InvitationState.PENDING,
            due_at=now,
            attempts=0,
            created_at=now,
        )
        for row in appointments
    ]
    db.session.add_all(rows)
    db.session.flush()
    audit.record(actor, "queue-invitations", ("campaign", campaign_id), invitations=len(rows))
    for row in rows:
        enqueue(JobName.DELIVER_INVITATION, invitation_id=row.invitation_id)
    return rows


def claim_invitation(invitation_id: int, claimed_by: str) -> Claim | None:
    """Take an invitation that is due, for this worker alone; None when it is not due or somebody else has it."""
    now = clock.now()
    row = db.session.execute(
        update(Invitation)
        .where(
            Invitation.invitation_id == invitation_id,
            Invitation.state == InvitationState.PENDING,
            Invitation.due_at <= now + SKEW,
        )
        .values(
            state=InvitationState.SENDING,
            claimed_until=now + CLAIM,
            claimed_by=claimed_by,
            attempts=Invitation.attempts + 1,
        )
        .returning(Invitation.attempts, Invitation.channel, Invitation.appointment_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    attempt, channel, appointment_id = row
    person, letter = _letter(appointment_id)
    if letter.expected_at <= now:  # the queue stood still for days: nobody is asked to come yesterday
        record_rejected(invitation_id, attempt, "too-late")
        return None
    to = {Channel.EMAIL: person.email, Channel.MESSAGE: person.phone, Channel.CADRE: person.address}[channel]
    return Claim(invitation_id, attempt, now + CLAIM, channel, to or "", person.kelurahan_code, letter)


def _letter(appointment_id: int) -> tuple[Candidate, Letter]:
    appointment, person = db.session.execute(
        select(Appointment, Candidate)
        .join(Candidate, Candidate.candidate_id == Appointment.candidate_id)
        .where(Appointment.appointment_id == appointment_id)
    ).one()
    session = events.session(appointment.service_session_id)
    facility = registry.facility(session.facility_id)
    district = registry.area(facility.kecamatan_code[:5])
    letter = Letter(
        language=person.language,
        name=person.name,
        place=facility.name,
        address=facility.address,
        expected_at=appointment.expected_at,
        sender=district.name,
    )
    return person, letter


def record_sent(invitation_id: int, attempt: int, reference: str) -> bool:
    """Note that the gateway took the message; False when this attempt is no longer the one that counts."""
    done = _finish(
        invitation_id, attempt, state=InvitationState.SENT, sent_at=clock.now(), reference=reference[:120], failure=None
    )
    if done:
        audit.record(SYSTEM, "send-invitation", ("invitation", invitation_id), attempt=attempt)
    return done


def record_rejected(invitation_id: int, attempt: int, code: str) -> bool:
    """Note that the gateway will never take the message."""
    done = _finish(invitation_id, attempt, state=InvitationState.REJECTED, failure=code)
    if done:
        audit.record(SYSTEM, "reject-invitation", ("invitation", invitation_id), code=code)
    return done


def record_unknown(invitation_id: int, attempt: int) -> bool:
    """Note that nobody can tell whether the message left; a person will say."""
    done = _finish(invitation_id, attempt, state=InvitationState.UNKNOWN, failure="delivery-unknown")
    if done:
        audit.record(SYSTEM, "lose-invitation", ("invitation", invitation_id), attempt=attempt)
    return done


def record_try_later(invitation_id: int, attempt: int, code: str) -> bool:
    """Put an invitation that did not leave back, to be tried after a while; after MOST_ATTEMPTS it is given up."""
    if attempt >= MOST_ATTEMPTS:
        return record_rejected(invitation_id, attempt, "gave-up")
    due_at = clock.now() + wait_after(attempt, _dice.random())
    return _finish(invitation_id, attempt, state=InvitationState.PENDING, due_at=due_at, failure=code)


def record_not_sent(invitation_id: int, attempt: int) -> bool:
    """Put an invitation whose worker died before anything left back in the queue, due now."""
    if attempt >= MOST_ATTEMPTS:
        return record_rejected(invitation_id, attempt, "gave-up")
    done = _finish(invitation_id, attempt, state=InvitationState.PENDING, due_at=clock.now(), failure="worker-died")
    if done:
        enqueue(JobName.DELIVER_INVITATION, invitation_id=invitation_id)
    return done


def wait_after(attempt: int, chance: float) -> timedelta:
    """Return how long to wait after an attempt: doubling to an hour, and spread by half (`chance` in 0..1)."""
    doubled: timedelta = FIRST_WAIT * 2 ** (attempt - 1)
    return min(doubled, LONGEST_WAIT) * (0.5 + chance / 2)


def _finish(invitation_id: int, attempt: int, **values: object) -> bool:
    result = db.session.execute(
        update(Invitation)
        .where(
            Invitation.invitation_id == invitation_id,
            Invitation.state == InvitationState.SENDING,
            Invitation.attempts == attempt,
        )
        .values(claimed_until=None, claimed_by=None, **values)
        .returning(Invitation.invitation_id)
        .execution_options(synchronize_session=False)
    )
    return result.one_or_none() is not None
