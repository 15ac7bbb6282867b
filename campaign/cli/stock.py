"""`serempak stock`: does every balance equal the sum of its entries?"""

import click

from campaign.accounts.policy import SYSTEM
from campaign.app import create_app
from campaign.cli import installation
from campaign.logistics.services import verify_stock
from campaign.transaction import transaction


@click.group("stock")
def stock() -> None:
    """Look after the stock ledger."""


@stock.command("verify")
@installation.data
def verify() -> None:
    """Rebuild every balance from the ledger's entries; exit 1 and list what differs if anything does."""
    app = create_app(installation.settings())
    with app.app_context():
        with transaction(app.extensions["send"]):
            found = verify_stock(SYSTEM)
            entries, balances, differences = found.entries, found.balances, found.differences
        click.echo(f"{entries} entries, {balances} balances, {len(differences)} differences")
        for row in differences:
            click.echo(
                f"place {row['stock_place_id']}, lot {row['stock_lot_id']}:"
                f" stored {row['stored']}, counted {row['counted']}"
            )
    if differences:
        raise SystemExit(1)


COMMANDS = [stock]
