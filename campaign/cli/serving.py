"""`serempak up` and `serempak migrate`."""

import os
from pathlib import Path

import click

from campaign import migrations
from campaign.cli import installation
from campaign.stack import Stack


@click.command("up")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=installation.DATA, show_default=True)
@click.option(
    "--bind",
    default="127.0.0.1:8000",
    show_default=True,
    callback=installation.bind_address,
    help="Address and port of the site.",
)
def up(data: Path, bind: str) -> None:
    """Run the whole product: site, workers, beat, and PostgreSQL and Redis unless DATABASE_URL and REDIS_URL are set.

    Everything it keeps lies in the data directory; Ctrl-C stops it, the next start goes on where it was.
    """
    stack = Stack(data.resolve(), dict(os.environ), bind)
    try:
        env = stack.start_servers()
        click.echo(f"data    {stack.data}")
        migrations.upgrade(stack.settings(env))
        stack.start_all(env)
        click.echo(f"site    http://{bind}   (Ctrl-C stops it; logs in {stack.data / 'log'})")
        stack.watch(env)
    except KeyboardInterrupt:
        click.echo("\nstopping …")
    finally:
        stack.stop_all()
    click.echo("stopped; nothing was lost")


@click.command("migrate")
@installation.data
def migrate() -> None:
    """Bring the database of DATABASE_OWNER_URL (or DATABASE_URL) to the newest schema."""
    migrations.upgrade(installation.settings())
    click.echo("the database is up to date")


COMMANDS = [up, migrate]
