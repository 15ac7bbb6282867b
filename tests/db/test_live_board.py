"""The live board from rows, its proposals, and what the head signs."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from campaign import clock
from campaign.accounts.policy import SYSTEM, Reach
from campaign.attendance import day_board, finals, relieving
from campaign.attendance.finals import TallyNotReady, TallyUnchanged
from campaign.attendance.live import Alarm, Standing
from campaign.attendance.relieving import Proposal, ProposalGone
from campaign.attendance.services import close_session
from campaign.attendance.tallying import tally_campaign
from campaign.attendance.visit_models import Stop
from campaign.db import db
from campaign.outreach.models import Appointment
from tests.builders.attendance import (
    HELD_ON,
    NINE,
    ServiceDay,
    arrive,
    expect,
    make_service_day,
    make_session,
    put_on_shelf,
    serve,
)

pytestmark = pytest.mark.usefixtures("open_transaction")

EVERYWHERE = Reach(everywhere=True)


@pytest.fixture
def day() -> Iterator[ServiceDay]:
    """Return a service day at nine o'clock, with five IUDs on the shelf."""
    with clock.standing_at(NINE):
        yield make_service_day()


def _standing(day: ServiceDay) -> Standing:
    sites = {one.session.service_session_id: one.standing for one in day_board.board(HELD_ON, EVERYWHERE)}
    return sites[day.session_id]


def _hospital(day: ServiceDay, iuds: int) -> int:
    """Let the hospital serve on the same day, with so many IUDs on its shelf."""
    hospital = day.city.hospital.facility_id
    session = make_session(day.campaign, day.plan_run_id, hospital)
    if iuds:
        put_on_shelf(hospital, day.city.iud, iuds, campaign_id=day.campaign.campaign_id)
    return session.service_session_id


def test_the_board_shows_what_was_recorded_and_what_the_shelf_allows(day: ServiceDay) -> None:
    serve(day, expect(day))
    arrive(day, expect(day), answers=None)
    arrive(day, expect(day))
    expect(day, minutes=30)
    now = _standing(day)
    assert (now.expected, now.arrived, now.to_come) == (4, 3, 1)
    assert now.at == {Stop.EXAMINATION: 1, Stop.SERVICE: 1}
    assert now.servings["iud"] == 4


def test_the_mark_changes_with_every_record_and_with_nothing_else(day: ServiceDay) -> None:
    guest = expect(day)
    before = day_board.mark(HELD_ON, EVERYWHERE)
    assert day_board.mark(HELD_ON, EVERYWHERE) == before
    arrive(day, guest, answers=None)
    assert day_board.mark(HELD_ON, EVERYWHERE) != before


def test_nobody_sees_a_site_out_of_reach(day: ServiceDay) -> None:
    assert day_board.board(HELD_ON, Reach(everywhere=False, areas=("36.71",))) == []


def test_who_will_find_an_empty_shelf_is_offered_a_place_where_there_is_one(day: ServiceDay) -> None:
    people = [expect(day, minutes=10 * number) for number in range(7)]
    other = _hospital(day, iuds=9)
    assert Alarm.WILL_RUN_OUT in _standing(day).alarms
    (offer,) = relieving.proposals(HELD_ON, EVERYWHERE)
    assert (offer.from_session, offer.to_session, offer.method_code) == (day.session_id, other, "iud")
    latest = {people[-1].candidate_id, people[-2].candidate_id}
    moved = db.session.scalars(
        select(Appointment.candidate_id).where(Appointment.appointment_id.in_(offer.appointment_ids))
    )
    assert set(moved) == latest
    assert offer.servings_there == 9
    assert all(hour > clock.now() for hour in offer.hours)


def test_nothing_moves_before_somebody_says_yes_and_then_exactly_what_was_proposed(day: ServiceDay) -> None:
    for number in range(7):
        expect(day, minutes=10 * number)
    other = _hospital(day, iuds=9)
    (offer,) = relieving.proposals(HELD_ON, EVERYWHERE)
    assert _standing(day).expected == 7
    assert relieving.accept(SYSTEM, HELD_ON, offer.mark) == 2
    assert (_standing(day).expected, dict(_standing(day).short_of)) == (5, {})
    assert {row.service_session_id for row in _appointments(offer)} == {other}
    with pytest.raises(ProposalGone):
        relieving.accept(SYSTEM, HELD_ON, offer.mark)


def _appointments(offer: Proposal) -> list[Appointment]:
    return list(db.session.scalars(select(Appointment).where(Appointment.appointment_id.in_(offer.appointment_ids))))


def test_nobody_is_sent_to_a_site_whose_shelf_is_as_empty(day: ServiceDay) -> None:
    for number in range(7):
        expect(day, minutes=10 * number)
    _hospital(day, iuds=0)
    assert relieving.proposals(HELD_ON, EVERYWHERE) == []


def test_goods_that_nobody_will_need_are_offered_to_who_runs_out(day: ServiceDay) -> None:
    for number in range(7):
        expect(day, minutes=10 * number)
    other = _hospital(day, iuds=9)
    (offer,) = relieving.supplies(HELD_ON, EVERYWHERE)
    assert (offer.from_session, offer.to_session, offer.servings) == (other, day.session_id, 2)


def test_the_head_signs_once_all_is_closed_and_counted_and_again_only_after_a_change(day: ServiceDay) -> None:
    campaign_id = day.campaign.campaign_id
    first = expect(day)
    serve(day, first)
    with pytest.raises(TallyNotReady):
        finals.sign_tally(SYSTEM, campaign_id)
    close_session(day.staff, day.session_id)
    tally_campaign(campaign_id)
    assert finals.sign_tally(SYSTEM, campaign_id).version == 1
    with pytest.raises(TallyUnchanged):
        finals.sign_tally(SYSTEM, campaign_id)
    assert not finals.has_changed(campaign_id)


def test_the_application_may_not_change_a_signed_tally(day: ServiceDay) -> None:
    serve(day, expect(day))
    close_session(day.staff, day.session_id)
    tally_campaign(day.campaign.campaign_id)
    finals.sign_tally(SYSTEM, day.campaign.campaign_id)
    with pytest.raises(ProgrammingError, match="permission denied"), db.session.begin_nested():
        db.session.execute(text("UPDATE final_tally SET version = 2"))
