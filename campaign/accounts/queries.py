"""What one may ask about accounts."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from campaign.accounts.models import Account
from campaign.accounts.policy import Actor, Grant
from campaign.accounts.services import AccountUnknown
from campaign.db import db

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One page of accounts, and how many there are."""

    accounts: tuple[Account, ...]
    total: int
    pages: int


def accounts(wanted: str = "", page: int = 1) -> AccountPage:
    """Return a page of accounts whose name or address contains `wanted`, by name; active ones first."""
    rows = select(Account)
    if wanted.strip():
        pattern = f"%{wanted.strip().replace('%', '')}%"
        rows = rows.where(or_(Account.name.ilike(pattern), Account.email.ilike(pattern)))
    total = db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    ordered = rows.order_by(Account.active.desc(), Account.name, Account.account_id)
    found = db.session.scalars(ordered.limit(PAGE_SIZE).offset(PAGE_SIZE * (page - 1)))
    return AccountPage(tuple(found), total, max(1, -(-total // PAGE_SIZE)))


def account(account_id: int) -> Account:
    """Return the account; raises AccountUnknown."""
    found = db.session.get(Account, account_id)
    if found is None:
        raise AccountUnknown(account_id=account_id)
    return found


def account_by_email(email: str) -> Account | None:
    """Return the account that signs in with `email`, in whatever case."""
    return db.session.scalar(select(Account).where(func.lower(Account.email) == email.strip().lower()))


def active_ids() -> list[int]:
    """Return every account that may sign in."""
    return list(db.session.scalars(select(Account.account_id).where(Account.active).order_by(Account.account_id)))


def names_of(account_ids: set[int]) -> dict[int, str]:
    """Return the names of these accounts: for "requested by" and the audit trail."""
    rows = db.session.execute(select(Account.account_id, Account.name).where(Account.account_id.in_(account_ids)))
    return {row.account_id: row.name for row in rows}


def actor_of(account_id: int) -> Actor:
    """Return the account as somebody who acts, with the roles it holds now; none when it is no longer active."""
    found = account(account_id)
    grants = tuple(Grant(row.role, row.area_code, row.facility_id) for row in found.grants) if found.active else ()
    return Actor(account_id=account_id, grants=grants)
