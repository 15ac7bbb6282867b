"""Invitations that did not come to their end: those in doubt, those forgotten, and how many stand where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from campaign import audit, clock
from campaign.accounts.policy import SYSTEM, Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import NotFound
from campaign.events import queries as events
from campaign.outreach.claiming import key_of
from campaign.outreach.models import Appointment, Candidate, Channel, Invitation, InvitationState
from campaign.outreach.waking import wake
from campaign.registry import queries as registry

# A row that is due for so long has lost its job: the broker forgot it, or the worker that held it died.
GRACE = timedelta(seconds=30)


class UnknownInvitation(NotFound):
    """No invitation in doubt has this id."""

    code = "unknown-invitation"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An attempt of which nothing was recorded yet."""

    invitation_id: int
    attempt: int
    channel: Channel
    kelurahan_code: str
    claimed_by: str
    is_expired: bool  # whoever claimed it has ended for certain
    rounds: int = 0

    @property
    def key(self) -> str:
        """Return the key under which the gateway knows the message."""
        return key_of(self.invitation_id, self.rounds)


@dataclass(frozen=True, slots=True)
class Doubt:
    """An invitation in doubt: where its candidate is expected, for the person who will ask."""

    invitation_id: int
    channel: Channel
    attempts: int
    candidate_id: int
    candidate_name: str
    kelurahan_code: str
    expected_at: datetime


def counts(campaign_id: int) -> dict[tuple[Channel, InvitationState], int]:
    """Return how many invitations of a campaign stand where, by channel and state."""
    query = (
        select(Invitation.channel, Invitation.state, func.count())
        .where(Invitation.campaign_id == campaign_id)
        .group_by(Invitation.channel, Invitation.state)
    )
    return {(channel, state): number for channel, state, number in db.session.execute(query)}


def failures(campaign_id: int) -> dict[str, int]:
    """Return how many invitations were refused or have to wait, by the code of their last failure."""
    query = (
        select(Invitation.failure, func.count())
        .where(Invitation.campaign_id == campaign_id, Invitation.failure.is_not(None))
        .group_by(Invitation.failure)
        .order_by(Invitation.failure)
    )
    return {code: number for code, number in db.session.execute(query) if code is not None}


def doubts(actor: Actor, campaign_id: int) -> list[Doubt]:
    """Return the invitations in doubt, with the names of whom to ask; the read is audited."""
    campaign = events.campaign(campaign_id)
    require(actor, Permission.INVITE, Place(area_code=campaign.district_code))
    query = (
        select(
            Invitation.invitation_id,
            Invitation.channel,
            Invitation.attempts,
            Candidate.candidate_id,
            Candidate.name,
            Candidate.kelurahan_code,
            Appointment.expected_at,
        )
        .join(Appointment, Appointment.appointment_id == Invitation.appointment_id)
        .join(Candidate, Candidate.candidate_id == Appointment.candidate_id)
        .where(Candidate.campaign_id == campaign_id, Invitation.state == InvitationState.UNKNOWN)
        .order_by(Invitation.invitation_id)
    )
    found = [Doubt(*row) for row in db.session.execute(query)]
    if found:
        ids = [doubt.candidate_id for doubt in found]
        audit.record(actor, "read-candidates", ("campaign", campaign_id), candidate_ids=ids)
    return found


def _open_attempts() -> "Select[*tuple[Any, ...]]":
    return (
        select(
            Invitation.invitation_id,
            Invitation.attempts,
            Invitation.channel,
            Candidate.kelurahan_code,
            func.coalesce(Invitation.claimed_by, ""),
            func.coalesce(Invitation.claimed_until, clock.now()) < clock.now(),
            Invitation.rounds,
        )
        .join(Appointment, Appointment.appointment_id == Invitation.appointment_id)
        .join(Candidate, Candidate.candidate_id == Appointment.candidate_id)
    )


def unfinished() -> list[Unfinished]:
    """Return the attempts that nothing was recorded of, oldest claim first."""
    query = _open_attempts().where(Invitation.state == InvitationState.SENDING)
    return [Unfinished(*row) for row in db.session.execute(query.order_by(Invitation.claimed_until))]


def askable(channels: Sequence[Channel], most: int = 50) -> list[Unfinished]:
    """Return messages in doubt that left through channels whose gateway can be asked; longest not asked first."""
    query = _open_attempts().where(Invitation.state == InvitationState.UNKNOWN, Invitation.channel.in_(channels))
    query = query.where(Invitation.due_at < clock.now() - GRACE).order_by(Invitation.due_at).limit(most)
    return [Unfinished(*row) for row in db.session.execute(query)] if channels else []


def settle_by_gateway(row: Unfinished, has_it: bool | None, reference: str) -> None:
    """Record what a gateway said of a message in doubt; when it could not say, it is asked again later."""
    message = db.session.get(Invitation, row.invitation_id, with_for_update=True, populate_existing=True)
    if message is None or message.state is not InvitationState.UNKNOWN or message.attempts != row.attempt:
        return
    message.due_at = clock.now()
    if has_it is None:
        return
    message.failure = None
    if has_it:
        message.state, message.sent_at, message.reference = InvitationState.SENT, clock.now(), reference[:120]
    else:
        message.state = InvitationState.PENDING
        wake(1)
    audit.record(SYSTEM, "settle-invitation", ("invitation", row.invitation_id), arrived=has_it)


def requeue_due() -> int:
    """Ask workers to look when messages have been due for a while; return how many wait."""
    query = select(func.count()).select_from(Invitation)
    waiting = db.session.scalar(
        query.where(Invitation.state == InvitationState.PENDING, Invitation.due_at < clock.now() - GRACE)
    )
    wake(waiting or 0)
    return waiting or 0


def settle_unknown(actor: Actor, invitation_id: int, *, arrived: bool) -> None:
    """Record what a person found out about an invitation in doubt: it arrived, or it is to be sent again."""
    row = db.session.get(Invitation, invitation_id, with_for_update=True, populate_existing=True)
    if row is None or row.state is not InvitationState.UNKNOWN:
        raise UnknownInvitation(invitation_id=invitation_id)
    session = events.session(_session_of(row.appointment_id))
    require(actor, Permission.INVITE, registry.place_of(session.facility_id))
    row.failure = None
    if arrived:
        row.state, row.sent_at = InvitationState.SENT, clock.now()
    else:
        row.state, row.due_at = InvitationState.PENDING, clock.now()
        wake(1)
    audit.record(actor, "settle-invitation", ("invitation", invitation_id), arrived=arrived)


def _session_of(appointment_id: int) -> int:
    return db.session.scalars(
        select(Appointment.service_session_id).where(Appointment.appointment_id == appointment_id)
    ).one()
