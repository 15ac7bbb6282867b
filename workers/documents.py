"""Renders papers."""

import logging
from collections.abc import Callable
from pathlib import Path

from flask import current_app

from campaign.attendance import papers as attendance_papers
from campaign.config import Settings
from campaign.documents import papers
from campaign.documents.models import PaperState
from campaign.documents.papers import PaperFormat, PaperKind, Printing
from campaign.errors import CampaignError
from campaign.letters import meeting_papers
from campaign.letters import papers as letter_papers
from campaign.letters.lifecycle import SIGNED_BASIS
from campaign.letters.sealing import seal
from campaign.logistics import movement_papers
from campaign.logistics import papers as stock_papers
from campaign.reports import papers as report_papers
from workers.task import work

log = logging.getLogger(__name__)

Prepare = Callable[[PaperKind, int, str], Printing]  # of kind, subject and the site's address

PREPARERS: dict[tuple[PaperKind, PaperFormat], Prepare] = {
    (PaperKind.SPMB, PaperFormat.PDF): stock_papers.prepare,
    (PaperKind.SBBK, PaperFormat.PDF): stock_papers.prepare,
    **{(kind, PaperFormat.PDF): movement_papers.prepare for kind in movement_papers.KINDS},
    (PaperKind.ATTENDANCE_LIST, PaperFormat.PDF): attendance_papers.prepare,
    **{(PaperKind.LETTER, of_format): prepare for of_format, prepare in letter_papers.PREPARERS.items()},
    **{(kind, PaperFormat.PDF): meeting_papers.prepare for kind in meeting_papers.TEMPLATES},
    (PaperKind.CAMPAIGN_REPORT, PaperFormat.PDF): report_papers.prepare_pdf,
    (PaperKind.CAMPAIGN_REPORT, PaperFormat.XLSX): report_papers.prepare_xlsx,
}


def render_document(paper_id: int) -> None:
    """Render one paper that waits; one that is ready stays as it was printed."""
    settings: Settings = current_app.extensions["serempak"]
    with work():
        paper = papers.paper(paper_id)
        kind, of_format, subject_id, state = paper.kind, paper.format, paper.subject_id, paper.state
        basis = paper.basis or ""
    if state is not PaperState.WAITING:
        return
    try:
        with work():
            printing = PREPARERS[kind, of_format](kind, subject_id, settings.base_url)
        content = _sealed(
            settings, kind, of_format, basis, printing()
        )  # typst and openpyxl take their time: no transaction is open
    except (CampaignError, KeyError):
        with work():
            papers.fail_paper(paper_id)
        raise
    with work():
        papers.store_paper(paper_id, content)
    log.info("paper rendered", extra={"paper_id": paper_id, "bytes": len(content)})


def _sealed(settings: Settings, kind: PaperKind, of_format: PaperFormat, basis: str, content: bytes) -> bytes:
    """Return a signed letter's PDF with the office's electronic signature, where the office has a certificate."""
    is_signed = kind is PaperKind.LETTER and of_format is PaperFormat.PDF and basis.startswith(SIGNED_BASIS)
    if not (is_signed and settings.signing_certificate):
        return content
    return seal(content, Path(settings.signing_certificate), settings.signing_password)
