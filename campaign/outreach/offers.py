"""A freed place goes to the waiting list: to one person at a time, with a deadline."""

from datetime import datetime, timedelta

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import SYSTEM
from campaign.db import db
from campaign.events import queries as events
from campaign.outreach.dispatch_models import OfferEnding, PlaceOffer
from campaign.outreach.invitations import write_messages
from campaign.outreach.models import Appointment, AppointmentState, Candidate, InvitationKind
from campaign.outreach.sending import quiet_ends, rules
from campaign.outreach.waiting import Opening, in_order
from campaign.transaction import hold

SHORTEST = timedelta(hours=1)  # an offer that lapses sooner is none
MOST = 200  # lapsed offers that a sweep passes on


def free_place(freed: Appointment) -> Appointment | None:
    """Offer the place of an appointment that its holder gave back; None when there is nobody or no time."""
    if freed.is_extra:  # there is no place behind it
        return None
    now, of = clock.now(), rules()
    until = min(
        quiet_ends(of, now) + timedelta(hours=of.offer_hours),
        freed.expected_at - timedelta(hours=of.offer_lead_hours),
    )
    if until < quiet_ends(of, now) + SHORTEST:
        return None
    campaign_id = _campaign_of(freed)
    hold(f"waiting-list:{campaign_id}")  # two places must not be offered to one person
    chosen = _next(freed, campaign_id)
    return None if chosen is None else _offer(freed, chosen, campaign_id, until)


def _campaign_of(freed: Appointment) -> int:
    return db.session.scalars(select(Candidate.campaign_id).where(Candidate.candidate_id == freed.candidate_id)).one()


def _next(freed: Appointment, campaign_id: int) -> int | None:
    method = select(Candidate.method_code).where(Candidate.candidate_id == freed.candidate_id)
    opening = Opening(
        campaign_id=campaign_id,
        plan_run_id=freed.plan_run_id,
        method_code=db.session.scalars(method).one(),
        day=clock.local(freed.expected_at).date(),
        facility_id=events.session(freed.service_session_id).facility_id,
    )
    return next(iter(in_order(opening)), None)


def _offer(freed: Appointment, candidate_id: int, campaign_id: int, until: datetime) -> Appointment:
    offered = Appointment(
        plan_run_id=freed.plan_run_id,
        candidate_id=candidate_id,
        service_session_id=freed.service_session_id,
        expected_at=freed.expected_at,
        provider_id=freed.provider_id,
        state=AppointmentState.OFFERED,
    )
    db.session.add(offered)
    db.session.flush()
    db.session.add(
        PlaceOffer(
            freed_id=freed.appointment_id,
            appointment_id=offered.appointment_id,
            offered_at=clock.now(),
            until=until,
        )
    )
    db.session.flush()
    write_messages(campaign_id, [offered], InvitationKind.OFFER)
    audit.record(SYSTEM, "offer-place", ("appointment", offered.appointment_id), freed_id=freed.appointment_id)
    return offered


def offer_of(appointment_id: int) -> PlaceOffer | None:
    """Return the offer behind an appointment, locked; None when it was made by the plan."""
    query = select(PlaceOffer).where(PlaceOffer.appointment_id == appointment_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def end_offer(offer: PlaceOffer, ending: OfferEnding) -> None:
    """Close an offer; a place that nobody took goes to the next one."""
    offer.ending, offer.ended_at = ending, clock.now()
    db.session.flush()
    audit.record(SYSTEM, "end-offer", ("place_offer", offer.place_offer_id), ending=ending.value)
    if ending in (OfferEnding.DECLINED, OfferEnding.LAPSED):
        free_place(db.session.get_one(Appointment, offer.freed_id))


def is_passed_on(freed: Appointment) -> bool:
    """Tell whether the place of an appointment is somebody else's, or is being offered to somebody."""
    query = select(PlaceOffer.place_offer_id).where(
        PlaceOffer.freed_id == freed.appointment_id,
        PlaceOffer.ended_at.is_(None) | (PlaceOffer.ending == OfferEnding.ACCEPTED),
    )
    return db.session.scalars(query.limit(1)).one_or_none() is not None


def pass_on_lapsed() -> int:
    """Close the offers whose deadline has passed and offer their places to the next; return how many."""
    query = (
        select(PlaceOffer)
        .where(PlaceOffer.ended_at.is_(None), PlaceOffer.until <= clock.now())
        .order_by(PlaceOffer.until)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    lapsed = list(db.session.scalars(query))
    for offer in lapsed:
        appointment = db.session.get_one(Appointment, offer.appointment_id, with_for_update=True)
        appointment.state = AppointmentState.LAPSED
        end_offer(offer, OfferEnding.LAPSED)
    return len(lapsed)
