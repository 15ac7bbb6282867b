"""`serempak user`: the first administrator of a new installation."""

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from campaign.accounts import access, queries
from campaign.accounts.roles import Role
from campaign.app import create_app
from campaign.cli.accounts import user
from campaign.config import Settings
from campaign.stack import RUNNING
from tests.builders.processes import environment

ADD = ("add", "--email", "kepala@contoh.test", "--name", "Contoh Kepala", "--role", "administrator")


def run(settings: Settings, *words: str) -> Result:
    return CliRunner().invoke(user, list(words), env=environment(settings) | {"SEREMPAK_TRAINING_SECONDS": "0"})


def test_the_printed_link_belongs_to_the_new_account(own_database: Settings) -> None:
    answer = run(own_database, *ADD)
    assert answer.exit_code == 0, answer.output
    token = re.search(r"/set-password/(\S+)", answer.output)
    assert token is not None
    with create_app(own_database, send=lambda job: None).app_context():
        account = queries.account_by_email("kepala@contoh.test")
        assert account is not None
        assert account is access.account_of_link(token[1])
        assert [grant.role for grant in account.grants] == [Role.ADMINISTRATOR]


def test_a_second_account_with_the_same_address_is_refused_and_a_new_link_is_not(own_database: Settings) -> None:
    run(own_database, *ADD)
    assert run(own_database, *ADD).exit_code == 1
    assert run(own_database, "link", "--email", "KEPALA@contoh.test").exit_code == 0
    assert run(own_database, "link", "--email", "lain@contoh.test").exit_code == 1


def test_a_role_holds_in_one_place_only(own_database: Settings) -> None:
    answer = run(own_database, *ADD, "--area", "33.75", "--facility", "1")
    assert answer.exit_code == 2


@pytest.mark.parametrize("place", [("--area", "99.99"), ("--facility", "987654")])
def test_a_role_in_a_place_that_does_not_exist_is_refused_in_words(
    own_database: Settings, place: tuple[str, str]
) -> None:
    answer = run(own_database, *ADD, *place)
    assert answer.exit_code == 1
    assert isinstance(answer.exception, SystemExit)


def test_a_command_finds_the_stack_that_runs_in_its_data_directory(own_database: Settings, tmp_path: Path) -> None:
    env = {name: value for name, value in environment(own_database).items() if name not in os.environ}
    (tmp_path / RUNNING).write_text("".join(f"{name}={value}\n" for name, value in env.items()))
    answer = CliRunner().invoke(user, [*ADD, "--data", str(tmp_path)], env=dict.fromkeys(env, None))
    assert answer.exit_code == 0, answer.output
