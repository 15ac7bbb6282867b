"""On a telephone: a list kept on paper is typed in; a visitor goes from station to station with one tap."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from campaign import clock
from campaign.accounts.policy import Grant
from campaign.accounts.roles import Role
from campaign.attendance.models import CheckIn, ServiceOutcome
from campaign.attendance.outcomes import OutcomeKind
from campaign.attendance.services import check_in
from campaign.db import db
from tests.builders import attendance
from tests.builders.accounts import make_account
from tests.builders.attendance import NINE, ServiceDay, make_service_day, scan
from tests.e2e.conftest import PHONE, Look, SignIn, Site


@pytest.fixture
def day(site: Site, sign_in: SignIn, page: Page) -> ServiceDay:
    """Staff of the puskesmas at ten; one expected, one waiting since nine."""
    site.now = NINE + timedelta(hours=1)
    with clock.standing_at(site.now), site.arranging():
        day = make_service_day()
        attendance.expect(day)
        check_in(day.staff, scan(day, attendance.expect(day, minutes=5)))
        account = make_account(Grant(Role.FACILITY, facility_id=day.city.puskesmas.facility_id))
        db.session.flush()
        db.session.expunge_all()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sign_in(account)
    return day


def test_a_line_of_paper_is_typed_with_its_own_time(day: ServiceDay, page: Page, site: Site) -> None:
    page.goto(f"{site.url}/attendance/{day.session_id}/paper")
    page.locator("#arrived-0").fill("0820")
    page.locator("#kind-0").select_option("withdrew")
    page.get_by_role("button", name="Simpan semua").click()
    expect(page.get_by_text("Belum ada yang disimpan.")).to_be_visible()
    expect(page.locator("#wrong-0-ended")).to_be_visible()
    page.locator("#ended-0").fill("8.40")
    page.get_by_role("button", name="Simpan semua").click()
    expect(page.get_by_text("1 baris baru disimpan.")).to_be_visible()
    with site.arranging():
        came = set(db.session.scalars(select(CheckIn.arrived_at)))
        assert NINE - timedelta(minutes=40) in came
        assert db.session.scalars(select(ServiceOutcome.kind)).one() is OutcomeKind.WITHDREW


def test_a_visitor_moves_on_with_one_tap_and_the_pages_fit_a_telephone(
    day: ServiceDay, page: Page, site: Site, look: Look
) -> None:
    look(f"/attendance/{day.session_id}/paper", "paper")
    look(f"/attendance/{day.session_id}/pack", "pack")
    look(f"/attendance/{day.session_id}/queue", "queue")
    expect(page.get_by_text("lewat standar")).to_be_visible()
    look(f"/attendance/{day.session_id}/controls", "controls")
    look(f"/attendance/{day.session_id}/stations", "stations")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.get_by_role("button", name="Ke Anamnesis dan pemeriksaan").click()
    expect(page.get_by_text("Diteruskan ke: Anamnesis dan pemeriksaan.")).to_be_visible()
    expect(page.get_by_role("button", name="Ke Pelayanan")).to_be_visible()
