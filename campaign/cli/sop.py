"""`serempak sop`: the SOPs that come with the product."""

import click

from campaign.accounts.policy import SYSTEM
from campaign.app import create_app
from campaign.cli import installation
from campaign.events.sop import templates
from campaign.transaction import transaction


@click.group("sop")
def sop() -> None:
    """Keep SOP templates."""


@sop.command("load")
@installation.data
def load() -> None:
    """Add the shipped SOPs that are not there in any version; a second run adds nothing."""
    app = create_app(installation.settings())
    with app.app_context(), transaction(app.extensions["send"]):
        added = [row.code for row in templates.load_shipped(SYSTEM)]
    click.echo("\n".join(f"added   {code}" for code in added) or "every shipped SOP is there already")


COMMANDS = [sop]
