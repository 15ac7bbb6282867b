"""`serempak import`: what an operator types."""

import base64
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from campaign.cli.imports import import_file
from campaign.config import Settings

CSV = "code;district_code;name\n11.01;;Kabupaten Aceh Selatan\n11.01.01;11.01;Bakongan\n"


@pytest.fixture
def areas(tmp_path: Path) -> Path:
    path = tmp_path / "areas.csv"
    path.write_text(CSV)
    return path


def run(settings: Settings, *arguments: object) -> Result:
    env = {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SEREMPAK_SECRET_KEY": settings.secret_key,
        "SEREMPAK_PRIVACY_KEY": base64.b64encode(settings.privacy_key).decode(),
        "SEREMPAK_DATA_DIR": str(settings.data_dir),
    }
    return CliRunner().invoke(import_file, [str(argument) for argument in arguments], env=env)


def known(engine: Engine) -> tuple[int, int]:
    with engine.connect() as connection:
        return tuple(  # type: ignore[return-value]
            connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("area", "upload")
        )


def test_a_dry_run_leaves_nothing_and_the_real_one_happens_once(
    own_database: Settings, owner_engine: Engine, areas: Path
) -> None:
    assert run(own_database, "areas", areas, "--dry-run").exit_code == 0
    assert known(owner_engine) == (0, 0)
    first, second = run(own_database, "areas", areas), run(own_database, "areas", areas)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert known(owner_engine) == (3, 2)  # the province comes with its district


def test_mistakes_are_printed_by_cell_and_the_exit_code_says_so(own_database: Settings, areas: Path) -> None:
    areas.write_text(CSV + "11.2;11.01;Salah\n")
    answer = run(own_database, "areas", areas)
    assert answer.exit_code == 1
    assert "CSV!A4" in answer.output


def test_a_file_that_is_no_workbook_is_refused(own_database: Settings, areas: Path) -> None:
    assert run(own_database, "facilities", areas).exit_code == 1
