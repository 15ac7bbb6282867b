"""Write reminders when their hour has come. Nothing is planned ahead: a sweep looks at what time it is.

A person told by the cadre gets none: the cadre has the list. An appointment that came to be after a reminder was due
does without that one, and of reminders that were missed only the latest is sent.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from campaign import clock
from campaign.db import db
from campaign.outreach.invitations import channels_of, write_messages
from campaign.outreach.models import EXPECTED, Appointment, Candidate, Channel, Invitation, InvitationKind
from campaign.outreach.queries import candidates_by_ids
from campaign.outreach.sending import Rules, rules

MOST = 1000  # reminders of a day that one sweep writes
DAYS_BEFORE = {InvitationKind.REMINDER_3: 3, InvitationKind.REMINDER_1: 1, InvitationKind.REMINDER_DAY: 0}
_EARLY = time(6)  # on the day itself


def due_at(kind: InvitationKind, day: date, of: Rules) -> datetime:
    """Return when a reminder of an appointment on `day` is due."""
    wall = _EARLY if kind is InvitationKind.REMINDER_DAY else of.remind_at
    return datetime.combine(day - timedelta(DAYS_BEFORE[kind]), wall, clock.zone())


def reminder_of(day: date, now: datetime, of: Rules) -> InvitationKind | None:
    """Return the latest reminder that is due for appointments on `day`."""
    due = [kind for kind in DAYS_BEFORE if kind.value in of.reminders and due_at(kind, day, of) <= now]
    return max(due, key=lambda kind: due_at(kind, day, of), default=None)


def write_due() -> int:
    """Write every reminder that is due now; return how many are new."""
    now, of, today = clock.now(), rules(), clock.today()
    written = 0
    for ahead in range(max(DAYS_BEFORE.values()) + 1):
        day = today + timedelta(ahead)
        kind = reminder_of(day, now, of)
        if kind is not None:
            written += _write(day, kind, now, due_at(kind, day, of))
    return written


def _write(day: date, kind: InvitationKind, now: datetime, due: datetime) -> int:
    has_one = select(Invitation.invitation_id).where(
        Invitation.appointment_id == Appointment.appointment_id,
        Invitation.appointment_version == Appointment.version,
        Invitation.kind == kind,
    )
    query = (
        select(Appointment, Candidate.campaign_id)
        .join(Candidate, Candidate.candidate_id == Appointment.candidate_id)
        .where(
            func.date(func.timezone(clock.zone().key, Appointment.expected_at)) == day,
            Appointment.expected_at > now,
            Appointment.state.in_(EXPECTED),
            Appointment.told_version == Appointment.version,
            Appointment.changed_at < due,
            Candidate.channel != Channel.CADRE,
            Candidate.may_be_messaged,
            ~has_one.exists(),
        )
        .order_by(Appointment.expected_at, Appointment.appointment_id)
        .limit(MOST)
    )
    by_campaign: defaultdict[int, list[Appointment]] = defaultdict(list)
    for appointment, campaign_id in db.session.execute(query):
        by_campaign[campaign_id].append(appointment)
    return sum(write_messages(key, _electronic(rows), kind) for key, rows in sorted(by_campaign.items()))


def _electronic(rows: Sequence[Appointment]) -> list[Appointment]:
    """Return the appointments of people who can be reached without a cadre."""
    channels = channels_of(list(candidates_by_ids([row.candidate_id for row in rows]).values()))
    return [row for row in rows if channels[row.candidate_id] is not Channel.CADRE]
