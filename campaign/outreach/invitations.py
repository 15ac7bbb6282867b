"""Messages: written before anything is sent, claimed by one worker, recorded once, and never sent twice.

pending --claim--> sending --+--> sent
   ^                         +--> rejected   the gateway will never take it: a person may send it by another way
   +---- try later ----------+
   +---- nothing left -------+--> unknown    a worker died while the message was leaving: a person decides
   +---- by the cadre -------+
                             +--> dropped    the appointment changed: nobody needs it any more

One row per person, version of the appointment and kind; the database refuses a second one.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from campaign import audit, clock
from campaign.accounts.policy import Actor
from campaign.db import db
from campaign.outreach.links import make_links
from campaign.outreach.models import Appointment, Candidate, Channel, Invitation, InvitationKind, InvitationState
from campaign.outreach.opting_out import closed_contacts, contact_for
from campaign.outreach.queries import candidates_by_ids
from campaign.outreach.sending import rules
from campaign.outreach.waking import wake

_PHONE = (Channel.MESSAGE, Channel.WHATSAPP, Channel.SMS, Channel.OTHER)


def channel_for(candidate: Candidate, phone_route: Channel = Channel.MESSAGE) -> Channel:
    """Return how to reach a candidate: as they wished if they agreed and can be, otherwise through the cadre.

    Who wished "a message to the phone" gets it by the route of the settings.
    """
    if candidate.may_be_messaged and candidate.channel is Channel.EMAIL and candidate.email:
        return Channel.EMAIL
    if candidate.may_be_messaged and candidate.channel in _PHONE and candidate.phone:
        return phone_route if candidate.channel is Channel.MESSAGE else candidate.channel
    return Channel.CADRE


def channels_of(people: Sequence[Candidate]) -> dict[int, Channel]:
    """Return how each candidate is reached now; who asked for no messages is told by the cadre."""
    route = rules().phone_route
    wished = {person.candidate_id: channel_for(person, route) for person in people}
    contacts = {p.candidate_id: contact_for(wished[p.candidate_id], p.email, p.phone) for p in people}
    closed = closed_contacts(contact for contact in contacts.values() if contact)
    return {
        candidate_id: Channel.CADRE if contacts[candidate_id] in closed else channel
        for candidate_id, channel in wished.items()
    }


def queue_invitations(actor: Actor, campaign_id: int, appointments: Sequence[Appointment]) -> int:
    """Write one pending invitation per appointment and ask the workers to send them; return how many were new."""
    written = write_messages(campaign_id, appointments, InvitationKind.INVITATION)
    audit.record(actor, "queue-invitations", ("campaign", campaign_id), invitations=written)
    return written


def write_messages(
    campaign_id: int, appointments: Sequence[Appointment], kind: InvitationKind, due_at: datetime | None = None
) -> int:
    """Write a message of one kind about the current version of each appointment; what is there already stays."""
    people = candidates_by_ids([row.candidate_id for row in appointments])
    channels = channels_of(list(people.values()))
    now = clock.now()
    rows = [
        {
            "campaign_id": campaign_id,
            "appointment_id": row.appointment_id,
            "appointment_version": row.version,
            "kind": kind,
            "channel": channels[row.candidate_id],
            "state": InvitationState.PENDING,
            "due_at": due_at or now,
            "attempts": 0,
            "rounds": 0,
            "created_at": now,
        }
        for row in appointments
    ]
    if not rows:
        return 0
    make_links(row.appointment_id for row in appointments)
    new = db.session.scalars(
        insert(Invitation).on_conflict_do_nothing().returning(Invitation.invitation_id), rows
    ).all()
    wake(len(new))
    return len(new)
