"""Who was served before, for the split of the next campaign's targets: counts of other campaigns, by their tallies."""

import pytest

from campaign import clock
from campaign.attendance.history import served_before
from campaign.attendance.tallying import tally_campaign
from tests.builders.attendance import NINE, expect, make_service_day, serve
from tests.builders.registry import DISTRICT, KECAMATAN

pytestmark = pytest.mark.usefixtures("open_transaction")


def test_history_counts_who_was_served_in_other_campaigns_of_the_city() -> None:
    day = make_service_day()
    person = expect(day)
    expect(day, minutes=20)  # did not come
    with clock.standing_at(NINE):
        serve(day, person)
        tally_campaign(day.campaign.campaign_id)
    assert served_before(DISTRICT, 0) == {(KECAMATAN, "iud"): 1}
    assert served_before(DISTRICT, day.campaign.campaign_id) == {}
