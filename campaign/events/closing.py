"""The end of a session's day."""

from datetime import datetime

from sqlalchemy import select

from campaign.db import db
from campaign.events.models import ServiceSession
from campaign.events.queries import UnknownSession


def locked_session(service_session_id: int) -> ServiceSession:
    """Return the session, locked until the transaction ends."""
    query = select(ServiceSession).where(ServiceSession.service_session_id == service_session_id).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise UnknownSession(service_session_id=service_session_id)
    return found


def mark_closed(session: ServiceSession, at: datetime) -> bool:
    """Note when the facility closed its day; False when it had already done so."""
    if session.closed_at is not None:
        return False
    session.closed_at = at
    db.session.flush()
    return True
