"""What may leave when: quiet hours, daily caps, reminders; texts that an administrator wrote; calendars; turnout."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.attendance import overbooking
from campaign.db import db
from campaign.events import queries as events
from campaign.outreach import calendars, priors, reminding, sending
from campaign.outreach.messages import render
from campaign.outreach.models import Appointment, Channel, Invitation, InvitationKind, InvitationState
from campaign.outreach.recording import Ending, Result, record
from campaign.outreach.sending import Rules, change_rules
from campaign.outreach.text_rules import Wording
from campaign.outreach.texts import TextInvalid, current_texts, restore_text, write_text
from tests.builders.invitations import claim, make_invitations
from tests.builders.plans import make_scene

pytestmark = pytest.mark.usefixtures("open_transaction")


def _at(hour: int, minute: int = 0, day: int = 1) -> object:
    """Stand at an hour of a day in June 2027, campaign time."""
    return clock.standing_at(datetime.combine(date(2027, 6, day), time(hour, minute), clock.zone()))


@pytest.mark.parametrize(
    ("hour", "minute", "channels"),
    [
        (19, 59, {Channel.EMAIL, Channel.CADRE}),
        (20, 0, {Channel.CADRE}),
        (5, 59, {Channel.CADRE}),
        (6, 0, {Channel.EMAIL, Channel.CADRE}),
    ],
)
def test_at_night_only_slips_are_written(hour: int, minute: int, channels: set[Channel]) -> None:
    scene = make_scene()
    make_invitations(scene, 1, Channel.EMAIL)
    row = db.session.scalars(select(Invitation)).one()
    appointment = db.session.get_one(Appointment, row.appointment_id)
    slip = Invitation(
        campaign_id=row.campaign_id,
        appointment_id=appointment.appointment_id,
        kind=InvitationKind.REMINDER_1,
        channel=Channel.CADRE,
        state=InvitationState.PENDING,
        due_at=row.due_at,
        attempts=0,
        created_at=row.created_at,
    )
    db.session.add(slip)
    db.session.flush()
    with _at(hour, minute, day=2):
        assert {one.channel for one in claim()} == channels


def test_equal_hours_mean_no_quiet_hours() -> None:
    assert not Rules(quiet_from=time(0), quiet_until=time(0)).is_quiet(datetime(2027, 6, 1, 18, tzinfo=UTC))


def test_a_cap_counts_what_left_today_and_what_is_leaving() -> None:
    change_rules(SYSTEM, Rules(daily_caps={"email": 3}))
    make_invitations(make_scene(), 5)
    first = claim()
    assert len(first) == 3
    assert claim() == []
    record([Result(one.invitation_id, one.attempt, Ending.SENT, "<reference>") for one in first])
    assert claim() == []
    with _at(8, day=2):
        assert len(claim()) == 2


def _remind(day: int, hour: int) -> list[str]:
    """Sweep at an hour of June 2027; return which reminders there are."""
    with _at(hour, day=day):
        reminding.write_due()
    kinds = select(Invitation.kind).where(Invitation.kind != InvitationKind.INVITATION)
    return sorted(kind.value for kind in db.session.scalars(kinds))


def test_reminders_come_three_days_and_one_day_before_and_on_the_day() -> None:
    make_invitations(make_scene(), 1)  # for 15 June at noon
    assert _remind(12, 8) == []
    assert _remind(12, 9) == ["reminder_3"]
    assert _remind(12, 10) == ["reminder_3"]
    assert _remind(14, 9) == ["reminder_1", "reminder_3"]
    assert _remind(15, 5) == ["reminder_1", "reminder_3"]
    assert _remind(15, 6) == ["reminder_1", "reminder_3", "reminder_day"]


def test_of_missed_reminders_only_the_latest_is_sent() -> None:
    make_invitations(make_scene(), 1)
    assert _remind(14, 9) == ["reminder_1"]


def test_a_reminder_that_was_due_before_the_appointment_came_to_be_is_left_out() -> None:
    with _at(10, day=12):
        make_invitations(make_scene(), 1)
        row = db.session.scalars(select(Appointment)).one()
        row.expected_at = datetime(2027, 6, 15, 3, tzinfo=UTC)
        db.session.flush()
    assert _remind(12, 11) == []
    assert _remind(14, 9) == ["reminder_1"]


def test_the_cadre_needs_no_reminders() -> None:
    make_invitations(make_scene(), 1, Channel.CADRE)
    assert _remind(14, 9) == []


def test_a_text_of_the_administrators_own_is_used_until_it_is_taken_back() -> None:
    make_invitations(make_scene(), 1)
    own = Wording("Undangan", "{nama}, datanglah {hari} {jam} ke {tempat}.")
    write_text(SYSTEM, InvitationKind.INVITATION, "id", own)
    (one,) = claim()
    assert "datanglah Selasa, 15 Juni 2027" in render(one.letter, current_texts()).body
    restore_text(SYSTEM, InvitationKind.INVITATION, "id")
    assert "Anda diundang" in render(one.letter, current_texts()).body


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{hari} {jam} {tempat} pasang IUD", "text-tells-the-service"),
        ("{hari} {jam} {tempat} NIK", "text-tells-the-service"),
        ("{hari} {jam}", "blank-missing"),
        ("{hari} {jam} {tempat} {umur}", "blank-unknown"),
        ("{hari} {jam} {tempat} {", "brace-left-open"),
        ("{hari} {jam} {tempat} " + "a" * 1200, "message-too-long"),
    ],
)
def test_a_text_that_says_too_much_or_too_little_is_refused(body: str, code: str) -> None:
    with pytest.raises(TextInvalid) as caught:
        write_text(SYSTEM, InvitationKind.INVITATION, "id", Wording("Undangan", body))
    assert [mistake.code for mistake in caught.value.mistakes] == [code]


@pytest.mark.parametrize("table", ["reply", "message_text"])
def test_answers_and_texts_cannot_be_changed(table: str) -> None:
    with pytest.raises(DBAPIError), db.session.begin_nested():
        db.session.execute(text(f"DELETE FROM {table}"))


def test_a_calendar_file_names_place_and_time_only() -> None:
    make_invitations(make_scene(), 2)
    first, second = claim()
    entry = calendars.entry(first.letter, "https://contoh.example").decode()
    assert "DTSTART:20270615T0500" in entry
    assert f"URL:https://contoh.example/u/{first.letter.token}" in entry.replace("\r\n ", "")
    assert first.letter.name not in entry
    other = calendars.entry(second.letter, "https://contoh.example").decode()
    assert entry.partition("UID:")[2][:24] != other.partition("UID:")[2][:24]


def test_a_closed_day_moves_what_is_believed() -> None:
    scene = make_scene()
    make_invitations(scene, 4)
    before = overbooking.turnouts()["iud"].comes
    row = db.session.scalars(select(Appointment)).first()
    assert row is not None
    events.session(row.service_session_id).closed_at = clock.now()
    db.session.flush()
    after = overbooking.turnouts()["iud"].comes
    assert (before.of, after.of, after.yes) == (0, 4, 0)
    # 0.72 of 20 believed and 0 of 4 counted: 14.4 / 24 = 0.6
    assert after.mean == pytest.approx(0.6)


def test_more_are_invited_while_the_risk_allows_it() -> None:
    scene = make_scene()
    make_invitations(scene, 2)
    change_rules(SYSTEM, Rules(risk=0.5))
    (day,) = overbooking.day_outlooks(scene.campaign.campaign_id)
    # Chance 0.72 x 0.9 = 0.648. Two places: of three all come with 0.272, of four more than two with 0.560.
    assert (day.places, day.invited, day.extra) == (2, 2, {"iud": 1})
    assert day.then.risk == pytest.approx(0.648**3)
    assert overbooking.invite_extra(SYSTEM, day.service_session_id) == 1
    extra = db.session.scalars(select(Appointment).where(Appointment.is_extra)).one()
    assert extra.candidate_id == scene.candidates[0].candidate_id
    (now,) = overbooking.day_outlooks(scene.campaign.campaign_id)
    assert (now.places, now.invited, now.extra_people) == (2, 3, 0)


def test_beliefs_are_chances() -> None:
    make_scene()
    first = priors.beliefs()[0]
    with pytest.raises(priors.PriorInvalid):
        priors.change_beliefs(SYSTEM, [priors.Belief(first.method_code, 1.0, 20, 0.9, 20, "kota")])
    priors.change_beliefs(SYSTEM, [priors.Belief(first.method_code, 0.99, 20, 0.9, 20, "kota")])
    assert priors.beliefs()[0].comes == pytest.approx(0.99)


def test_quiet_hours_end_in_the_morning() -> None:
    with _at(21):
        end = sending.quiet_ends(Rules(), clock.now())
    assert (clock.local(end).day, clock.local(end).hour) == (2, 6)
