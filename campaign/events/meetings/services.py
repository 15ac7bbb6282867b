"""Use-cases of meetings: call one, say who came, keep what was said and promised."""

from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import func, select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import Conflict, Invalid, KeyReused, Mistake
from campaign.events import queries as events
from campaign.events.meetings.models import Agreement, Invitee, Meeting, MeetingKind, Minutes
from campaign.events.meetings.queries import UnknownMeeting
from campaign.transaction import hold

LONGEST_MINUTES = 20_000


class MeetingIsOver(Conflict):
    """The meeting was held and closed, or cancelled."""

    code = "meeting-is-over"


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is asked to come."""

    name: str
    office: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """What a meeting is to be."""

    kind: MeetingKind
    title: str
    meets_on: date
    starts_at: time
    ends_at: time | None
    place: str
    agenda: str
    invitees: tuple[Invited, ...]


@dataclass(frozen=True, slots=True)
class Presence:
    """Who came, by invitee; whoever came in another's place by name."""

    meeting_id: int
    came: frozenset[int]
    stood_in: dict[int, str]
    unasked: tuple[Invited, ...] = ()  # came without an invitation


@dataclass(frozen=True, slots=True)
class Promise:
    """Somebody said that they would do something; the same `key` again is the same promise."""

    key: str
    meeting_id: int
    task: str
    who: str
    due_on: date | None


def call_meeting(actor: Actor, campaign_id: int, key: str, plan: MeetingPlan) -> Meeting:
    """Call a meeting of a campaign; the same key again returns the first one."""
    campaign = events.campaign(campaign_id)
    require(actor, Permission.EDIT_CAMPAIGN, Place(area_code=campaign.district_code))
    hold(f"meeting:{key}")
    first = db.session.scalar(select(Meeting).where(Meeting.idempotency_key == key))
    if first is not None:
        if first.campaign_id != campaign_id:
            raise KeyReused(meeting_id=first.meeting_id)
        return first
    _require_sound(plan)
    meeting = Meeting(
        idempotency_key=key, campaign_id=campaign_id, created_at=clock.now(), created_by_id=actor.account_id
    )
    _write(meeting, plan)
    db.session.add(meeting)
    db.session.flush()
    audit.record(actor, "call-meeting", ("meeting", meeting.meeting_id), invitees=len(plan.invitees))
    return meeting


def change_meeting(actor: Actor, meeting_id: int, plan: MeetingPlan) -> Meeting:
    """Change day, place or guests of a meeting that was not held yet."""
    meeting = _open(actor, meeting_id)
    _require_sound(plan)
    meeting.invitees = []
    db.session.flush()  # the old rows leave before new ones take their positions
    _write(meeting, plan)
    audit.record(actor, "change-meeting", ("meeting", meeting_id))
    return meeting


def _write(meeting: Meeting, plan: MeetingPlan) -> None:
    meeting.kind, meeting.title, meeting.meets_on = plan.kind, plan.title.strip(), plan.meets_on
    meeting.starts_at, meeting.ends_at = plan.starts_at, plan.ends_at
    meeting.place, meeting.agenda = plan.place.strip(), plan.agenda.strip()
    meeting.invitees = [_invitee(position, one) for position, one in enumerate(plan.invitees, start=1)]


def _invitee(position: int, one: Invited, *, came: bool = False) -> Invitee:
    return Invitee(position=position, name=one.name, office=one.office, email=one.email, came=came, stood_in="")


def _require_sound(plan: MeetingPlan) -> None:
    mistakes = [
        Mistake(where, "text-length")
        for where, text, most in (("title", plan.title, 160), ("place", plan.place, 200), ("agenda", plan.agenda, 2000))
        if not 1 <= len(text.strip()) <= most
    ]
    if plan.ends_at is not None and plan.ends_at <= plan.starts_at:
        mistakes.append(Mistake("ends_at", "meeting-ends-too-early"))
    if not plan.invitees:
        mistakes.append(Mistake("invitees", "nobody-invited"))
    if mistakes:
        raise Invalid(tuple(mistakes))


def record_presence(actor: Actor, presence: Presence) -> Meeting:
    """Write down who came; may be corrected until the meeting is closed."""
    meeting = _open(actor, presence.meeting_id)
    for one in meeting.invitees:
        one.came = one.meeting_invitee_id in presence.came
        one.stood_in = presence.stood_in.get(one.meeting_invitee_id, "").strip()[:160] if one.came else ""
    last = max((one.position for one in meeting.invitees), default=0)
    meeting.invitees += [_invitee(last + n, one, came=True) for n, one in enumerate(presence.unasked, start=1)]
    db.session.flush()
    audit.record(actor, "record-presence", ("meeting", meeting.meeting_id), came=len(presence.came))
    return meeting


def write_minutes(actor: Actor, meeting_id: int, text: str) -> Minutes:
    """Keep what was said; written again it is the next version."""
    meeting = _locked(actor, meeting_id)
    if meeting.cancelled_at is not None:
        raise MeetingIsOver(meeting_id=meeting_id)
    if not 1 <= len(text.strip()) <= LONGEST_MINUTES:
        raise Invalid((Mistake("text", "letter-text-too-long", {"max": LONGEST_MINUTES}),))
    last = db.session.scalar(select(func.max(Minutes.version)).where(Minutes.meeting_id == meeting_id)) or 0
    minutes = Minutes(
        meeting_id=meeting_id,
        version=last + 1,
        text=text.replace("\r\n", "\n").strip(),
        written_at=clock.now(),
        account_id=actor.account_id,
    )
    db.session.add(minutes)
    db.session.flush()
    db.session.expire(meeting, ["minutes"])
    audit.record(actor, "write-minutes", ("meeting", meeting_id), version=minutes.version)
    return minutes


def record_agreement(actor: Actor, promise: Promise) -> Agreement:
    """Keep who said what they would do; the same key again returns the first."""
    meeting = _locked(actor, promise.meeting_id)
    first = db.session.scalar(select(Agreement).where(Agreement.idempotency_key == promise.key))
    if first is not None:
        return first
    mistakes = [
        Mistake(where, "text-length")
        for where, text, most in (("task", promise.task, 300), ("who", promise.who, 160))
        if not 1 <= len(text.strip()) <= most
    ]
    if mistakes:
        raise Invalid(tuple(mistakes))
    agreement = Agreement(
        idempotency_key=promise.key,
        meeting_id=promise.meeting_id,
        task=promise.task.strip(),
        who=promise.who.strip(),
        due_on=promise.due_on,
        recorded_at=clock.now(),
        account_id=actor.account_id,
    )
    db.session.add(agreement)
    db.session.flush()
    db.session.expire(meeting, ["agreements"])
    audit.record(actor, "record-agreement", ("meeting", promise.meeting_id), agreement_id=agreement.agreement_id)
    return agreement


def finish_agreement(actor: Actor, agreement_id: int) -> Agreement:
    """Say that what was promised is done; said twice it stays as it was first."""
    agreement = db.session.get(Agreement, agreement_id, with_for_update=True, populate_existing=True)
    if agreement is None:
        raise UnknownMeeting(agreement_id=agreement_id)
    _locked(actor, agreement.meeting_id)
    if agreement.done_at is None:
        agreement.done_at, agreement.done_by_id = clock.now(), actor.account_id
        audit.record(actor, "finish-agreement", ("meeting", agreement.meeting_id), agreement_id=agreement_id)
    return agreement


def close_meeting(actor: Actor, meeting_id: int) -> Meeting:
    """Say that a meeting was held: somebody came, and its minutes are written."""
    meeting = _open(actor, meeting_id)
    mistakes = []
    if not any(one.came for one in meeting.invitees):
        mistakes.append(Mistake("came", "nobody-came"))
    if not meeting.minutes:
        mistakes.append(Mistake("text", "no-minutes"))
    if meeting.meets_on > clock.today():
        mistakes.append(Mistake("meets_on", "meeting-in-future"))
    if mistakes:
        raise Invalid(tuple(mistakes))
    meeting.held_at = clock.now()
    audit.record(actor, "close-meeting", ("meeting", meeting_id))
    return meeting


def cancel_meeting(actor: Actor, meeting_id: int) -> Meeting:
    """Call a meeting off; its row stays."""
    meeting = _open(actor, meeting_id)
    meeting.cancelled_at = clock.now()
    audit.record(actor, "cancel-meeting", ("meeting", meeting_id))
    return meeting


def _locked(actor: Actor, meeting_id: int) -> Meeting:
    found = db.session.get(Meeting, meeting_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise UnknownMeeting(meeting_id=meeting_id)
    district = events.campaign(found.campaign_id).district_code
    require(actor, Permission.EDIT_CAMPAIGN, Place(area_code=district))
    return found


def _open(actor: Actor, meeting_id: int) -> Meeting:
    meeting = _locked(actor, meeting_id)
    if meeting.held_at is not None or meeting.cancelled_at is not None:
        raise MeetingIsOver(meeting_id=meeting_id)
    return meeting
