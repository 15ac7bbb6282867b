"""The books are compared with the entries, and a difference is found, shown and turned into an exit code."""

import base64
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from campaign.accounts.policy import SYSTEM
from campaign.app import create_app
from campaign.cli import main
from campaign.config import Settings
from campaign.db import db
from campaign.logistics import queries, services
from campaign.transaction import transaction
from tests.builders.logistics import make_depot, make_stock


@pytest.fixture
def stocked(own_database: Settings) -> Iterator[Settings]:
    """A database of its own with ten IUD in a warehouse."""
    app = create_app(own_database, send=lambda job: None)
    with app.app_context():
        with transaction(lambda job: None):
            depot = make_depot()
            make_stock(depot.warehouse, depot.city.iud.item_id, 10)
        yield own_database
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def environment(stocked: Settings) -> dict[str, str]:
    """What the command reads its settings from."""
    return {
        "DATABASE_URL": stocked.database_url,
        "REDIS_URL": stocked.redis_url,
        "SEREMPAK_SECRET_KEY": stocked.secret_key,
        "SEREMPAK_PRIVACY_KEY": base64.b64encode(stocked.privacy_key).decode(),
        "SEREMPAK_DATA_DIR": str(stocked.data_dir),
    }


def _break_a_balance(owner_engine: Engine) -> None:
    """Do what nobody can do through the application: write a balance."""
    with owner_engine.begin() as connection:
        connection.execute(text("UPDATE stock_balance SET quantity = quantity + 1 WHERE is_real"))


def test_a_true_ledger_is_verified(environment: dict[str, str]) -> None:
    answer = CliRunner().invoke(main, ["stock", "verify"], env=environment)
    assert answer.exit_code == 0
    assert "2 entries, 2 balances, 0 differences" in answer.output


def test_a_balance_that_differs_is_named_and_fails(environment: dict[str, str], owner_engine: Engine) -> None:
    _break_a_balance(owner_engine)
    answer = CliRunner().invoke(main, ["stock", "verify"], env=environment)
    assert answer.exit_code == 1
    assert "stored 11, counted 10" in answer.output


def test_the_result_of_a_verification_is_kept(stocked: Settings, owner_engine: Engine) -> None:
    _break_a_balance(owner_engine)
    with transaction(lambda job: None):
        services.verify_stock(SYSTEM)
    found = queries.last_verification()
    assert found is not None
    assert [(row["stored"], row["counted"]) for row in found.differences] == [(11, 10)]
