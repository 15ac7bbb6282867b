"""Letters, meetings, field work and the live board in a real browser: every page fits a desktop and a phone."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from campaign import clock
from campaign.accounts.policy import SYSTEM, Grant
from campaign.accounts.roles import Role
from campaign.letters import team
from campaign.letters.kinds import LetterKind
from campaign.outreach.field import submissions
from campaign.outreach.field.households import record_visit
from campaign.outreach.field.visits import VisitResult
from tests.builders import attendance
from tests.builders.accounts import make_account
from tests.builders.candidates import Wish, make_candidate
from tests.builders.field import key, make_household, new_visit
from tests.builders.letters import make_held_meeting, make_letter, make_meeting, make_signed_letter
from tests.builders.logistics import make_office
from tests.builders.registry import KECAMATAN
from tests.e2e.conftest import Look, SignIn, Site

TEAM = "Ketua | dr. Contoh Ketua | Kepala Dinas\nSekretaris | Contoh Sekretaris | Kepala Bidang KB"


@pytest.fixture
def people(site: Site, sign_in: SignIn) -> None:
    """Sign somebody in who plans and heads: sees every button."""
    with site.arranging():
        account = make_account(
            Grant(Role.PLANNER), Grant(Role.HEAD), Grant(Role.ADMINISTRATOR), name="Contoh Perencana"
        )
    sign_in(account)


def test_letters_and_meetings_fit_a_desktop_and_a_phone(site: Site, people: None, look: Look) -> None:
    with site.arranging():
        make_office()
        campaign = attendance.make_service_day().campaign
        team.save_team(SYSTEM, campaign.campaign_id, TEAM)
        draft, signed = make_letter(campaign, LetterKind.SCHEDULE), make_signed_letter(campaign)
        coming, held = make_meeting(campaign, title="Rapat Persiapan Pelayanan"), make_held_meeting(campaign)
        home = f"/campaigns/{campaign.campaign_id}"
        pages = {
            "list": f"{home}/letters",
            "draft": f"/letters/{draft.letter_id}",
            "signed": f"/letters/{signed.letter_id}",
            "verified": f"/v/{signed.public_token}",
            "texts": "/letters/texts",
            "text": "/letters/texts/decree",
            "meetings": f"{home}/meetings",
            "new-meeting": f"{home}/meetings/new",
            "meeting": f"/meetings/{coming.meeting_id}",
            "held": f"/meetings/{held.meeting_id}",
            "office": "/documents/office",
            "home": "/",
        }
    for name, address in pages.items():
        look(address, f"office-{name}")


def test_field_work_fits_a_desktop_and_a_phone(site: Site, people: None, look: Look) -> None:
    with site.arranging():
        day = attendance.make_service_day()
        campaign_id = day.campaign.campaign_id
        doors = [
            make_household(campaign_id, address=f"RT 0{n} RW 02", poor_source="DTSEN" if n % 2 else "")
            for n in range(1, 6)
        ]
        record_visit(SYSTEM, new_visit(doors[0], VisitResult.THINKING))
        record_visit(SYSTEM, new_visit(doors[1]))
        twins = [make_candidate(campaign_id, Wish()) for _ in range(2)]
        for twin in twins:
            twin.name, twin.birth_on = "Siti Contoh", datetime(1990, 7, 5, tzinfo=UTC).date()
        submissions.submit_list(SYSTEM, submissions.Handing(key(), campaign_id, KECAMATAN))
        home = f"/campaigns/{campaign_id}"
        pages = {
            "work": f"{home}/visits",
            "door": f"/visits/{doors[2].household_id}",
            "lists": f"{home}/lists",
            "doubles": f"{home}/doubles",
            "funnel": f"{home}/funnel",
            "person": f"/candidates/people/{twins[0].candidate_id}",
            "rules": "/registry/method-rules",
            "rule": "/registry/method-rules/iud",
            "candidates": f"/candidates/{campaign_id}",
        }
    for name, address in pages.items():
        look(address, f"field-{name}")


def test_the_live_board_fits_and_is_told_of_an_arrival_by_itself(
    site: Site, people: None, look: Look, page: Page
) -> None:
    with site.arranging():
        day = attendance.make_service_day()
        guests = [attendance.expect(day, minutes=10 * number) for number in range(7)]
    site.now = attendance.NINE + timedelta(minutes=1)
    held = attendance.HELD_ON.isoformat()
    look(f"/live/projector?day={held}", "live-projector")
    look(f"/live/?day={held}", "live-board")
    came = page.locator(".live-facts dd").nth(1)
    expect(came).to_have_text("0")
    with clock.standing_at(site.now), site.arranging():
        attendance.arrive(day, guests[0], answers=None)
    expect(came).to_have_text("1", timeout=20_000)
    page.goto("about:blank")  # the stream ends with its page
