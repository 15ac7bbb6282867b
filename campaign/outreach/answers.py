"""What an answer to an invitation does to an appointment. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from campaign.outreach.dispatch_models import Answer
from campaign.outreach.models import AppointmentState


class Refusal(StrEnum):
    """Why an answer cannot be taken."""

    OVER = "answer-not-possible"


@dataclass(frozen=True, slots=True)
class Standing:
    """How an appointment stands when an answer comes in."""

    state: AppointmentState
    expected_at: datetime
    offered_until: datetime | None = None  # of an offer that is open
    is_passed_on: bool = False  # its place is somebody else's by now


@dataclass(frozen=True, slots=True)
class Effect:
    """What follows of an answer."""

    state: AppointmentState
    frees_the_place: bool = False


def effect_of(answer: Answer, standing: Standing, now: datetime) -> Effect | Refusal:
    """Return what an answer does; answering the same again changes nothing."""
    state = standing.state
    if answer is Answer.NO_MESSAGES:
        return Effect(state)
    if now >= standing.expected_at or state in (AppointmentState.CANCELLED, AppointmentState.LAPSED):
        return Refusal.OVER
    if state is AppointmentState.OFFERED:
        return _to_an_offer(answer, standing, now)
    if answer is Answer.DECLINED:
        return Effect(AppointmentState.DECLINED, frees_the_place=state is not AppointmentState.DECLINED)
    if state is AppointmentState.DECLINED and standing.is_passed_on:
        return Refusal.OVER
    if answer is Answer.OTHER_DATE:
        return Effect(state)
    return Effect(AppointmentState.CONFIRMED)


def _to_an_offer(answer: Answer, standing: Standing, now: datetime) -> Effect | Refusal:
    if standing.offered_until is None or now >= standing.offered_until:
        return Refusal.OVER
    if answer is Answer.CONFIRMED:
        return Effect(AppointmentState.CONFIRMED)
    return Effect(AppointmentState.DECLINED)  # the offer that ends passes the place on
