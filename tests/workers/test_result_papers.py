"""Tallies and result papers, made in a worker: twice is once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.attendance.papers import ask_attendance_list
from campaign.attendance.queries import tally
from campaign.documents.models import PaperState
from campaign.documents.papers import paper, paper_for_download
from campaign.jobs import Job, JobName
from campaign.reports.campaign_report import ask_report
from campaign.transaction import transaction
from tests.builders.attendance import NINE, expect, make_service_day, serve
from workers.attendance import tally_campaign
from workers.documents import render_document
from workers.sweeps import requeue_tallies


@pytest.fixture(autouse=True)
def service_hours() -> Iterator[None]:
    with clock.standing_at(NINE + timedelta(hours=1)):
        yield


@pytest.mark.usefixtures("real_app")
def test_a_tally_job_that_runs_twice_counts_once(sent: list[Job]) -> None:
    with transaction(sent.append):
        day = make_service_day()
        serve(day, expect(day))
        campaign_id = day.campaign.campaign_id
    for _ in range(2):
        tally_campaign(campaign_id)
    with transaction(sent.append):
        (counts,) = tally(campaign_id).cells.values()
        assert counts.served == 1


@pytest.mark.usefixtures("real_app")
def test_the_sweep_sends_a_lost_tally_job_again(sent: list[Job]) -> None:
    with transaction(lambda job: None):  # the broker was down
        day = make_service_day()
        serve(day, expect(day))
        campaign_id = day.campaign.campaign_id
    requeue_tallies()
    assert Job(JobName.TALLY_CAMPAIGN, {"campaign_id": campaign_id}) in sent
    tally_campaign(campaign_id)
    sent.clear()
    requeue_tallies()
    assert sent == []


@pytest.mark.usefixtures("real_app")
def test_reports_and_lists_are_rendered_and_a_second_run_leaves_them(sent: list[Job]) -> None:
    with transaction(sent.append):
        day = make_service_day()
        serve(day, expect(day))
        asked = ask_report(SYSTEM, day.campaign.campaign_id)
        asked.append(ask_attendance_list(day.staff, day.session_id))
        ids = [one.paper_id for one in asked]
    for _ in range(2):
        for paper_id in ids:
            render_document(paper_id)
    with transaction(sent.append):
        assert {paper(paper_id).state for paper_id in ids} == {PaperState.READY}
        starts = [bytes(paper_for_download(SYSTEM, paper_id).content or b"")[:4] for paper_id in ids]
    assert starts == [b"%PDF", b"PK\x03\x04", b"%PDF"]
