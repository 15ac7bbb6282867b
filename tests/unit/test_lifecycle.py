"""The life of a campaign."""

import pytest

from campaign.events.lifecycle import CampaignIsFixed, CampaignState, StepNotPossible, advance, require_editable

DRAFT, APPROVED, CLOSED, CANCELLED = CampaignState


@pytest.mark.parametrize(("now", "to"), [(DRAFT, APPROVED), (DRAFT, CANCELLED), (APPROVED, CLOSED)])
def test_a_campaign_goes_forward(now: CampaignState, to: CampaignState) -> None:
    assert advance(now, to) is to


@pytest.mark.parametrize(
    ("now", "to"), [(DRAFT, CLOSED), (APPROVED, DRAFT), (CLOSED, APPROVED), (CANCELLED, DRAFT), (DRAFT, DRAFT)]
)
def test_a_campaign_does_not_jump_or_go_back(now: CampaignState, to: CampaignState) -> None:
    with pytest.raises(StepNotPossible):
        advance(now, to)


def test_only_a_draft_is_editable() -> None:
    require_editable(DRAFT)
    for state in (APPROVED, CLOSED, CANCELLED):
        with pytest.raises(CampaignIsFixed):
            require_editable(state)
