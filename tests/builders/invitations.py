"""Invitations that are due, without a planner behind them."""

from datetime import time, timedelta

from sqlalchemy import select

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.db import db
from campaign.events.models import ServiceSession
from campaign.events.sessions import NewSession, create_sessions
from campaign.outreach.appointments import NewAppointment, create_appointments
from campaign.outreach.claiming import Claim, claim_due
from campaign.outreach.invitations import queue_invitations
from campaign.outreach.models import Channel, Invitation
from campaign.registry.models import Facility
from tests.builders.candidates import Wish, make_candidate
from tests.builders.events import DAYS
from tests.builders.plans import Scene, make_run


def make_session(scene: Scene, facility: Facility | None = None) -> ServiceSession:
    """Add a session of the scene's campaign on its first date, under a run that stays as it is."""
    facility = facility or scene.depot.city.puskesmas
    new = NewSession(facility.facility_id, DAYS[0], time(8), time(14), (scene.depot.city.midwife.provider_id,))
    run = make_run(scene)
    return create_sessions(SYSTEM, scene.campaign.campaign_id, run.plan_run_id, [new])[0]


def make_invitations(scene: Scene, number: int, channel: Channel = Channel.EMAIL) -> list[Invitation]:
    """Add invitations of new candidates, all due now."""
    session = make_session(scene)
    people = [make_candidate(scene.campaign.campaign_id, Wish(channel=channel)) for _ in range(number)]
    expected = [
        NewAppointment(person.candidate_id, session.service_session_id, clock.now() + timedelta(14), None)
        for person in people
    ]
    made = create_appointments(SYSTEM, scene.campaign.campaign_id, session.plan_run_id, expected)
    queue_invitations(SYSTEM, scene.campaign.campaign_id, made)
    query = select(Invitation).where(Invitation.appointment_id.in_([row.appointment_id for row in made]))
    return list(db.session.scalars(query.order_by(Invitation.invitation_id)))


def claim(*invitations: Invitation, by: str = "journal-of-a-worker") -> list[Claim]:
    """Claim what is due as a worker does, and refresh the rows given."""
    found = claim_due(by, 100, lambda ids: None)
    for row in invitations:
        db.session.refresh(row)
    return list(found.claims)
