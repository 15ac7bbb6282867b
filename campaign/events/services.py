"""Create a campaign and move it through its life."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import delete, func, select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import Conflict, Invalid, KeyReused, Mistake, NotFound
from campaign.events import lifecycle
from campaign.events.lifecycle import CampaignState
from campaign.events.models import Campaign, CampaignDate, CampaignFacility, ServiceSession
from campaign.logistics.services import require_settled
from campaign.registry import queries as registry
from campaign.transaction import hold

LONGEST_DATES = 60  # a mistyped year must not make a plan of four hundred days


class UnknownCampaign(NotFound):
    """No campaign has this id."""

    code = "unknown-campaign"


class SessionsAreOpen(Conflict):
    """Facilities have not closed their day: results are not complete."""

    code = "sessions-are-open"


class InvalidCampaign(Invalid):
    """The campaign as asked for cannot be; every mistake is listed."""

    code = "invalid-campaign"


@dataclass(frozen=True, slots=True)
class CampaignRules:
    """What the planner must keep to, beside people, places and stock. None: no limit."""

    max_travel_km: float = 25
    min_session: int = 1
    cross_kecamatan: bool = True
    max_sessions_per_day: int | None = None
    max_dates_per_kecamatan: int | None = None
    trips_per_day: int = 20
    trip_cost: int = 150_000  # rupiah


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A campaign to create; `key` is made by the sender, the same key gives the same campaign."""

    key: str
    name: str
    district_code: str
    dates: tuple[date, ...]
    facility_ids: tuple[int, ...]
    rules: CampaignRules = field(default_factory=CampaignRules)


@dataclass(frozen=True, slots=True)
class CampaignChange:
    """New dates, facilities and rules of a campaign that has no approved plan yet."""

    campaign_id: int
    name: str
    dates: tuple[date, ...]
    facility_ids: tuple[int, ...]
    rules: CampaignRules


def create_campaign(actor: Actor, new: NewCampaign) -> Campaign:
    """Create a campaign as a draft; the same key again returns the first one."""
    require(actor, Permission.EDIT_CAMPAIGN, Place(area_code=new.district_code))
    # Two clicks at once: the second waits here and then finds what the first made.
    hold(f"campaign:{new.key}")
    first = db.session.scalar(select(Campaign).where(Campaign.idempotency_key == new.key))
    if first is not None and first.district_code != new.district_code:
        raise KeyReused(campaign_id=first.campaign_id)
    if first is not None:
        return first
    _require_sound(new.district_code, new)
    campaign = Campaign(
        name=new.name.strip(),
        district_code=new.district_code,
        state=CampaignState.DRAFT,
        idempotency_key=new.key,
        created_at=clock.now(),
        created_by_id=actor.account_id,
    )
    _write_rules(campaign, new.rules)
    campaign.dates = [CampaignDate(held_on=day) for day in sorted(new.dates)]
    db.session.add(campaign)
    db.session.flush()
    _write_facilities(campaign, new.facility_ids)
    audit.record(actor, "create-campaign", ("campaign", campaign.campaign_id), dates=len(new.dates))
    return campaign


def change_campaign(actor: Actor, change: CampaignChange) -> Campaign:
    """Replace dates, facilities and rules of a draft."""
    campaign = editable_campaign(actor, change.campaign_id)
    _require_sound(campaign.district_code, change)
    campaign.name = change.name.strip()
    _write_rules(campaign, change.rules)
    kept = {row.held_on: row for row in campaign.dates}
    campaign.dates = [kept.get(day) or CampaignDate(held_on=day) for day in sorted(change.dates)]
    _write_facilities(campaign, change.facility_ids)
    audit.record(actor, "change-campaign", ("campaign", campaign.campaign_id), dates=len(change.dates))
    return campaign


def mark_approved(actor: Actor, campaign_id: int) -> Campaign:
    """Note that a plan of the campaign was approved; planning calls it in the transaction that approves."""
    return _step(actor, campaign_id, CampaignState.APPROVED, Permission.APPROVE_PLAN)


def close_campaign(actor: Actor, campaign_id: int) -> Campaign:
    """End a campaign whose goods are all accounted for: used, returned, lost, and counted at every facility."""
    still_open = select(func.count()).where(
        ServiceSession.campaign_id == campaign_id, ServiceSession.closed_at.is_(None)
    )
    if number := db.session.scalar(still_open):
        raise SessionsAreOpen(campaign_id=campaign_id, sessions=number)
    require_settled(campaign_id)
    return _step(actor, campaign_id, CampaignState.CLOSED, Permission.EDIT_CAMPAIGN)


def cancel_campaign(actor: Actor, campaign_id: int) -> Campaign:
    """Give a draft up. One with an approved plan has invited people: telling them is a use-case of its own."""
    campaign = editable_campaign(actor, campaign_id)
    return _step(actor, campaign.campaign_id, CampaignState.CANCELLED, Permission.EDIT_CAMPAIGN)


def locked_campaign(campaign_id: int) -> Campaign:
    """Return the campaign, locked until the transaction ends."""
    # populate_existing: what this session read before the lock may be old.
    campaign = db.session.get(Campaign, campaign_id, with_for_update=True, populate_existing=True)
    if campaign is None:
        raise UnknownCampaign(campaign_id=campaign_id)
    return campaign


def editable_campaign(actor: Actor, campaign_id: int) -> Campaign:
    """Return the campaign, locked, for somebody who may change it while it may be changed."""
    campaign = locked_campaign(campaign_id)
    require(actor, Permission.EDIT_CAMPAIGN, Place(area_code=campaign.district_code))
    lifecycle.require_editable(campaign.state)
    return campaign


def _step(actor: Actor, campaign_id: int, to: CampaignState, permission: Permission) -> Campaign:
    campaign = locked_campaign(campaign_id)
    require(actor, permission, Place(area_code=campaign.district_code))
    campaign.state = lifecycle.advance(campaign.state, to)
    audit.record(actor, "move-campaign", ("campaign", campaign_id), state=to.value)
    db.session.flush()
    return campaign


def _require_sound(district_code: str, wanted: NewCampaign | CampaignChange) -> None:
    """Raise InvalidCampaign with everything that is wrong with name, dates, facilities and rules."""
    mistakes = []
    if not wanted.name.strip():
        mistakes.append(Mistake("name", "missing"))
    if len(wanted.name.strip()) > 120:
        mistakes.append(Mistake("name", "too-long", {"most": 120}))
    mistakes += _date_mistakes(wanted.dates)
    mistakes += _facility_mistakes(district_code, wanted.facility_ids)
    mistakes += _rule_mistakes(wanted.rules)
    if mistakes:
        raise InvalidCampaign(tuple(mistakes))


def _date_mistakes(dates: Sequence[date]) -> list[Mistake]:
    if not dates:
        return [Mistake("dates", "no-dates")]
    if len(dates) > LONGEST_DATES:
        return [Mistake("dates", "too-many-dates", {"most": LONGEST_DATES})]
    return [Mistake("dates", "date-twice", {"day": day}) for day in sorted({d for d in dates if dates.count(d) > 1})]


def _facility_mistakes(district_code: str, facility_ids: Sequence[int]) -> list[Mistake]:
    if not facility_ids:
        return [Mistake("facilities", "no-facilities")]
    known = {row.facility_id: row for row in registry.facilities(set(facility_ids))}
    return [
        Mistake("facilities", "facility-not-here", {"facility": facility_id})
        for facility_id in sorted(set(facility_ids))
        if facility_id not in known or not known[facility_id].kecamatan_code.startswith(district_code + ".")
    ]


def _rule_mistakes(rules: CampaignRules) -> list[Mistake]:
    limits = {
        "max_travel_km": (0.1, 1000),
        "min_session": (1, 1000),
        "max_sessions_per_day": (1, 10_000),
        "max_dates_per_kecamatan": (1, LONGEST_DATES),
        "trips_per_day": (0, 10_000),
        "trip_cost": (0, 1_000_000_000),
    }
    values = {name: getattr(rules, name) for name in limits}
    return [
        Mistake(name, "out-of-range", {"least": least, "most": most})
        for name, (least, most) in limits.items()
        if values[name] is not None and not least <= values[name] <= most
    ]


def _write_rules(campaign: Campaign, rules: CampaignRules) -> None:
    campaign.max_travel_km = rules.max_travel_km
    campaign.min_session = rules.min_session
    campaign.cross_kecamatan = rules.cross_kecamatan
    campaign.max_sessions_per_day = rules.max_sessions_per_day
    campaign.max_dates_per_kecamatan = rules.max_dates_per_kecamatan
    campaign.trips_per_day = rules.trips_per_day
    campaign.trip_cost = rules.trip_cost


def _write_facilities(campaign: Campaign, facility_ids: Sequence[int]) -> None:
    db.session.execute(delete(CampaignFacility).where(CampaignFacility.campaign_id == campaign.campaign_id))
    db.session.add_all(
        CampaignFacility(campaign_id=campaign.campaign_id, facility_id=facility_id)
        for facility_id in sorted(set(facility_ids))
    )
    db.session.flush()
