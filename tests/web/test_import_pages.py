"""Sending workbooks through the site."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from campaign.accounts.roles import Role
from campaign.imports.models import WorkbookKind
from campaign.imports.workbook import LARGEST_FILE
from campaign.jobs import Job, JobName
from campaign.registry import queries as registry
from tests.builders.events import make_campaign
from tests.builders.registry import make_city
from tests.builders.workbooks import candidate_line, workbook_of
from tests.web.conftest import Visit

Arranging = Callable[[], Any]


def send(client: FlaskClient, kind: str, content: bytes, **more: object) -> TestResponse:
    data = {"kind": kind, "campaign": "", "key": "0" * 32, "file": (BytesIO(content), "berkas.xlsx")} | more
    return client.post("/imports/", data=data, content_type="multipart/form-data")


def test_a_workbook_is_looked_at_and_then_applied(visit: Visit) -> None:
    client = visit(Role.ADMINISTRATOR)
    answer = send(client, "areas", workbook_of(WorkbookKind.AREAS))
    assert answer.status_code == 302
    preview = client.get(answer.location)
    assert registry.districts() == []
    assert f"{answer.location}/apply" in preview.text
    done = client.post(f"{answer.location}/apply", follow_redirects=True)
    assert f"{answer.location}/apply" not in done.text
    assert [area.code for area in registry.districts()] == ["33.75"]


def test_mistakes_are_shown_by_cell_and_nothing_can_be_applied(visit: Visit) -> None:
    client = visit(Role.ADMINISTRATOR)
    rows = {"Wilayah": [{"code": "33.7", "name": "Salah"}], "Angka": []}
    answer = send(client, "areas", workbook_of(WorkbookKind.AREAS, rows))
    preview = client.get(answer.location)
    assert "33.75.01.1002" in preview.text  # the sentence says how a code looks
    assert "/apply" not in preview.text
    client.post(f"{answer.location}/apply")
    assert registry.districts() == []


@pytest.mark.parametrize("content", [b"", b"a;b\n", b"\x89PNG\x00", bytes.fromhex("d0cf11e0a1b11ae1")])
def test_a_file_that_is_none_comes_back_with_the_reason(visit: Visit, content: bytes) -> None:
    answer = send(visit(Role.ADMINISTRATOR), "facilities", content)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_file_of_a_hundred_megabytes_is_refused_without_reading_it(visit: Visit) -> None:
    answer = send(visit(Role.ADMINISTRATOR), "areas", b"0" * (LARGEST_FILE + 2**17))
    assert answer.status_code == 413


def test_a_list_of_candidates_needs_a_campaign(visit: Visit, arranging: Arranging) -> None:
    with arranging():
        campaign_id = make_campaign(make_city()).campaign_id
    client = visit(Role.PLANNER)
    content = workbook_of(WorkbookKind.CANDIDATES, {"Calon": [candidate_line(1)]})
    assert send(client, "candidates", content).status_code == 422
    answer = send(client, "candidates", content, campaign=str(campaign_id))
    assert answer.status_code == 302
    assert client.post(f"{answer.location}/apply").status_code == 302
    assert "Calon 1" in client.get(f"/candidates/{campaign_id}").text


@pytest.mark.parametrize("kind", list(WorkbookKind))
def test_templates_are_workbooks_with_instructions(visit: Visit, kind: WorkbookKind) -> None:
    answer = visit(Role.ADMINISTRATOR).get(f"/imports/templates/{kind.value}")
    assert load_workbook(BytesIO(answer.data)).sheetnames[0] == "Petunjuk"


def test_an_unknown_template_is_not_found(visit: Visit) -> None:
    assert visit(Role.ADMINISTRATOR).get("/imports/templates/nothing").status_code == 404


def test_who_may_not_import_finds_no_door(visit: Visit) -> None:
    client = visit(Role.CADRE)
    assert client.get("/imports/").status_code == 403
    assert not re.search('href="/imports/"', client.get("/").text)


def test_a_large_workbook_waits_on_a_page_that_reads_itself_again(visit: Visit, sent: list[Job]) -> None:
    client = visit(Role.ADMINISTRATOR)
    rows = [{"code": f"33.75.01.{1000 + n}", "name": f"Kelurahan percobaan {n * 7919:09d}"} for n in range(1500)]
    content = workbook_of(WorkbookKind.AREAS, {"Wilayah": rows, "Angka": []})
    answer = send(client, "areas", content)
    page = client.get(answer.location)
    assert "data-refresh" in page.text
    assert "/apply" not in page.text
    assert JobName.WORK_ON_UPLOAD in {job.name for job in sent}
    assert client.post(f"{answer.location}/apply").status_code == 409
    assert client.post(f"{answer.location}/again").status_code == 409


def test_a_large_file_that_is_no_workbook_comes_back_at_once(visit: Visit) -> None:
    answer = send(visit(Role.ADMINISTRATOR), "facilities", b"a;b\n" * 20_000)
    assert answer.status_code == 422
