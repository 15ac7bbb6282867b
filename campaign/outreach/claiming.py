"""Take messages that are due, many in one transaction, for one worker alone; and leave out those nobody needs.

Rows are taken with FOR UPDATE SKIP LOCKED, so two workers never wait for one another and never get the same row. What
may leave now is decided here and nowhere else: held-back campaigns, quiet hours, daily caps, people who want none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update

from campaign import clock
from campaign.db import db
from campaign.events import queries as events
from campaign.events.lifecycle import CampaignState
from campaign.outreach.dispatch_models import DispatchStop, PlaceOffer, ReplyLink
from campaign.outreach.links import PURPOSE
from campaign.outreach.messages import Letter
from campaign.outreach.models import (
    EXPECTED,
    Appointment,
    AppointmentState,
    Candidate,
    CandidateState,
    Channel,
    Invitation,
    InvitationKind,
    InvitationState,
)
from campaign.outreach.opting_out import closed_contacts, contact_for
from campaign.outreach.recording import Ending, Result, record
from campaign.outreach.sending import ELECTRONIC, REMINDERS, Rules, rules, sent_today
from campaign.outreach.texts import Texts, current_texts
from campaign.privacy import vault
from campaign.registry import queries as registry
from campaign.transaction import hold

# Longer than a task may live (workers/celery_app.py): when it is over, whoever claimed has ended or was ended.
CLAIM = timedelta(seconds=150)
# Jobs leave just after the commit that made the row due; clocks of two machines differ a little.
SKEW = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt at one message: what to say, to whom, and by which channel."""

    invitation_id: int
    attempt: int
    until: datetime
    channel: Channel
    kind: InvitationKind
    key: str  # the same for every attempt at the same message: a gateway that takes keys sends it once
    to: str  # e-mail address, phone number, or where the cadre finds them
    kelurahan_code: str
    letter: Letter


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one worker may send now, and the texts to write it with."""

    claims: tuple[Claim, ...]
    texts: Texts
    taken: int  # rows taken, those that turned out to be needed no more included


@dataclass(frozen=True, slots=True)
class _Row:
    invitation_id: int
    attempt: int
    channel: Channel
    kind: InvitationKind
    version: int
    rounds: int
    appointment_id: int


def claim_due(claimed_by: str, most: int, begin: Callable[[Sequence[int]], None]) -> Claimed:
    """Take up to `most` messages that may leave now; `begin` is told their ids before they are claimed."""
    now = clock.now()
    ids = _due(rules(), now, most)
    if not ids:
        return Claimed((), current_texts(), 0)
    begin(ids)
    rows = [
        _Row(*row)
        for row in db.session.execute(
            update(Invitation)
            .where(Invitation.invitation_id.in_(ids))
            .values(
                state=InvitationState.SENDING,
                claimed_until=now + CLAIM,
                claimed_by=claimed_by,
                attempts=Invitation.attempts + 1,
            )
            .returning(
                Invitation.invitation_id,
                Invitation.attempts,
                Invitation.channel,
                Invitation.kind,
                Invitation.appointment_version,
                Invitation.rounds,
                Invitation.appointment_id,
            )
            .execution_options(synchronize_session=False)
        )
    ]
    claims, endings = _judged(sorted(rows, key=lambda row: row.invitation_id), now)
    record(endings)
    return Claimed(tuple(claims), current_texts(), len(rows))


def _due(of: Rules, now: datetime, most: int) -> list[int]:
    """Lock rows that may leave now and return them, oldest first."""
    open_channels = [Channel.CADRE] if of.is_quiet(now) else [Channel.CADRE, *ELECTRONIC]
    capped = [channel for channel in open_channels if channel.value in of.daily_caps]
    free = [channel for channel in open_channels if channel not in capped]
    ids = list(db.session.scalars(_waiting(now, free).limit(most)))
    for channel in capped:
        hold(f"dispatch-cap:{channel.value}")  # two workers must not both count what is left of today
        left = of.daily_caps[channel.value] - sent_today(channel)
        room = min(left, most - len(ids))
        if room > 0:
            ids += db.session.scalars(_waiting(now, [channel]).limit(room))
    return ids


def _waiting(now: datetime, channels: Sequence[Channel]) -> "Select[int]":
    stopped = select(DispatchStop.campaign_id).where(DispatchStop.resumed_at.is_(None))
    return (
        select(Invitation.invitation_id)
        .where(
            Invitation.state == InvitationState.PENDING,
            Invitation.due_at <= now + SKEW,
            Invitation.channel.in_(channels),
            Invitation.campaign_id.not_in(stopped),
        )
        .order_by(Invitation.due_at, Invitation.invitation_id)
        .with_for_update(skip_locked=True)
    )


# Just the columns that a message needs: every sealed one that is read costs a decryption.
_PERSON = (
    Candidate.name,
    Candidate.address,
    Candidate.email,
    Candidate.phone,
    Candidate.kelurahan_code,
    Candidate.language,
    Candidate.state,
    Candidate.may_be_messaged,
)


def _judged(rows: Sequence[_Row], now: datetime) -> tuple[list[Claim], list[Result]]:
    """Return what is to be sent, and how the rest ends."""
    about = _about([row.appointment_id for row in rows])
    places = _places({found.service_session_id for found in about.values()})
    contacts = {
        row.invitation_id: contact_for(row.channel, about[row.appointment_id].email, about[row.appointment_id].phone)
        for row in rows
    }
    closed = closed_contacts(contact for contact in contacts.values() if contact)
    claims, endings = [], []
    for row in rows:
        found, contact = about[row.appointment_id], contacts[row.invitation_id]
        place, is_over = places[found.service_session_id]
        code = _needless(row, found, now, is_over=is_over)
        if code is not None:
            ending = Ending.REJECTED if code == "too-late" else Ending.DROPPED
            endings.append(Result(row.invitation_id, row.attempt, ending, code))
        elif row.channel is not Channel.CADRE and (contact in closed or not found.may_be_messaged):
            ending = Ending.DROPPED if row.kind in REMINDERS else Ending.BY_CADRE
            endings.append(Result(row.invitation_id, row.attempt, ending, "wants-no-messages"))
        elif row.channel is not Channel.CADRE and not contact:
            endings.append(Result(row.invitation_id, row.attempt, Ending.REJECTED, "contact-missing"))
        else:
            claims.append(_claim(row, found, place, now))
    return claims, endings


def _needless(row: _Row, found: "_About", now: datetime, *, is_over: bool) -> str | None:
    """Return why a message is not needed any more, as a code."""
    wanted: tuple[AppointmentState, ...] = EXPECTED
    if row.kind is InvitationKind.CANCELLED:
        wanted = (AppointmentState.CANCELLED,)
    elif row.kind is InvitationKind.OFFER:
        wanted = (AppointmentState.OFFERED,)
    if row.version != found.version or found.state not in wanted:
        return "appointment-changed"
    if is_over or found.person_state is CandidateState.WITHDRAWN:
        return "not-invited-any-more"
    # The queue stood still for days: nobody is asked to come yesterday.
    return "too-late" if found.expected_at <= now else None


@dataclass(frozen=True, slots=True)
class _About:
    """The appointment that a message is about, and whom it reaches."""

    service_session_id: int
    expected_at: datetime
    state: AppointmentState
    version: int
    salt: str | None
    offered_until: datetime | None
    name: str
    address: str
    email: str | None
    phone: str | None
    kelurahan_code: str
    language: str
    person_state: CandidateState
    may_be_messaged: bool


def _about(appointment_ids: Sequence[int]) -> dict[int, _About]:
    query = (
        select(
            Appointment.appointment_id,
            Appointment.service_session_id,
            Appointment.expected_at,
            Appointment.state,
            Appointment.version,
            ReplyLink.salt,
            PlaceOffer.until,
            *_PERSON,
        )
        .join(Candidate, Candidate.candidate_id == Appointment.candidate_id)
        .outerjoin(ReplyLink, ReplyLink.appointment_id == Appointment.appointment_id)
        .outerjoin(PlaceOffer, PlaceOffer.appointment_id == Appointment.appointment_id)
        .where(Appointment.appointment_id.in_(appointment_ids))
    )
    return {row[0]: _About(*tuple(row)[1:]) for row in db.session.execute(query)}


@dataclass(frozen=True, slots=True)
class _Sign:
    name: str
    address: str
    sender: str


def _places(session_ids: set[int]) -> dict[int, tuple[_Sign, bool]]:
    held = events.where_held(session_ids)
    signs = registry.signs({facility_id for facility_id, _ in held.values()})
    districts = {code: registry.area(code).name for code in {sign[2][:5] for sign in signs.values()}}
    over = (CampaignState.CANCELLED, CampaignState.CLOSED)
    return {
        session_id: (_Sign(*signs[facility_id][:2], districts[signs[facility_id][2][:5]]), state in over)
        for session_id, (facility_id, state) in held.items()
    }


def _claim(row: _Row, found: _About, place: _Sign, now: datetime) -> Claim:
    letter = Letter(
        language=found.language,
        name=found.name,
        place=place.name,
        address=place.address,
        expected_at=found.expected_at,
        sender=place.sender,
        kind=row.kind,
        token="" if found.salt is None else vault().token(PURPOSE, found.salt),
        until=found.offered_until,
        appointment_id=row.appointment_id,
        version=row.version,
    )
    to = found.address if row.channel is Channel.CADRE else contact_for(row.channel, found.email, found.phone)
    return Claim(
        row.invitation_id,
        row.attempt,
        now + CLAIM,
        row.channel,
        row.kind,
        key_of(row.invitation_id, row.rounds),
        to or "",
        found.kelurahan_code,
        letter,
    )


def key_of(invitation_id: int, rounds: int) -> str:
    """Return the key under which a gateway knows a message again; another deployment's keys are others."""
    return vault().fingerprint(f"message:{invitation_id}:{rounds}")[:32]
