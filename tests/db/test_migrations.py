"""Migrations from empty produce exactly the models."""

import re
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from campaign import migrations
from campaign.config import Settings
from campaign.tables import metadata

VERSIONS = Path(migrations.__file__).parent / "versions"


def test_migrated_database_is_what_the_models_say(own_database: Settings, owner_engine: Engine) -> None:
    with owner_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_check_constraints_of_the_models_exist_in_the_database(own_database: Settings, owner_engine: Engine) -> None:
    # Alembic does not compare CHECK constraints; their names are enough to see one forgotten.
    with owner_engine.connect() as connection:
        rows = connection.execute(text("SELECT conname FROM pg_constraint WHERE contype = 'c'"))
        found = {row[0] for row in rows}
    declared = {
        metadata.naming_convention["ck"] % {"table_name": table.name, "constraint_name": constraint.name}
        if not str(constraint.name).startswith("ck_")
        else str(constraint.name)
        for table in metadata.tables.values()
        for constraint in table.constraints
        if constraint.__visit_name__ == "check_constraint"
    }
    assert declared - found == set()


def test_every_migration_can_be_taken_back(own_database: Settings, owner_engine: Engine) -> None:
    command.downgrade(migrations.config_for(own_database.owner_database_url), "base")
    with owner_engine.connect() as connection:
        left = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
    assert left == ["alembic_version"]


def test_migrations_are_numbered_without_gaps_and_have_one_head() -> None:
    names = sorted(path.name for path in VERSIONS.glob("*.py"))
    assert all(re.fullmatch(r"[0-9]{4}_[a-z0-9_]+\.py", name) for name in names)
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    script = ScriptDirectory.from_config(migrations.config_for("postgresql://"))
    assert len(script.get_heads()) == 1
