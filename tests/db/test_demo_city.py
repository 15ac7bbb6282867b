"""The demo city: its workbooks are those that its generator makes, they import, and they import once."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from campaign.accounts.policy import SYSTEM
from campaign.demo.make_city import CITY, city
from campaign.events.services import CampaignRules, NewCampaign, create_campaign
from campaign.imports.applying import apply_upload
from campaign.imports.kinds import WORKBOOKS
from campaign.imports.models import WorkbookKind
from campaign.imports.preview import preview_workbook
from campaign.imports.sheets import Content, write
from campaign.outreach import queries as outreach
from campaign.outreach.identity import is_synthetic
from campaign.registry import queries as registry
from campaign.registry.storing import Counts
from tests.builders.events import DAYS


def cells(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    file = load_workbook(BytesIO(content), read_only=True)
    return {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in file.worksheets}


@pytest.mark.parametrize("kind", list(WorkbookKind))
def test_the_committed_workbook_is_what_the_generator_makes(kind: WorkbookKind) -> None:
    made = write(WORKBOOKS[kind], Content(rows=city()[kind], has_example=False))
    assert cells((CITY / f"{kind.value}.xlsx").read_bytes()) == cells(made)


@pytest.mark.usefixtures("open_transaction")
def test_the_city_imports_without_a_mistake_and_only_once() -> None:
    first = import_city()
    again = import_city()
    assert [counts.new > 0 for counts in first] == [True] * len(WorkbookKind)
    assert again == [Counts(unchanged=counts.new) for counts in first]
    assert len(registry.kelurahan_of("33.75")) == 27
    people = outreach.candidates_of(outreach.CandidateFilter(campaign()))
    assert len(people) == 400
    assert all(person.nik is not None and is_synthetic(person.nik) for person in people)


def campaign() -> int:
    facilities = tuple(row.facility_id for row in registry.facilities())
    new = NewCampaign("demo", "Pelayanan KB Serempak", "33.75", DAYS, facilities, CampaignRules())
    return create_campaign(SYSTEM, new).campaign_id


def import_city() -> list[Counts]:
    return [apply_upload(SYSTEM, _preview(kind)) for kind in WorkbookKind]


def _preview(kind: WorkbookKind) -> int:
    path = CITY / f"{kind.value}.xlsx"
    campaign_id = campaign() if kind is WorkbookKind.CANDIDATES else None
    upload = preview_workbook(SYSTEM, kind, path.name, path.read_bytes(), campaign_id)
    assert upload.preview["mistakes"] == []
    assert upload.preview["warnings"] == []
    return upload.upload_id
