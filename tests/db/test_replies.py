"""Answers, freed places and the waiting list, changes that people are told of, people who want no messages."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from campaign import clock
from campaign.accounts.policy import SYSTEM, Actor, Grant
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.errors import NotAllowed
from campaign.events import queries as events
from campaign.outreach import changing, links, offers, opting_out, replies, sending
from campaign.outreach.dispatch_models import Answer, PlaceOffer, Reply
from campaign.outreach.expected import appointed_in
from campaign.outreach.invitations import queue_invitations
from campaign.outreach.models import (
    Appointment,
    AppointmentState,
    Channel,
    Invitation,
    InvitationKind,
    InvitationState,
)
from campaign.outreach.recording import Ending, Result, record
from campaign.outreach.replies import NewReply
from campaign.registry.models import Area
from tests.builders.accounts import make_user
from tests.builders.actors import actor_with
from tests.builders.candidates import Wish, make_candidate
from tests.builders.invitations import claim, make_invitations
from tests.builders.logistics import key
from tests.builders.plans import Scene, make_scene
from tests.builders.registry import KECAMATAN

pytestmark = pytest.mark.usefixtures("open_transaction")


def _invited(scene: Scene, number: int = 1) -> list[Appointment]:
    rows = make_invitations(scene, number)
    record([Result(one.invitation_id, one.attempt, Ending.SENT, "<reference>") for one in claim(*rows)])
    return [db.session.get_one(Appointment, row.appointment_id) for row in rows]


def _answer(row: Appointment, answer: Answer, **more: object) -> Appointment:
    return replies.answer_by_link(links.token_of(row.appointment_id), NewReply(key(), answer, **more))  # type: ignore[arg-type]


def _offers() -> list[PlaceOffer]:
    return list(db.session.scalars(select(PlaceOffer).order_by(PlaceOffer.place_offer_id)))


def test_a_link_shows_place_and_time_and_nobody() -> None:
    (row,) = _invited(make_scene())
    card = replies.card(links.token_of(row.appointment_id))
    assert card is not None
    assert (card.expected_at, card.state) == (row.expected_at, AppointmentState.BOOKED)
    assert "Calon" not in repr(card)


def test_the_database_holds_no_link() -> None:
    (row,) = _invited(make_scene())
    token = links.token_of(row.appointment_id)
    held = db.session.execute(select(func.to_jsonb(db.metadata.tables["reply_link"].table_valued()))).scalars().all()
    assert held
    assert token not in str(held)
    assert replies.card("A" * 22) is None


def test_who_confirms_is_expected_and_who_declines_is_not() -> None:
    scene = make_scene()
    yes, no = _invited(scene, 2)
    _answer(yes, Answer.CONFIRMED)
    _answer(no, Answer.DECLINED)
    assert [row.candidate_id for row in appointed_in([yes.service_session_id])] == [yes.candidate_id]


def test_the_same_answer_sent_twice_is_one() -> None:
    (row,) = _invited(make_scene())
    again = NewReply(key(), Answer.DECLINED)
    for _ in range(2):
        replies.answer_by_link(links.token_of(row.appointment_id), again)
    assert db.session.scalar(select(func.count()).select_from(Reply)) == 1
    assert len(_offers()) == 1


def test_a_freed_place_is_offered_to_one_person_the_poor_first() -> None:
    scene = make_scene()  # four on the list, the first two poor, none of them with an appointment
    (row,) = _invited(scene)
    _answer(row, Answer.DECLINED)
    (offer,) = _offers()
    offered = db.session.get_one(Appointment, offer.appointment_id)
    assert offered.candidate_id == scene.candidates[0].candidate_id
    assert (offered.state, offered.expected_at) == (AppointmentState.OFFERED, row.expected_at)
    kinds = select(Invitation.kind).where(Invitation.appointment_id == offered.appointment_id)
    assert db.session.scalars(kinds).all() == [InvitationKind.OFFER]


def test_of_those_alike_the_nearest_is_asked() -> None:
    scene = make_scene()
    for person in scene.candidates:
        person.free_dates = []
    far = make_candidate(scene.campaign.campaign_id, Wish())
    near = make_candidate(scene.campaign.campaign_id, Wish())
    facility = scene.depot.city.puskesmas
    for code, person, away in (("1901", far, 0.5), ("1902", near, 0.01)):
        area = f"{KECAMATAN}.{code}"
        db.session.add(
            Area(
                code=area,
                parent_code=KECAMATAN,
                level="kelurahan",
                name=code,
                aliases=[],
                lat=facility.lat + away,
                lon=facility.lon,
            )
        )
        db.session.flush()
        person.kelurahan_code = area
    (row,) = _invited(scene)
    _answer(row, Answer.DECLINED)
    assert db.session.get_one(Appointment, _offers()[0].appointment_id).candidate_id == near.candidate_id


def test_who_declines_an_offer_passes_it_to_the_next_and_who_accepts_has_the_place() -> None:
    scene = make_scene()
    (row,) = _invited(scene)
    _answer(row, Answer.DECLINED)
    first = db.session.get_one(Appointment, _offers()[0].appointment_id)
    _answer(first, Answer.DECLINED)
    second = db.session.get_one(Appointment, _offers()[1].appointment_id)
    _answer(second, Answer.CONFIRMED)
    assert (first.state, second.state) == (AppointmentState.DECLINED, AppointmentState.CONFIRMED)
    assert [offer.ending for offer in _offers()] == ["declined", "accepted"]


def test_an_offer_without_an_answer_lapses_and_goes_on() -> None:
    scene = make_scene()
    (row,) = _invited(scene)
    _answer(row, Answer.DECLINED)
    until = _offers()[0].until
    with clock.standing_at(until - timedelta(seconds=1)):
        assert offers.pass_on_lapsed() == 0
    with clock.standing_at(until):
        assert offers.pass_on_lapsed() == 1
    lapsed, now_open = _offers()
    assert (lapsed.ending, now_open.ending) == ("lapsed", None)
    with clock.standing_at(until), pytest.raises(replies.AnswerNotPossible):
        _answer(db.session.get_one(Appointment, lapsed.appointment_id), Answer.CONFIRMED)


def test_who_declined_may_come_back_only_while_the_place_is_free() -> None:
    scene = make_scene()
    (row,) = _invited(scene)
    _answer(row, Answer.DECLINED)
    with pytest.raises(replies.AnswerNotPossible):
        _answer(row, Answer.CONFIRMED)
    for _ in range(4):  # the whole waiting list declines
        _answer(db.session.get_one(Appointment, _offers()[-1].appointment_id), Answer.DECLINED)
    _answer(row, Answer.CONFIRMED)
    assert row.state is AppointmentState.CONFIRMED


def test_another_date_must_be_one_of_the_campaign() -> None:
    (row,) = _invited(make_scene())
    with pytest.raises(replies.WishInvalid):
        _answer(row, Answer.OTHER_DATE, wished_on=clock.today())


def test_no_answer_is_taken_once_the_time_has_come() -> None:
    (row,) = _invited(make_scene())
    with clock.standing_at(row.expected_at), pytest.raises(replies.AnswerNotPossible):
        _answer(row, Answer.DECLINED)


def test_only_who_lists_candidates_writes_down_their_answers() -> None:
    (row,) = _invited(make_scene())
    with pytest.raises(NotAllowed):
        replies.answer_for(actor_with(Role.WAREHOUSE), row.appointment_id, NewReply(key(), Answer.DECLINED))
    cadre = Actor(make_user(Role.CADRE).account_id, (Grant(Role.CADRE),))
    replies.answer_for(cadre, row.appointment_id, NewReply(key(), Answer.DECLINED))
    assert row.state is AppointmentState.DECLINED


def test_who_wants_no_messages_is_told_by_the_cadre_whoever_shares_the_contact() -> None:
    scene = make_scene()
    (row,) = _invited(scene)
    _answer(row, Answer.NO_MESSAGES)
    person = make_candidate(scene.campaign.campaign_id)
    first = db.session.get_one(type(person), row.candidate_id)
    person.email = first.email
    assert opting_out.closed_contacts([str(first.email)]) == {first.email}
    (waiting,) = _invite(scene, person.candidate_id)
    assert waiting.channel is Channel.CADRE
    opting_out.opt_in(SYSTEM, row.candidate_id)
    assert opting_out.closed_contacts([str(first.email)]) == frozenset()


def _invite(scene: Scene, candidate_id: int) -> list[Invitation]:
    session_id = db.session.scalars(select(Appointment.service_session_id)).first()
    run_id = db.session.scalars(select(Appointment.plan_run_id)).first()
    row = Appointment(
        plan_run_id=run_id,
        candidate_id=candidate_id,
        service_session_id=session_id,
        expected_at=clock.now() + timedelta(14),
    )
    db.session.add(row)
    db.session.flush()
    queue_invitations(SYSTEM, scene.campaign.campaign_id, [row])
    return list(db.session.scalars(select(Invitation).where(Invitation.appointment_id == row.appointment_id)))


def test_what_waits_for_somebody_who_wants_none_becomes_a_slip() -> None:
    (row,) = make_invitations(make_scene(), 1)
    appointment = db.session.get_one(Appointment, row.appointment_id)
    opting_out.opt_out(appointment.candidate_id)
    assert claim(row) == []
    assert (row.state, row.channel) == (InvitationState.PENDING, Channel.CADRE)
    assert [one.channel for one in claim(row)] == [Channel.CADRE]


def _moved(scene: Scene, row: Appointment, minutes: int) -> int:
    session = events.session(row.service_session_id)
    at = datetime.combine(session.held_on, session.opens_at, clock.zone()).astimezone(UTC) + timedelta(minutes=minutes)
    move = changing.Move(row.appointment_id, row.service_session_id, at)
    return changing.move_appointments(SYSTEM, scene.campaign.campaign_id, [move])


def test_only_those_touched_are_told_and_as_the_preview_says() -> None:
    scene = make_scene()
    moved, cancelled, _same = _invited(scene, 3)
    assert _moved(scene, moved, 60) == 1
    changing.cancel_appointments(SYSTEM, scene.campaign.campaign_id, [cancelled.appointment_id])
    preview = changing.untold(scene.campaign.campaign_id)
    assert preview.counts == {
        (InvitationKind.MOVED, Channel.EMAIL): 1,
        (InvitationKind.CANCELLED, Channel.EMAIL): 1,
    }
    assert changing.tell_changes(SYSTEM, scene.campaign.campaign_id, preview.mark) == 2
    assert {one.kind for one in claim()} == {InvitationKind.MOVED, InvitationKind.CANCELLED}
    with pytest.raises(changing.NothingToTell):
        changing.tell_changes(SYSTEM, scene.campaign.campaign_id, preview.mark)


def test_a_change_after_the_preview_must_be_seen_first() -> None:
    scene = make_scene()
    first, second = _invited(scene, 2)
    _moved(scene, first, 60)
    mark = changing.untold(scene.campaign.campaign_id).mark
    _moved(scene, second, 60)
    with pytest.raises(changing.ChangesDiffer):
        changing.tell_changes(SYSTEM, scene.campaign.campaign_id, mark)


def test_who_was_never_told_hears_only_of_the_new_time() -> None:
    scene = make_scene()
    (invitation,) = make_invitations(scene, 1)
    row = db.session.get_one(Appointment, invitation.appointment_id)
    _moved(scene, row, 90)
    assert claim(invitation) == []
    assert invitation.state is InvitationState.DROPPED
    preview = changing.untold(scene.campaign.campaign_id)
    assert preview.counts == {(InvitationKind.INVITATION, Channel.EMAIL): 1}
    changing.tell_changes(SYSTEM, scene.campaign.campaign_id, preview.mark)
    (told,) = claim()
    assert told.letter.expected_at == row.expected_at


def test_an_appointment_cannot_be_moved_to_a_closed_hour() -> None:
    scene = make_scene()
    (row,) = _invited(scene)
    with pytest.raises(changing.MoveInvalid):
        _moved(scene, row, 6 * 60)  # the session is from 08.00 to 14.00
    assert _moved(scene, row, 6 * 60 - 1) == 1


def test_stopping_holds_back_everything_and_resuming_lets_it_go() -> None:
    scene = make_scene()
    make_invitations(scene, 2)
    sending.stop_campaign(SYSTEM, scene.campaign.campaign_id, "Tempat berubah")
    assert claim() == []
    with pytest.raises(sending.AlreadyStopped):
        sending.stop_campaign(SYSTEM, scene.campaign.campaign_id, "lagi")
    sending.resume_campaign(SYSTEM, scene.campaign.campaign_id)
    assert len(claim()) == 2
