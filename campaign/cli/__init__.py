"""The command line: `serempak COMMAND`. Each command opens one transaction and calls one use-case."""

from importlib import import_module
from typing import Any

import click

# Command -> module with a click command or group of that name in COMMANDS, and what it does. Loaded when called:
# `serempak plan` must not wait for Flask, and `--help` works on a half-installed machine.
MODULES = {
    "demo": ("campaign.cli.demo", "Run the whole chain on the demo city, then leave the site running."),
    "up": ("campaign.cli.serving", "Run the product: site, workers, beat and embedded servers."),
    "migrate": ("campaign.cli.serving", "Bring the database to the newest schema."),
    "user": ("campaign.cli.accounts", "Add accounts and roles."),
    "import": ("campaign.cli.imports", "Import a workbook or a CSV of areas."),
    "plan": ("campaign.cli.planner", "Make the best plan for a problem document."),
    "check": ("campaign.cli.planner", "Check a plan against its problem."),
    "why": ("campaign.cli.planner_questions", "Say why a group of candidates is not served."),
    "whatif": ("campaign.cli.planner_questions", "Say what a change would be worth."),
    "plan-set": ("campaign.cli.planner_sets", "Plan several districts that share depots."),
    "check-set": ("campaign.cli.planner_sets", "Check the plans of a set against it."),
    "sop": ("campaign.cli.sop", "Load the SOPs that come with the product."),
    "stock": ("campaign.cli.stock", "Verify the stock ledger."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order in which a newcomer needs them."""
        return list(MODULES)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in MODULES.items()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command."""
        if cmd_name not in MODULES:
            return None
        module = import_module(MODULES[cmd_name][0])
        return next((command for command in module.COMMANDS if command.name == cmd_name), None)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; the operator's own mistake is one sentence, never a traceback."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            sentence = import_module("campaign.cli.installation").sentence(error)
            if sentence is None:
                raise
            raise click.ClickException(sentence) from error


@click.group(cls=LazyGroup)
@click.version_option(package_name="serempak")
def main() -> None:
    """Plan, supply, run and report mass family-planning service campaigns."""
