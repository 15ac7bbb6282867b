"""Which paper each kind of document prints, and asking for it in the transaction that writes the document."""

from campaign.documents.papers import PaperFormat, PaperKind, PaperRequest, ask_paper
from campaign.logistics.models import DocumentKind, StockDocument

PAPER_OF = {
    DocumentKind.RECEIPT: PaperKind.SBBM,
    DocumentKind.ISSUE_ORDER: PaperKind.SPMB,
    DocumentKind.ISSUE: PaperKind.SBBK,
    DocumentKind.ARRIVAL: PaperKind.BAST,
    DocumentKind.TRANSFER: PaperKind.TRANSFER,
    DocumentKind.RETURN: PaperKind.RETURN_NOTE,
    DocumentKind.WRITE_OFF: PaperKind.WRITE_OFF,
}
SHORT = {
    PaperKind.SBBM: "SBBM",
    PaperKind.SPMB: "SPMB",
    PaperKind.SBBK: "SBBK",
    PaperKind.BAST: "BAST",
    PaperKind.TRANSFER: "Pemindahan",
    PaperKind.RETURN_NOTE: "Pengembalian",
    PaperKind.WRITE_OFF: "Penghapusan",
}


def ask_document_paper(document: StockDocument) -> None:
    """Ask for the paper of a document that prints one; a document without a number is no paper."""
    kind = PAPER_OF.get(document.kind)
    if kind is None or document.number is None:
        return
    ask_paper(
        PaperRequest(
            kind,
            PaperFormat.PDF,
            document.stock_document_id,
            title=f"{SHORT[kind]} {document.number}",
            campaign_id=document.campaign_id,
        )
    )
