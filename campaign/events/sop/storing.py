"""Between the rows of a template and the values that rules and forms work with."""

from sqlalchemy import delete

from campaign.accounts.roles import Role
from campaign.db import db
from campaign.events.sop.models import SopDuty, SopParty, SopStep, SopTemplate, SopWait
from campaign.events.sop.template import DueRule, Duty, DutyOf, Party, Printed, StandardTime, Step, Template

ORDER = tuple(Duty)  # who does it first


def read(row: SopTemplate) -> Template:
    """Return what a template's rows say."""
    parties = tuple(
        Party(party.code, party.name, party.printed, tuple(Role(role) for role in party.roles)) for party in row.parties
    )
    order = {party.code: party.position for party in row.parties}
    places = {step.code: step.position for step in row.steps}
    steps = tuple(_step(step, order, places) for step in row.steps)
    return Template(row.code, row.name, row.district_code, row.source, parties, steps)


def _step(row: SopStep, order: dict[str, int], places: dict[str, int]) -> Step:
    waits = sorted((wait.waits_for_code for wait in row.waits), key=lambda code: places[code])
    duties = sorted(row.duties, key=lambda duty: (ORDER.index(duty.duty), order[duty.party_code]))
    standard = None
    if row.time_value is not None and row.time_unit is not None and row.time_per is not None:
        standard = StandardTime(row.time_value, row.time_unit, row.time_per)
    return Step(
        code=row.code,
        printed=Printed(
            row.printed_number,
            row.printed_activity,
            row.printed_inputs,
            row.printed_time,
            row.printed_output,
            row.printed_note,
        ),
        title=row.title,
        due=DueRule(row.due_anchor, row.due_days),
        inputs=row.inputs,
        output=row.output,
        note=row.note,
        standard=standard,
        proof=row.proof,
        waits_for=tuple(waits),
        duties=tuple(DutyOf(duty.party_code, duty.duty, duty.printed) for duty in duties),
    )


def write(row: SopTemplate, template: Template) -> None:
    """Make a draft's rows say what `template` says; its code stays."""
    row.name, row.source = template.name, template.source
    for table in (SopWait, SopDuty, SopStep, SopParty):
        db.session.execute(delete(table).where(table.sop_template_id == row.sop_template_id))
    template_id = row.sop_template_id
    for position, party in enumerate(template.parties, start=1):
        db.session.add(_party_row(template_id, position, party))
    for position, step in enumerate(template.steps, start=1):
        db.session.add(_step_row(template_id, position, step))
    db.session.flush()
    for step in template.steps:
        db.session.add_all(
            SopWait(sop_template_id=template_id, step_code=step.code, waits_for_code=code) for code in step.waits_for
        )
        db.session.add_all(
            SopDuty(
                sop_template_id=template_id,
                step_code=step.code,
                party_code=duty.party,
                duty=duty.duty,
                printed=duty.printed,
            )
            for duty in step.duties
        )
    db.session.flush()
    db.session.expire(row)


def _party_row(template_id: int, position: int, party: Party) -> SopParty:
    return SopParty(
        sop_template_id=template_id,
        code=party.code,
        position=position,
        name=party.name,
        printed=party.printed,
        roles=[role.value for role in party.roles],
    )


def _step_row(template_id: int, position: int, step: Step) -> SopStep:
    printed, standard = step.printed, step.standard
    return SopStep(
        sop_template_id=template_id,
        code=step.code,
        position=position,
        printed_number=printed.number,
        printed_activity=printed.activity,
        printed_inputs=printed.inputs,
        printed_time=printed.time,
        printed_output=printed.output,
        printed_note=printed.note,
        title=step.title,
        inputs=step.inputs,
        output=step.output,
        note=step.note,
        time_value=standard.value if standard else None,
        time_unit=standard.unit if standard else None,
        time_per=standard.per if standard else None,
        due_anchor=step.due.anchor,
        due_days=step.due.days,
        proof=step.proof,
    )
