"""The daily letter about late steps: one a person and working day, never twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from campaign import clock
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.progress import digests
from campaign.progress.digest_models import Digest, DigestState
from tests.builders.accounts import make_user
from tests.builders.events import make_campaign
from tests.builders.registry import DISTRICT, make_city
from tests.builders.sop import make_checklist

pytestmark = pytest.mark.usefixtures("open_transaction")

SITE = "https://serempak.invalid"
LATE_MORNING = datetime(2027, 6, 9, 1, tzinfo=UTC)  # Wednesday, 08:00 in Jakarta: preparation was due on the 2nd


@pytest.fixture
def planner_id() -> Iterator[int]:
    """Return a planner whose campaign's first step is late, on the morning after."""
    campaign = make_campaign(make_city())
    make_checklist(campaign.campaign_id)
    account = make_user(Role.PLANNER, DISTRICT)
    make_user(Role.VIEWER)
    with clock.standing_at(LATE_MORNING):
        yield account.account_id


def _rows() -> dict[int, DigestState]:
    return {row.account_id: row.state for row in db.session.scalars(select(Digest))}


def test_who_owes_late_steps_gets_one_letter_a_day_and_others_none(planner_id: int) -> None:
    assert digests.write_due() == 1
    assert digests.write_due() == 0
    states = _rows()
    assert states.pop(planner_id) is DigestState.WAITING
    assert set(states.values()) == {DigestState.NOTHING}


@pytest.mark.parametrize(
    "at",
    [
        datetime(2027, 6, 8, 23, 30, tzinfo=UTC),  # 06:30 in Jakarta
        datetime(2027, 6, 12, 3, tzinfo=UTC),  # Saturday
        datetime(2027, 8, 17, 3, tzinfo=UTC),  # Independence Day, a Tuesday
    ],
)
def test_nobody_is_written_to_before_seven_or_on_a_day_off(planner_id: int, at: datetime) -> None:
    with clock.standing_at(at):
        assert digests.write_due() == 0
    assert _rows() == {}


def test_the_letter_names_steps_and_no_person_but_its_reader(planner_id: int) -> None:
    digests.write_due()
    mail = digests.claim_next(SITE)
    assert mail is not None
    assert "1 langkah SOP terlambat" in mail.subject
    assert "Pelayanan KB Serempak" in mail.body
    assert SITE in mail.body
    assert digests.claim_next(SITE) is None


def test_a_letter_whose_worker_died_is_in_doubt_and_not_sent_again(planner_id: int) -> None:
    digests.write_due()
    mail = digests.claim_next(SITE)
    assert mail is not None
    assert digests.settle_forgotten() == []
    with clock.standing_at(LATE_MORNING + timedelta(minutes=11)):
        assert digests.settle_forgotten() == [mail.digest_id]
        assert digests.claim_next(SITE) is None
    digests.record(mail.digest_id, DigestState.SENT, "too-late")
    assert _rows()[planner_id] is DigestState.UNKNOWN


def test_a_letter_that_could_not_leave_waits_and_leaves_later(planner_id: int) -> None:
    digests.write_due()
    mail = digests.claim_next(SITE)
    assert mail is not None
    digests.record(mail.digest_id, DigestState.WAITING, "smtp-unreachable")
    again = digests.claim_next(SITE)
    assert again is not None
    assert again.digest_id == mail.digest_id
    digests.record(again.digest_id, DigestState.SENT, "<digest-1@x>")
    assert _rows()[planner_id] is DigestState.SENT


def test_a_letter_that_is_no_longer_true_is_not_sent(planner_id: int) -> None:
    digests.write_due()
    with clock.standing_at(LATE_MORNING + timedelta(days=2)):
        assert digests.claim_next(SITE) is None
    assert _rows()[planner_id] is DigestState.REJECTED
