"""Appointments that change after people were told: moved, or cancelled. Those touched are told, and only those.

A change counts the appointment's version up and says nothing yet. Telling is one step, with a preview of who gets what.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import Conflict, Invalid, Mistake
from campaign.events import queries as events
from campaign.outreach.dispatch_models import OfferEnding
from campaign.outreach.invitations import channels_of, write_messages
from campaign.outreach.models import (
    EXPECTED,
    Appointment,
    AppointmentState,
    Candidate,
    Channel,
    Invitation,
    InvitationKind,
    InvitationState,
)
from campaign.outreach.offers import end_offer, offer_of
from campaign.outreach.queries import candidates_by_ids

# Somebody may know of the appointment: a message left, may have left, or is leaving.
_TOLD = (InvitationState.SENT, InvitationState.UNKNOWN, InvitationState.SENDING)


class MoveInvalid(Invalid):
    """An appointment cannot be moved there."""

    code = "move-not-possible"


class ChangesDiffer(Conflict):
    """What would be sent is no longer what the preview showed."""

    code = "changes-differ"


class NothingToTell(Conflict):
    """Everybody touched by a change was told."""

    code = "nothing-to-tell"


@dataclass(frozen=True, slots=True)
class Move:
    """One appointment to another session or another time."""

    appointment_id: int
    service_session_id: int
    expected_at: datetime


@dataclass(frozen=True, slots=True)
class Untold:
    """What telling would send: how many by kind and channel, and a mark of exactly these changes."""

    counts: dict[tuple[InvitationKind, Channel], int]
    quiet: int  # changed before anybody was told: nothing to say
    mark: str

    @property
    def messages(self) -> int:
        """Return how many messages would be written."""
        return sum(self.counts.values())


def move_appointments(actor: Actor, campaign_id: int, moves: Sequence[Move]) -> int:
    """Move appointments of a campaign; nobody is told yet. Return how many changed."""
    _require(actor, campaign_id)
    rows = _locked(campaign_id, [move.appointment_id for move in moves])
    sessions = {row.service_session_id: row for row in events.sessions_of(campaign_id)}
    mistakes = []
    for position, move in enumerate(moves):
        row, to = rows.get(move.appointment_id), sessions.get(move.service_session_id)
        is_open = to is not None and to.closed_at is None and move.expected_at > clock.now()
        wall = clock.local(move.expected_at)
        fits = to is not None and wall.date() == to.held_on and to.opens_at <= wall.time() < to.closes_at
        if row is None or row.state not in EXPECTED or not is_open or not fits:
            mistakes.append(Mistake(f"{position}.expected_at", "move-not-possible"))
    if mistakes:
        raise MoveInvalid(tuple(mistakes))
    changed = 0
    for move in moves:
        row = rows[move.appointment_id]
        if (row.service_session_id, row.expected_at) != (move.service_session_id, move.expected_at):
            is_elsewhere = row.service_session_id != move.service_session_id
            row.service_session_id, row.expected_at = move.service_session_id, move.expected_at
            row.provider_id = None if is_elsewhere else row.provider_id
            _change(row, AppointmentState.BOOKED)
            changed += 1
    db.session.flush()
    audit.record(actor, "move-appointments", ("campaign", campaign_id), appointment_ids=sorted(rows))
    return changed


def cancel_appointments(actor: Actor, campaign_id: int, appointment_ids: Sequence[int]) -> int:
    """Cancel appointments of a campaign; nobody is told yet. Return how many changed."""
    _require(actor, campaign_id)
    changed = 0
    for row in _locked(campaign_id, appointment_ids).values():
        if row.state in (*EXPECTED, AppointmentState.OFFERED):
            offer = offer_of(row.appointment_id)
            if offer is not None and offer.ended_at is None:
                end_offer(offer, OfferEnding.WITHDRAWN)
            _change(row, AppointmentState.CANCELLED)
            changed += 1
    db.session.flush()
    audit.record(actor, "cancel-appointments", ("campaign", campaign_id), appointment_ids=sorted(appointment_ids))
    return changed


def _change(row: Appointment, state: AppointmentState) -> None:
    row.state, row.version, row.changed_at = state, row.version + 1, clock.now()


def _require(actor: Actor, campaign_id: int) -> None:
    require(actor, Permission.INVITE, Place(area_code=events.campaign(campaign_id).district_code))


def _locked(campaign_id: int, ids: Sequence[int]) -> dict[int, Appointment]:
    query = (
        select(Appointment)
        .join(Candidate, Candidate.candidate_id == Appointment.candidate_id)
        .where(Candidate.campaign_id == campaign_id, Appointment.appointment_id.in_(ids))
        .order_by(Appointment.appointment_id)
        .with_for_update(of=Appointment)
    )
    return {row.appointment_id: row for row in db.session.scalars(query.execution_options(populate_existing=True))}


def untold(campaign_id: int) -> Untold:
    """Return what telling everybody touched would send."""
    said, quiet = _to_say(campaign_id)
    channels = channels_of(list(candidates_by_ids([row.candidate_id for row, _ in said]).values()))
    counts = Counter((kind, channels[row.candidate_id]) for row, kind in said)
    return Untold(dict(counts), len(quiet), _mark([*(row for row, _ in said), *quiet]))


def tell_changes(actor: Actor, campaign_id: int, mark: str) -> int:
    """Tell everybody touched; raises ChangesDiffer unless `mark` is of exactly these changes."""
    _require(actor, campaign_id)
    said, quiet = _to_say(campaign_id, lock=True)
    if not said and not quiet:
        raise NothingToTell(campaign_id=campaign_id)
    if mark != _mark([*(row for row, _ in said), *quiet]):
        raise ChangesDiffer(campaign_id=campaign_id)
    written = 0
    for kind in (InvitationKind.MOVED, InvitationKind.CANCELLED, InvitationKind.INVITATION):
        written += write_messages(campaign_id, [row for row, of in said if of is kind], kind)
    for row in [*(row for row, _ in said), *quiet]:
        row.told_version = row.version
    db.session.flush()
    audit.record(actor, "tell-changes", ("campaign", campaign_id), messages=written)
    return written


def _to_say(
    campaign_id: int, *, lock: bool = False
) -> tuple[list[tuple[Appointment, InvitationKind]], list[Appointment]]:
    """Return the changed appointments with the kind of message each wants, and those that want none."""
    was_told = exists().where(Invitation.appointment_id == Appointment.appointment_id, Invitation.state.in_(_TOLD))
    query = (
        select(Appointment, was_told)
        .join(Candidate, Candidate.candidate_id == Appointment.candidate_id)
        .where(Candidate.campaign_id == campaign_id, Appointment.told_version < Appointment.version)
        .where(Appointment.expected_at > clock.now())
        .order_by(Appointment.appointment_id)
    )
    said, quiet = [], []
    for row, told in db.session.execute(query.with_for_update(of=Appointment) if lock else query):
        if row.state is AppointmentState.CANCELLED:
            kind = InvitationKind.CANCELLED if told else None
        elif row.state in EXPECTED:
            kind = InvitationKind.MOVED if told else InvitationKind.INVITATION
        else:
            kind = None
        if kind is None:
            quiet.append(row)
        else:
            said.append((row, kind))
    return said, quiet


def _mark(rows: Sequence[Appointment]) -> str:
    text = ",".join(f"{row.appointment_id}:{row.version}" for row in sorted(rows, key=lambda row: row.appointment_id))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
