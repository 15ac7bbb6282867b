"""The database: one SQLAlchemy instance, the naming of constraints, and the column types that features share."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Enum, Identity, MetaData
from sqlalchemy.orm import DeclarativeBase, mapped_column

# Migrations and models must agree on the names, or a constraint can never be dropped by name.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every row class."""

    metadata = MetaData(naming_convention=NAMING)


# create_savepoint: a test wraps the session in an outer transaction, and the code under test still commits for real.
db = SQLAlchemy(model_class=Base, session_options={"join_transaction_mode": "create_savepoint"})

Key = Annotated[int, mapped_column(BigInteger, Identity(always=True), primary_key=True)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]


def states(enum: type[StrEnum]) -> Enum:
    """Return a column type for `enum`: text by value, with a CHECK, so that a new state is an ordinary migration."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda e: [m.value for m in e],
        name=_snake(enum.__name__),
    )


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
