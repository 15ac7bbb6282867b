"""Send what was rejected by another way: another channel, or a contact that was put right."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import Conflict, Invalid, Mistake
from campaign.events import queries as events
from campaign.outreach.candidates import looks_like_email
from campaign.outreach.identity import phone_e164
from campaign.outreach.models import Appointment, Candidate, Channel, Invitation, InvitationKind, InvitationState
from campaign.outreach.opting_out import contact_for
from campaign.outreach.recording import ROUND
from campaign.outreach.waking import wake
from campaign.privacy import vault


class NotRejected(Conflict):
    """The message is not one that was rejected."""

    code = "not-rejected"


class ContactInvalid(Invalid):
    """The new contact cannot be used. `where` is the field."""

    code = "contact-missing"


@dataclass(frozen=True, slots=True)
class RejectedMessage:
    """A message that no gateway will take as it is."""

    invitation_id: int
    kind: InvitationKind
    channel: Channel
    failure: str | None
    candidate_id: int
    candidate_name: str
    kelurahan_code: str
    expected_at: datetime


@dataclass(frozen=True, slots=True)
class AnotherWay:
    """By which channel to send, and the contact put right; without one the known contact is used."""

    channel: Channel
    contact: str = ""


def rejected(actor: Actor, campaign_id: int, most: int = 100) -> list[RejectedMessage]:
    """Return the rejected messages about times to come, with names; the read is audited."""
    require(actor, Permission.INVITE, Place(area_code=events.campaign(campaign_id).district_code))
    query = (
        select(
            Invitation.invitation_id,
            Invitation.kind,
            Invitation.channel,
            Invitation.failure,
            Candidate.candidate_id,
            Candidate.name,
            Candidate.kelurahan_code,
            Appointment.expected_at,
        )
        .join(Appointment, Appointment.appointment_id == Invitation.appointment_id)
        .join(Candidate, Candidate.candidate_id == Appointment.candidate_id)
        .where(
            Invitation.campaign_id == campaign_id,
            Invitation.state == InvitationState.REJECTED,
            Invitation.appointment_version == Appointment.version,
            Appointment.expected_at > clock.now(),
        )
        .order_by(Appointment.expected_at, Invitation.invitation_id)
        .limit(most)
    )
    found = [RejectedMessage(*row) for row in db.session.execute(query)]
    if found:
        ids = [one.candidate_id for one in found]
        audit.record(actor, "read-candidates", ("campaign", campaign_id), candidate_ids=ids)
    return found


def send_anew(actor: Actor, invitation_id: int, way: AnotherWay) -> None:
    """Put a rejected message back, to leave by another way."""
    row = db.session.get(Invitation, invitation_id, with_for_update=True, populate_existing=True)
    if row is None or row.state is not InvitationState.REJECTED:
        raise NotRejected(invitation_id=invitation_id)
    require(actor, Permission.INVITE, Place(area_code=events.campaign(row.campaign_id).district_code))
    appointment = db.session.get_one(Appointment, row.appointment_id)
    person = db.session.get_one(Candidate, appointment.candidate_id, with_for_update=True)
    if way.contact.strip() and way.channel is not Channel.CADRE:
        _put_right(person, way)
    if way.channel is not Channel.CADRE and not contact_for(way.channel, person.email, person.phone):
        raise ContactInvalid((Mistake("contact", "contact-missing"),))
    row.rounds += 1
    row.attempts = ROUND * row.rounds  # the fence only rises, and giving up counts anew
    row.channel, row.state, row.due_at, row.failure = way.channel, InvitationState.PENDING, clock.now(), None
    db.session.flush()
    audit.record(actor, "put-back-invitation", ("invitation", invitation_id), channel=way.channel.value)
    wake(1)


def _put_right(person: Candidate, way: AnotherWay) -> None:
    contact = way.contact.strip()
    if way.channel is Channel.EMAIL:
        if not looks_like_email(contact):
            raise ContactInvalid((Mistake("contact", "email-form"),))
        person.email = contact
        return
    phone = phone_e164(contact)
    if phone is None:
        raise ContactInvalid((Mistake("contact", "phone-form"),))
    person.phone, person.phone_print = phone, vault().fingerprint(phone)
