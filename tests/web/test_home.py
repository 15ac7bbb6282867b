"""The home page of every role."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from campaign import web
from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.imports.models import WorkbookKind
from campaign.imports.preview import preview_workbook
from tests.builders.registry import KECAMATAN, make_city
from tests.web.conftest import Visit

Arranging = Callable[[], Any]


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_home_page_in_an_empty_city(visit: Visit, role: Role) -> None:
    assert visit(role).get("/").status_code == 200


@pytest.mark.parametrize("role", [Role.CADRE, Role.FIELD_OFFICER, Role.WAREHOUSE, Role.FACILITY, Role.VIEWER])
def test_a_role_in_one_kecamatan_has_a_home_page(visit: Visit, arranging: Arranging, role: Role) -> None:
    with arranging():
        make_city()
    assert visit(role, area_code=KECAMATAN).get("/").status_code == 200


def test_every_page_that_a_card_links_to_exists() -> None:
    # guard.address() gives no link where a page is closed or missing: a wrong name would never show itself.
    sources = [path.read_text() for path in (Path(web.__file__).parent / "cards").glob("*.py")]
    named = {name for source in sources for name in re.findall(r'guard\.address\(\s*"([^"]+)"', source)}
    assert len(named) > 5
    assert named - web.permissions().keys() == set()


def test_a_workbook_with_mistakes_does_not_wait_to_be_applied(visit: Visit, arranging: Callable[[], Any]) -> None:
    with arranging():
        bad = preview_workbook(SYSTEM, WorkbookKind.AREAS, "wilayah.csv", b"bukan judul\n")
        address = f"/imports/{bad.upload_id}"
    assert address not in visit(Role.ADMINISTRATOR).get("/").text
