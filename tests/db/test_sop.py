"""Checklists: started once, ticked by whoever has a part in the step, never rewritten."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.audit import AuditEntry
from campaign.db import db
from campaign.errors import Invalid, NotAllowed
from campaign.events.models import Campaign
from campaign.events.services import cancel_campaign
from campaign.events.sop import queries, services, templates
from campaign.events.sop.models import CampaignSop
from campaign.events.sop.services import (
    ChecklistExists,
    ChecklistHasHistory,
    ChecklistIsOver,
    StepAlreadyDone,
    StepCompletesItself,
    StepFile,
    StepNotDone,
    StepNotYours,
    TemplateIsDraft,
)
from campaign.events.sop.templates import UnknownStep
from campaign.events.sop.ticking import EventKind
from campaign.transaction import savepoint
from tests.builders.actors import actor_with
from tests.builders.events import make_campaign
from tests.builders.registry import City, make_city
from tests.builders.sop import PDF, PEKALONGAN, key, make_checklist, make_sop, person, step_return, step_tick

pytestmark = pytest.mark.usefixtures("open_transaction")


@pytest.fixture
def city(open_transaction: None) -> City:
    """Return a small city."""
    return make_city()


@pytest.fixture
def campaign(city: City) -> Campaign:
    """Return a draft campaign of the small city."""
    return make_campaign(city)


@pytest.fixture
def checklist(campaign: Campaign) -> CampaignSop:
    """Return the campaign's checklist."""
    return make_checklist(campaign.campaign_id)


def _kinds(checklist: CampaignSop, code: str = "preparation-meeting") -> list[EventKind]:
    return [
        event.kind
        for event in queries.events_of([checklist.campaign_sop_id]).get((checklist.campaign_sop_id, code), [])
    ]


def test_a_checklist_started_twice_is_one(campaign: Campaign, checklist: CampaignSop) -> None:
    again = services.start_checklist(SYSTEM, campaign.campaign_id, checklist.sop_template_id)
    assert again.campaign_sop_id == checklist.campaign_sop_id
    assert len(queries.checklists_of(campaign.campaign_id)) == 1


def test_a_running_checklist_keeps_its_version(campaign: Campaign, checklist: CampaignSop) -> None:
    draft = templates.copy_template(SYSTEM, checklist.sop_template_id)
    with pytest.raises(TemplateIsDraft):
        services.start_checklist(SYSTEM, campaign.campaign_id, draft.sop_template_id)
    templates.publish_template(SYSTEM, draft.sop_template_id)
    with pytest.raises(ChecklistExists):
        services.start_checklist(SYSTEM, campaign.campaign_id, draft.sop_template_id)
    assert queries.checklist(checklist.campaign_sop_id).template.version == 1


def test_only_the_planner_of_the_city_starts_a_checklist(campaign: Campaign) -> None:
    template_id = make_sop().sop_template_id
    for actor in (actor_with(Role.ADMINISTRATOR), actor_with(Role.PLANNER, "36.71"), actor_with(Role.FIELD_OFFICER)):
        with pytest.raises(NotAllowed):
            services.start_checklist(actor, campaign.campaign_id, template_id)
    assert (
        services.start_checklist(person(Role.PLANNER, "33.75"), campaign.campaign_id, template_id).sop_code
        == PEKALONGAN
    )


def test_a_tick_tells_when_it_was_done_and_when_we_learned_of_it(checklist: CampaignSop) -> None:
    planner = person(Role.PLANNER)
    event = services.tick_step(planner, step_tick(checklist, done_on=date(2027, 5, 28), minutes=110))
    assert event.happened_at == datetime(2027, 5, 28, 9, tzinfo=UTC)  # 16:00, when the office closes
    assert (event.recorded_at.date(), event.minutes, event.account_id) == (clock.today(), 110, planner.account_id)
    assert event.number == 1


def test_a_tick_sent_twice_is_one(checklist: CampaignSop) -> None:
    tick = step_tick(checklist)
    first = services.tick_step(SYSTEM, tick)
    assert services.tick_step(SYSTEM, tick).sop_step_event_id == first.sop_step_event_id
    assert _kinds(checklist) == [EventKind.TICKED]


def test_a_tick_can_be_taken_back_with_a_reason_and_set_again(checklist: CampaignSop) -> None:
    first = services.tick_step(SYSTEM, step_tick(checklist))
    with pytest.raises(StepAlreadyDone):
        services.tick_step(SYSTEM, step_tick(checklist))
    back = step_return(checklist)
    undone = services.take_back(SYSTEM, back)
    assert (undone.undoes_id, undone.note) == (first.sop_step_event_id, back.reason)
    assert services.take_back(SYSTEM, back) is undone
    with pytest.raises(StepNotDone):
        services.take_back(SYSTEM, step_return(checklist))
    services.tick_step(SYSTEM, step_tick(checklist))
    assert _kinds(checklist) == [EventKind.TICKED, EventKind.TAKEN_BACK, EventKind.TICKED]


def test_a_step_with_something_behind_it_is_not_ticked(checklist: CampaignSop) -> None:
    with pytest.raises(StepCompletesItself):
        services.tick_step(SYSTEM, step_tick(checklist, "home-visits"))


def test_a_step_that_the_sop_does_not_have_is_not_found(checklist: CampaignSop) -> None:
    with pytest.raises(UnknownStep):
        services.tick_step(SYSTEM, step_tick(checklist, "team-decree"))


def test_every_mistake_of_a_tick_is_told_at_once(checklist: CampaignSop) -> None:
    tick = step_tick(
        checklist, note=" a ", done_on=date(2027, 6, 2), minutes=0, file=StepFile("virus.exe", b"MZ and more")
    )
    with pytest.raises(Invalid) as caught:
        services.tick_step(SYSTEM, tick)
    assert {(mistake.where, mistake.code) for mistake in caught.value.mistakes} == {
        ("note", "note-length"),
        ("done_on", "step-done-when"),
        ("minutes", "out-of-range"),
        ("file", "attachment-kind"),
    }


def test_a_reason_is_needed_to_take_back(checklist: CampaignSop) -> None:
    services.tick_step(SYSTEM, step_tick(checklist))
    with pytest.raises(Invalid) as caught:
        services.take_back(SYSTEM, step_return(checklist, reason="  "))
    assert [mistake.where for mistake in caught.value.mistakes] == ["reason"]


@pytest.mark.parametrize("role", [Role.PLANNER, Role.HEAD])  # does; approves
def test_whoever_does_or_approves_a_step_may_tick_it(checklist: CampaignSop, role: Role) -> None:
    services.tick_step(person(role, "33.75"), step_tick(checklist))
    assert _kinds(checklist) == [EventKind.TICKED]


@pytest.mark.parametrize(
    ("role", "area_code"),
    [(Role.CADRE, "33.75.01.1002"), (Role.WAREHOUSE, None), (Role.PLANNER, "36.71"), (Role.HEAD, "33.7")],
)
def test_others_may_not_tick_it(checklist: CampaignSop, role: Role, area_code: str | None) -> None:
    with pytest.raises(StepNotYours):
        services.tick_step(person(role, area_code), step_tick(checklist))


def test_a_cadre_of_one_kelurahan_ticks_what_cadres_do(city: City) -> None:
    field_control = make_checklist(make_campaign(city).campaign_id, "tangerang-field-control")
    services.tick_step(person(Role.CADRE, "33.75.01.1002"), step_tick(field_control, "active-users"))
    assert _kinds(field_control, "active-users") == [EventKind.TICKED]


def test_a_file_is_kept_with_its_hash_and_every_download_is_written_down(checklist: CampaignSop) -> None:
    file = StepFile("..\\rapat/Notulen <1>.PDF", PDF)
    event = services.tick_step(SYSTEM, step_tick(checklist, file=file))
    found = queries.file_for_download(person(Role.PLANNER), event.sop_step_event_id)
    assert (found.content, found.name, found.media_type) == (PDF, "Notulen _1_.pdf", "application/pdf")
    actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "download-step-file"))
    assert len(list(actions)) == 1


def test_a_file_of_five_megabytes_is_kept_and_one_byte_more_is_not(checklist: CampaignSop) -> None:
    whole = PDF + b" " * (5_000_000 - len(PDF))
    with pytest.raises(Invalid):
        services.tick_step(SYSTEM, step_tick(checklist, file=StepFile("a.pdf", whole + b" ")))
    assert services.tick_step(SYSTEM, step_tick(checklist, file=StepFile("a.pdf", whole))).file is not None


def test_a_checklist_is_thrown_away_only_while_nothing_was_ticked(campaign: Campaign, checklist: CampaignSop) -> None:
    services.drop_checklist(SYSTEM, checklist.campaign_sop_id)
    assert queries.checklists_of(campaign.campaign_id) == []
    again = make_checklist(campaign.campaign_id)
    services.tick_step(SYSTEM, step_tick(again))
    services.take_back(SYSTEM, step_return(again))
    with pytest.raises(ChecklistHasHistory):
        services.drop_checklist(SYSTEM, again.campaign_sop_id)


def test_a_cancelled_campaign_takes_no_ticks(campaign: Campaign, checklist: CampaignSop) -> None:
    cancel_campaign(SYSTEM, campaign.campaign_id)
    with pytest.raises(ChecklistIsOver):
        services.tick_step(SYSTEM, step_tick(checklist))


INSERT = """
INSERT INTO sop_step_event (campaign_sop_id, sop_template_id, step_code, number, kind, undoes_id, idempotency_key,
                            happened_at, recorded_at, note, minutes)
VALUES (:sop, :template, :step, :number, :kind, :undoes, :key, now(), now() + :later * interval '1 second', :note, NULL)
"""


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"number": 2}, "takes_turns"),
        ({"kind": "taken_back", "number": 2}, "return_points"),
        ({"note": "  "}, "has_a_note"),
        ({"later": -1}, "not_in_the_future"),
        ({"step": "no-such-step"}, "fk_sop_step_event_sop_template_id_step_code_sop_step"),
    ],
)
def test_the_database_refuses_an_impossible_tick(
    checklist: CampaignSop, change: dict[str, object], constraint: str
) -> None:
    row = {"sop": checklist.campaign_sop_id, "template": checklist.sop_template_id, "step": "preparation-meeting"}
    row |= {"number": 1, "kind": "ticked", "undoes": None, "key": key(), "note": "rapat", "later": 0}
    with pytest.raises(IntegrityError) as caught, savepoint():
        db.session.execute(text(INSERT), row | change)
    assert constraint in str(caught.value)


def test_the_database_takes_one_of_two_ticks_of_one_step(checklist: CampaignSop) -> None:
    services.tick_step(SYSTEM, step_tick(checklist))
    row = {"sop": checklist.campaign_sop_id, "template": checklist.sop_template_id, "step": "preparation-meeting"}
    row |= {"number": 1, "kind": "ticked", "undoes": None, "key": key(), "note": "rapat", "later": 0}
    with pytest.raises(IntegrityError) as caught, savepoint():
        db.session.execute(text(INSERT), row)
    assert "uq_sop_step_event_campaign_sop_id_step_code_number" in str(caught.value)


def test_the_application_may_not_change_a_tick(checklist: CampaignSop) -> None:
    services.tick_step(SYSTEM, step_tick(checklist))
    for statement in ("UPDATE sop_step_event SET note = 'lain'", "DELETE FROM sop_step_file"):
        with pytest.raises(ProgrammingError), savepoint():
            db.session.execute(text(statement))
    assert _kinds(checklist) == [EventKind.TICKED]
