"""`serempak user`: the first administrator of a new installation, and help for one who is locked out."""

import click

from campaign import i18n
from campaign.accounts import access, queries, services
from campaign.accounts.policy import SYSTEM, Grant
from campaign.accounts.roles import Role
from campaign.app import create_app
from campaign.cli import installation
from campaign.config import Settings
from campaign.errors import Invalid, NotFound
from campaign.registry import queries as registry
from campaign.transaction import transaction


@click.group("user")
def user() -> None:
    """Add people who may sign in."""


@user.command("add")
@click.option("--email", required=True, help="What one signs in with.")
@click.option("--name", required=True, help="As it appears on the site.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--area", "area_code", help="Kemendagri code: the role holds there and below. Default: everywhere.")
@click.option("--facility", "facility_id", type=int, help="The role holds at this facility only.")
@click.option("--language", type=click.Choice(services.LANGUAGES), default="id", show_default=True)
@installation.data
def add(email: str, **given: str | int | None) -> None:
    """Add an account and print the link with which its owner sets a password, once."""
    if given["area_code"] and given["facility_id"]:
        raise click.UsageError("--area and --facility exclude one another")
    grant = Grant(Role(str(given["role"])), given["area_code"], given["facility_id"])  # type: ignore[arg-type]
    new = services.NewAccount(email, str(given["name"]), (grant,), language=str(given["language"]))
    settings = installation.settings()
    app = create_app(settings)
    with app.app_context():
        try:
            with transaction(app.extensions["send"]):
                _require_place(grant)
                token = access.set_password_link(SYSTEM, services.add_account(SYSTEM, new))
        except Invalid as error:
            raise click.ClickException(_sentences(error)) from error
    _show_link(settings, token)


@user.command("link")
@click.option("--email", required=True, help="What one signs in with.")
@installation.data
def link(email: str) -> None:
    """Print a new link with which an account's owner sets a password, once."""
    settings = installation.settings()
    app = create_app(settings)
    with app.app_context(), transaction(app.extensions["send"]):
        account = queries.account_by_email(email)
        if account is None:
            raise click.ClickException("no account signs in with this address")
        token = access.set_password_link(SYSTEM, account.account_id)
    _show_link(settings, token)


def _require_place(grant: Grant) -> None:
    try:
        if grant.area_code is not None:
            registry.area(grant.area_code)
        if grant.facility_id is not None:
            registry.facility(grant.facility_id)
    except NotFound as error:
        raise click.ClickException("no such place: import the areas and facilities first, or correct it") from error


def _sentences(error: Invalid) -> str:
    with i18n.with_locale("en"):
        return "; ".join(f"{m.where}: {i18n.error_text(m.code, m.facts)}" for m in error.mistakes)


def _show_link(settings: Settings, token: str) -> None:
    hours = int(access.LINK_LIFE.total_seconds() // 3600)
    click.echo(f"Open once, within {hours} hours: {settings.base_url}/set-password/{token}")


COMMANDS = [user]
