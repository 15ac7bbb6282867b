"""Who is expected where and when, under the approved plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from campaign import audit
from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.outreach.models import EXPECTED, Appointment


@dataclass(frozen=True, slots=True)
class NewAppointment:
    """One person expected at one session."""

    candidate_id: int
    service_session_id: int
    expected_at: datetime  # start of the first step, UTC
    provider_id: int | None  # of the step that needs a skill


def create_appointments(
    actor: Actor, campaign_id: int, plan_run_id: int, appointments: Sequence[NewAppointment]
) -> list[Appointment]:
    """Create the appointments of an approved plan, in the order given."""
    require(actor, Permission.APPROVE_PLAN)
    rows = [
        Appointment(
            plan_run_id=plan_run_id,
            candidate_id=new.candidate_id,
            service_session_id=new.service_session_id,
            expected_at=new.expected_at,
            provider_id=new.provider_id,
        )
        for new in appointments
    ]
    db.session.add_all(rows)
    db.session.flush()
    audit.record(actor, "create-appointments", ("campaign", campaign_id), appointments=len(rows))
    return rows


def appointments_of(service_session_id: int) -> list[Appointment]:
    """Return who is expected at a session, by time; whoever shows names audits the read."""
    query = select(Appointment).where(
        Appointment.service_session_id == service_session_id, Appointment.state.in_(EXPECTED)
    )
    return list(db.session.scalars(query.order_by(Appointment.expected_at, Appointment.appointment_id)))


def appointments_of_plan(plan_run_id: int) -> list[Appointment]:
    """Return every appointment of a plan, whatever became of it, by session and time."""
    query = select(Appointment).where(Appointment.plan_run_id == plan_run_id)
    return list(
        db.session.scalars(
            query.order_by(Appointment.service_session_id, Appointment.expected_at, Appointment.appointment_id)
        )
    )
