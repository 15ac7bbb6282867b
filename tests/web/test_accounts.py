"""The pages where an administrator says who may sign in."""

import re
import time
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from campaign.accounts import queries
from campaign.accounts.roles import Role
from tests.builders.accounts import PASSWORD, make_user
from tests.builders.registry import KECAMATAN, make_city
from tests.web.conftest import Visit

Arranging = Callable[[], Any]
NEW = {"name": "Siti Contoh", "email": "siti@contoh.test", "language": "id", "key": "0" * 32}


def test_a_new_account_gets_a_link_that_works_and_a_role_in_its_place(visit: Visit, arranging: Arranging) -> None:
    with arranging():
        make_city()
    answer = visit(Role.ADMINISTRATOR).post("/accounts/new", data=NEW | {"role": "cadre", "scope": f"area:{KECAMATAN}"})
    assert answer.status_code == 200
    link = re.search(r"http://[^/]+(/set-password/[^<\"]+)", answer.text)
    assert link is not None
    assert visit().get(link[1]).status_code == 200
    grant = queries.account_by_email(NEW["email"]).grants[0]  # type: ignore[union-attr]
    assert (grant.role, grant.area_code) == (Role.CADRE, KECAMATAN)


def test_mistakes_come_back_beside_their_fields_with_what_was_typed(visit: Visit, arranging: Arranging) -> None:
    with arranging():
        taken = make_user(Role.VIEWER).email
    data = NEW | {"email": taken, "role": "viewer", "scope": "everywhere"}
    answer = visit(Role.ADMINISTRATOR).post("/accounts/new", data=data)
    assert answer.status_code == 422
    assert 'id="email-mistake"' in answer.text
    assert "Siti Contoh" in answer.text


def test_a_place_that_does_not_exist_cannot_be_chosen(visit: Visit) -> None:
    data = NEW | {"role": "viewer", "scope": "facility:999999"}
    assert visit(Role.ADMINISTRATOR).post("/accounts/new", data=data).status_code == 422


def test_roles_are_given_and_taken(visit: Visit, arranging: Arranging) -> None:
    with arranging():
        city = make_city()
        account_id = make_user(Role.VIEWER).account_id
        facility_id, name = city.puskesmas.facility_id, city.puskesmas.name
    client = visit(Role.ADMINISTRATOR)
    data = {"role": "facility", "scope": f"facility:{facility_id}", "key": "0" * 32}
    assert client.post(f"/accounts/{account_id}/roles", data=data).status_code == 302
    page = client.get(f"/accounts/{account_id}")
    assert f"<small>{name}</small>" in page.text
    first = re.search(r"/accounts/roles/(\d+)/revoke", page.text)
    assert first is not None
    client.post(first[0])
    assert [grant.role for grant in queries.account(account_id).grants] == [Role.FACILITY]


def test_a_closed_account_can_be_opened_again_from_the_message(visit: Visit, arranging: Arranging) -> None:
    with arranging():
        account_id = make_user(Role.VIEWER).account_id
    client = visit(Role.ADMINISTRATOR)
    page = client.post(f"/accounts/{account_id}/deactivate", follow_redirects=True)
    assert f"/accounts/{account_id}/reactivate" in page.text
    client.post(f"/accounts/{account_id}/reactivate")
    assert queries.account(account_id).active


def test_the_last_administrator_is_told_why_not(visit: Visit) -> None:
    client = visit(Role.ADMINISTRATOR)
    me = re.search(r"/accounts/(\d+)", client.get("/accounts/").text)
    assert me is not None
    answer = client.post(f"{me[0]}/deactivate", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (409, "last-administrator")  # type: ignore[index]


def test_a_session_of_yesterday_is_asked_for_the_password_again(visit: Visit) -> None:
    client = visit(Role.ADMINISTRATOR)
    with client.session_transaction() as session:
        session["fs_paa"] = time.time() - 31 * 60
    asked = client.get("/accounts/new")
    assert asked.location == "/confirm?next=/accounts/new"
    back = client.post("/confirm?next=/accounts/new", data={"password": PASSWORD, "key": "0" * 32})
    assert back.location == "/accounts/new"
    assert client.get("/accounts/new").status_code == 200


def test_the_audit_page_tells_who_did_what_in_words(visit: Visit, browser: FlaskClient) -> None:
    client = visit(Role.ADMINISTRATOR)
    client.post("/accounts/new", data=NEW | {"role": "viewer", "scope": "everywhere"})
    page = client.get("/audit/?action=add-account")
    assert page.status_code == 200
    assert "Menambah pengguna" in page.text
    assert "Contoh Pengguna" in page.text
    assert NEW["email"] not in page.text
    assert "Menambah pengguna</td>" not in client.get("/audit/?day=2027-05-31").text


def test_a_search_finds_by_part_of_an_address_and_puts_no_name_into_the_page_s_own(
    visit: Visit, arranging: Arranging
) -> None:
    with arranging():
        wanted, other = make_user(Role.VIEWER).email, make_user(Role.CADRE).email
    client = visit(Role.ADMINISTRATOR)
    found = client.post("/accounts/", data={"q": wanted}).text
    assert wanted in found
    assert other not in found
    assert other in client.get("/accounts/", query_string={"q": wanted}).text  # an address is not read for names
