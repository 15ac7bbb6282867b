"""How somebody gets in: sign-in with its brake on guessing, set-password links, changing a password."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography.fernet import InvalidToken
from sqlalchemy import ColumnElement, delete, func, select

from campaign import audit, clock
from campaign.accounts import passwords
from campaign.accounts.models import Account, FailedSignIn
from campaign.accounts.policy import Actor, Permission, require
from campaign.accounts.services import WHOLE_CITY, locked, personal_words
from campaign.db import db
from campaign.errors import Invalid, Mistake
from campaign.privacy import vault
from campaign.transaction import hold

WINDOW = timedelta(minutes=15)
# One person at one place, one account from anywhere, one place for any account: a puskesmas shares one address.
MAX_PAIR, MAX_ACCOUNT, MAX_ADDRESS = 5, 20, 60
LINK_LIFE = timedelta(hours=72)


class SignInRefused(StrEnum):
    """Why somebody was not let in. An unknown address, a wrong password and a closed account answer alike."""

    WRONG = "sign-in-wrong"
    TOO_MANY = "sign-in-too-many"


@dataclass(frozen=True, slots=True)
class SignIn:
    """What somebody typed, and from which network address."""

    email: str
    password: str
    address: str


def sign_in(request: SignIn) -> Account | SignInRefused:
    """Return the account that may enter, or why not; refusals are counted."""
    marks = _marks(request)
    # One guess at a time for an account: racing guesses would all be judged by the same count.
    hold(f"sign-in:{marks[0]}")
    if _too_many(*marks):
        return SignInRefused.TOO_MANY
    account = _by_email(request.email)
    is_right = passwords.matches(account.password if account else passwords.DECOY, request.password)
    if account is None or not account.active or not is_right:
        _count_failure(marks, account)
        return SignInRefused.WRONG
    pair = (FailedSignIn.account_mark == marks[0], FailedSignIn.address_mark == marks[1])
    db.session.execute(delete(FailedSignIn).where(*pair))
    account.last_seen_at = clock.now()
    audit.record(Actor(account.account_id), "sign-in", ("account", account.account_id))
    return account


def confirm_password(actor: Actor, password: str, address: str) -> bool:
    """Tell whether the signed-in account's password is `password`; wrong ones count as failed sign-ins."""
    if actor.account_id is None:
        return False
    account = db.session.get_one(Account, actor.account_id)
    answer = sign_in(SignIn(account.email, password, address))
    return isinstance(answer, Account)


def change_password(actor: Actor, new: str) -> Account:
    """Set the actor's own password and end its other sessions; the caller has asked for the old one."""
    if actor.account_id is None:
        raise Invalid((Mistake("password", "link-invalid"),))
    account = locked(actor.account_id)
    _set(account, new)
    audit.record(actor, "change-password", ("account", account.account_id))
    return account


def set_password_link(actor: Actor, account_id: int) -> str:
    """Return the token of a link with which the account's owner sets a password, once, within LINK_LIFE."""
    require(actor, Permission.MANAGE_ACCOUNTS, WHOLE_CITY)
    account = locked(account_id)
    audit.record(actor, "make-password-link", ("account", account_id))
    until = clock.now() + LINK_LIFE
    return vault().seal(json.dumps(["set-password", account_id, _state_of(account), until.isoformat()]))


def account_of_link(token: str) -> Account | None:
    """Return the account that a link is for; None when it is forged, used or too old."""
    try:
        purpose, account_id, state, until = json.loads(vault().unseal(token))
    except (InvalidToken, ValueError, TypeError):
        return None
    account = db.session.get(Account, account_id) if purpose == "set-password" else None
    if account is None or not account.active or state != _state_of(account):
        return None
    return account if clock.now() <= datetime.fromisoformat(until) else None


def set_password(token: str, new: str) -> Account:
    """Set the password of the account that the link is for."""
    account = account_of_link(token)
    # Asked again once the account is locked: two who open one link at the same moment must not both set a password.
    if account is None or locked(account.account_id) is not account_of_link(token):
        raise Invalid((Mistake("password", "link-invalid"),))
    _set(account, new)
    audit.record(Actor(account.account_id), "set-password", ("account", account.account_id))
    return account


def _set(account: Account, new: str) -> None:
    mistakes = passwords.mistakes(new, personal_words(account.email, account.name))
    if mistakes:
        raise Invalid(mistakes)
    account.password = passwords.hashed(new)
    account.fs_uniquifier = secrets.token_hex(32)  # ends every session, wherever it is open


def _state_of(account: Account) -> str:
    """Return what changes with the password: a link works once."""
    return vault().fingerprint(account.password)


def _by_email(email: str) -> Account | None:
    return db.session.scalar(select(Account).where(func.lower(Account.email) == email.strip().lower()))


def _marks(request: SignIn) -> tuple[str, str]:
    """Return keyed fingerprints of who and whence: the table shows neither."""
    return vault().fingerprint("who " + request.email.strip().lower()), vault().fingerprint("from " + request.address)


def _too_many(account_mark: str, address_mark: str) -> bool:
    by_account, by_address = FailedSignIn.account_mark == account_mark, FailedSignIn.address_mark == address_mark
    return (
        _failures(by_account, by_address) >= MAX_PAIR
        or _failures(by_account) >= MAX_ACCOUNT
        or _failures(by_address) >= MAX_ADDRESS
    )


def _failures(*conditions: ColumnElement[bool]) -> int:
    recent = FailedSignIn.failed_at > clock.now() - WINDOW
    return db.session.scalar(select(func.count()).select_from(FailedSignIn).where(recent, *conditions)) or 0


def _count_failure(marks: tuple[str, str], account: Account | None) -> None:
    db.session.execute(delete(FailedSignIn).where(FailedSignIn.failed_at <= clock.now() - WINDOW))
    db.session.add(FailedSignIn(failed_at=clock.now(), account_mark=marks[0], address_mark=marks[1]))
    if account is not None:
        audit.record(Actor(None), "refuse-sign-in", ("account", account.account_id))
