"""Accounts and their roles."""

from datetime import date

import pytest

from campaign import audit
from campaign.accounts import queries, services, trail
from campaign.accounts.models import Account
from campaign.accounts.policy import SYSTEM, Actor, Grant
from campaign.accounts.roles import Role
from campaign.accounts.services import LastAdministrator, NewAccount
from campaign.db import db
from campaign.errors import Invalid, NotAllowed
from tests.builders.accounts import make_account, make_user
from tests.builders.registry import KECAMATAN, make_areas

pytestmark = pytest.mark.usefixtures("open_transaction")
CITY_ADMINISTRATOR = Actor(1, (Grant(Role.ADMINISTRATOR),))


def codes(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [mistake.code for mistake in refused.value.mistakes]


def test_an_account_is_added_with_its_roles_and_audited() -> None:
    account_id = services.add_account(
        CITY_ADMINISTRATOR, NewAccount(" Ani@Contoh.test", " Ani Contoh ", (Grant(Role.PLANNER),))
    )
    account = queries.account(account_id)
    assert (account.email, account.name, account.grants[0].role) == ("Ani@contoh.test", "Ani Contoh", Role.PLANNER)
    entry = trail.entries(SYSTEM, trail.TrailFilter(subject_kind="account", subject_id=str(account_id))).entries[0]
    assert (entry.action, entry.account_id, entry.facts) == ("add-account", 1, {"roles": ["planner"]})


def test_every_mistake_of_a_new_account_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        services.add_account(SYSTEM, NewAccount("bukan surel", " ", password="pendek", language="nl"))
    assert codes(refused) == ["email-invalid", "name-length", "language-unknown", "password-too-short"]


def test_an_address_is_taken_in_whatever_case() -> None:
    make_account(email="ani@contoh.test")
    with pytest.raises(Invalid) as refused:
        services.add_account(SYSTEM, NewAccount("ANI@contoh.test", "Ani"))
    assert codes(refused) == ["email-taken"]


def test_an_administrator_of_one_kecamatan_manages_no_accounts() -> None:
    local = Actor(1, (Grant(Role.ADMINISTRATOR, area_code=KECAMATAN),))
    with pytest.raises(NotAllowed):
        services.add_account(local, NewAccount("ani@contoh.test", "Ani"))


def test_granting_a_role_twice_gives_one_grant() -> None:
    make_areas()
    account = make_account()
    here = Grant(Role.CADRE, area_code=KECAMATAN)
    first = services.grant_role(SYSTEM, account.account_id, here)
    assert services.grant_role(SYSTEM, account.account_id, here) == first
    assert len(account.grants) == 1


def test_a_revoked_role_is_gone() -> None:
    account = make_user(Role.PLANNER)
    services.revoke_role(SYSTEM, account.grants[0].role_grant_id)
    assert queries.account(account.account_id).grants == []


def test_a_closed_account_loses_its_sessions_and_keeps_its_roles() -> None:
    account = make_user(Role.PLANNER)
    before = account.fs_uniquifier
    services.deactivate(SYSTEM, account.account_id)
    assert (account.active, account.fs_uniquifier == before) == (False, False)
    services.reactivate(SYSTEM, account.account_id)
    assert (account.active, len(account.grants)) == (True, 1)


def test_the_last_administrator_stays() -> None:
    last = make_user(Role.ADMINISTRATOR)
    with pytest.raises(LastAdministrator):
        services.deactivate(SYSTEM, last.account_id)
    with pytest.raises(LastAdministrator):
        services.revoke_role(SYSTEM, last.grants[0].role_grant_id)


def test_a_closed_or_local_administrator_does_not_count_as_another() -> None:
    make_areas()
    last = make_user(Role.ADMINISTRATOR)
    make_user(Role.ADMINISTRATOR, area_code=KECAMATAN)
    make_user(Role.ADMINISTRATOR).active = False
    with pytest.raises(LastAdministrator):
        services.deactivate(SYSTEM, last.account_id)


def test_one_of_two_administrators_may_go() -> None:
    first, second = make_user(Role.ADMINISTRATOR), make_user(Role.ADMINISTRATOR)
    services.deactivate(SYSTEM, first.account_id)
    assert not db.session.get_one(Account, first.account_id).active
    with pytest.raises(LastAdministrator):
        services.deactivate(SYSTEM, second.account_id)


def test_accounts_are_found_by_a_part_of_name_or_address() -> None:
    wanted = make_account(name="Siti Contoh", email="dewi@contoh.test")
    make_account(name="Orang Lain", email="lain@contoh.test")
    assert queries.accounts("siti").accounts == (wanted,)
    assert queries.accounts("DEWI@").accounts == (wanted,)
    assert queries.accounts("%").total == 2


def test_the_trail_is_filtered_and_paged_newest_first() -> None:
    for number in range(trail.PAGE_SIZE + 1):
        audit.record(Actor(7), "do-this", ("thing", number))
    audit.record(Actor(8), "do-that", ("thing", 0))
    db.session.flush()
    newest = trail.entries(SYSTEM, trail.TrailFilter(action="do-this", day=date(2027, 6, 1)))
    assert [newest.entries[0].subject_id, newest.entries[-1].subject_id] == ["100", "1"]
    rest = trail.entries(SYSTEM, trail.TrailFilter(action="do-this", before_id=newest.next_before_id))
    assert ([entry.subject_id for entry in rest.entries], rest.next_before_id) == (["0"], None)
    assert trail.entries(SYSTEM, trail.TrailFilter(day=date(2027, 6, 2))).entries == ()


def test_the_trail_is_not_for_everybody() -> None:
    with pytest.raises(NotAllowed):
        trail.entries(Actor(1, (Grant(Role.PLANNER),)), trail.TrailFilter())
