"""Campaigns, and the people who make them."""

from datetime import date
from itertools import count

from campaign.accounts.policy import SYSTEM
from campaign.events.models import Campaign
from campaign.events.services import CampaignRules, NewCampaign, create_campaign
from campaign.events.targeting import Targets, set_targets
from tests.builders.registry import DISTRICT, City

# Tuesday to Thursday, two weeks after the frozen clock.
DAYS = (date(2027, 6, 15), date(2027, 6, 16), date(2027, 6, 17))
_numbers = count(1)


def new_campaign(city: City, **changes: object) -> NewCampaign:
    """Return a valid request for a campaign in the small city."""
    values: dict[str, object] = {
        "key": f"campaign-{next(_numbers)}",
        "name": "Pelayanan KB Serempak",
        "district_code": DISTRICT,
        "dates": DAYS,
        "facility_ids": (city.puskesmas.facility_id, city.hospital.facility_id),
        "rules": CampaignRules(),
    }
    return NewCampaign(**values | changes)  # type: ignore[arg-type]


def make_campaign(city: City, **changes: object) -> Campaign:
    """Add a draft campaign with both facilities of the small city."""
    return create_campaign(SYSTEM, new_campaign(city, **changes))


def make_targets(campaign: Campaign, acceptors: dict[tuple[str, str], int]) -> None:
    """Set what the campaign aims at per (kecamatan, method)."""
    set_targets(SYSTEM, Targets(campaign.campaign_id, acceptors))
