"""Households and visits; everything that a test does not name is valid by default."""

from datetime import date
from itertools import count

from campaign.accounts.policy import SYSTEM
from campaign.outreach.field.households import NewHousehold, NewVisit, add_household
from campaign.outreach.field.models import Household
from campaign.outreach.field.visits import VisitResult
from tests.builders.registry import KELURAHAN

_numbers = count(1)


def key() -> str:
    """Return an idempotency key that was not used before."""
    return f"field-{next(_numbers)}"


def new_household(campaign_id: int, **changes: object) -> NewHousehold:
    """Return a couple in the small city."""
    values: dict[str, object] = {
        "key": key(),
        "campaign_id": campaign_id,
        "kelurahan_code": KELURAHAN,
        "name": f"Keluarga Contoh {next(_numbers)}",
        "address": "RT 01 RW 02",
    }
    return NewHousehold(**values | changes)  # type: ignore[arg-type]


def make_household(campaign_id: int, **changes: object) -> Household:
    """Put a couple on the work list."""
    return add_household(SYSTEM, new_household(campaign_id, **changes))


def new_visit(household: Household, result: VisitResult = VisitResult.WILLING, **changes: object) -> NewVisit:
    """Return a visit today; who is willing wishes an IUD."""
    values: dict[str, object] = {
        "key": key(),
        "household_id": household.household_id,
        "visited_on": date(2027, 6, 1),
        "result": result,
        "method_code": "iud" if result is VisitResult.WILLING else None,
    }
    return NewVisit(**values | changes)  # type: ignore[arg-type]
