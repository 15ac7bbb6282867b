"""One letter a working day to whoever's role owes steps that are late. Rows first, then the worker sends.

A letter whose worker died is not sent again: a reminder twice does more harm than one that the next day repeats.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from campaign import clock, i18n
from campaign.accounts import queries as accounts
from campaign.db import db
from campaign.events.sop.schedule import OfficeCalendar
from campaign.progress.digest_models import Digest, DigestState
from campaign.progress.owed import OwedStep, steps_owed
from campaign.registry import calendar

WRITTEN_FROM = time(7)
CLAIM_LASTS = timedelta(minutes=10)
GOES_STALE = timedelta(days=1)  # a letter that could not leave today says nothing new tomorrow


@dataclass(frozen=True, slots=True)
class DigestMail:
    """One letter ready to be sent."""

    digest_id: int
    to: str
    name: str
    subject: str
    body: str


def write_due() -> int:
    """Write today's letters of everybody who has none yet; return how many wait to be sent."""
    now = clock.local(clock.now())
    office = OfficeCalendar(frozenset(closure.day for closure in calendar.national([now.date()])))
    if now.time() < WRITTEN_FROM or not office.is_working(now.date()):
        return 0
    written = set(db.session.scalars(select(Digest.account_id).where(Digest.for_on == now.date())))
    rows = [_row(account_id, now) for account_id in accounts.active_ids() if account_id not in written]
    if rows:
        db.session.execute(insert(Digest).on_conflict_do_nothing(), rows)
    return sum(row["state"] is DigestState.WAITING for row in rows)


def _row(account_id: int, now: datetime) -> dict[str, object]:
    late = len(_late(account_id))
    return {
        "account_id": account_id,
        "for_on": now.date(),
        "late_steps": late,
        "state": DigestState.WAITING if late else DigestState.NOTHING,
        "written_at": clock.now(),
        "reference": "",
    }


def _late(account_id: int) -> list[OwedStep]:
    return [step for step in steps_owed(accounts.actor_of(account_id)) if step.is_overdue]


def claim_next(base_url: str) -> DigestMail | None:
    """Take one waiting letter for this worker and write it as things stand now; None: there is none."""
    query = select(Digest).where(Digest.state == DigestState.WAITING).order_by(Digest.digest_id)
    row = db.session.scalar(query.limit(1).with_for_update(skip_locked=True))
    if row is None:
        return None
    late = _late(row.account_id)
    if not late or row.written_at < clock.now() - GOES_STALE:
        row.state, row.reference = DigestState.REJECTED, "no-longer-true"
        db.session.flush()
        return claim_next(base_url)
    row.state, row.claimed_at = DigestState.CLAIMED, clock.now()
    return _mail(row, late, base_url)


def _mail(row: Digest, late: list[OwedStep], base_url: str) -> DigestMail:
    account = accounts.account(row.account_id)
    with i18n.with_locale(account.language):
        subject = i18n.word("subject", "Digest") % {"count": i18n.number(len(late))}
        lines = [_line(one) for one in late]
        body = "\n".join([account.name + ",", "", subject + ":", "", *(f"- {line}" for line in lines), "", base_url])
    return DigestMail(row.digest_id, account.email, account.name, subject, body + "\n")


def _line(step: OwedStep) -> str:
    return i18n.word("line", "Digest") % {
        "step": f"{step.number} {step.title}".strip(),
        "campaign": step.campaign_name,
        "day": i18n.short_day(step.due_on),
        "days": i18n.number(step.days_late),
    }


def record(digest_id: int, state: DigestState, reference: str) -> None:
    """Write down how a letter ended; back to WAITING when it may be tried again."""
    statement = update(Digest).where(Digest.digest_id == digest_id, Digest.state == DigestState.CLAIMED)
    db.session.execute(statement.values(state=state, claimed_at=None, reference=reference[:200]))


def settle_forgotten() -> list[int]:
    """Mark letters whose worker died as unknown; return their ids."""
    over = clock.now() - CLAIM_LASTS
    statement = (
        update(Digest)
        .where(Digest.state == DigestState.CLAIMED, Digest.claimed_at < over)
        .values(state=DigestState.UNKNOWN, claimed_at=None, reference="worker-died")
        .returning(Digest.digest_id)
    )
    return list(db.session.scalars(statement))
