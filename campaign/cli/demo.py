"""`serempak demo`: the whole chain on the demo city, then the site."""

import os
from pathlib import Path

import click

from campaign import clock, migrations
from campaign.app import create_app
from campaign.demo import people
from campaign.demo.carrying_out import replay_service_days, report, send_invitations
from campaign.demo.mail import start_mail_server
from campaign.demo.preparing import import_city, issue_alokon, make_plan
from campaign.demo.screen import StageFailed
from campaign.demo.session import AFTER, BEFORE, Demo
from campaign.stack import AlreadyRunning, Stack


@click.command("demo")
@click.option("--exit", "exits", is_flag=True, help="Stop after the report instead of leaving the site running.")
@click.option("--data", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True)
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port of the site.")
@click.option("--seconds", default=20, show_default=True, help="How long the planner may think.")
def demo(exits: bool, data: Path, bind: str, seconds: int) -> None:
    """Import the demo city, plan, issue, invite, serve, report. Exit code 0 only when every stage held."""
    stack = Stack(data.resolve(), dict(os.environ), bind)
    try:
        env = _start(stack)
        _run_stages(Demo(create_app(stack.settings(env)), stack.data, seconds))
        click.secho("\nevery stage held", fg="green", bold=True)
        if not exits:
            _invite_to_look(stack)
            stack.watch(env)
    except (AlreadyRunning, StageFailed) as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo("\nstopping …")
    finally:
        stack.stop_all()


def _start(stack: Stack) -> dict[str, str]:
    """Start servers, mail server and processes; the clock of the processes stands on the last service day."""
    env = stack.start_servers()
    mail = start_mail_server(stack.data / "mail")
    ahead = int((AFTER - clock.now()).total_seconds())
    env |= {
        "SEREMPAK_SMTP_PORT": str(mail.port),
        "SEREMPAK_TRAINING_SECONDS": str(ahead),
        "SEREMPAK_BASE_URL": f"http://{stack.bind}",
    }
    migrations.upgrade(stack.settings(env))
    stack.start_all(env)
    click.echo(f"data in {stack.data}")
    return env


def _run_stages(run: Demo) -> None:
    with clock.standing_at(BEFORE):
        campaign_id = import_city(run)
        make_plan(run, campaign_id)
        issue_alokon(run, campaign_id)
        send_invitations(run)
    replay_service_days(run, campaign_id)
    with clock.standing_at(AFTER):
        report(run, campaign_id)


def _invite_to_look(stack: Stack) -> None:
    click.echo(f"\nThe site runs on http://{stack.bind} (Ctrl-C stops it). Password of every demo account:")
    click.secho(f"   {people.password_of(stack.data)}", bold=True)
    for role, email in people.sign_ins():
        click.echo(f"   {role:<16} {email}")


COMMANDS = [demo]
