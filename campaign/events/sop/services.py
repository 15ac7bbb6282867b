"""Use-cases of checklists: start one, tick a step, take a tick back."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.documents.attachments import check_file
from campaign.errors import Conflict, Invalid, KeyReused, Mistake, NotAllowed, NotFound
from campaign.events import queries as events
from campaign.events.lifecycle import CampaignState
from campaign.events.models import Campaign
from campaign.events.sop import editing, storing, ticking
from campaign.events.sop.models import CampaignSop, SopStepEvent, SopStepFile, SopTemplate
from campaign.events.sop.owing import Ground, acting_roles, roles_on
from campaign.events.sop.schedule import OFFICE_CLOSES
from campaign.events.sop.template import Step
from campaign.events.sop.templates import UnknownStep, UnknownTemplate
from campaign.events.sop.ticking import EventKind
from campaign.transaction import hold

OLDEST_TICK_DAYS = 366  # a mistyped year


class UnknownChecklist(NotFound):
    """No checklist has this id."""

    code = "unknown-checklist"


class TemplateIsDraft(Conflict):
    """A campaign works by a published version only."""

    code = "sop-is-draft"


class ChecklistExists(Conflict):
    """The campaign already works by another version of this SOP."""

    code = "checklist-exists"


class ChecklistHasHistory(Conflict):
    """Something was ticked: the checklist can no longer be thrown away."""

    code = "checklist-has-history"


class ChecklistIsOver(Conflict):
    """The campaign was cancelled."""

    code = "checklist-is-over"


class StepNotYours(NotAllowed):
    """Somebody else does or approves this step."""

    code = "step-not-yours"


class StepCompletesItself(Conflict):
    """What completes the step is in the product; nobody ticks it."""

    code = "step-completes-itself"


class StepAlreadyDone(Conflict):
    """The step is ticked."""

    code = "step-already-done"


class StepNotDone(Conflict):
    """There is no tick to take back."""

    code = "step-not-done"


@dataclass(frozen=True, slots=True)
class StepFile:
    """A scan, a photo or a letter as it was uploaded."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class StepTick:
    """A step was done; the same `key` again is the same tick."""

    key: str
    campaign_sop_id: int
    step_code: str
    done_on: date
    note: str
    minutes: int | None = None  # of work
    file: StepFile | None = None


@dataclass(frozen=True, slots=True)
class StepReturn:
    """A tick was wrong; the same `key` again is the same return."""

    key: str
    campaign_sop_id: int
    step_code: str
    reason: str


def start_checklist(actor: Actor, campaign_id: int, sop_template_id: int) -> CampaignSop:
    """Let a campaign work by a published SOP; started twice it is the same checklist."""
    campaign = events.campaign(campaign_id)
    require(actor, Permission.EDIT_CAMPAIGN, Place(area_code=campaign.district_code))
    _require_alive(campaign)
    template = db.session.get(SopTemplate, sop_template_id)
    if template is None:
        raise UnknownTemplate(sop_template_id=sop_template_id)
    if template.published_at is None:
        raise TemplateIsDraft(sop_template_id=sop_template_id)
    hold(f"checklist:{campaign_id}")
    mine = (CampaignSop.campaign_id == campaign_id, CampaignSop.sop_code == template.code)
    first = db.session.scalar(select(CampaignSop).where(*mine))
    if first is not None and first.sop_template_id != sop_template_id:
        raise ChecklistExists(campaign_id=campaign_id, version=first.template.version)
    return first or _started(actor, campaign_id, template)


def _started(actor: Actor, campaign_id: int, template: SopTemplate) -> CampaignSop:
    row = CampaignSop(
        campaign_id=campaign_id,
        sop_template_id=template.sop_template_id,
        sop_code=template.code,
        started_at=clock.now(),
        started_by_id=actor.account_id,
        template=template,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(
        actor, "start-checklist", ("campaign_sop", row.campaign_sop_id), campaign=campaign_id, sop=template.code
    )
    return row


def drop_checklist(actor: Actor, campaign_sop_id: int) -> int:
    """Throw away a checklist that was started by mistake; return its campaign's id."""
    row = _locked(campaign_sop_id)
    campaign = events.campaign(row.campaign_id)
    require(actor, Permission.EDIT_CAMPAIGN, Place(area_code=campaign.district_code))
    ticked = select(func.count()).where(SopStepEvent.campaign_sop_id == campaign_sop_id)
    if db.session.scalar(ticked):
        raise ChecklistHasHistory(campaign_sop_id=campaign_sop_id)
    db.session.delete(row)
    db.session.flush()
    audit.record(actor, "drop-checklist", ("campaign_sop", campaign_sop_id), campaign=campaign.campaign_id)
    return campaign.campaign_id


def tick_step(actor: Actor, tick: StepTick) -> SopStepEvent:
    """Record that a step was done; a step that the product completes by itself is refused."""
    row, step, earlier = _open_step(actor, tick.campaign_sop_id, tick.step_code)
    if first := _by_key(tick):
        return first
    if step.proof is not None:
        raise StepCompletesItself(step=step.code)
    if earlier is not None and earlier.kind is EventKind.TICKED:
        raise StepAlreadyDone(step=step.code)
    if mistakes := _tick_mistakes(tick):
        raise Invalid(tuple(mistakes))
    event = _event(actor, row, earlier, tick)
    event.kind, event.happened_at = EventKind.TICKED, _happened_at(tick.done_on, event.recorded_at)
    event.note, event.minutes = tick.note.strip(), tick.minutes
    event.file = _file(tick.file) if tick.file else None
    return _recorded(actor, "tick-step", row, event)


def take_back(actor: Actor, back: StepReturn) -> SopStepEvent:
    """Take a tick back, with the reason; the step is open again and its history stays."""
    row, step, earlier = _open_step(actor, back.campaign_sop_id, back.step_code)
    if first := _by_key(back):
        return first
    if earlier is None or earlier.kind is not EventKind.TICKED:
        raise StepNotDone(step=step.code)
    if mistakes := ticking.note_mistakes("reason", back.reason):
        raise Invalid(tuple(mistakes))
    event = _event(actor, row, earlier, back)
    event.kind, event.happened_at, event.note = EventKind.TAKEN_BACK, event.recorded_at, back.reason.strip()
    event.undoes_id = earlier.sop_step_event_id
    return _recorded(actor, "take-back-step", row, event)


def _open_step(actor: Actor, campaign_sop_id: int, code: str) -> tuple[CampaignSop, Step, SopStepEvent | None]:
    """Return the checklist, locked, its step and the step's latest event; refuses whoever has no part in the step."""
    require(actor, Permission.SEE_CAMPAIGNS)
    row = _locked(campaign_sop_id)
    campaign = events.campaign(row.campaign_id)
    template = storing.read(row.template)
    step = editing.step_of(template, code)
    if step is None:
        raise UnknownStep(campaign_sop_id=campaign_sop_id, step=code)
    ground = Ground(campaign.district_code, frozenset(events.facility_ids_of(campaign.campaign_id)))
    if not actor.is_system and not acting_roles(step, template.parties) & roles_on(ground, actor):
        raise StepNotYours(step=code)
    _require_alive(campaign)
    query = select(SopStepEvent).where(SopStepEvent.campaign_sop_id == campaign_sop_id, SopStepEvent.step_code == code)
    return row, step, db.session.scalar(query.order_by(SopStepEvent.number.desc()).limit(1))


def _locked(campaign_sop_id: int) -> CampaignSop:
    query = select(CampaignSop).where(CampaignSop.campaign_sop_id == campaign_sop_id).with_for_update()
    row = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise UnknownChecklist(campaign_sop_id=campaign_sop_id)
    return row


def _require_alive(campaign: Campaign) -> None:
    if campaign.state is CampaignState.CANCELLED:
        raise ChecklistIsOver(campaign_id=campaign.campaign_id)


def _by_key(asked: StepTick | StepReturn) -> SopStepEvent | None:
    """Return what this request made when it came first; raises KeyReused when its key belongs to another step."""
    first = db.session.scalar(select(SopStepEvent).where(SopStepEvent.idempotency_key == asked.key))
    if first is not None and (first.campaign_sop_id, first.step_code) != (asked.campaign_sop_id, asked.step_code):
        raise KeyReused(sop_step_event_id=first.sop_step_event_id)
    return first


def _tick_mistakes(tick: StepTick) -> list[Mistake]:
    mistakes = ticking.note_mistakes("note", tick.note)
    if not 0 <= (clock.today() - tick.done_on).days <= OLDEST_TICK_DAYS:
        mistakes.append(Mistake("done_on", "step-done-when"))
    if tick.minutes is not None and not 1 <= tick.minutes <= ticking.LONGEST_WORK:
        mistakes.append(Mistake("minutes", "out-of-range", {"least": 1, "most": ticking.LONGEST_WORK}))
    return mistakes + list(check_file(tick.file.name, tick.file.content)[1] if tick.file else ())


def _happened_at(done_on: date, now: datetime) -> datetime:
    """Return this instant for today; for an earlier day the close of the office, as nobody noted the hour."""
    if done_on == clock.local(now).date():
        return now
    return datetime.combine(done_on, OFFICE_CLOSES, clock.zone())


def _event(actor: Actor, row: CampaignSop, earlier: SopStepEvent | None, asked: StepTick | StepReturn) -> SopStepEvent:
    return SopStepEvent(
        campaign_sop_id=row.campaign_sop_id,
        sop_template_id=row.sop_template_id,
        step_code=asked.step_code,
        number=earlier.number + 1 if earlier else 1,
        idempotency_key=asked.key,
        recorded_at=clock.now(),
        account_id=actor.account_id,
    )


def _file(file: StepFile) -> SopStepFile:
    kept, mistakes = check_file(file.name, file.content)
    if kept is None:
        raise Invalid(mistakes)
    return SopStepFile(**asdict(kept))


def _recorded(actor: Actor, action: str, row: CampaignSop, event: SopStepEvent) -> SopStepEvent:
    db.session.add(event)
    db.session.flush()
    audit.record(actor, action, ("campaign_sop", row.campaign_sop_id), campaign=row.campaign_id, step=event.step_code)
    return event
