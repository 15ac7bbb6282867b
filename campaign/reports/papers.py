"""The papers of this feature for the workers: the campaign report as PDF and as workbook, as of now."""

from campaign import i18n
from campaign.documents import pdf
from campaign.documents.contexts import foot
from campaign.documents.papers import PaperFormat, PaperKind, papers_of
from campaign.reports.campaign_paper import campaign_paper
from campaign.reports.campaign_report import build_report
from campaign.reports.sheets import report_workbook


def render_pdf(kind: PaperKind, subject_id: int, base_url: str) -> bytes:
    """Return the PDF of a campaign's report; `base_url` is the site's address, for the QR code."""
    report = build_report(subject_id)
    with i18n.with_locale("id"):
        mark = foot(report.as_of, _version(kind, PaperFormat.PDF, subject_id), f"{base_url}/reports/{subject_id}")
        return pdf.render("campaign_report.typ", campaign_paper(report, mark), report.as_of)


def render_xlsx(kind: PaperKind, subject_id: int, base_url: str) -> bytes:
    """Return the workbook of a campaign's report."""
    report = build_report(subject_id)
    with i18n.with_locale("id"):
        return report_workbook(report, _version(kind, PaperFormat.XLSX, subject_id))


def _version(kind: PaperKind, of_format: PaperFormat, subject_id: int) -> int:
    """Return the version that is being printed: the newest that was asked for."""
    return max((paper.version for paper in papers_of(kind, subject_id) if paper.format is of_format), default=1)
