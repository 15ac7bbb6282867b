"""A campaign's checklists as of now: each step with where it stands, what proves it, and its history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from campaign import clock
from campaign.accounts.roles import Role
from campaign.events import queries as events
from campaign.events.sop import queries as sops
from campaign.events.sop.owing import acting_roles, owing_roles
from campaign.events.sop.schedule import Done, Frame, OfficeCalendar, Standing, StepState, standings
from campaign.events.sop.template import Proof, Step, Template
from campaign.events.sop.ticking import EventKind
from campaign.progress.probes import PROBES, Finding
from campaign.registry.calendar import closures

if TYPE_CHECKING:
    from campaign.events.models import Campaign
    from campaign.events.sop.models import CampaignSop, SopStepEvent

AROUND = timedelta(days=200)  # the longest due rule is 120 working days


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of a checklist."""

    step: Step
    standing: Standing
    finding: Finding | None  # of a step that completes itself
    history: tuple["SopStepEvent", ...]  # ticks and returns, oldest first
    owing: frozenset[Role]
    acting: frozenset[Role]

    @property
    def may_be_ticked(self) -> bool:
        """Tell whether the step is one to tick and is open."""
        return self.step.proof is None and self.standing.state is not StepState.DONE

    @property
    def tick(self) -> "SopStepEvent | None":
        """Return the tick that holds."""
        last = self.history[-1] if self.history else None
        return last if last is not None and last.kind is EventKind.TICKED else None


@dataclass(frozen=True, slots=True)
class Checklist:
    """One SOP at work in a campaign."""

    row: "CampaignSop"
    template: Template
    lines: tuple[StepLine, ...]

    @property
    def done(self) -> int:
        """Return how many steps are done."""
        return sum(line.standing.state is StepState.DONE for line in self.lines)

    @property
    def overdue(self) -> int:
        """Return how many steps should be done and are not."""
        return sum(line.standing.is_overdue for line in self.lines)

    def step(self, code: str) -> Step:
        """Return the step with this code."""
        return next(line.step for line in self.lines if line.step.code == code)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of a campaign, read once for all of its checklists."""

    campaign: "Campaign"
    history: dict[tuple[int, str], list["SopStepEvent"]]
    findings: dict[Proof, Finding | None]
    calendar: OfficeCalendar

    def history_of(self, row: "CampaignSop", step: Step) -> tuple["SopStepEvent", ...]:
        """Return the ticks and returns of a step, oldest first."""
        return tuple(self.history.get((row.campaign_sop_id, step.code), ()))


def checklists(campaign_id: int) -> tuple[Checklist, ...]:
    """Return the checklists of a campaign as they stand now."""
    rows = sops.checklists_of(campaign_id)
    return checklists_by(events.campaign(campaign_id), rows) if rows else ()


def checklists_by(campaign: "Campaign", rows: Sequence["CampaignSop"]) -> tuple[Checklist, ...]:
    """Return these checklists of one campaign as they stand now."""
    contents = [sops.content(row.template) for row in rows]
    facts = _Facts(
        campaign,
        sops.events_of(row.campaign_sop_id for row in rows),
        _findings(campaign.campaign_id, contents),
        _calendar(campaign, rows),
    )
    return tuple(_checklist(row, template, facts) for row, template in zip(rows, contents, strict=True))


def _findings(campaign_id: int, templates: Iterable[Template]) -> dict[Proof, Finding | None]:
    wanted = {step.proof for template in templates for step in template.steps if step.proof is not None}
    return {proof: PROBES[proof](campaign_id) for proof in sorted(wanted)}


def _calendar(campaign: "Campaign", rows: Iterable["CampaignSop"]) -> OfficeCalendar:
    """Return the calendar of the city's office around everything that can be due: one look for all checklists."""
    known = [day.held_on for day in campaign.dates] + [clock.today()]
    known += [clock.local(row.started_at).date() for row in rows]
    first, last = min(known) - AROUND, max(known) + AROUND
    days = [first + timedelta(number) for number in range((last - first).days + 1)]
    off = closures(campaign.district_code, days)
    # A day off in one kecamatan does not close the city's office.
    return OfficeCalendar(frozenset(closure.day for closure in off if closure.covers(campaign.district_code)))


def _checklist(row: "CampaignSop", template: Template, facts: _Facts) -> Checklist:
    held = [day.held_on for day in facts.campaign.dates]
    frame = Frame(min(held), max(held), clock.local(row.started_at), facts.calendar)
    done = {step.code: fact for step in template.steps if (fact := _done(step, row, facts))}
    found = standings(template.steps, done, frame, clock.today())
    lines = tuple(
        StepLine(
            step,
            found[step.code],
            facts.findings[step.proof] if step.proof else None,
            facts.history_of(row, step),
            owing_roles(step, template.parties),
            acting_roles(step, template.parties),
        )
        for step in template.steps
    )
    return Checklist(row, template, lines)


def _done(step: Step, row: "CampaignSop", facts: _Facts) -> Done | None:
    if step.proof is not None:
        finding = facts.findings[step.proof]
        return Done(clock.local(finding.completed_at)) if finding and finding.completed_at else None
    history = facts.history_of(row, step)
    if not history or history[-1].kind is not EventKind.TICKED:
        return None
    return Done(clock.local(history[-1].happened_at), history[-1].minutes)
