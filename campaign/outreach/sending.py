"""How this deployment sends: quiet hours, daily caps, routes, reminders; and holding back a campaign's messages."""

from dataclasses import dataclass, field, fields
from datetime import datetime, time, timedelta

from sqlalchemy import func, select, update

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import Conflict, Invalid, Mistake
from campaign.events import queries as events
from campaign.outreach.dispatch_models import DispatchRule, DispatchStop
from campaign.outreach.models import Channel, Invitation, InvitationKind, InvitationState
from campaign.outreach.waking import wake

ELECTRONIC = (Channel.EMAIL, Channel.MESSAGE, Channel.WHATSAPP, Channel.SMS, Channel.OTHER)
PHONE_ROUTES = (Channel.MESSAGE, Channel.WHATSAPP, Channel.SMS, Channel.OTHER)
REMINDERS = (InvitationKind.REMINDER_3, InvitationKind.REMINDER_1, InvitationKind.REMINDER_DAY)


class RulesInvalid(Invalid):
    """What was typed as rules of sending cannot hold. `where` is the field."""

    code = "dispatch-rules-invalid"


class AlreadyStopped(Conflict):
    """The campaign's messages are held back already."""

    code = "dispatch-already-stopped"


class NotStopped(Conflict):
    """The campaign's messages are not held back."""

    code = "dispatch-not-stopped"


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in force; the defaults hold until somebody changes them."""

    quiet_from: time = time(20)
    quiet_until: time = time(6)
    phone_route: Channel = Channel.MESSAGE
    daily_caps: dict[str, int] = field(default_factory=dict)
    reminders: tuple[str, ...] = tuple(kind.value for kind in REMINDERS)
    remind_at: time = time(9)
    offer_hours: int = 24
    offer_lead_hours: int = 12
    risk: float = 0.1

    def is_quiet(self, at: datetime) -> bool:
        """Tell whether nothing may leave electronically at an instant; the night may cross midnight."""
        wall = clock.local(at).time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= wall < self.quiet_until
        return wall >= self.quiet_from or wall < self.quiet_until


def rules() -> Rules:
    """Return the rules in force."""
    row = db.session.get(DispatchRule, 1)
    if row is None:
        return Rules()
    values = {one.name: getattr(row, one.name) for one in fields(Rules)}
    return Rules(**values | {"reminders": tuple(row.reminders)})


def change_rules(actor: Actor, new: Rules) -> None:
    """Let other rules hold from now on."""
    require(actor, Permission.EDIT_REGISTRY, Place())
    mistakes = tuple(Mistake(where, code) for where, code, is_broken in _broken(new) if is_broken)
    if mistakes:
        raise RulesInvalid(mistakes)
    values = {one.name: getattr(new, one.name) for one in fields(Rules)} | {"reminders": list(new.reminders)}
    db.session.merge(DispatchRule(dispatch_rule_id=1, changed_at=clock.now(), changed_by_id=actor.account_id, **values))
    audit.record(actor, "change-dispatch-rules", ("dispatch_rule", 1))
    wake(1)


def _broken(new: Rules) -> tuple[tuple[str, str, bool], ...]:
    return (
        ("phone_route", "route-not-to-a-phone", new.phone_route not in PHONE_ROUTES),
        ("daily_caps", "cap-not-positive", any(cap < 1 for cap in new.daily_caps.values())),
        ("reminders", "unknown-reminder", not set(new.reminders) <= {kind.value for kind in REMINDERS}),
        ("offer_hours", "offer-hours-out-of-range", not 1 <= new.offer_hours <= 240),
        ("offer_lead_hours", "offer-hours-out-of-range", not 0 <= new.offer_lead_hours <= 240),
        ("risk", "risk-out-of-range", not 0.001 <= new.risk <= 0.5),
    )


def sent_today(channel: Channel) -> int:
    """Return how many messages of a channel left today, or are leaving."""
    midnight = datetime.combine(clock.today(), time(), clock.zone())
    query = select(func.count()).select_from(Invitation).where(Invitation.channel == channel)
    left = db.session.scalar(query.where(Invitation.sent_at >= midnight)) or 0
    return left + (db.session.scalar(query.where(Invitation.state == InvitationState.SENDING)) or 0)


def held_back(campaign_id: int) -> DispatchStop | None:
    """Return the stop that holds back the campaign's messages, if there is one."""
    query = select(DispatchStop).where(DispatchStop.campaign_id == campaign_id, DispatchStop.resumed_at.is_(None))
    return db.session.scalars(query).one_or_none()


def stop_campaign(actor: Actor, campaign_id: int, reason: str) -> None:
    """Hold back every message of a campaign; what is leaving at this moment still leaves."""
    _require(actor, campaign_id)
    if not reason.strip():
        raise RulesInvalid((Mistake("reason", "stop-reason-missing"),))
    if held_back(campaign_id) is not None:
        raise AlreadyStopped(campaign_id=campaign_id)
    row = DispatchStop(
        campaign_id=campaign_id, reason=reason.strip(), stopped_at=clock.now(), stopped_by_id=actor.account_id
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "stop-dispatch", ("campaign", campaign_id))


def resume_campaign(actor: Actor, campaign_id: int) -> None:
    """Let a campaign's messages go again."""
    _require(actor, campaign_id)
    closed = db.session.execute(
        update(DispatchStop)
        .where(DispatchStop.campaign_id == campaign_id, DispatchStop.resumed_at.is_(None))
        .values(resumed_at=clock.now(), resumed_by_id=actor.account_id)
        .returning(DispatchStop.dispatch_stop_id)
    ).all()
    if not closed:
        raise NotStopped(campaign_id=campaign_id)
    audit.record(actor, "resume-dispatch", ("campaign", campaign_id))
    wake(1)


def _require(actor: Actor, campaign_id: int) -> None:
    require(actor, Permission.INVITE, Place(area_code=events.campaign(campaign_id).district_code))


def quiet_ends(of: Rules, at: datetime) -> datetime:
    """Return when the quiet hours that hold at an instant are over; the instant itself when none hold."""
    if not of.is_quiet(at):
        return at
    wall = clock.local(at)
    end = wall.replace(hour=of.quiet_until.hour, minute=of.quiet_until.minute, second=0, microsecond=0)
    return end if end > wall else end + timedelta(days=1)
