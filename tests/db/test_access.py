"""Getting in: sign-in with its brake, set-password links, changing a password."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts import access, services
from campaign.accounts.access import SignIn, SignInRefused
from campaign.accounts.models import Account, FailedSignIn
from campaign.accounts.policy import SYSTEM, Actor
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.errors import Invalid, NotAllowed
from tests.builders.accounts import PASSWORD, make_account, make_user
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("open_transaction")
HERE, ELSEWHERE = "198.51.100.7", "203.0.113.9"
NEW_PASSWORD = "gunung tinggi sekali"


def typed(account: Account, password: str = "salah semua itu", address: str = HERE) -> Account | SignInRefused:
    return access.sign_in(SignIn(account.email, password, address))


def test_the_right_password_lets_in_whatever_the_case_of_the_address() -> None:
    account = make_user(Role.VIEWER)
    assert access.sign_in(SignIn(f" {account.email.upper()} ", PASSWORD, HERE)) is account
    assert account.last_seen_at is not None
    assert account.last_seen_at >= NOON


def test_unknown_address_wrong_password_and_closed_account_answer_alike() -> None:
    closed = make_user(Role.VIEWER)
    closed.active = False
    assert access.sign_in(SignIn("tidak@ada.test", PASSWORD, HERE)) is SignInRefused.WRONG
    assert typed(make_user(Role.VIEWER)) is SignInRefused.WRONG
    assert typed(closed, PASSWORD) is SignInRefused.WRONG


def test_the_sixth_guess_at_one_place_is_not_even_looked_at() -> None:
    account = make_user(Role.VIEWER)
    for _guess in range(access.MAX_PAIR):
        assert typed(account) is SignInRefused.WRONG
    assert typed(account, PASSWORD) is SignInRefused.TOO_MANY
    assert typed(account, PASSWORD, ELSEWHERE) is account  # the owner, at another place, still gets in


def test_the_fifth_try_may_still_be_the_right_one() -> None:
    account = make_user(Role.VIEWER)
    for _guess in range(access.MAX_PAIR - 1):
        typed(account)
    assert typed(account, PASSWORD) is account


def test_guesses_from_many_places_stop_at_the_account() -> None:
    account = make_user(Role.VIEWER)
    for number in range(access.MAX_ACCOUNT):
        assert typed(account, address=f"192.0.2.{number}") is SignInRefused.WRONG
    assert typed(account, PASSWORD, ELSEWHERE) is SignInRefused.TOO_MANY


def test_guesses_at_many_accounts_stop_at_the_place() -> None:
    marks = {"failed_at": clock.now(), "address_mark": access._marks(SignIn("", "", HERE))[1]}
    db.session.add_all(FailedSignIn(account_mark=str(number), **marks) for number in range(access.MAX_ADDRESS))
    account = make_user(Role.VIEWER)
    assert typed(account, PASSWORD) is SignInRefused.TOO_MANY
    assert typed(account, PASSWORD, ELSEWHERE) is account


def test_after_a_quarter_of_an_hour_one_may_try_again() -> None:
    account = make_user(Role.VIEWER)
    for _guess in range(access.MAX_PAIR):
        typed(account)
    with clock.standing_at(NOON + access.WINDOW - timedelta(seconds=5)):
        assert typed(account, PASSWORD) is SignInRefused.TOO_MANY
    with clock.standing_at(NOON + access.WINDOW + timedelta(seconds=5)):
        assert typed(account, PASSWORD) is account


def test_the_table_of_refusals_names_nobody() -> None:
    account = make_user(Role.VIEWER)
    typed(account)
    row = db.session.scalars(select(FailedSignIn)).one()
    assert account.email not in row.account_mark
    assert HERE not in row.address_mark


def test_a_link_sets_the_password_once_and_ends_the_sessions() -> None:
    account = make_user(Role.VIEWER)
    before = account.fs_uniquifier
    token = access.set_password_link(SYSTEM, account.account_id)
    access.set_password(token, NEW_PASSWORD)
    assert typed(account, NEW_PASSWORD) is account
    assert account.fs_uniquifier != before
    with pytest.raises(Invalid) as refused:
        access.set_password(token, NEW_PASSWORD)
    assert [m.code for m in refused.value.mistakes] == ["link-invalid"]


def test_a_link_lives_72_hours() -> None:
    token = access.set_password_link(SYSTEM, make_user(Role.VIEWER).account_id)
    with clock.standing_at(NOON + timedelta(hours=72) - timedelta(seconds=5)):
        assert access.account_of_link(token) is not None
    with clock.standing_at(NOON + timedelta(hours=72, seconds=5)):
        assert access.account_of_link(token) is None


def test_a_link_of_a_closed_account_and_a_forged_one_open_nothing() -> None:
    account = make_user(Role.VIEWER)
    token = access.set_password_link(SYSTEM, account.account_id)
    account.active = False
    assert access.account_of_link(token) is None
    assert access.account_of_link("gAAAA" + token[5:-4] + "AAAA") is None
    assert access.account_of_link("") is None


def test_only_who_manages_accounts_makes_links() -> None:
    viewer = Actor(make_user(Role.VIEWER).account_id)
    with pytest.raises(NotAllowed):
        access.set_password_link(viewer, viewer.account_id or 0)


def test_every_mistake_of_a_new_password_is_told_at_once() -> None:
    account = make_account(name="Contoh Dewi", email="dewi@contoh.test")
    with pytest.raises(Invalid) as refused:
        access.change_password(Actor(account.account_id), "dewi")
    codes = {mistake.code for mistake in refused.value.mistakes}
    assert codes == {"password-too-short", "password-too-plain", "password-is-personal"}


@pytest.mark.parametrize(
    ("password", "code"), [("abcdefghijk", "password-too-short"), ("a" * 129, "password-too-long")]
)
def test_a_password_one_letter_outside_its_bounds_is_refused(password: str, code: str) -> None:
    account = make_user(Role.VIEWER)
    with pytest.raises(Invalid) as refused:
        access.change_password(Actor(account.account_id), password)
    assert code in {mistake.code for mistake in refused.value.mistakes}


def test_signing_in_and_being_refused_are_audited_without_the_address() -> None:
    account = make_user(Role.VIEWER)
    typed(account)
    typed(account, PASSWORD)
    lines = db.session.execute(
        select(audit.AuditEntry.action, audit.AuditEntry.account_id, audit.AuditEntry.facts).order_by(
            audit.AuditEntry.audit_entry_id
        )
    ).all()
    assert [tuple(line) for line in lines] == [("refuse-sign-in", None, {}), ("sign-in", account.account_id, {})]


def test_a_new_account_without_password_can_only_enter_by_its_link() -> None:
    account_id = services.add_account(SYSTEM, services.NewAccount("baru@contoh.test", "Orang Baru"))
    account = db.session.get_one(Account, account_id)
    assert typed(account, "") is SignInRefused.WRONG
    access.set_password(access.set_password_link(SYSTEM, account_id), NEW_PASSWORD)
    assert typed(account, NEW_PASSWORD) is account
