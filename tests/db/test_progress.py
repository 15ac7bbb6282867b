"""Steps complete themselves by what they are about, and each role is told what it owes."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.attendance.services import close_session
from campaign.db import db
from campaign.documents.papers import PaperFormat, PaperKind, PaperRequest, ask_paper, store_paper
from campaign.events import queries as events
from campaign.events.lifecycle import CampaignState
from campaign.events.models import ServiceSession
from campaign.events.sessions import NewSession, create_sessions
from campaign.events.sop import queries as sops
from campaign.events.sop import services, templates
from campaign.events.sop.schedule import StepState
from campaign.events.sop.templates import StepChange
from campaign.logistics.issuing import StockIssue, issue_stock
from campaign.logistics.ordering import IssueOrder, order_issue
from campaign.logistics.reversing import Reversal, reverse
from campaign.planning.approving import approve_plan
from campaign.progress import probes
from campaign.progress.checklists import StepLine, checklists
from campaign.progress.owed import steps_owed
from campaign.progress.probes import Finding
from campaign.registry.models import LocalDayOff
from tests.builders.actors import actor_with
from tests.builders.candidates import Wish, make_candidate
from tests.builders.events import DAYS, make_campaign
from tests.builders.letters import make_held_meeting
from tests.builders.logistics import key, make_depot, make_plan_run, make_reservations, make_stock
from tests.builders.plans import make_scene, make_solved_run
from tests.builders.registry import FAR_KELURAHAN, KELURAHAN, OTHER_KELURAHAN, make_city
from tests.builders.sop import FIELD_CONTROL, make_checklist, make_sop, step_tick

pytestmark = pytest.mark.usefixtures("open_transaction")

NOON = datetime(2027, 6, 1, 5, tzinfo=UTC)
LATER = NOON + timedelta(days=2)


def _lines(campaign_id: int) -> dict[str, StepLine]:
    (found,) = checklists(campaign_id)
    return {line.step.code: line for line in found.lines}


def test_an_approved_plan_completes_the_targets_and_the_schedule() -> None:
    scene = make_scene()
    campaign_id = scene.campaign.campaign_id
    make_checklist(campaign_id)
    assert _lines(campaign_id)["targets-and-schedule"].standing.state is StepState.WAITING
    run = approve_plan(scene.head, make_solved_run(scene).plan_run_id)
    line = _lines(campaign_id)["targets-and-schedule"]
    assert (line.standing.state, line.finding) == (StepState.DONE, Finding(1, 1, run.approved_at))


def test_lists_are_in_when_the_last_kelurahan_has_sent_names() -> None:
    campaign_id = make_campaign(make_city()).campaign_id
    assert probes.lists_of_all_kelurahan(campaign_id) == Finding(0, 3, None)
    make_candidate(campaign_id, Wish(KELURAHAN))
    make_candidate(campaign_id, Wish(OTHER_KELURAHAN))
    assert probes.lists_of_all_kelurahan(campaign_id) == Finding(2, 3, None)
    with clock.standing_at(LATER):
        last = make_candidate(campaign_id, Wish(FAR_KELURAHAN))
    with clock.standing_at(LATER + timedelta(days=1)):
        make_candidate(campaign_id, Wish(FAR_KELURAHAN))
    assert probes.lists_of_all_kelurahan(campaign_id) == Finding(3, 3, last.created_at)


def test_alokon_is_issued_when_every_delivery_has_its_sbbk_and_open_again_when_one_is_reversed() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    (reserved,) = make_reservations(depot, lot, 4)
    campaign_id = reserved.campaign_id
    assert probes.alokon_issued(campaign_id) == Finding(0, 1, None)
    order = order_issue(
        SYSTEM,
        IssueOrder(
            key(),
            campaign_id,
            depot.warehouse.stock_place_id,
            depot.city.puskesmas.facility_id,
            reserved.deliver_on,
            clock.today(),
        ),
    )
    assert probes.alokon_issued(campaign_id) == Finding(0, 1, None)
    issue = issue_stock(SYSTEM, StockIssue(key(), order.stock_document_id, clock.today()))
    assert probes.alokon_issued(campaign_id) == Finding(1, 1, issue.recorded_at)
    reverse(SYSTEM, Reversal(key(), issue.stock_document_id, clock.today(), "Salah kirim"))
    assert probes.alokon_issued(campaign_id) == Finding(0, 1, None)


def _session(campaign_id: int, facility_id: int, day: date) -> ServiceSession:
    run = make_plan_run(campaign_id)
    new = NewSession(facility_id, day, time(8), time(14), ())
    return create_sessions(SYSTEM, campaign_id, run.plan_run_id, [new])[0]


def test_service_is_done_when_the_last_session_is_closed_and_reported_by_the_paper_made_after_it() -> None:
    city = make_city()
    campaign_id = make_campaign(city).campaign_id
    assert probes.sessions_closed(campaign_id) is None
    first = _session(campaign_id, city.puskesmas.facility_id, DAYS[0])
    second = _session(campaign_id, city.hospital.facility_id, DAYS[0])
    close_session(SYSTEM, first.service_session_id)
    assert probes.sessions_closed(campaign_id) == Finding(1, 2, None)
    early = ask_paper(PaperRequest(PaperKind.CAMPAIGN_REPORT, PaperFormat.PDF, campaign_id, "Laporan", campaign_id))
    store_paper(early.paper_id, b"%PDF-")
    close_session(SYSTEM, second.service_session_id)
    assert probes.sessions_closed(campaign_id) == Finding(2, 2, second.closed_at)
    assert probes.report_ready(campaign_id) is None
    final = ask_paper(PaperRequest(PaperKind.CAMPAIGN_REPORT, PaperFormat.PDF, campaign_id, "Laporan", campaign_id))
    assert probes.report_ready(campaign_id) is None
    store_paper(final.paper_id, b"%PDF-")
    assert probes.report_ready(campaign_id) == Finding(1, 1, final.ready_at)


def test_due_dates_skip_the_holidays_of_the_country_and_of_the_city_but_not_of_one_kecamatan() -> None:
    campaign_id = make_campaign(make_city()).campaign_id
    make_checklist(campaign_id)
    # Service starts on Tuesday the 15th: one working day before is Monday the 14th, six are Monday the 7th.
    before = _lines(campaign_id)
    assert before["needs-prepared"].standing.due_on == date(2027, 6, 14)
    assert before["submission-received"].standing.due_on == date(2027, 6, 7)
    db.session.add(LocalDayOff(off_on=date(2027, 6, 14), area_code="33.75", reason="Hari jadi"))
    db.session.add(LocalDayOff(off_on=date(2027, 6, 11), area_code="33.75.01", reason="Rob"))
    db.session.flush()
    after = _lines(campaign_id)
    assert after["needs-prepared"].standing.due_on == date(2027, 6, 11)
    assert after["submission-received"].standing.due_on == date(2027, 6, 4)


def test_each_role_is_told_what_it_owes_and_whether_it_is_late() -> None:
    city = make_city()
    campaign_id = make_campaign(city).campaign_id
    checklist = make_checklist(campaign_id)
    make_checklist(campaign_id, FIELD_CONTROL)
    owed = {(step.step_code, step.is_overdue) for step in steps_owed(actor_with(Role.PLANNER, "33.75"))}
    assert owed == {("preparation-meeting", False), ("couples-using", False), ("group-members", False)}
    assert [step.step_code for step in steps_owed(actor_with(Role.CADRE, KELURAHAN))] == ["active-users"]
    services.tick_step(SYSTEM, step_tick(checklist))
    make_held_meeting(events.campaign(campaign_id))
    cadre = steps_owed(actor_with(Role.CADRE, KELURAHAN))
    assert [step.step_code for step in cadre] == ["home-visits", "active-users"]
    with clock.standing_at(NOON + timedelta(days=9)):
        (late, later) = steps_owed(actor_with(Role.CADRE, KELURAHAN))
    # Started on the 1st, a holiday: due on the 2nd at the earliest; home visits are due ten days before the 15th.
    assert (late.step_code, late.is_overdue, late.due_on) == ("home-visits", True, date(2027, 6, 2))
    assert (later.is_overdue, later.days_late) == (False, 0)


def test_nobody_owes_anything_in_a_campaign_of_another_city() -> None:
    city = make_city()
    make_checklist(make_campaign(city).campaign_id)
    for actor in (actor_with(Role.PLANNER, "36.71"), actor_with(Role.VIEWER), actor_with(Role.HEAD)):
        assert steps_owed(actor) == []


def test_a_closed_campaign_still_owes_its_reports_and_a_cancelled_one_or_one_of_long_ago_nothing() -> None:
    campaign = make_campaign(make_city())
    make_checklist(campaign.campaign_id, FIELD_CONTROL)
    cadre = actor_with(Role.CADRE, KELURAHAN)
    campaign.state = CampaignState.CLOSED
    last_day = datetime(2027, 6, 17, 5, tzinfo=UTC)
    for days, owes in ((90, True), (91, False)):
        with clock.standing_at(last_day + timedelta(days)):
            assert bool(steps_owed(cadre)) is owes
    campaign.state = CampaignState.CANCELLED
    assert steps_owed(cadre) == []


def test_a_facility_owes_service_in_a_campaign_that_it_takes_part_in_only() -> None:
    city = make_city()
    campaign_id = make_campaign(city, facility_ids=(city.puskesmas.facility_id,)).campaign_id
    draft = templates.copy_template(SYSTEM, make_sop().sop_template_id)
    registration = next(step for step in sops.content(draft).steps if step.code == "registration")
    templates.change_step(SYSTEM, StepChange(draft.sop_template_id, replace(registration, waits_for=()), 1))
    templates.publish_template(SYSTEM, draft.sop_template_id)
    services.start_checklist(SYSTEM, campaign_id, draft.sop_template_id)
    owed = steps_owed(actor_with(Role.FACILITY, facility_id=city.puskesmas.facility_id))
    assert [step.step_code for step in owed] == ["registration"]
    assert steps_owed(actor_with(Role.FACILITY, facility_id=city.hospital.facility_id)) == []


def test_time_taken_is_set_against_the_standard() -> None:
    campaign_id = make_campaign(make_city()).campaign_id
    checklist = make_checklist(campaign_id)  # at noon of the 1st, a holiday
    with clock.standing_at(datetime(2027, 6, 2, 2, 30, tzinfo=UTC)):  # 09:30 on the 2nd
        services.tick_step(SYSTEM, step_tick(checklist))
        line = _lines(campaign_id)["preparation-meeting"]
    assert line.standing.minutes_taken == 90
    assert line.step.standard is not None
    assert line.step.standard.minutes == 120
