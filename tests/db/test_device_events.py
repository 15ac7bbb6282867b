"""What devices send is kept once, answered alike every time, and applied through the use-cases of the forms."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from campaign import clock
from campaign.attendance.device.models import DeviceEvent, DeviceResult, HeldEvent, ResultState
from campaign.attendance.device.protocol import GENESIS, Envelope, HeldCode, seal
from campaign.attendance.device.registering import revoke_device
from campaign.attendance.device.syncing import sync
from campaign.attendance.models import CheckIn, ServiceOutcome
from campaign.attendance.outcomes import OutcomeKind
from campaign.attendance.queries import VisitState, attendance_list
from campaign.attendance.recording import current_outcome
from campaign.attendance.services import check_in
from campaign.attendance.tallies import recount
from campaign.attendance.tallying import rows_of
from campaign.attendance.visit_models import Consent, StockDiscrepancy
from campaign.db import db
from campaign.logistics.campaign_stock import campaign_stock
from campaign.logistics.queries import shelf
from tests.builders.attendance import (
    NINE,
    ServiceDay,
    expect,
    make_service_day,
    put_on_shelf,
    scan,
    staff_of,
)
from tests.builders.devices import WELL, Phone, make_phone

pytestmark = pytest.mark.usefixtures("open_transaction", "service_hours")


@pytest.fixture
def service_hours():
    with clock.standing_at(NINE + timedelta(hours=1)):
        yield


@pytest.fixture
def day(open_transaction: None) -> ServiceDay:
    # Devices are registered in the morning, before anybody comes.
    with clock.standing_at(NINE - timedelta(hours=1)):
        return make_service_day()


@pytest.fixture
def phone(day: ServiceDay) -> Phone:
    return phone_of(day)


def phone_of(day: ServiceDay) -> Phone:
    with clock.standing_at(NINE - timedelta(hours=1)):
        return make_phone(day)


def states() -> dict[str, int]:
    return dict(db.session.execute(select(DeviceResult.state, func.count()).group_by(DeviceResult.state)).all())


def held() -> list[str]:
    return list(db.session.scalars(select(HeldEvent.code).order_by(HeldEvent.held_event_id)))


def used(day: ServiceDay, item_id: int) -> int:
    return sum(row.used for row in campaign_stock(day.campaign.campaign_id) if row.item_id == item_id)


def who(candidate: Any) -> dict[str, int]:
    return {"candidate": candidate.candidate_id}


def a_visit(day: ServiceDay, phone: Phone, method: str = "iud") -> int:
    candidate = expect(day)
    phone.tell("arrived", who(candidate))
    phone.serve(who(candidate), day.city.midwife.provider_id, method)
    return candidate.candidate_id


def test_a_visit_recorded_on_a_device_is_a_visit(day: ServiceDay, phone: Phone) -> None:
    candidate_id = a_visit(day, phone)
    answered = sync(phone.actor, phone.batch())
    assert [one.held for one in answered.answers] == [None] * 4
    outcome = current_outcome(day.session_id, candidate_id)
    assert outcome is not None
    assert (outcome.kind, outcome.account_id) == (OutcomeKind.SERVED, phone.actor.account_id)
    assert used(day, day.city.iud.item_id) == 1


def test_the_server_says_how_much_of_a_device_it_has(day: ServiceDay, phone: Phone) -> None:
    for _ in range(3):
        a_visit(day, phone)
    answered = sync(phone.actor, phone.batch(*phone.made[:5], *phone.made[8:]))
    assert (answered.sequence.through, answered.sequence.missing) == (5, (6, 7, 8))
    answered = sync(phone.actor, phone.batch())
    assert (answered.sequence.through, answered.sequence.missing) == (12, ())


def test_an_end_waits_for_what_its_device_recorded_before(day: ServiceDay, phone: Phone) -> None:
    candidate_id = a_visit(day, phone)
    arrived, screened, consented, ended = phone.made
    sync(phone.actor, phone.batch(ended, arrived, consented))
    assert current_outcome(day.session_id, candidate_id) is None
    assert db.session.scalars(select(DeviceResult.code).where(DeviceResult.state == ResultState.WAITING)).one() == (
        "gap-before"
    )
    sync(phone.actor, phone.batch(screened))
    assert current_outcome(day.session_id, candidate_id) is not None


def test_the_same_batch_three_times_shuffled_changes_nothing_and_is_answered_alike(
    day: ServiceDay, phone: Phone
) -> None:
    for _ in range(3):
        a_visit(day, phone)
    first = {one.seal: one for one in sync(phone.actor, phone.batch()).answers}
    for seed in range(3):
        again = list(phone.made)
        random.Random(seed).shuffle(again)
        assert {one.seal: one for one in sync(phone.actor, phone.batch(*again)).answers} == first
    assert states() == {ResultState.APPLIED: 12}
    assert used(day, day.city.iud.item_id) == 3


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_order_and_any_repetition_end_in_the_same_state(day: ServiceDay, data: st.DataObject) -> None:
    with db.session.begin_nested() as undone:
        phone = phone_of(day)
        served, walked_in = expect(day), phone.tell("arrived", {}, walk_in={"name": "Warga Contoh", "method": "pill"})
        phone.tell("arrived", who(served))
        phone.serve(who(served), day.city.midwife.provider_id)
        phone.tell("consented", who(served), method="iud", signer="client", decision="withdrawn")
        phone.tell("ended", {"arrival": str(walked_in)}, kind="deferred", method="pill", reason="no-provider")
        sent = data.draw(st.permutations(phone.made * 2))
        cut = data.draw(st.integers(1, len(sent)))
        for part in (sent[:cut], sent[cut:]):
            if part:
                sync(phone.actor, phone.batch(*part))
        seen = {row.name: row.state for row in attendance_list(day.staff, day.session_id)}
        counts = recount(rows_of(day.campaign.campaign_id))
        assert seen[served.name] is VisitState.SERVED
        assert seen["Warga Contoh"] is VisitState.DEFERRED
        assert sum(one.came for one in counts.values()) == 2
        assert (sum(one.served for one in counts.values()), used(day, day.city.iud.item_id)) == (1, 1)
        assert states() == {ResultState.APPLIED: 7}
        db.session.expire_all()
        undone.rollback()


def test_altered_content_is_held_and_the_true_event_still_gets_in(day: ServiceDay, phone: Phone) -> None:
    phone.tell("arrived", who(expect(day)))
    false = replace(phone.made[0], body=phone.made[0].body.replace('"counter":1', '"counter": 1'))
    first = sync(phone.actor, phone.batch(false)).answers
    assert first == sync(phone.actor, phone.batch(false)).answers
    assert (first[0].held, held()) == (HeldCode.SEAL_BROKEN, ["seal-broken"])
    assert sync(phone.actor, phone.batch()).answers[0].held is None


def test_a_second_event_under_the_same_number_is_held_not_lost(day: ServiceDay, phone: Phone) -> None:
    phone.tell("arrived", who(expect(day)))
    sync(phone.actor, phone.batch())
    twin = Phone(phone.actor, phone.device_id, phone.key, day.session_id)  # a copy of the telephone
    twin.tell("arrived", who(expect(day)))
    assert sync(phone.actor, twin.batch()).answers[0].held is HeldCode.COUNTER_USED
    assert db.session.scalars(select(HeldEvent.raw)).one().count("arrived") == 1


def test_an_event_that_does_not_follow_is_held(day: ServiceDay, phone: Phone) -> None:
    phone.tell("arrived", who(expect(day)))
    phone.tell("arrived", who(expect(day)))
    body = phone.made[1].body
    loose = Envelope(body, GENESIS, seal(phone.key, GENESIS, body))
    answers = sync(phone.actor, phone.batch(phone.made[0], loose)).answers
    assert [one.held for one in answers] == [None, HeldCode.CHAIN_BROKEN]


def test_events_of_a_foreign_or_lost_device_are_held(day: ServiceDay, phone: Phone) -> None:
    phone.tell("arrived", who(expect(day)))
    stranger = staff_of(day.city.hospital.facility_id)
    assert sync(stranger, phone.batch()).answers[0].held is HeldCode.FOREIGN_DEVICE
    revoke_device(phone.actor, phone.device_id)
    assert sync(phone.actor, phone.batch()).answers[0].held is HeldCode.FOREIGN_DEVICE
    assert db.session.scalar(select(func.count()).select_from(DeviceEvent)) == 0


def test_text_that_is_no_event_is_held(day: ServiceDay, phone: Phone) -> None:
    for body in ("", "[]", '{"id":1}', '{"id":"x","counter":1e999}', "[" * 5000):
        sync(phone.actor, phone.batch(Envelope(body, GENESIS, seal(phone.key, GENESIS, body))))
    assert held() == ["unreadable"] * 5


def test_a_clock_wrong_by_a_day_is_set_right_and_the_claim_is_kept(day: ServiceDay, phone: Phone) -> None:
    phone.at += timedelta(days=1)
    candidate_id = a_visit(day, phone)
    sync(phone.actor, phone.batch(sent_at=clock.now() + timedelta(days=1)))
    assert current_outcome(day.session_id, candidate_id) is not None
    row = db.session.scalars(select(DeviceEvent).order_by(DeviceEvent.counter)).first()
    assert row is not None
    assert (row.made_at, row.offset_seconds) == (NINE + timedelta(days=1, seconds=1), -86400)
    assert abs(row.happened_at - NINE) < timedelta(minutes=1)


def test_nothing_happens_after_we_heard_of_it_or_before_the_device_was_there(day: ServiceDay, phone: Phone) -> None:
    phone.at = NINE + timedelta(days=400)
    phone.tell("arrived", who(expect(day)))
    phone.at = NINE - timedelta(days=400)
    phone.tell("arrived", who(expect(day)))
    sync(phone.actor, phone.batch())  # its clock is right by now
    times = list(db.session.scalars(select(DeviceEvent.happened_at).order_by(DeviceEvent.counter)))
    assert abs(times[0] - clock.now()) < timedelta(minutes=1)
    assert abs(times[1] - (NINE - timedelta(hours=1))) < timedelta(minutes=1)


def test_what_one_device_knows_completes_what_another_recorded(day: ServiceDay, phone: Phone) -> None:
    other, candidate = phone_of(day), expect(day)
    phone.tell("arrived", who(candidate))
    phone.tell("screened", who(candidate), answers={"systolic": 110})
    other.tell("arrived", who(candidate))
    other.tell("consented", who(candidate), method="pill", signer="client", decision="given", way="paper", number="7")
    other.tell("ended", who(candidate), kind="served", method="pill", provider=day.city.midwife.provider_id)
    sync(other.actor, other.batch())
    assert current_outcome(day.session_id, candidate.candidate_id) is None
    sync(phone.actor, phone.batch())
    outcome = current_outcome(day.session_id, candidate.candidate_id)
    assert outcome is not None
    assert outcome.account_id == other.actor.account_id


def test_no_service_is_recorded_without_consent(day: ServiceDay, phone: Phone) -> None:
    candidate = expect(day)
    phone.tell("arrived", who(candidate))
    phone.tell("screened", who(candidate), answers={})
    phone.tell("consented", who(candidate), method="pill", signer="client", decision="given", way="paper", number="7")
    phone.tell("consented", who(candidate), method="pill", signer="client", decision="withdrawn")
    phone.tell("ended", who(candidate), kind="served", method="pill", provider=day.city.midwife.provider_id)
    sync(phone.actor, phone.batch())
    assert current_outcome(day.session_id, candidate.candidate_id) is None
    assert db.session.scalar(select(func.count()).select_from(Consent)) == 2


def test_an_empty_shelf_does_not_lose_a_service_that_has_happened(day: ServiceDay, phone: Phone) -> None:
    for _ in range(6):  # five IUDs are on the shelf
        a_visit(day, phone)
    sync(phone.actor, phone.batch())
    assert db.session.scalar(select(func.count()).select_from(ServiceOutcome)) == 6
    short = db.session.scalars(select(StockDiscrepancy)).one()
    assert (short.item_id, short.wanted, short.available) == (day.city.iud.item_id, 1, 0)


def test_a_service_takes_the_lot_that_was_in_hand(day: ServiceDay, phone: Phone) -> None:
    put_on_shelf(day.session.facility_id, day.city.iud, 5, campaign_id=day.campaign.campaign_id)
    rows = shelf(day.session.facility_id)
    first, second = sorted(row.lot.stock_lot_id for row in rows if row.lot.item_id == day.city.iud.item_id)
    candidate = expect(day)
    phone.tell("arrived", who(candidate))
    phone.tell("screened", who(candidate), answers=WELL)
    phone.tell("consented", who(candidate), method="iud", signer="client", decision="given", way="paper", number="7")
    provider_id = day.city.midwife.provider_id
    phone.tell("ended", who(candidate), kind="served", method="iud", provider=provider_id, lots=[{"id": second}])
    sync(phone.actor, phone.batch())
    left = {row.lot.stock_lot_id: row.on_hand for row in shelf(day.session.facility_id)}
    assert (left[first], left[second]) == (5, 4)


def test_two_devices_that_end_one_visit_are_both_kept_and_one_counts(day: ServiceDay, phone: Phone) -> None:
    other, candidate = phone_of(day), expect(day)
    for one in (phone, other):
        one.tell("arrived", who(candidate))
        one.serve(who(candidate), day.city.midwife.provider_id)
        sync(one.actor, one.batch())
    assert states()[ResultState.CONFLICT] == 1
    counts = recount(rows_of(day.campaign.campaign_id))
    assert (sum(one.came for one in counts.values()), sum(one.served for one in counts.values())) == (1, 1)


def test_a_walk_in_of_a_device_is_registered_once_and_what_follows_finds_them(day: ServiceDay, phone: Phone) -> None:
    arrival = phone.tell("arrived", {}, walk_in={"name": "Warga Contoh", "method": "pill"})
    phone.serve({"arrival": str(arrival)}, day.city.midwife.provider_id, "pill")
    sync(phone.actor, phone.batch())
    sync(phone.actor, phone.batch())
    rows = attendance_list(day.staff, day.session_id)
    assert [(row.name, row.state) for row in rows] == [("Warga Contoh", VisitState.SERVED)]


def test_a_form_and_a_device_agree_on_one_arrival(day: ServiceDay, phone: Phone) -> None:
    candidate = expect(day)
    check_in(day.staff, scan(day, candidate))
    phone.tell("arrived", who(candidate))
    sync(phone.actor, phone.batch())
    answers = list(db.session.scalars(select(CheckIn.answer).order_by(CheckIn.check_in_id)))
    assert [one.value for one in answers] == ["accepted", "repeat"]
