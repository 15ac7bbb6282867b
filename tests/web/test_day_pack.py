"""The pack of a service day: every paper pre-filled, for its own facility, with a trace."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from campaign.accounts.roles import Role
from campaign.attendance.cards import card_code
from campaign.audit import AuditEntry
from campaign.db import db
from campaign.documents.models import Paper
from tests.builders.attendance import ServiceDay, expect, make_service_day
from tests.web.conftest import Visit


@pytest.fixture
def day(arranging: Callable[[], Any]) -> ServiceDay:
    with arranging():
        return make_service_day()


def read(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def test_one_press_prints_every_paper_prefilled_and_leaves_a_trace_but_no_copy(
    visit: Visit, day: ServiceDay, arranging: Callable[[], Any]
) -> None:
    with arranging():
        guest = expect(day)
        name, nik, code = guest.name, guest.nik or "", card_code(guest.candidate_id)
    desk = visit(Role.FACILITY, facility_id=day.city.puskesmas.facility_id)
    pages = read(desk.get(f"/attendance/{day.session_id}/pack.pdf").data)
    # schedule, list, stock; two cards of two pages for her and 3 blanks; own cards two a page; 4 consents
    assert len(pages) == 3 + 8 + 2 + 4
    schedule, consent = pages[0], pages[13]
    assert code in schedule
    assert name not in schedule
    assert name in consent
    assert nik in consent
    assert f"IC-{day.session_id}-{code}" in consent
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "print-day-pack")).one()
    assert entry.facts["people"] == 1
    assert db.session.scalars(select(Paper)).all() == []


def test_chosen_papers_alone_are_printed(visit: Visit, day: ServiceDay) -> None:
    desk = visit(Role.FACILITY, facility_id=day.city.puskesmas.facility_id)
    pages = read(desk.get(f"/attendance/{day.session_id}/pack.pdf?part=stock&size=a4").data)
    assert len(pages) == 1
    assert "PERSEDIAAN ALOKON" in pages[0]


@pytest.mark.parametrize("path", ["pack", "pack.pdf"])
def test_another_facility_prints_nothing(visit: Visit, day: ServiceDay, path: str) -> None:
    stranger = visit(Role.FACILITY, facility_id=day.city.hospital.facility_id)
    assert stranger.get(f"/attendance/{day.session_id}/{path}").status_code == 403


def test_a_paper_that_there_is_not_is_refused(visit: Visit, day: ServiceDay) -> None:
    desk = visit(Role.FACILITY, facility_id=day.city.puskesmas.facility_id)
    assert desk.get(f"/attendance/{day.session_id}/pack.pdf?part=gold").status_code == 400


def test_the_page_offers_every_paper(visit: Visit, day: ServiceDay) -> None:
    desk = visit(Role.FACILITY, facility_id=day.city.puskesmas.facility_id)
    page = desk.get(f"/attendance/{day.session_id}/pack").get_data(as_text=True)
    for part in ("schedule", "list", "stock", "cards", "own-cards", "consents"):
        assert f'value="{part}"' in page
