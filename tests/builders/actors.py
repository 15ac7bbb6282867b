"""Actors with one role in one place; no account row behind them unless a test needs one."""

from campaign.accounts.policy import Actor, Grant
from campaign.accounts.roles import Role


def actor_with(role: Role, area_code: str | None = None, facility_id: int | None = None) -> Actor:
    """Return somebody with one role in one place; without a place it holds everywhere."""
    return Actor(account_id=1, grants=(Grant(role, area_code, facility_id),))
