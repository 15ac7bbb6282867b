"""Migrations: numbered, one head, run under an advisory lock as the role that owns the tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from campaign.config import Settings


def config_for(url: str) -> Config:
    """Return Alembic's configuration for the database at `url` (an SQLAlchemy address)."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    return config


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Bring the database to `revision`; two deploys at once wait for one another."""
    command.upgrade(config_for(settings.owner_database_url), revision)
