"""The home page of every role."""

from collections.abc import Callable
from typing import Any

import pytest

from campaign.accounts.roles import Role
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
