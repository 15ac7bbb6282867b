"""Recounts a campaign's tallies."""

from campaign.attendance import tallying
from workers.task import work


def tally_campaign(campaign_id: int) -> None:
    """Recount one campaign; a second run of the same rows changes nothing."""
    with work():
        tallying.tally_campaign(campaign_id)
