"""What SPMB and SBBK print: frozen contexts from a document, and the PDF of each."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from campaign import i18n
from campaign.accounts.policy import Actor, Permission, reach, require
from campaign.documents import contexts, office, pdf
from campaign.documents.amounts import in_words
from campaign.documents.contexts import Foot, Signature
from campaign.documents.office import BLANK, Letterhead, Official, SignatoryRole
from campaign.documents.papers import Paper, PaperKind, Printing, UnknownPaper, paper, paper_for_download
from campaign.logistics import document_queries, movement_papers
from campaign.logistics.document_queries import Movement
from campaign.logistics.goods_rows import GoodsRow, goods_rows
from campaign.registry import queries as registry

TEMPLATES = {PaperKind.SPMB: "spmb.typ", PaperKind.SBBK: "sbbk.typ"}
OF_DOCUMENTS = frozenset(TEMPLATES) | frozenset(movement_papers.KINDS)


@dataclass(frozen=True, slots=True)
class GoodsPaper:
    """An SPMB or SBBK."""

    letterhead: Letterhead
    foot: Foot
    signatures: tuple[Signature, ...]
    number: str
    place_date: str
    day: str  # "Senin tanggal 14 Juni 2027"
    storekeeper: str
    warehouse: str
    receiver: str
    address: str
    purpose: str
    basis: str  # the number of the SPMB on an SBBK
    deliver_on: str
    rows: tuple[GoodsRow, ...]
    total: str
    total_words: str


def prepare(kind: PaperKind, subject_id: int, base_url: str) -> Printing:
    """Read what the PDF of a stock document shows; `base_url` is the site's address, for the QR code."""
    with i18n.with_locale("id"):
        return partial(pdf.render, TEMPLATES[kind], context(kind, subject_id, base_url), _recorded_at(subject_id))


def download_paper(actor: Actor, paper_id: int) -> Paper:
    """Return a printed paper to whoever may see a place that it names; written down in the audit trail."""
    require(actor, Permission.SEE_DOCUMENTS)
    found = paper(paper_id)
    if found.kind not in OF_DOCUMENTS:
        raise UnknownPaper(paper_id=paper_id)
    document_queries.document_within(reach(actor, Permission.SEE_STOCK), found.subject_id)
    return paper_for_download(actor, paper_id)


def _recorded_at(subject_id: int) -> datetime:
    return document_queries.document(subject_id).document.recorded_at


def _address(base_url: str, kind: PaperKind, subject_id: int) -> str:
    """Return where the QR code leads: from an SBBK, to where the facility confirms what came."""
    return f"{base_url}/stock/{'arrivals' if kind is PaperKind.SBBK else 'documents'}/{subject_id}"


def context(kind: PaperKind, subject_id: int, base_url: str) -> GoodsPaper:
    """Return what the paper of a document shows."""
    movement = document_queries.document(subject_id)
    written = movement.document
    letterhead, total = office.office(), sum(line.quantity * line.lot.unit_price for line in written.lines)
    facility = registry.facility(movement.to_place.facility_id or 0)
    return GoodsPaper(
        letterhead=letterhead,
        foot=contexts.foot(written.recorded_at, 1, _address(base_url, kind, subject_id)),
        signatures=_signatures(kind, movement),
        number=written.number or "",
        place_date=contexts.place_and_date(letterhead, written.occurred_on),
        day=i18n.day(written.occurred_on).replace(",", " tanggal", 1),
        storekeeper=office.official(SignatoryRole.STOREKEEPER).position,
        warehouse=movement.from_place.name,
        receiver=facility.name,
        address=facility.address,
        purpose=written.reason or "Pelayanan KB",
        basis=_basis(written.ordered_by_id),
        deliver_on=_deliver_on(subject_id, written.occurred_on),
        rows=goods_rows(written.lines, {}),
        total=i18n.number(total),
        total_words=in_words(total),
    )


def _basis(ordered_by_id: int | None) -> str:
    if ordered_by_id is None:
        return "–"
    order = document_queries.document(ordered_by_id).document
    return f"{order.number}, tanggal {contexts.long_date(order.occurred_on)}"


def _deliver_on(subject_id: int, otherwise: date) -> str:
    return i18n.day(document_queries.deliver_on(subject_id) or otherwise)


def _signatures(kind: PaperKind, movement: Movement) -> tuple[Signature, ...]:
    """SPMB: receiver, storekeeper, head of the office; SBBK: receiver and storekeeper."""
    receiver = contexts.signature(Official(movement.to_place.name, BLANK), "Yang menerima,")
    storekeeper = office.official(SignatoryRole.STOREKEEPER)
    if kind is PaperKind.SBBK:
        return receiver, contexts.signature(storekeeper, "Yang mengeluarkan,")
    return receiver, contexts.signature(storekeeper), contexts.signature(office.official(SignatoryRole.HEAD))
