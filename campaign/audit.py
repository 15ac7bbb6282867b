"""Who did what to which row, written in the caller's transaction. Append-only; ids and codes, never a person's data."""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import BigInteger, Index, String, insert
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from campaign import clock
from campaign.db import Base, Instant, Key, db


class Actor(Protocol):
    """Whoever acts: a signed-in account, or the system itself with account_id None."""

    @property
    def account_id(self) -> int | None:
        """Return the account, or None for the system."""


class AuditEntry(Base):
    """One line of the audit trail. The application's role may insert and read, never change."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject_kind", "subject_id"),)

    audit_entry_id: Mapped[Key]
    recorded_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(BigInteger, index=True)  # None: the system. No foreign key: outlives
    action: Mapped[str] = mapped_column(String(64))  # verb and object in kebab-case: "issue-stock", "read-candidate"
    subject_kind: Mapped[str] = mapped_column(String(32))  # table of the thing: "candidate"
    subject_id: Mapped[str] = mapped_column(String(64))  # its id, as text: areas have codes
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)  # ids, counts and codes


def record(actor: Actor, action: str, subject: tuple[str, object], **facts: object) -> None:
    """Add a line to the trail; it is committed or undone with what it tells of."""
    kind, subject_id = subject
    db.session.add(
        AuditEntry(
            recorded_at=clock.now(),
            account_id=actor.account_id,
            action=action,
            subject_kind=kind,
            subject_id=str(subject_id),
            facts=facts,
        )
    )


def record_each(actor: Actor, kind: str, lines: Sequence[tuple[str, int, dict[str, object]]]) -> None:
    """Add many lines about rows of one kind in one statement: of each its action, its id and its facts."""
    if lines:
        shared = {"recorded_at": clock.now(), "account_id": actor.account_id, "subject_kind": kind}
        rows = [{**shared, "action": action, "subject_id": str(key), "facts": facts} for action, key, facts in lines]
        db.session.execute(insert(AuditEntry), rows)
