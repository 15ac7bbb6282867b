"""Pages of messages in a real browser, and the reply behind a link on a phone."""

from playwright.sync_api import Page, expect

from campaign.accounts.models import Account
from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.outreach import changing, links
from campaign.outreach.models import Appointment
from campaign.outreach.recording import Ending, Result, record
from tests.builders.accounts import make_user
from tests.builders.invitations import claim, make_invitations
from tests.builders.plans import make_scene
from tests.e2e.conftest import PHONE, Look, SignIn, Site


def _invited(site: Site) -> tuple[int, str, int]:
    """Invite six people; one is in doubt, one was rejected, one is cancelled and was not told."""
    with site.arranging():
        planner = make_user(Role.PLANNER).account_id
        scene = make_scene()
        rows = make_invitations(scene, 6)
        endings = [Ending.UNKNOWN, Ending.REJECTED, *[Ending.SENT] * 4]
        words = ["delivery-unknown", "bad-address", *["<reference>"] * 4]
        found = zip(claim(*rows), endings, words, strict=True)
        record([Result(one.invitation_id, one.attempt, ending, word) for one, ending, word in found])
        changing.cancel_appointments(SYSTEM, scene.campaign.campaign_id, [rows[5].appointment_id])
        token = links.token_of(rows[2].appointment_id)
        return scene.campaign.campaign_id, token, planner


def test_a_person_answers_on_a_phone(page: Page, site: Site) -> None:
    _, token, _ = _invited(site)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{site.url}/u/{token}")
    page.get_by_role("button", name="Saya akan datang").click()
    expect(page.get_by_text("Kami menunggu Anda")).to_be_visible()
    page.get_by_text("Saya tidak dapat datang").first.click()
    page.get_by_role("button", name="Ya, saya tidak dapat datang").click()
    expect(page.get_by_text("Anda tidak datang")).to_be_visible()
    db.session.remove()
    states = {row.state.value for row in db.session.query(Appointment)}
    assert {"declined", "offered"} <= states


def test_every_page_of_messages_fits_a_phone(page: Page, site: Site, sign_in: SignIn, look: Look) -> None:
    campaign_id, token, planner = _invited(site)
    look(f"/u/{token}", "reply")
    with site.arranging():
        account = db.session.get_one(Account, planner)
        db.session.expunge(account)
    sign_in(account)
    for path, name in (
        (f"/invitations/{campaign_id}", "invitations"),
        (f"/invitations/{campaign_id}/appointments", "appointments"),
        (f"/invitations/{campaign_id}/extra", "extra-invitations"),
        ("/dispatch/", "dispatch-rules"),
        ("/dispatch/texts", "message-texts"),
        ("/dispatch/texts/invitation/id", "message-text"),
        ("/dispatch/turnout", "turnout"),
        ("/dispatch/calendars", "calendars"),
    ):
        look(path, name)
    expect(page.get_by_role("heading", name="Kalender", exact=True)).to_be_visible()
