"""What must be so before anything is recorded of a visit."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from campaign import clock
from campaign.attendance.checkin import CLOCK_TOLERANCE
from campaign.attendance.models import CheckIn, CheckInAnswer
from campaign.db import db
from campaign.errors import Conflict, Invalid, Mistake
from campaign.transaction import hold

if TYPE_CHECKING:
    from campaign.events.models import ServiceSession


class NotCheckedIn(Conflict):
    """The candidate has not arrived at this session."""

    code = "not-checked-in"


class ImpossibleTime(Invalid):
    """The record carries a time that cannot be: in the future, or on another day than the session's."""

    code = "impossible-time"


def require_arrival(service_session_id: int, candidate_id: int) -> int:
    """Return the check-in of a visit, or raise NotCheckedIn."""
    check_in_id = db.session.scalar(
        select(CheckIn.check_in_id).where(
            CheckIn.service_session_id == service_session_id,
            CheckIn.candidate_id == candidate_id,
            CheckIn.answer == CheckInAnswer.ACCEPTED,
        )
    )
    if check_in_id is None:
        raise NotCheckedIn(service_session_id=service_session_id, candidate_id=candidate_id)
    return check_in_id


def hold_visit(check_in_id: int) -> None:
    """Make everybody else who records the end of this visit wait; the table itself allows no row locks."""
    hold(f"visit:{check_in_id}")


def require_time(session: "ServiceSession", at: datetime) -> None:
    """Raise ImpossibleTime for a record of the future or of another day."""
    if at > clock.now() + CLOCK_TOLERANCE:
        raise ImpossibleTime((Mistake("at", "from-the-future"),))
    if clock.local(at).date() != session.held_on:
        raise ImpossibleTime((Mistake("at", "wrong-day", {"held_on": session.held_on.isoformat()}),))
