"""`serempak import`: the same preview and apply as the site, for an operator."""

from pathlib import Path

import click

from campaign import i18n
from campaign.accounts.policy import SYSTEM
from campaign.app import create_app
from campaign.cli import installation
from campaign.errors import CampaignError, Invalid
from campaign.imports.applying import apply_upload
from campaign.imports.models import Upload, WorkbookKind
from campaign.imports.preview import counts_of, preview_workbook
from campaign.imports.workbook import require_size
from campaign.transaction import dry_run as undone
from campaign.transaction import transaction

KINDS = [kind.value for kind in WorkbookKind]


@click.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--campaign", "campaign_id", type=int, help="The campaign that a list of candidates belongs to.")
@installation.data
@click.option("--dry-run", is_flag=True, help="Look only: print what would change and every mistake.")
def import_file(kind: str, file: Path, campaign_id: int | None, dry_run: bool) -> None:
    """Import FILE, an XLSX workbook of KIND; areas may also be a CSV (code, district_code, name).

    All or nothing; the same file twice changes nothing. Exit code 1 when the file has mistakes.
    """
    app = create_app(installation.settings())
    with app.app_context(), i18n.with_locale("en"):
        try:
            require_size(file.stat().st_size)
            with undone() if dry_run else transaction(app.extensions["send"]):
                upload = preview_workbook(SYSTEM, WorkbookKind(kind), file.name, file.read_bytes(), campaign_id)
                _print(upload)
                is_right = not upload.preview["mistakes"]
                if is_right and not dry_run:
                    apply_upload(SYSTEM, upload.upload_id)
        except CampaignError as error:
            raise click.ClickException(_sentence(error)) from error
    if not is_right:
        raise click.ClickException("nothing was imported")
    click.echo("nothing was imported: --dry-run" if dry_run else "imported")


def _print(upload: Upload) -> None:
    for one in counts_of(upload):
        click.echo(f"{one.sheet:<16} {one.new:>6} new {one.changed:>6} changed {one.unchanged:>6} unchanged")
    for label in ("mistakes", "warnings"):
        for one in upload.preview[label]:
            where = f"{one['sheet']}!{one['column']}{one['row']}"
            click.echo(f"{label[:-1]:<8} {where:<20} {i18n.error_text(one['code'], one['facts'])}")


def _sentence(error: CampaignError) -> str:
    mistakes = error.mistakes if isinstance(error, Invalid) else ()
    lines = [i18n.error_text(error.code, error.facts)]
    return "\n".join([*lines, *(f"{m.where}: {i18n.error_text(m.code, m.facts)}" for m in mistakes)])


COMMANDS = [import_file]
"""Commands of this module, for campaign.cli."""
