"""Answers to invitations: through the personal link, or told to somebody who writes them down."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from campaign import audit, clock
from campaign.accounts.policy import SYSTEM, Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import Conflict, Invalid, Mistake, NotFound, Unavailable
from campaign.events import queries as events
from campaign.outreach import answers, calendars
from campaign.outreach.answers import Standing
from campaign.outreach.dispatch_models import Answer, OfferEnding, Reply
from campaign.outreach.links import appointment_of
from campaign.outreach.messages import Letter
from campaign.outreach.models import EXPECTED, Appointment, AppointmentState, Candidate, InvitationKind
from campaign.outreach.offers import end_offer, free_place, is_passed_on, offer_of
from campaign.outreach.opting_out import contacts_of, opt_out
from campaign.registry import queries as registry

MOST_ANSWERS = 30  # about one appointment: nobody changes their mind more often


class UnknownAppointment(NotFound):
    """No appointment has this id or link."""

    code = "unknown-appointment"


class AnswerNotPossible(Conflict):
    """The appointment is over, cancelled, or its place somebody else's."""

    code = answers.Refusal.OVER.value


class TooManyAnswers(Unavailable):
    """So many answers came through one link that it takes no more."""

    code = "too-many-links"


class WishInvalid(Invalid):
    """Another date was asked for that is not a date of the campaign."""

    code = "wished-date-not-possible"


@dataclass(frozen=True, slots=True)
class NewReply:
    """One answer. The key is made with the form: the same key is the same answer."""

    key: str
    answer: Answer
    wished_on: date | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What the page behind a personal link shows: a place, a time, how it stands. Nothing of the person."""

    appointment_id: int
    version: int
    state: AppointmentState
    place: str
    address: str
    expected_at: datetime
    offered_until: datetime | None
    is_over: bool
    can_confirm: bool
    other_dates: tuple[date, ...]
    wished_on: date | None
    language: str


def card(token: str) -> Card | None:
    """Return what a link shows; None when there is no such link."""
    appointment_id = appointment_of(token)
    row = None if appointment_id is None else db.session.get(Appointment, appointment_id)
    if row is None:
        return None
    session = events.session(row.service_session_id)
    name, address, _ = registry.signs([session.facility_id])[session.facility_id]
    offer = offer_of(row.appointment_id)
    standing = _standing(row)
    newest = _newest(row)
    return Card(
        appointment_id=row.appointment_id,
        version=row.version,
        state=row.state,
        place=name,
        address=address,
        expected_at=row.expected_at,
        offered_until=None if offer is None or offer.ended_at is not None else offer.until,
        is_over=isinstance(answers.effect_of(Answer.DECLINED, standing, clock.now()), answers.Refusal),
        can_confirm=not isinstance(answers.effect_of(Answer.CONFIRMED, standing, clock.now()), answers.Refusal),
        other_dates=other_dates(row),
        wished_on=None if newest is None else newest.wished_on,
        language=_language(row),
    )


def _language(row: Appointment) -> str:
    return db.session.scalars(select(Candidate.language).where(Candidate.candidate_id == row.candidate_id)).one()


def calendar_entry(token: str, base_url: str) -> bytes:
    """Return the calendar file of what a link shows."""
    found = card(token)
    if found is None:
        raise UnknownAppointment()
    is_off = found.state not in EXPECTED
    letter = Letter(
        language=found.language,
        name="",
        place=found.place,
        address=found.address,
        expected_at=found.expected_at,
        sender="",
        kind=InvitationKind.CANCELLED if is_off else InvitationKind.INVITATION,
        token=token,
        appointment_id=found.appointment_id,
        version=found.version,
    )
    return calendars.entry(letter, base_url)


def other_dates(row: Appointment) -> tuple[date, ...]:
    """Return the days to come on which the campaign serves, other than the appointment's own."""
    own = clock.local(row.expected_at).date()
    campaign_id = events.session(row.service_session_id).campaign_id
    days = {session.held_on for session in events.sessions_of(campaign_id)}
    return tuple(sorted(day for day in days if day != own and day > clock.today()))


def answer_by_link(token: str, new: NewReply) -> Appointment:
    """Take an answer through a personal link."""
    appointment_id = appointment_of(token)
    if appointment_id is None:
        raise UnknownAppointment()
    return _answer(SYSTEM, _locked(appointment_id), new)


def answer_for(actor: Actor, appointment_id: int, new: NewReply) -> Appointment:
    """Write down what a person said to a cadre or on the telephone."""
    row = _locked(appointment_id)
    kelurahan = select(Candidate.kelurahan_code).where(Candidate.candidate_id == row.candidate_id)
    require(actor, Permission.LIST_CANDIDATES, Place(area_code=db.session.scalars(kelurahan).one()))
    return _answer(actor, row, new)


def _locked(appointment_id: int) -> Appointment:
    row = db.session.get(Appointment, appointment_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise UnknownAppointment(appointment_id=appointment_id)
    return row


def _standing(row: Appointment) -> Standing:
    offer = offer_of(row.appointment_id)
    until = None if offer is None or offer.ended_at is not None else offer.until
    return Standing(row.state, row.expected_at, until, is_passed_on(row))


def _newest(row: Appointment) -> Reply | None:
    query = select(Reply).where(Reply.appointment_id == row.appointment_id, Reply.appointment_version == row.version)
    query = query.where(Reply.answer != Answer.NO_MESSAGES)
    return db.session.scalars(query.order_by(Reply.reply_id.desc()).limit(1)).one_or_none()


def _answer(actor: Actor, row: Appointment, new: NewReply) -> Appointment:
    if db.session.scalars(select(Reply.reply_id).where(Reply.idempotency_key == new.key)).one_or_none() is not None:
        return row
    count = select(func.count()).select_from(Reply).where(Reply.appointment_id == row.appointment_id)
    if (db.session.scalar(count) or 0) >= MOST_ANSWERS:
        raise TooManyAnswers(appointment_id=row.appointment_id)
    if new.answer is Answer.OTHER_DATE and new.wished_on not in other_dates(row):
        raise WishInvalid((Mistake("wished_on", "wished-date-not-possible"),))
    effect = answers.effect_of(new.answer, _standing(row), clock.now())
    if isinstance(effect, answers.Refusal):
        raise AnswerNotPossible(appointment_id=row.appointment_id)
    _write(actor, row, new)
    row_was_offered = row.state is AppointmentState.OFFERED
    row.state = effect.state
    db.session.flush()
    if new.answer is Answer.NO_MESSAGES:
        _want_no_messages(row)
    elif row_was_offered:
        offer = offer_of(row.appointment_id)
        assert offer is not None
        is_taken = effect.state is AppointmentState.CONFIRMED
        end_offer(offer, OfferEnding.ACCEPTED if is_taken else OfferEnding.DECLINED)
    elif effect.frees_the_place:
        free_place(row)
    return row


def _write(actor: Actor, row: Appointment, new: NewReply) -> None:
    now = clock.now()
    reply = Reply(
        idempotency_key=new.key,
        appointment_id=row.appointment_id,
        appointment_version=row.version,
        answer=new.answer,
        wished_on=new.wished_on if new.answer is Answer.OTHER_DATE else None,
        replied_at=now,
        recorded_at=now,
        account_id=actor.account_id,
    )
    db.session.add(reply)
    db.session.flush()
    audit.record(actor, "answer-invitation", ("appointment", row.appointment_id), answer=new.answer.value)


def _want_no_messages(row: Appointment) -> None:
    candidate = db.session.get_one(Candidate, row.candidate_id)
    if contacts_of(candidate):
        opt_out(row.candidate_id)
