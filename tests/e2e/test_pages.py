"""Every page of the site, on a desktop and on a phone, for those who open it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from campaign import clock
from campaign.accounts.policy import Grant
from campaign.accounts.roles import Role
from campaign.attendance.tallying import tally_campaign
from campaign.planning.approving import approve_plan
from tests.builders.accounts import make_account
from tests.builders.attendance import NINE, arrive, expect, make_service_day, serve
from tests.builders.logistics import make_office, make_stock
from tests.builders.plans import Scene, make_scene, make_solved_run
from tests.builders.registry import KECAMATAN
from tests.conftest import NOON
from tests.e2e.conftest import Look, SignIn, Site

Pages = dict[str, str]  # name of the picture -> address


@pytest.fixture
def scene(site: Site) -> Scene:
    with site.arranging():
        scene = make_scene()
        make_office()
        iud = scene.depot.city.iud.item_id
        make_stock(scene.depot.warehouse, iud, 5, number="SEGERA", expires_on=(NOON + timedelta(30)).date())
    return scene


@pytest.fixture
def visit(site: Site, sign_in: SignIn, look: Look) -> Callable[[Role, Pages], None]:
    """Sign in with one role everywhere and look at some pages."""

    def looked(role: Role, pages: Pages) -> None:
        with site.arranging():
            account = make_account(Grant(role), name=f"Contoh {role.value.replace('_', ' ').title()}")
        sign_in(account)
        for name, address in pages.items():
            look(address, f"{role.value}-{name}")

    return looked


Visit = Callable[[Role, Pages], None]


def test_pages_of_a_planner(site: Site, scene: Scene, visit: Visit) -> None:
    with site.arranging():
        run = make_solved_run(scene).plan_run_id
    campaign = scene.campaign.campaign_id
    visit(
        Role.PLANNER,
        {
            "home": "/",
            "campaigns": "/campaigns/",
            "campaign-new": "/campaigns/new",
            "campaign": f"/campaigns/{campaign}",
            "campaign-edit": f"/campaigns/{campaign}/edit",
            "targets": f"/campaigns/{campaign}/targets",
            "plan": f"/plans/{run}",
            "candidates": f"/candidates/{campaign}",
            "invitations": f"/invitations/{campaign}",
            "imports": "/imports/",
            "registry": "/registry/",
            "facilities": "/registry/facilities",
            "methods": "/registry/methods",
            "providers": "/registry/providers",
            "days-off": "/registry/calendar",
            "stock": "/stock/",
        },
    )


def test_pages_of_the_head_and_the_warehouse(site: Site, scene: Scene, visit: Visit) -> None:
    with site.arranging():
        approve_plan(scene.head, make_solved_run(scene).plan_run_id)
    place, item = scene.depot.warehouse.stock_place_id, scene.depot.city.iud.item_id
    visit(Role.HEAD, {"home": "/", "orders": "/stock/orders", "documents": "/documents/"})
    pages = {
        "home": "/",
        "stock": "/stock/",
        "card": f"/stock/card/{place}/{item}",
        "movements": "/stock/documents",
        "receive": "/stock/receive",
        "issues": "/stock/issues",
    }
    visit(Role.WAREHOUSE, pages)


def test_pages_of_a_service_day(site: Site, visit: Visit, sign_in: SignIn, look: Look) -> None:
    with site.arranging():
        day = make_service_day()
        served, arrived = expect(day), expect(day, minutes=20)
        expect(day, minutes=40)
    site.now = NINE
    with clock.standing_at(NINE), site.arranging():
        serve(day, served)
        arrive(day, arrived)
        tally_campaign(day.campaign.campaign_id)
        staff = make_account(Grant(Role.FACILITY, facility_id=day.city.puskesmas.facility_id), name="Contoh Bidan")
    sign_in(staff)
    session, person = day.session_id, arrived.candidate_id
    for name, address in {
        "home": "/",
        "list": f"/attendance/{session}",
        "walk-in": f"/attendance/{session}/walk-in",
        "visit": f"/attendance/{session}/visits/{person}",
        "screening": f"/attendance/{session}/visits/{person}/screening",
        "outcome": f"/attendance/{session}/visits/{person}/outcome",
    }.items():
        look(address, f"facility-{name}")
    visit(
        Role.VIEWER,
        {
            "home": "/",
            "tally": f"/tally/{day.campaign.campaign_id}",
            "report": f"/reports/{day.campaign.campaign_id}",
        },
    )


def test_pages_of_an_administrator(site: Site, scene: Scene, visit: Visit) -> None:
    with site.arranging():
        person = make_account(Grant(Role.CADRE, area_code=KECAMATAN), name="Contoh Kader").account_id
    pages = {
        "home": "/",
        "accounts": "/accounts/",
        "account-new": "/accounts/new",
        "account": f"/accounts/{person}",
        "audit": "/audit/",
        "password": "/password",
        "office": "/documents/office",
        "error-404": "/nowhere",
    }
    visit(Role.ADMINISTRATOR, pages)
