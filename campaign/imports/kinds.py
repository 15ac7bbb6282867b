"""Every kind of workbook."""

from campaign.imports import areas, candidates, facilities, items_methods, providers, stock
from campaign.imports.columns import Workbook
from campaign.imports.models import WorkbookKind

WORKBOOKS: dict[WorkbookKind, Workbook] = {
    module.WORKBOOK.kind: module.WORKBOOK for module in (areas, facilities, items_methods, providers, stock, candidates)
}
