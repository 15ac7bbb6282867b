"""Tally and report pages: counts only, and the papers behind them."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.attendance.services import close_session
from campaign.attendance.tallying import tally_campaign
from campaign.documents.papers import PaperKind, papers_of, store_paper
from campaign.reports.campaign_report import ask_report
from tests.builders.attendance import NINE, ServiceDay, expect, make_service_day, serve
from tests.builders.registry import make_area
from tests.web.conftest import Visit


@pytest.fixture(autouse=True)
def service_hours() -> Iterator[None]:
    with clock.standing_at(NINE + timedelta(hours=1)):
        yield


@pytest.fixture
def day(arranging: Callable[[], Any]) -> ServiceDay:
    with arranging():
        day = make_service_day()
        serve(day, expect(day))
        tally_campaign(day.campaign.campaign_id)
    return day


@pytest.mark.parametrize("area", ["tally", "reports"])
def test_the_only_campaign_opens_at_once(visit: Visit, day: ServiceDay, area: str) -> None:
    assert visit(Role.VIEWER).get(f"/{area}/").headers["Location"] == f"/{area}/{day.campaign.campaign_id}"


@pytest.mark.parametrize("area", ["tally", "reports"])
def test_everybody_with_a_role_in_the_city_sees_counts_and_no_names(visit: Visit, day: ServiceDay, area: str) -> None:
    page = visit(Role.VIEWER).get(f"/{area}/{day.campaign.campaign_id}")
    assert page.status_code == 200
    assert "Calon Contoh" not in page.get_data(as_text=True)


@pytest.mark.parametrize("area", ["tally", "reports"])
def test_another_city_s_campaign_stays_closed(
    visit: Visit, day: ServiceDay, area: str, arranging: Callable[[], Any]
) -> None:
    with arranging():
        make_area("33.76", "Kota Lain")
    assert visit(Role.VIEWER, area_code="33.76").get(f"/{area}/{day.campaign.campaign_id}").status_code == 403


def test_a_tally_is_provisional_until_the_day_is_closed(
    visit: Visit, day: ServiceDay, arranging: Callable[[], Any]
) -> None:
    address = f"/tally/{day.campaign.campaign_id}"
    planner = visit(Role.PLANNER)
    assert "Sementara" in planner.get(address).get_data(as_text=True)
    with arranging():
        close_session(day.staff, day.session_id)
        tally_campaign(day.campaign.campaign_id)
    assert "Sementara" not in planner.get(address).get_data(as_text=True)


def test_the_report_is_asked_for_once_while_its_figures_stay(
    visit: Visit, day: ServiceDay, arranging: Callable[[], Any]
) -> None:
    planner = visit(Role.PLANNER)
    for _ in range(2):
        assert planner.post(f"/reports/{day.campaign.campaign_id}/papers").status_code == 302
    assert len(papers_of(PaperKind.CAMPAIGN_REPORT, day.campaign.campaign_id)) == 2  # PDF and XLSX
    with arranging():
        for paper in papers_of(PaperKind.CAMPAIGN_REPORT, day.campaign.campaign_id):
            store_paper(paper.paper_id, b"bytes")
        serve(day, expect(day))
    planner.post(f"/reports/{day.campaign.campaign_id}/papers")
    versions = [paper.version for paper in papers_of(PaperKind.CAMPAIGN_REPORT, day.campaign.campaign_id)]
    assert versions == [2, 2, 1, 1]


def test_a_printed_report_is_downloaded_by_who_may_see_documents(
    visit: Visit, day: ServiceDay, arranging: Callable[[], Any]
) -> None:
    with arranging():
        paper_id = ask_report(SYSTEM, day.campaign.campaign_id)[0].paper_id
        store_paper(paper_id, b"%PDF-")
    address = f"/reports/{day.campaign.campaign_id}/papers/{paper_id}"
    assert visit(Role.PLANNER).get(address).data == b"%PDF-"
    assert visit(Role.VIEWER).get(address).status_code == 403
    assert visit(Role.PLANNER).get(f"/reports/{day.campaign.campaign_id}/papers/{paper_id + 999}").status_code == 404
