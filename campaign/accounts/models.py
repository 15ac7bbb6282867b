"""Accounts and what each may do where."""

from datetime import datetime

from flask_security import UserMixin
from sqlalchemy import BigInteger, Boolean, CheckConstraint, DateTime, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.roles import Role
from campaign.db import Base, Instant, Key, states


class Account(Base, UserMixin):
    """A person who signs in. The columns named as Flask-Security wants them are marked FS."""

    __tablename__ = "account"
    __table_args__ = (Index("uq_account_email_lower", text("lower(email)"), unique=True),)

    account_id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(255))  # FS: what one signs in with
    name: Mapped[str] = mapped_column(String(120))
    password: Mapped[str] = mapped_column(String(255))  # FS: argon2 hash
    active: Mapped[bool] = mapped_column(Boolean)  # FS: False: may not sign in; rows that name the account stay
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)  # FS: changing it ends every session
    language: Mapped[str] = mapped_column(String(5))  # "id" or "en"
    created_at: Mapped[Instant]
    last_seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    grants: Mapped[list["RoleGrant"]] = relationship(back_populates="account", lazy="selectin")


class RoleGrant(Base):
    """One role in one place: the whole city, an area and all below it, or one facility."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("area_code IS NULL OR facility_id IS NULL", name="one_scope"),
        Index(
            "uq_role_grant_scope",
            "account_id",
            "role",
            text("coalesce(area_code, '')"),
            text("coalesce(facility_id, 0)"),
            unique=True,
        ),
    )

    role_grant_id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.account_id"))
    role: Mapped[Role] = mapped_column(states(Role))
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))  # None and no facility: everywhere
    facility_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("facility.facility_id"))
    granted_at: Mapped[Instant]

    account: Mapped[Account] = relationship(back_populates="grants")


class FailedSignIn(Base):
    """One refused sign-in of the last minutes, by keyed fingerprints: what the brake on guessing counts."""

    __tablename__ = "failed_sign_in"
    __table_args__ = (
        Index("ix_failed_sign_in_account", "account_mark", "failed_at"),
        Index("ix_failed_sign_in_address", "address_mark", "failed_at"),
    )

    failed_sign_in_id: Mapped[Key]
    failed_at: Mapped[Instant]
    account_mark: Mapped[str] = mapped_column(String(64))  # of the address typed, whether it exists or not
    address_mark: Mapped[str] = mapped_column(String(64))  # of the network address
