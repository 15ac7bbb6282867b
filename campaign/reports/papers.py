"""The papers of this feature for the workers: the campaign report as PDF and as workbook, as of now."""

from functools import partial

from campaign import i18n
from campaign.documents import pdf
from campaign.documents.contexts import foot
from campaign.documents.papers import PaperFormat, PaperKind, Printing, papers_of
from campaign.reports.campaign_paper import campaign_paper
from campaign.reports.campaign_report import build_report
from campaign.reports.sheets import report_workbook


def prepare_pdf(kind: PaperKind, subject_id: int, base_url: str) -> Printing:
    """Read what the PDF of a campaign's report shows; `base_url` is the site's address, for the QR code."""
    report = build_report(subject_id)
    with i18n.with_locale("id"):
        mark = foot(report.as_of, _version(kind, PaperFormat.PDF, subject_id), f"{base_url}/reports/{subject_id}")
        return partial(pdf.render, "campaign_report.typ", campaign_paper(report, mark), report.as_of)


def prepare_xlsx(kind: PaperKind, subject_id: int, base_url: str) -> Printing:
    """Read what the workbook of a campaign's report shows."""
    report, version = build_report(subject_id), _version(kind, PaperFormat.XLSX, subject_id)

    def printed() -> bytes:
        with i18n.with_locale("id"):
            return report_workbook(report, version)

    return printed


def _version(kind: PaperKind, of_format: PaperFormat, subject_id: int) -> int:
    """Return the version that is being printed: the newest that was asked for."""
    return max((paper.version for paper in papers_of(kind, subject_id) if paper.format is of_format), default=1)
