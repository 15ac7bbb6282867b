"""A desk on a telephone: arrive, screen, serve, and somebody who was on no list."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from campaign import clock
from campaign.accounts.policy import Grant
from campaign.accounts.roles import Role
from campaign.attendance.models import CheckIn, ServiceOutcome
from campaign.attendance.outcomes import OutcomeKind
from campaign.db import db
from tests.builders import attendance
from tests.builders.accounts import make_account
from tests.builders.attendance import NINE, ServiceDay, make_service_day
from tests.e2e.conftest import PHONE, SignIn, Site


@pytest.fixture
def desk(site: Site, sign_in: SignIn, page: Page) -> ServiceDay:
    """Staff of the puskesmas, signed in on a telephone at ten in the morning of the service day."""
    site.now = NINE + timedelta(hours=1)
    with clock.standing_at(site.now), site.arranging():
        day = make_service_day()
        attendance.expect(day)
        grant = Grant(Role.FACILITY, facility_id=day.city.puskesmas.facility_id)
        account = make_account(grant)
        db.session.flush()
        db.session.expunge_all()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sign_in(account)
    page.goto(f"{site.url}/attendance/")
    return day


def test_somebody_expected_is_checked_in_screened_and_served(desk: ServiceDay, page: Page, site: Site) -> None:
    page.get_by_role("button", name="Datang", exact=True).click()
    expect(page.get_by_text("Tercatat datang.")).to_be_visible()
    page.get_by_role("link", name="Buka Calon").click()
    page.get_by_role("link", name="Isi penapisan").click()
    for group in ("Tanda radang", "Tumor atau keganasan ginekologi"):
        page.get_by_role("radiogroup", name=group).get_by_label("Tidak").check()
    page.get_by_role("button", name="Simpan keputusan").click()
    page.get_by_role("link", name="Catat hasil kunjungan").click()
    consent = page.get_by_label("Nomor lembar persetujuan")
    expect(consent).to_be_hidden()  # nobody signs anything before the outcome is a service
    page.get_by_label("Dilayani").check()
    consent.fill("IC-001")
    page.get_by_role("button", name="Simpan hasil").click()
    expect(page.get_by_text("Hasil kunjungan tersimpan.")).to_be_visible()
    with site.arranging():
        assert db.session.scalars(select(ServiceOutcome)).one().kind is OutcomeKind.SERVED


def test_a_stranger_is_registered_and_checked_in_with_a_name_and_a_method(
    desk: ServiceDay, page: Page, site: Site
) -> None:
    page.get_by_role("link", name="Datang tanpa janji").first.click()
    page.get_by_label("Nama").fill("Warga Contoh")
    page.get_by_label("pill").check()
    page.get_by_role("button", name="Catat datang").click()
    expect(page.get_by_role("heading", name="Warga Contoh")).to_be_visible()
    with site.arranging():
        assert db.session.scalars(select(func.count()).select_from(CheckIn)).one() == 1
