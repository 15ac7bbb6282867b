"""The page of what a service day leaves for a person, on a telephone and on a desk."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from campaign import clock
from campaign.accounts.models import Account
from campaign.attendance.device.syncing import sync
from campaign.attendance.tallies import recount
from campaign.attendance.tallying import rows_of
from campaign.db import db
from tests.builders import attendance
from tests.builders.attendance import ServiceDay, make_session, put_on_shelf, serve, staff_of
from tests.builders.devices import make_phone
from tests.e2e.conftest import Look, SignIn, Site
from tests.e2e.telephones import TEN


@pytest.fixture
def conflicts(site: Site, service_day: ServiceDay) -> None:
    """Somebody served at two facilities, and somebody whose visit two telephones ended."""
    day = service_day
    with clock.standing_at(TEN - timedelta(hours=2)), site.arranging():
        phones = [make_phone(day) for _ in range(2)]
    with clock.standing_at(TEN), site.arranging():
        twice, once = attendance.expect(day), attendance.expect(day)
        hospital = day.city.hospital.facility_id
        put_on_shelf(hospital, day.city.iud, 5, campaign_id=day.campaign.campaign_id)
        session = make_session(day.campaign, day.plan_run_id, hospital)
        other = ServiceDay(day.city, day.campaign, session, staff_of(hospital), day.plan_run_id)
        serve(day, twice)
        serve(other, twice)
        for phone in phones:
            phone.tell("arrived", {"candidate": once.candidate_id})
            phone.serve({"candidate": once.candidate_id}, day.city.midwife.provider_id)
            sync(phone.actor, phone.batch())
        db.session.expunge_all()


@pytest.mark.usefixtures("conflicts")
def test_a_person_decides_which_of_two_services_counts(
    site: Site, service_day: ServiceDay, nurse: Account, sign_in: SignIn, look: Look, page: Page
) -> None:
    sign_in(nurse)
    look(f"/attendance/{service_day.session_id}/matters", "matters")
    expect(page.get_by_role("heading", name="Dua hasil untuk satu kunjungan")).to_be_visible()
    expect(page.get_by_text("1 sampai 4, tidak ada yang kurang")).to_have_count(2)
    page.get_by_role("button", name="Keduanya benar").click()
    page.get_by_role("button", name="Ya, lanjutkan").click()
    expect(page.get_by_text("Tersimpan. Hitungan mengikuti keputusan ini.")).to_be_visible()
    with site.arranging():
        counts = recount(rows_of(service_day.campaign.campaign_id)).values()
        assert sum(one.served for one in counts) == 3
