"""`serempak sop load`: what an operator types."""

import base64

from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from campaign.cli.sop import sop
from campaign.config import Settings
from campaign.events.sop.shipped import SHIPPED


def run(settings: Settings) -> Result:
    env = {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SEREMPAK_SECRET_KEY": settings.secret_key,
        "SEREMPAK_PRIVACY_KEY": base64.b64encode(settings.privacy_key).decode(),
        "SEREMPAK_DATA_DIR": str(settings.data_dir),
    }
    return CliRunner().invoke(sop, ["load"], env=env)


def test_the_shipped_sops_are_loaded_once(own_database: Settings, owner_engine: Engine) -> None:
    first, second = run(own_database), run(own_database)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert [line.split()[1] for line in first.output.splitlines()] == [template.code for template in SHIPPED]
    with owner_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sop_step")) == 8 + 6 + 12
