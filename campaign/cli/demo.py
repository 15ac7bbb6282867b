"""`serempak demo`: the whole chain on the demo city, then the site."""

import os
from datetime import datetime
from pathlib import Path

import click

from campaign import clock, migrations
from campaign.app import create_app
from campaign.cli import installation
from campaign.demo import people
from campaign.demo.carrying_out import replay_service_days, report, send_invitations
from campaign.demo.mail import start_mail_server
from campaign.demo.preparing import import_city, issue_alokon, make_plan
from campaign.demo.screen import StageFailed
from campaign.demo.session import AFTER, BEFORE, Demo
from campaign.stack import Stack


@click.command("demo")
@click.option("--exit", "exits", is_flag=True, help="Stop after the report instead of leaving the site running.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=Path("var/demo"), show_default=True)
@click.option(
    "--bind",
    default="127.0.0.1:8000",
    show_default=True,
    callback=installation.bind_address,
    help="Address and port of the site.",
)
@click.option("--seconds", type=click.IntRange(1), default=20, show_default=True, help="Planning time.")
def demo(exits: bool, data: Path, bind: str, seconds: int) -> None:
    """Import the demo city, plan, issue, invite, serve, report. Exit code 0 only when every stage held."""
    stack = Stack(data.resolve(), dict(os.environ), bind)
    held = False
    try:
        env = _start(stack)
        run = Demo(create_app(stack.settings(env)), stack.data, seconds)
        campaign_id = _prepare(run)
        env = _stand_at(stack, env, AFTER)
        _carry_out(run, campaign_id)
        held = True
        click.secho("\nevery stage held", fg="green", bold=True)
        if not exits:
            _invite_to_look(stack)
            stack.watch(env)
    except StageFailed as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo("\nstopping …")
    finally:
        stack.stop_all()
    if not held:
        raise SystemExit(130)  # interrupted: a script must not take it for a demo that held


def _start(stack: Stack) -> dict[str, str]:
    """Start servers, mail server and processes."""
    env = stack.start_servers()
    mail = start_mail_server(stack.data / "mail")
    env |= {"SEREMPAK_SMTP_PORT": str(mail.port), "SEREMPAK_BASE_URL": f"http://{stack.bind}"}
    migrations.upgrade(stack.settings(env))
    click.echo(f"data in {stack.data}")
    return _stand_at(stack, env, BEFORE)


def _stand_at(stack: Stack, env: dict[str, str], instant: datetime) -> dict[str, str]:
    """Start the processes with their clock at `instant`: a worker sends no invitation to a day that is over."""
    stack.stop_processes()
    moved = int(env.get("SEREMPAK_TRAINING_SECONDS", "0"))  # create_app moved this process's own clock by as much
    ahead = moved + int((instant - clock.now()).total_seconds())
    env = env | {"SEREMPAK_TRAINING_SECONDS": str(ahead)}
    stack.start_all(env)
    return env


def _prepare(run: Demo) -> int:
    with clock.standing_at(BEFORE):
        campaign_id = import_city(run)
        make_plan(run, campaign_id)
        issue_alokon(run, campaign_id)
        send_invitations(run)
    return campaign_id


def _carry_out(run: Demo, campaign_id: int) -> None:
    replay_service_days(run, campaign_id)
    with clock.standing_at(AFTER):
        report(run, campaign_id)


def _invite_to_look(stack: Stack) -> None:
    click.echo(f"\nThe site runs on http://{stack.bind} (Ctrl-C stops it). Password of every demo account:")
    click.secho(f"   {people.password_of(stack.data)}", bold=True)
    for role, email in people.sign_ins():
        click.echo(f"   {role:<16} {email}")


COMMANDS = [demo]
