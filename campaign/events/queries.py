"""What is known of campaigns, their targets and their sessions."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, false, or_, select, true

from campaign.accounts import policy
from campaign.accounts.policy import Actor, Permission, Reach
from campaign.db import db
from campaign.errors import NotFound
from campaign.events.lifecycle import CampaignState
from campaign.events.models import (
    Campaign,
    CampaignFacility,
    CampaignTarget,
    KelurahanTarget,
    ServiceSession,
    SessionProvider,
)
from campaign.events.services import UnknownCampaign
from campaign.registry import queries as registry


class UnknownSession(NotFound):
    """No service session has this id."""

    code = "unknown-session"


def campaign(campaign_id: int) -> Campaign:
    """Return one campaign with its dates."""
    found = db.session.get(Campaign, campaign_id)
    if found is None:
        raise UnknownCampaign(campaign_id=campaign_id)
    return found


def visible_campaign(actor: Actor, campaign_id: int) -> Campaign:
    """Return a campaign that touches where `actor` may see campaigns; to others it does not exist."""
    query = select(Campaign).where(
        Campaign.campaign_id == campaign_id, _touches(policy.reach(actor, Permission.SEE_CAMPAIGNS))
    )
    found = db.session.scalar(query)
    if found is None:
        raise UnknownCampaign(campaign_id=campaign_id)
    return found


def campaigns(reach: Reach) -> list[Campaign]:
    """Return the campaigns that touch where `reach` holds, newest first."""
    query = select(Campaign).where(_touches(reach)).order_by(Campaign.created_at.desc(), Campaign.campaign_id.desc())
    return list(db.session.scalars(query))


def campaigns_of(district_code: str) -> list[Campaign]:
    """Return the campaigns of a district, the oldest first."""
    query = select(Campaign).where(Campaign.district_code == district_code)
    return list(db.session.scalars(query.order_by(Campaign.campaign_id)))


def _touches(reach: Reach) -> ColumnElement[bool]:
    if reach.everywhere:
        return true()
    conditions: list[ColumnElement[bool]] = []
    for code in reach.areas:
        # Above the district, the district itself, or one of its kecamatan: all of them see the district's campaign.
        conditions += [Campaign.district_code == code[:5], Campaign.district_code.startswith(code + ".")]
    if reach.facilities:
        members = select(CampaignFacility.campaign_id).where(CampaignFacility.facility_id.in_(reach.facilities))
        conditions.append(Campaign.campaign_id.in_(members))
    return or_(false(), *conditions)


def facility_ids_of(campaign_id: int) -> tuple[int, ...]:
    """Return the facilities that take part, by id."""
    query = select(CampaignFacility.facility_id).where(CampaignFacility.campaign_id == campaign_id)
    return tuple(db.session.scalars(query.order_by(CampaignFacility.facility_id)))


def targets(campaign_id: int) -> dict[tuple[str, str], int]:
    """Return acceptors aimed at per (kecamatan, method)."""
    rows = db.session.scalars(select(CampaignTarget).where(CampaignTarget.campaign_id == campaign_id))
    return {(row.kecamatan_code, row.method_code): row.acceptors for row in rows}


def kelurahan_targets(campaign_id: int) -> dict[tuple[str, str], int]:
    """Return acceptors aimed at per (kelurahan, method)."""
    rows = db.session.scalars(select(KelurahanTarget).where(KelurahanTarget.campaign_id == campaign_id))
    return {(row.kelurahan_code, row.method_code): row.acceptors for row in rows}


def sessions_of(campaign_id: int) -> list[ServiceSession]:
    """Return the sessions of the approved plan, by date and facility."""
    query = select(ServiceSession).where(ServiceSession.campaign_id == campaign_id)
    return list(db.session.scalars(query.order_by(ServiceSession.held_on, ServiceSession.facility_id)))


def open_sessions(campaign_id: int) -> list[ServiceSession]:
    """Return the sessions whose day the facility has not closed, by date and facility."""
    return [row for row in sessions_of(campaign_id) if row.closed_at is None]


def session(service_session_id: int) -> ServiceSession:
    """Return one session with its providers."""
    found = db.session.get(ServiceSession, service_session_id)
    if found is None:
        raise UnknownSession(service_session_id=service_session_id)
    return found


def where_held(session_ids: Iterable[int]) -> dict[int, tuple[int, CampaignState]]:
    """Return the facility of each session, and how its campaign stands."""
    query = select(ServiceSession.service_session_id, ServiceSession.facility_id, Campaign.state)
    query = query.join(Campaign, Campaign.campaign_id == ServiceSession.campaign_id)
    rows = db.session.execute(query.where(ServiceSession.service_session_id.in_(list(session_ids))))
    return {session_id: (facility_id, state) for session_id, facility_id, state in rows}


def sessions_on(day: date, reach: Reach) -> list[ServiceSession]:
    """Return the sessions held on `day` where `reach` holds, by facility."""
    query = select(ServiceSession).where(ServiceSession.held_on == day, _held_within(reach))
    return list(db.session.scalars(query.order_by(ServiceSession.facility_id)))


def sessions_at(facility_id: int, ids: Iterable[int]) -> set[int]:
    """Return those of the sessions that are held at the facility."""
    query = select(ServiceSession.service_session_id).where(
        ServiceSession.facility_id == facility_id, ServiceSession.service_session_id.in_(list(ids))
    )
    return set(db.session.scalars(query))


def sessions_since(day: date, facility_ids: Iterable[int]) -> list[ServiceSession]:
    """Return the sessions of facilities from a day on, of campaigns that take place."""
    return _since(day, ServiceSession.facility_id.in_(list(facility_ids)))


def sessions_of_provider_since(day: date, provider_id: int) -> list[ServiceSession]:
    """Return the sessions at which a provider works from a day on, of campaigns that take place."""
    of = select(SessionProvider.service_session_id).where(SessionProvider.provider_id == provider_id)
    return _since(day, ServiceSession.service_session_id.in_(of))


def _since(day: date, which: ColumnElement[bool]) -> list[ServiceSession]:
    query = select(ServiceSession).join(Campaign, Campaign.campaign_id == ServiceSession.campaign_id)
    query = query.where(ServiceSession.held_on >= day, Campaign.state != CampaignState.CANCELLED, which)
    return list(db.session.scalars(query.order_by(ServiceSession.held_on, ServiceSession.facility_id)))


def sessions_within(reach: Reach) -> list[ServiceSession]:
    """Return all sessions held where `reach` holds: newest campaign first, by date and facility."""
    query = select(ServiceSession).where(_held_within(reach))
    by = (ServiceSession.campaign_id.desc(), ServiceSession.held_on, ServiceSession.facility_id)
    return list(db.session.scalars(query.order_by(*by)))


def provider_days_taken(days: Iterable[date], campaign_id: int) -> frozenset[tuple[int, date]]:
    """Return (provider, day) pairs on which a session of another campaign already has the provider."""
    query = (
        select(SessionProvider.provider_id, ServiceSession.held_on)
        .join(ServiceSession, ServiceSession.service_session_id == SessionProvider.service_session_id)
        .join(Campaign, Campaign.campaign_id == ServiceSession.campaign_id)
        .where(
            ServiceSession.held_on.in_(list(days)),
            ServiceSession.campaign_id != campaign_id,
            Campaign.state != CampaignState.CANCELLED,
        )
    )
    return frozenset((provider_id, day) for provider_id, day in db.session.execute(query))


def _held_within(reach: Reach) -> ColumnElement[bool]:
    if reach.everywhere:
        return true()
    in_areas = [
        row.facility_id
        for row in (registry.every_facility() if reach.areas else [])
        if any(row.kecamatan_code == area or row.kecamatan_code.startswith(area + ".") for area in reach.areas)
    ]
    return ServiceSession.facility_id.in_([*reach.facilities, *in_areas])
