"""Append-only tables refuse change, from the application's role and from the owner of the tables alike."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

APPEND_ONLY = (
    "audit_entry",
    "stock_document",
    "stock_document_line",
    "stock_entry",
    "check_in",
    "screening",
    "service_outcome",
    "device_event",
    "held_event",
    "station_move",
    "signature_image",
    "consent",
    "aid_given",
    "aftercare",
    "stock_discrepancy",
    "day_settlement",
)


@pytest.fixture
def web(whole_app: Flask) -> Iterator[Connection]:
    """A connection as the role that the application runs under."""
    yield from _connection(whole_app.extensions["serempak"].database_url)


@pytest.fixture
def owner(whole_app: Flask) -> Iterator[Connection]:
    """A connection as the owner of the tables."""
    yield from _connection(whole_app.extensions["serempak"].owner_database_url)


def _connection(url: str) -> Iterator[Connection]:
    engine = create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_application_holds_no_right_to_change_history(web: Connection, table: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        web.execute(text(f"DELETE FROM {table}"))


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_a_trigger_refuses_the_owner_too(owner: Connection, table: str, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        owner.execute(text(statement.format(table)))


def test_the_application_cannot_write_a_balance(web: Connection) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        web.execute(text("UPDATE stock_balance SET quantity = 1"))
