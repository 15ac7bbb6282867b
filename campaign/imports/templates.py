"""Empty workbooks to download, with drop-downs of what the registry knows."""

from campaign.events import queries as events
from campaign.imports.kinds import WORKBOOKS
from campaign.imports.models import WorkbookKind
from campaign.imports.sheets import Content, write
from campaign.registry import queries as registry
from campaign.registry.queries import AreaLevel

MOST_CHOICES = 2000  # a drop-down of a whole province helps nobody


def template_workbook(kind: WorkbookKind, campaign_id: int | None = None) -> bytes:
    """Return an empty workbook of a kind; for candidates the kelurahan are those of the campaign's city."""
    district = None if campaign_id is None else events.campaign(campaign_id).district_code
    wanted = {column.list_name for sheet in WORKBOOKS[kind].sheets for column in sheet.columns} - {""}
    lists = {name: _values(name, district)[:MOST_CHOICES] for name in sorted(wanted)}
    return write(WORKBOOKS[kind], Content(lists={name: values for name, values in lists.items() if values}))


def _values(name: str, district_code: str | None) -> list[str]:
    if name in ("kecamatan", "kelurahan"):
        return [area.code for area in registry.areas(AreaLevel(name), district_code)]
    if name == "facilities":
        return [facility.code for facility in registry.facilities()]
    if name == "items":
        return [item.code for item in registry.items()]
    if name == "methods":
        return [method.code for method in registry.methods()]
    return sorted({step.skill for method in registry.methods() for step in method.steps if step.skill})
