"""The report says what the rows say, and its papers say what the report says."""

import io
from collections import Counter

import pytest
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import text

from campaign import clock, i18n
from campaign.accounts.policy import SYSTEM
from campaign.attendance.papers import ask_attendance_list, prepare
from campaign.db import db
from campaign.demo.replay import replay
from campaign.documents.papers import PaperFormat, PaperKind
from campaign.events.models import CampaignTarget
from campaign.outreach.models import Appointment, Invitation, InvitationKind, InvitationState
from campaign.reports.campaign_report import CampaignReport, NothingToReport, ask_report, build_report
from campaign.reports.papers import prepare_pdf, prepare_xlsx
from campaign.transaction import transaction
from tests.builders.attendance import HELD_ON, ServiceDay, expect, make_service_day, make_session
from tests.builders.candidates import Wish
from tests.builders.events import make_campaign
from tests.builders.registry import FAR_KELURAHAN, KELURAHAN, make_city

EXPECTED = 40
SITE = "https://serempak.example"

# One row a person and kind of event, joined by hand: no code of the product.
NAIVE = """
SELECT left(c.kelurahan_code, 8) AS kecamatan, m.method, m.what, count(*) FROM (
    SELECT a.candidate_id, NULL AS given, 'planned' AS what FROM appointment a
    UNION ALL SELECT a.candidate_id, NULL, 'invited' FROM invitation i JOIN appointment a USING (appointment_id)
        WHERE i.state = 'sent'
    UNION ALL SELECT candidate_id, NULL, 'came' FROM check_in WHERE answer = 'accepted'
    UNION ALL SELECT candidate_id, NULL, 'walk_ins' FROM check_in WHERE answer = 'accepted' AND is_walk_in
    UNION ALL SELECT o.candidate_id, o.method_code, o.kind FROM service_outcome o
        WHERE NOT EXISTS (SELECT 1 FROM service_outcome n WHERE n.replaces_id = o.service_outcome_id)
    UNION ALL SELECT o.candidate_id, o.method_code, 'served_poor' FROM service_outcome o
        JOIN candidate p USING (candidate_id) WHERE o.kind = 'served' AND p.is_poor
) AS e (candidate_id, given, what)
JOIN candidate c USING (candidate_id)
CROSS JOIN LATERAL (SELECT coalesce(e.given, c.method_code) AS method, e.what) m
GROUP BY 1, 2, 3
"""


@pytest.fixture
def day(app: Flask) -> ServiceDay:
    """A day that was replayed: every third is poor, every fifth comes from the other kecamatan, half were invited."""
    with transaction(lambda job: None):
        day = make_service_day(iuds=EXPECTED, pills=3 * EXPECTED)
        for number in range(EXPECTED):
            kelurahan = FAR_KELURAHAN if number % 5 == 0 else KELURAHAN
            wish = Wish(kelurahan, "iud" if number % 2 else "pill", is_poor=number % 3 == 0)
            expect(day, wish, minutes=number * 5)
        _invite_every_second(day.campaign.campaign_id)
        key = {"campaign_id": day.campaign.campaign_id, "kecamatan_code": "33.75.01"}
        db.session.add(CampaignTarget(**key, method_code="iud", acceptors=8))
    replay(app, day.campaign.campaign_id, lambda done, total: None)
    return day


def _invite_every_second(campaign_id: int) -> None:
    db.session.add_all(
        Invitation(
            campaign_id=campaign_id,
            appointment_id=appointment.appointment_id,
            kind=InvitationKind.INVITATION,
            channel="email",
            state=InvitationState.SENT,
            due_at=clock.now(),
            sent_at=clock.now(),
            attempts=1,
            created_at=clock.now(),
        )
        for appointment in db.session.query(Appointment).order_by(Appointment.appointment_id)
        if appointment.appointment_id % 2
    )


def built(day: ServiceDay) -> CampaignReport:
    with transaction(lambda job: None):
        return build_report(day.campaign.campaign_id)


def test_every_cell_is_what_a_naive_count_of_the_rows_gives(day: ServiceDay) -> None:
    found: Counter[tuple[str, str, str]] = Counter()
    for row in built(day).results:
        for name in row.counts.__dataclass_fields__:
            found[row.kecamatan_code, row.method_code, name] = getattr(row.counts, name)
    naive = Counter({(kecamatan, method, what): n for kecamatan, method, what, n in db.session.execute(text(NAIVE))})
    assert +found == naive
    assert naive.total() > EXPECTED


def test_stock_used_is_issued_less_returned(day: ServiceDay) -> None:
    report = built(day)
    assert {report.names.items[row.item_id][0] for row in report.stock} == {"iud", "pill"}
    assert all(row.issued - row.returned == row.used > 0 for row in report.stock)


def test_the_pdf_carries_time_and_version_on_every_page(day: ServiceDay) -> None:
    with transaction(lambda job: None):
        content = prepare_pdf(PaperKind.CAMPAIGN_REPORT, day.campaign.campaign_id, SITE)()
        as_of = i18n.instant(clock.now())
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    assert all("versi 1" in page and as_of[:11] in page for page in pages)


def test_the_workbook_holds_numbers_that_add_up(day: ServiceDay) -> None:
    with transaction(lambda job: None):
        content = prepare_xlsx(PaperKind.CAMPAIGN_REPORT, day.campaign.campaign_id, SITE)()
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Hasil", "Faskes", "Barang"]
    sheet = book["Hasil"]
    assert sheet.freeze_panes is not None
    served = [row[8].value for row in sheet.iter_rows(min_row=4)]
    assert all(isinstance(value, int) for value in served)
    assert sum(served[:-1]) == served[-1] == built(day).total.counts.served


def test_the_same_figures_are_the_same_papers(day: ServiceDay) -> None:
    with transaction(lambda job: None):
        first = [paper.paper_id for paper in ask_report(SYSTEM, day.campaign.campaign_id)]
    with transaction(lambda job: None):
        again = ask_report(SYSTEM, day.campaign.campaign_id)
        assert [paper.paper_id for paper in again] == first
        assert {paper.format for paper in again} == {PaperFormat.PDF, PaperFormat.XLSX}


@pytest.mark.usefixtures("open_transaction")
def test_a_campaign_without_sessions_has_nothing_to_report() -> None:
    with pytest.raises(NothingToReport):
        ask_report(SYSTEM, make_campaign(make_city()).campaign_id)


@pytest.mark.usefixtures("open_transaction")
def test_the_printed_list_names_people_and_no_method() -> None:
    day = make_service_day()
    candidate = expect(day)
    ask_attendance_list(day.staff, day.session_id)
    content = prepare(PaperKind.ATTENDANCE_LIST, day.session_id, SITE)()
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert candidate.name in printed
    assert "iud" not in printed.casefold()


@pytest.mark.usefixtures("open_transaction")
def test_an_empty_session_prints_blank_rows_for_walk_ins() -> None:
    day = make_service_day()
    other = make_session(day.campaign, day.plan_run_id, day.city.hospital.facility_id, HELD_ON)
    content = prepare(PaperKind.ATTENDANCE_LIST, other.service_session_id, SITE)()
    assert len(PdfReader(io.BytesIO(content)).pages) == 1
