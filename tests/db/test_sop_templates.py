"""SOP templates: shipped once, changed in drafts, fixed when published."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.config import Settings
from campaign.db import db
from campaign.errors import Invalid, NotAllowed
from campaign.events.sop import editing, queries, templates
from campaign.events.sop.models import SopTemplate
from campaign.events.sop.shipped import SHIPPED
from campaign.events.sop.template import Anchor, DueRule, Step, Template
from campaign.events.sop.templates import StepChange, TemplateIsPublished, UnknownStep
from campaign.transaction import savepoint
from tests.builders.actors import actor_with
from tests.builders.sop import FIELD_CONTROL, PEKALONGAN, TANGERANG, make_sop, person


@pytest.fixture
def draft(open_transaction: None) -> SopTemplate:
    """Return a draft of the next version of Pekalongan's SOP."""
    return templates.copy_template(SYSTEM, make_sop().sop_template_id)


def _content(row: SopTemplate) -> Template:
    return queries.content(queries.template(row.sop_template_id))


def _sorted(template: Template) -> Template:
    """Return the template with duties in one order: the sheet has none."""
    steps = (replace(step, duties=tuple(sorted(step.duties, key=lambda duty: duty.party))) for step in template.steps)
    return replace(template, steps=tuple(steps))


def _change(row: SopTemplate, step: Step, place: int = 1) -> SopTemplate:
    return templates.change_step(SYSTEM, StepChange(row.sop_template_id, step, place))


@pytest.mark.usefixtures("open_transaction")
def test_the_shipped_sops_are_stored_as_they_are_and_once() -> None:
    assert [row.code for row in templates.load_shipped(SYSTEM)] == [template.code for template in SHIPPED]
    assert templates.load_shipped(SYSTEM) == []
    assert templates.missing_shipped() == 0
    stored = {row.code: _sorted(_content(row)) for row in queries.templates()}
    assert stored == {template.code: _sorted(template) for template in SHIPPED}


@pytest.mark.usefixtures("open_transaction")
def test_each_city_is_offered_its_own_sop_first_and_of_tangerang_the_one_that_prepares() -> None:
    make_sop()
    assert [row.code for row in queries.offered("36.71")] == [TANGERANG, FIELD_CONTROL, PEKALONGAN]
    assert queries.offered("33.75")[0].code == PEKALONGAN


def test_a_copy_is_a_draft_of_the_next_version_and_there_is_one_at_a_time(draft: SopTemplate) -> None:
    assert (draft.version, draft.published_at) == (2, None)
    assert templates.copy_template(SYSTEM, draft.sop_template_id) is draft
    assert _sorted(_content(draft)) == _sorted(SHIPPED[0])
    assert [row.version for row in queries.offered("33.75") if row.code == PEKALONGAN] == [1]
    templates.publish_template(SYSTEM, draft.sop_template_id)
    assert [row.version for row in queries.offered("33.75") if row.code == PEKALONGAN] == [2]


def test_a_draft_takes_new_steps_changes_and_removals(draft: SopTemplate) -> None:
    blank = editing.blank_step(_content(draft))
    added = replace(blank, title="Evaluasi", due=DueRule(Anchor.LAST_DAY, 5), waits_for=("discharge",))
    _change(draft, added, 99)
    first = _content(draft).steps[0]
    _change(draft, replace(first, title="Rapat awal"), 2)
    found = _content(draft)
    assert [step.code for step in found.steps][:2] == ["coordination-invitation", "preparation-meeting"]
    assert found.steps[1] == replace(first, title="Rapat awal")
    assert found.steps[-1] == added
    templates.remove_step(SYSTEM, draft.sop_template_id, "coordination-invitation")
    waits = {step.code: step.waits_for for step in _content(draft).steps}
    assert waits["home-visits"] == ("preparation-meeting",)


def test_every_mistake_of_a_step_is_told_at_once(draft: SopTemplate) -> None:
    first = _content(draft).steps[0]
    wrong = replace(first, title=" ", due=DueRule(Anchor.FIRST_DAY, -121), waits_for=("discharge",), note="x" * 401)
    with pytest.raises(Invalid) as caught:
        _change(draft, wrong)
    assert {(mistake.where, mistake.code) for mistake in caught.value.mistakes} == {
        ("title", "step-without-title"),
        ("due_days", "out-of-range"),
        ("note", "too-long"),
        ("waits_for", "steps-wait-in-a-ring"),
    }


def test_roles_of_parties_can_be_assigned_and_left_blank(draft: SopTemplate) -> None:
    templates.assign_roles(SYSTEM, draft.sop_template_id, {"divisions": (Role.VIEWER,), "officer": ()})
    roles = {party.code: party.roles for party in _content(draft).parties}
    assert (roles["divisions"], roles["officer"], roles["head"]) == ((Role.VIEWER,), (), (Role.HEAD,))
    with pytest.raises(Invalid):
        templates.assign_roles(SYSTEM, draft.sop_template_id, {"nobody": ()})


def test_a_step_that_is_not_there_cannot_be_removed(draft: SopTemplate) -> None:
    with pytest.raises(UnknownStep):
        templates.remove_step(SYSTEM, draft.sop_template_id, "missing")


def test_a_draft_can_be_thrown_away(draft: SopTemplate) -> None:
    templates.discard_draft(SYSTEM, draft.sop_template_id)
    assert [row.version for row in queries.templates() if row.code == PEKALONGAN] == [1]


def test_a_draft_without_steps_is_not_published(draft: SopTemplate) -> None:
    for step in _content(draft).steps:
        templates.remove_step(SYSTEM, draft.sop_template_id, step.code)
    with pytest.raises(Invalid):
        templates.publish_template(SYSTEM, draft.sop_template_id)


@pytest.mark.usefixtures("open_transaction")
def test_a_published_version_is_refused_every_change() -> None:
    row = make_sop()
    step = _content(row).steps[0]
    for attempt in (
        lambda: _change(row, step),
        lambda: templates.remove_step(SYSTEM, row.sop_template_id, step.code),
        lambda: templates.assign_roles(SYSTEM, row.sop_template_id, {}),
        lambda: templates.publish_template(SYSTEM, row.sop_template_id),
        lambda: templates.discard_draft(SYSTEM, row.sop_template_id),
    ):
        with pytest.raises(TemplateIsPublished):
            attempt()


@pytest.mark.usefixtures("open_transaction")
def test_who_keeps_the_registry_of_the_city_keeps_its_sop_and_nobody_else() -> None:
    row = make_sop()
    for actor in (actor_with(Role.HEAD), actor_with(Role.PLANNER, "36.71"), actor_with(Role.CADRE, "33.75.01")):
        with pytest.raises(NotAllowed):
            templates.copy_template(actor, row.sop_template_id)
    assert templates.copy_template(person(Role.PLANNER, "33.75"), row.sop_template_id).version == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sop_step SET title = 'lain' WHERE sop_template_id = :id",
        "DELETE FROM sop_wait WHERE sop_template_id = :id",
        "UPDATE sop_party SET roles = '{}' WHERE sop_template_id = :id",
        "DELETE FROM sop_duty WHERE sop_template_id = :id",
        "UPDATE sop_template SET name = 'lain' WHERE sop_template_id = :id",
        "UPDATE sop_template SET published_at = NULL WHERE sop_template_id = :id",
        "DELETE FROM sop_template WHERE sop_template_id = :id",
        """INSERT INTO sop_party (sop_template_id, code, position, name, printed, roles)
           VALUES (:id, 'x', 99, 'x', '', '{}')""",
    ],
)
@pytest.mark.usefixtures("open_transaction")
def test_the_database_refuses_to_change_a_published_version(statement: str) -> None:
    row = make_sop()
    with pytest.raises(IntegrityError) as caught, savepoint():
        db.session.execute(text(statement), {"id": row.sop_template_id})
    assert "is published" in str(caught.value)


def test_the_owner_of_the_tables_cannot_change_ticks(own_database: Settings, owner_engine: Engine) -> None:
    with owner_engine.connect() as connection, pytest.raises(IntegrityError) as caught:
        connection.execute(text("DELETE FROM sop_step_event"))
    assert "append-only" in str(caught.value)
