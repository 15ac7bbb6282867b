"""Demo accounts: one for each role, where such a person works. Their password is made for this machine."""

import secrets
from pathlib import Path

from sqlalchemy import select

from campaign.accounts.models import Account
from campaign.accounts.policy import SYSTEM, Actor, Grant
from campaign.accounts.roles import Role
from campaign.accounts.services import NewAccount, add_account
from campaign.db import db

ADMINISTRATOR = ("admin@demo.example", "Administrator (contoh)")
OTHERS = {
    Role.PLANNER: ("perencana@demo.example", "Perencana Bidang KB (contoh)"),
    Role.HEAD: ("kepala@demo.example", "Kepala Dinas (contoh)"),
    Role.WAREHOUSE: ("gudang@demo.example", "Petugas Gudang (contoh)"),
    Role.FACILITY: ("faskes@demo.example", "Bidan Puskesmas (contoh)"),
    Role.FIELD_OFFICER: ("plkb@demo.example", "PLKB Pekalongan Barat (contoh)"),
    Role.CADRE: ("kader@demo.example", "Kader Medono (contoh)"),
    Role.VIEWER: ("pengamat@demo.example", "Pengamat (contoh)"),
}
KECAMATAN, KELURAHAN = "33.75.01", "33.75.01.1002"  # Pekalongan Barat, Medono


def password_of(data: Path) -> str:
    """Return the password of all demo accounts, made at the first run and kept in the data directory."""
    path = data / "demo-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text("-".join(secrets.token_hex(2) for _ in range(4)))
    return path.read_text()


def add_administrator(password: str) -> None:
    """Add the account that imports the city, unless it exists."""
    _add(ADMINISTRATOR, Grant(Role.ADMINISTRATOR), password)


def add_others(password: str, facility_id: int) -> None:
    """Add an account for every other role, limited to its place, unless it exists."""
    places = {
        Role.FACILITY: Grant(Role.FACILITY, facility_id=facility_id),
        Role.FIELD_OFFICER: Grant(Role.FIELD_OFFICER, area_code=KECAMATAN),
        Role.CADRE: Grant(Role.CADRE, area_code=KELURAHAN),
    }
    for role, person in OTHERS.items():
        _add(person, places.get(role, Grant(role)), password)


def _add(person: tuple[str, str], grant: Grant, password: str) -> None:
    email, name = person
    if db.session.scalar(select(Account).where(Account.email == email)) is None:
        add_account(SYSTEM, NewAccount(email=email, name=name, grants=(grant,), password=password))


def actor_of(role: Role) -> Actor:
    """Return the demo account of a role as an actor."""
    email = ADMINISTRATOR[0] if role is Role.ADMINISTRATOR else OTHERS[role][0]
    account = db.session.scalars(select(Account).where(Account.email == email)).one()
    return Actor(
        account_id=account.account_id,
        grants=tuple(Grant(row.role, row.area_code, row.facility_id) for row in account.grants),
    )


def sign_ins() -> list[tuple[str, str]]:
    """Return role and e-mail address of every demo account."""
    return [(Role.ADMINISTRATOR.value, ADMINISTRATOR[0]), *((role.value, who[0]) for role, who in OTHERS.items())]
