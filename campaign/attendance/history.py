"""Who was served in campaigns before: what a split of targets by history goes by. Counts only."""

from collections import Counter

from campaign.attendance.queries import tally
from campaign.events import queries as events


def served_before(district_code: str, campaign_id: int) -> Counter[tuple[str, str]]:
    """Return acceptors per (kecamatan, method) of the district's other campaigns, as their tallies have them."""
    found: Counter[tuple[str, str]] = Counter()
    for other in events.campaigns_of(district_code):
        if other.campaign_id != campaign_id:
            for cell, counts in tally(other.campaign_id).cells.items():
                found[cell.kecamatan_code, cell.method_code] += counts.served
    return found
