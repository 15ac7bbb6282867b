"""Use-cases of SOP templates: load those that we ship, copy one to a new version, change the draft, publish it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.errors import Conflict, Invalid, Mistake, NotFound
from campaign.events.sop import editing, storing
from campaign.events.sop.models import SopTemplate
from campaign.events.sop.shipped import SHIPPED
from campaign.events.sop.template import Step, Template
from campaign.transaction import hold


class UnknownTemplate(NotFound):
    """No SOP has this id."""

    code = "unknown-sop"


class UnknownStep(NotFound):
    """The SOP has no such step."""

    code = "unknown-step"


class TemplateIsPublished(Conflict):
    """A published version never changes: copy it to a new one."""

    code = "sop-is-published"


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step of a draft as it should be, and at which place, counted from 1."""

    sop_template_id: int
    step: Step
    place: int


def load_shipped(actor: Actor) -> list[SopTemplate]:
    """Add the SOPs that come with the product and are not there in any version; return what was added."""
    require(actor, Permission.EDIT_REGISTRY)
    hold("load-shipped-sop")
    known = set(db.session.scalars(select(SopTemplate.code)))
    added = [_added(actor, template, 1) for template in SHIPPED if template.code not in known]
    for row in added:
        _publish(actor, row)
    return added


def missing_shipped() -> int:
    """Return how many of the shipped SOPs are not loaded."""
    known = set(db.session.scalars(select(SopTemplate.code)))
    return sum(template.code not in known for template in SHIPPED)


def copy_template(actor: Actor, sop_template_id: int) -> SopTemplate:
    """Return the draft of the next version; made from this one unless somebody has begun one."""
    origin = _locked(sop_template_id)
    require(actor, Permission.EDIT_REGISTRY, _place(origin))
    versions = select(SopTemplate).where(SopTemplate.code == origin.code).order_by(SopTemplate.version)
    # Locked in one order: of two who copy, the second finds the first one's draft.
    rows = db.session.scalars(versions.with_for_update().execution_options(populate_existing=True)).all()
    draft = next((row for row in rows if row.published_at is None), None)
    if draft is not None:
        return draft
    return _added(actor, storing.read(origin), rows[-1].version + 1)


def _added(actor: Actor, template: Template, version: int) -> SopTemplate:
    row = SopTemplate(
        code=template.code,
        version=version,
        name=template.name,
        district_code=template.district_code,
        source=template.source,
        created_at=clock.now(),
        created_by_id=actor.account_id,
    )
    db.session.add(row)
    db.session.flush()
    storing.write(row, template)
    audit.record(actor, "add-sop", ("sop_template", row.sop_template_id), code=template.code, version=version)
    return row


def change_step(actor: Actor, change: StepChange) -> SopTemplate:
    """Change or add one step of a draft; every mistake at once."""
    row = _draft(actor, change.sop_template_id)
    template = storing.read(row)
    mistakes = editing.step_mistakes(template, change.step)
    if mistakes:
        raise Invalid(tuple(mistakes))
    storing.write(row, editing.put_step(template, change.step, change.place))
    audit.record(actor, "change-sop-step", ("sop_template", row.sop_template_id), step=change.step.code)
    return row


def remove_step(actor: Actor, sop_template_id: int, code: str) -> SopTemplate:
    """Take a step out of a draft."""
    row = _draft(actor, sop_template_id)
    template = storing.read(row)
    if editing.step_of(template, code) is None:
        raise UnknownStep(sop_template_id=sop_template_id, step=code)
    storing.write(row, editing.drop_step(template, code))
    audit.record(actor, "remove-sop-step", ("sop_template", sop_template_id), step=code)
    return row


def assign_roles(actor: Actor, sop_template_id: int, roles: Mapping[str, tuple[Role, ...]]) -> SopTemplate:
    """Say which roles answer for the parties of a draft."""
    row = _draft(actor, sop_template_id)
    template = storing.read(row)
    if not set(roles) <= {party.code for party in template.parties}:
        raise Invalid((Mistake("parties", "unknown-party"),))
    storing.write(row, editing.put_roles(template, roles))
    audit.record(actor, "assign-sop-roles", ("sop_template", sop_template_id), parties=len(roles))
    return row


def publish_template(actor: Actor, sop_template_id: int) -> SopTemplate:
    """Publish a draft: new checklists work by it, running ones keep their version."""
    row = _draft(actor, sop_template_id)
    if not row.steps:
        raise Invalid((Mistake("steps", "sop-without-steps"),))
    _publish(actor, row)
    return row


def _publish(actor: Actor, row: SopTemplate) -> None:
    row.published_at, row.published_by_id = clock.now(), actor.account_id
    db.session.flush()
    audit.record(actor, "publish-sop", ("sop_template", row.sop_template_id), version=row.version)


def discard_draft(actor: Actor, sop_template_id: int) -> None:
    """Throw a draft away."""
    row = _draft(actor, sop_template_id)
    empty = Template(row.code, row.name, row.district_code, row.source)
    storing.write(row, empty)
    db.session.delete(row)
    db.session.flush()
    audit.record(actor, "discard-sop", ("sop_template", sop_template_id), code=empty.code)


def _draft(actor: Actor, sop_template_id: int) -> SopTemplate:
    row = _locked(sop_template_id)
    require(actor, Permission.EDIT_REGISTRY, _place(row))
    if row.published_at is not None:
        raise TemplateIsPublished(sop_template_id=sop_template_id)
    return row


def _locked(sop_template_id: int) -> SopTemplate:
    query = select(SopTemplate).where(SopTemplate.sop_template_id == sop_template_id).with_for_update()
    row = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise UnknownTemplate(sop_template_id=sop_template_id)
    return row


def _place(row: SopTemplate) -> Place:
    return Place(area_code=row.district_code)
