"""Reading the audit trail: who did what to which row, newest first."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select

from campaign import clock
from campaign.accounts.policy import Actor, Permission, require
from campaign.accounts.services import WHOLE_CITY
from campaign.audit import AuditEntry
from campaign.db import db

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which entries to show; what is None does not narrow."""

    account_id: int | None = None
    action: str | None = None
    subject_kind: str | None = None
    subject_id: str | None = None
    day: date | None = None
    before_id: int | None = None  # older than this entry: the next page


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Entries, and where the next page starts."""

    entries: tuple[AuditEntry, ...]
    next_before_id: int | None


def entries(actor: Actor, wanted: TrailFilter) -> TrailPage:
    """Return one page of the trail, newest first."""
    require(actor, Permission.SEE_AUDIT, WHOLE_CITY)
    rows = select(AuditEntry).order_by(AuditEntry.audit_entry_id.desc()).limit(PAGE_SIZE + 1)
    for column in ("account_id", "action", "subject_kind", "subject_id"):
        value = getattr(wanted, column)
        if value is not None:
            rows = rows.where(getattr(AuditEntry, column) == value)
    if wanted.day is not None:
        rows = rows.where(AuditEntry.recorded_at.between(*_bounds(wanted.day)))
    if wanted.before_id is not None:
        rows = rows.where(AuditEntry.audit_entry_id < wanted.before_id)
    found = tuple(db.session.scalars(rows))
    more = found[PAGE_SIZE - 1].audit_entry_id if len(found) > PAGE_SIZE else None
    return TrailPage(found[:PAGE_SIZE], more)


def _bounds(day: date) -> tuple[datetime, datetime]:
    return datetime.combine(day, time.min, clock.zone()), datetime.combine(day, time.max, clock.zone())


def actions(actor: Actor) -> tuple[str, ...]:
    """Return the actions that the trail holds, for a filter."""
    require(actor, Permission.SEE_AUDIT, WHOLE_CITY)
    return tuple(db.session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))
