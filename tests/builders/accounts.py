"""Accounts that can sign in."""

import secrets
from itertools import count

from campaign import clock
from campaign.accounts import passwords
from campaign.accounts.models import Account, RoleGrant
from campaign.accounts.policy import Grant
from campaign.accounts.roles import Role
from campaign.db import db

PASSWORD = "kuda laut biru muda"
_HASH = passwords.hashed(PASSWORD)  # once: argon2 is slow on purpose
_numbers = count(1)


def make_account(*grants: Grant, email: str | None = None, name: str = "Contoh Pengguna") -> Account:
    """Add an active account with these roles; its password is PASSWORD."""
    account = Account(
        email=email or f"pengguna{next(_numbers)}@contoh.test",
        name=name,
        password=_HASH,
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        language="id",
        created_at=clock.now(),
        last_seen_at=None,
        grants=[
            RoleGrant(role=g.role, area_code=g.area_code, facility_id=g.facility_id, granted_at=clock.now())
            for g in grants
        ],
    )
    db.session.add(account)
    db.session.flush()
    return account


def make_user(role: Role, area_code: str | None = None, facility_id: int | None = None) -> Account:
    """Add an active account with one role; without a place it holds everywhere."""
    return make_account(Grant(role, area_code, facility_id))
