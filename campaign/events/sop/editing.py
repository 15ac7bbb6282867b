"""Changes to a draft. Pure: what the draft would say, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count

from campaign.accounts.roles import Role
from campaign.errors import Mistake
from campaign.events.sop.schedule import cycle_in
from campaign.events.sop.template import Anchor, DueRule, Party, Printed, Step, Template

LONGEST_DUE = 120  # working days before or after the campaign
LONGEST_TIME = 100_000
LENGTHS = {"title": 200, "inputs": 400, "output": 400, "note": 400}


def new_step_code(template: Template) -> str:
    """Return a code for a step that no sheet prints; a code once given never changes its meaning."""
    taken = {step.code for step in template.steps}
    return next(code for number in count(1) if (code := f"added-{number}") not in taken)


def step_of(template: Template, code: str) -> Step | None:
    """Return the step with this code."""
    return next((step for step in template.steps if step.code == code), None)


def put_step(template: Template, step: Step, place: int) -> Template:
    """Return the template with `step` at `place` (from 1), in place of the one that has its code."""
    others = [other for other in template.steps if other.code != step.code]
    at = max(0, min(place - 1, len(others)))
    return replace(template, steps=(*others[:at], step, *others[at:]))


def drop_step(template: Template, code: str) -> Template:
    """Return the template without a step; whoever waited for it waits for what it waited for."""
    gone = step_of(template, code)
    inherited = gone.waits_for if gone else ()
    return replace(
        template, steps=tuple(_relink(step, code, inherited) for step in template.steps if step.code != code)
    )


def _relink(step: Step, gone: str, inherited: tuple[str, ...]) -> Step:
    if gone not in step.waits_for:
        return step
    waits = dict.fromkeys((*(code for code in step.waits_for if code != gone), *inherited))
    return replace(step, waits_for=tuple(waits))


def put_roles(template: Template, roles: Mapping[str, tuple[Role, ...]]) -> Template:
    """Return the template with other roles answering for its parties."""
    return replace(template, parties=tuple(_with_roles(party, roles) for party in template.parties))


def _with_roles(party: Party, roles: Mapping[str, tuple[Role, ...]]) -> Party:
    return replace(party, roles=roles.get(party.code, party.roles))


def blank_step(template: Template) -> Step:
    """Return a step to fill in; nothing is printed of it."""
    due = DueRule(Anchor.FIRST_DAY, 0)
    return Step(code=new_step_code(template), printed=Printed("", ""), title="", due=due)


def step_mistakes(template: Template, step: Step) -> list[Mistake]:
    """Return what would be wrong with `step` in `template`, by the names of the fields."""
    mistakes = [
        Mistake(name, "too-long", {"most": most}) for name, most in LENGTHS.items() if len(getattr(step, name)) > most
    ]
    if not step.title.strip():
        mistakes.append(Mistake("title", "step-without-title"))
    if abs(step.due.days) > LONGEST_DUE:
        mistakes.append(Mistake("due_days", "out-of-range", {"least": -LONGEST_DUE, "most": LONGEST_DUE}))
    if step.standard is not None and not 1 <= step.standard.value <= LONGEST_TIME:
        mistakes.append(Mistake("time_value", "out-of-range", {"least": 1, "most": LONGEST_TIME}))
    return mistakes + _wait_mistakes(template, step) + _duty_mistakes(template, step)


def _wait_mistakes(template: Template, step: Step) -> list[Mistake]:
    waits = {other.code: other.waits_for for other in template.steps} | {step.code: step.waits_for}
    if not set(step.waits_for) <= set(waits):
        return [Mistake("waits_for", "unknown-step")]
    return [Mistake("waits_for", "steps-wait-in-a-ring")] if step.code in cycle_in(waits) else []


def _duty_mistakes(template: Template, step: Step) -> list[Mistake]:
    known = {party.code for party in template.parties}
    return [] if {duty.party for duty in step.duties} <= known else [Mistake("duties", "unknown-party")]
