"""Accounts and their roles. Only an administrator of the whole city manages them."""

import secrets
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select

from campaign import audit, clock
from campaign.accounts import passwords
from campaign.accounts.models import Account, RoleGrant
from campaign.accounts.policy import Actor, Grant, Permission, Place, require
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.errors import Conflict, Invalid, Mistake, NotFound

WHOLE_CITY = Place()  # covered only by a grant without area and facility
LANGUAGES = ("id", "en")


class AccountUnknown(NotFound):
    """No account has this id."""

    code = "account-unknown"


class LastAdministrator(Conflict):
    """Without this account nobody could manage accounts any more."""

    code = "last-administrator"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to add; without a password it waits for its set-password link."""

    email: str
    name: str
    grants: tuple[Grant, ...] = ()
    password: str | None = None
    language: str = "id"


def add_account(actor: Actor, new: NewAccount) -> int:
    """Add an account and return its id."""
    require(actor, Permission.MANAGE_ACCOUNTS, WHOLE_CITY)
    email = _normal_email(new.email)
    mistakes = _mistakes(new, email)
    if mistakes:
        raise Invalid(mistakes)
    account = Account(
        email=email,
        name=new.name.strip(),
        password=passwords.hashed(new.password) if new.password else passwords.unusable(),
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        language=new.language,
        created_at=clock.now(),
        last_seen_at=None,
        grants=[_grant_row(grant) for grant in dict.fromkeys(new.grants)],
    )
    db.session.add(account)
    db.session.flush()
    roles = [grant.role.value for grant in new.grants]
    audit.record(actor, "add-account", ("account", account.account_id), roles=roles)
    return account.account_id


def _normal_email(email: str) -> str | None:
    # "test.": an office without internet uses names of its own, so only the form is checked.
    try:
        return validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return None


def _mistakes(new: NewAccount, email: str | None) -> tuple[Mistake, ...]:
    found = []
    if email is None:
        found.append(Mistake("email", "email-invalid"))
    elif db.session.scalar(select(Account.account_id).where(func.lower(Account.email) == email.lower())):
        found.append(Mistake("email", "email-taken"))
    if not 0 < len(new.name.strip()) <= 120:
        found.append(Mistake("name", "name-length", {"max": 120}))
    if new.language not in LANGUAGES:
        found.append(Mistake("language", "language-unknown"))
    if new.password is not None:
        found.extend(passwords.mistakes(new.password, personal_words(new.email, new.name)))
    return tuple(found)


def personal_words(email: str, name: str) -> tuple[str, ...]:
    """Return the words that a password of this person must not contain."""
    return ("serempak", email.split("@")[0], *name.split())


def _grant_row(grant: Grant) -> RoleGrant:
    return RoleGrant(role=grant.role, area_code=grant.area_code, facility_id=grant.facility_id, granted_at=clock.now())


def grant_role(actor: Actor, account_id: int, grant: Grant) -> int:
    """Give a role in one place and return the grant's id; a grant that is already there is returned."""
    require(actor, Permission.MANAGE_ACCOUNTS, WHOLE_CITY)
    account = locked(account_id)
    for row in account.grants:
        if (row.role, row.area_code, row.facility_id) == (grant.role, grant.area_code, grant.facility_id):
            return row.role_grant_id
    row = _grant_row(grant)
    account.grants.append(row)
    db.session.flush()
    facts = {"role": grant.role.value, "area": grant.area_code, "facility_id": grant.facility_id}
    audit.record(actor, "grant-role", ("account", account_id), **facts)
    return row.role_grant_id


def revoke_role(actor: Actor, role_grant_id: int) -> int:
    """Take a role away and return the account it belonged to."""
    require(actor, Permission.MANAGE_ACCOUNTS, WHOLE_CITY)
    row = db.session.get(RoleGrant, role_grant_id)
    if row is None:
        raise NotFound(role_grant_id=role_grant_id)
    account_id = row.account_id
    _keep_an_administrator(besides_grant_id=role_grant_id)
    facts = {"role": row.role.value, "area": row.area_code, "facility_id": row.facility_id}
    db.session.delete(row)
    db.session.flush()
    db.session.expire(db.session.get_one(Account, account_id), ["grants"])
    audit.record(actor, "revoke-role", ("account", account_id), **facts)
    return account_id


def deactivate(actor: Actor, account_id: int) -> None:
    """Close an account and end its sessions; what it did keeps its name."""
    require(actor, Permission.MANAGE_ACCOUNTS, WHOLE_CITY)
    account = locked(account_id)
    if not account.active:
        return
    _keep_an_administrator(besides_account_id=account_id)
    account.active = False
    account.fs_uniquifier = secrets.token_hex(32)
    audit.record(actor, "deactivate-account", ("account", account_id))


def reactivate(actor: Actor, account_id: int) -> None:
    """Open a closed account again, with the roles it had."""
    require(actor, Permission.MANAGE_ACCOUNTS, WHOLE_CITY)
    account = locked(account_id)
    if account.active:
        return
    account.active = True
    audit.record(actor, "reactivate-account", ("account", account_id))


def choose_language(actor: Actor, language: str) -> None:
    """Set the language in which the actor reads the site."""
    if actor.account_id is None or language not in LANGUAGES:
        raise Invalid((Mistake("language", "language-unknown"),))
    account = locked(actor.account_id)
    if account.language != language:
        account.language = language
        audit.record(actor, "choose-language", ("account", account.account_id), language=language)


def locked(account_id: int) -> Account:
    """Return the account, locked until the end of the transaction."""
    # populate_existing: what this session read before the lock may be old.
    account = db.session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if account is None:
        raise AccountUnknown(account_id=account_id)
    return account


def _keep_an_administrator(*, besides_grant_id: int = 0, besides_account_id: int = 0) -> None:
    # All such grants are locked in id order: two administrators who remove each other must not both succeed.
    rows = db.session.execute(
        select(RoleGrant.role_grant_id, RoleGrant.account_id)
        .join(Account)
        .where(
            Account.active,
            RoleGrant.role == Role.ADMINISTRATOR,
            RoleGrant.area_code.is_(None),
            RoleGrant.facility_id.is_(None),
        )
        .order_by(RoleGrant.role_grant_id)
        .with_for_update(of=RoleGrant)
    ).all()
    left = [row for row in rows if row.role_grant_id != besides_grant_id and row.account_id != besides_account_id]
    if rows and not left:
        raise LastAdministrator()
