"""SOPs, checklists and ticks; everything that a test does not name is valid by default."""

from itertools import count

from campaign import clock
from campaign.accounts.policy import SYSTEM, Actor, Grant
from campaign.accounts.roles import Role
from campaign.events.sop import queries, services, templates
from campaign.events.sop.models import CampaignSop, SopTemplate
from campaign.events.sop.services import StepReturn, StepTick
from tests.builders.accounts import make_user

PEKALONGAN, TANGERANG, FIELD_CONTROL = "pekalongan-serempak", "tangerang-momentum", "tangerang-field-control"
PDF = b"%PDF-1.7 contoh"
_numbers = count(1)


def key() -> str:
    """Return an idempotency key that was not used before."""
    return f"tick-{next(_numbers)}"


def make_sop(code: str = PEKALONGAN) -> SopTemplate:
    """Load the shipped SOPs and return the newest version of one."""
    templates.load_shipped(SYSTEM)
    return next(row for row in queries.templates() if row.code == code)


def make_checklist(campaign_id: int, code: str = PEKALONGAN) -> CampaignSop:
    """Let a campaign work by a shipped SOP."""
    return services.start_checklist(SYSTEM, campaign_id, make_sop(code).sop_template_id)


def person(role: Role, area_code: str | None = None, facility_id: int | None = None) -> Actor:
    """Return somebody with an account and one role in one place."""
    account = make_user(role)  # the place is in the grant; it need not be in the registry
    return Actor(account_id=account.account_id, grants=(Grant(role, area_code, facility_id),))


def step_tick(checklist: CampaignSop, step_code: str = "preparation-meeting", **changes: object) -> StepTick:
    """Return a valid tick of today."""
    values: dict[str, object] = {
        "key": key(),
        "campaign_sop_id": checklist.campaign_sop_id,
        "step_code": step_code,
        "done_on": clock.today(),
        "note": "Rapat di aula, notulen terlampir",
    }
    return StepTick(**values | changes)  # type: ignore[arg-type]


def step_return(checklist: CampaignSop, step_code: str = "preparation-meeting", **changes: object) -> StepReturn:
    """Return a valid return of a tick."""
    values: dict[str, object] = {
        "key": key(),
        "campaign_sop_id": checklist.campaign_sop_id,
        "step_code": step_code,
        "reason": "Salah centang: rapatnya ditunda",
    }
    return StepReturn(**values | changes)  # type: ignore[arg-type]
