"""What an operator gets wrong is answered in one sentence: a traceback is for the program's own faults."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from campaign.cli import main
from campaign.config import REQUIRED

NOTHING = dict.fromkeys((*REQUIRED, "DATABASE_OWNER_URL"))
SETTINGS = {
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SEREMPAK_SECRET_KEY": "s" * 32,
    "SEREMPAK_PRIVACY_KEY": "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=",
    "SEREMPAK_DATA_DIR": "/nowhere",
}


def said(*words: str, **env: str) -> Result:
    answer = CliRunner().invoke(main, list(words), env={**NOTHING, **env})
    assert isinstance(answer.exception, SystemExit), answer.exception
    return answer


@pytest.mark.parametrize(
    "words", [("stock", "verify"), ("sop", "load"), ("migrate",), ("user", "link", "--email", "a@contoh.test")]
)
def test_a_command_without_an_installation_says_which_settings_are_missing(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    answer = said(*words, "--data", str(tmp_path))
    assert answer.exit_code == 1
    assert "DATABASE_URL" in answer.output


@pytest.mark.parametrize("url", ["postgresql://x@127.0.0.1:1/x", "nonsense"])
def test_a_database_that_is_not_there_is_said(url: str) -> None:
    assert said("migrate", DATABASE_URL=url, **SETTINGS).exit_code == 1


@pytest.mark.parametrize("command", ["up", "demo"])
@pytest.mark.parametrize("bind", ["8000", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:http", ":8000"])
def test_an_address_that_cannot_be_is_refused_before_anything_starts(command: str, bind: str, tmp_path: Path) -> None:
    assert said(command, "--bind", bind, "--data", str(tmp_path / "new")).exit_code == 2
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("command", ["up", "demo"])
def test_a_file_is_no_data_directory(command: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert said(command, "--data", str(tmp_path / "file")).exit_code == 2
