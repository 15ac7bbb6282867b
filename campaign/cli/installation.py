"""Which installation a command works on, and what its mistakes look like to whoever typed it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError

from campaign.config import SettingMissing, Settings
from campaign.errors import CampaignError
from campaign.servers import ServerFailed
from campaign.stack import StackFailed, running

DATA = Path("var/serempak")
_CHOSEN = "serempak.data"

data = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    expose_value=False,
    callback=lambda context, _, value: context.meta.update({_CHOSEN: value}),
    help=f"Where `serempak up` runs, when DATABASE_URL is not set.  [default: {DATA}]",
)
"""For commands that work on a running installation."""


def environment() -> dict[str, str]:
    """Return the operator's environment, completed by what `serempak up` runs in the data directory."""
    given = {name: value for name, value in os.environ.items() if value}
    if "DATABASE_URL" in given:
        return given
    chosen = click.get_current_context().meta.get(_CHOSEN) or Path(given.get("SEREMPAK_DATA_DIR", DATA))
    return {**given, **running(chosen)}


def settings() -> Settings:
    """Return the settings of the installation that the command works on."""
    return Settings.from_env(environment())


def bind_address(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Refuse what is not HOST:PORT, before anything starts."""
    host, _, port = value.rpartition(":")
    if host and port.isascii() and port.isdigit() and 0 < int(port) < 65536:
        return value
    raise click.BadParameter("not an address and a port from 1 to 65535, as in 127.0.0.1:8000", context, parameter)


def sentence(error: Exception) -> str | None:
    """Return what an operator reads of an error that is not ours to debug; None for a fault of the program."""
    if isinstance(error, SettingMissing):
        return f"{error}. Set them, or start `serempak up` and name its directory with --data"
    for kind, words in _WORDS.items():
        if isinstance(error, kind):
            return words(error)
    return None


_WORDS: dict[type[Exception], Callable[[Any], str]] = {
    StackFailed: str,
    ServerFailed: str,
    CampaignError: lambda error: ", ".join([error.code, *(f"{name} {fact}" for name, fact in error.facts.items())]),
    OperationalError: lambda error: "the database does not answer: " + str(error.orig).partition("\n")[0],
    ProgrammingError: lambda error: "the database has another schema; `serempak migrate` brings it to this version",
    ArgumentError: lambda error: "DATABASE_URL is not the address of a database",
}
