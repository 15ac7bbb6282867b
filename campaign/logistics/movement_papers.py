"""What the papers of other movements print: SBBM, BAST, transfer, return, write-off. One template, one context."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from campaign import i18n
from campaign.db import db
from campaign.documents import contexts, office, pdf
from campaign.documents.amounts import in_words
from campaign.documents.contexts import Foot, Signature
from campaign.documents.office import BLANK, Letterhead, Official, SignatoryRole
from campaign.documents.papers import PaperKind, Printing, UnknownPaper
from campaign.logistics import document_queries, queries
from campaign.logistics.arrival_models import ArrivalLine
from campaign.logistics.document_queries import Movement
from campaign.logistics.goods_rows import GoodsRow, goods_rows
from campaign.logistics.models import DocumentKind, StockPlace
from campaign.logistics.receipts import conditions_of
from campaign.registry import queries as registry

TEMPLATE = "movement.typ"


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """What came of one batch of a shipment."""

    no: str
    name: str
    batch: str
    sent: str
    received: str
    refused: str
    missing: str
    damaged: str
    note: str


@dataclass(frozen=True, slots=True)
class MovementPaper:
    """A paper about goods that moved."""

    letterhead: Letterhead
    foot: Foot
    signatures: tuple[Signature, ...]
    title: str
    number: str
    place_date: str
    opening: str
    about: tuple[tuple[str, str], ...]
    rows: tuple[GoodsRow, ...]
    total: str
    total_words: str
    differences: tuple[DifferenceRow, ...]
    closing: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one kind of movement says around its table."""

    document: DocumentKind
    title: str
    opening: str  # with the day
    about: Callable[[Movement], tuple[tuple[str, str], ...]]
    signatures: Callable[[Movement], tuple[Signature, ...]]
    closing: str


def prepare(kind: PaperKind, subject_id: int, base_url: str) -> Printing:
    """Read what the PDF of a movement shows; `base_url` is the site's address, for the QR code."""
    with i18n.with_locale("id"):
        shown = context(kind, subject_id, base_url)
        return partial(pdf.render, TEMPLATE, shown, document_queries.document(subject_id).document.recorded_at)


def context(kind: PaperKind, subject_id: int, base_url: str) -> MovementPaper:
    """Return what the paper of a movement shows."""
    movement, of_kind = document_queries.document(subject_id), KINDS[kind]
    written = movement.document
    if written.kind is not of_kind.document:
        raise UnknownPaper(subject_id=subject_id)
    letterhead, total = office.office(), sum(line.quantity * line.lot.unit_price for line in written.lines)
    day = i18n.day(written.occurred_on).replace(",", " tanggal", 1)
    return MovementPaper(
        letterhead=letterhead,
        foot=contexts.foot(written.recorded_at, 1, f"{base_url}/stock/documents/{subject_id}"),
        signatures=of_kind.signatures(movement),
        title=of_kind.title,
        number=written.number or "",
        place_date=contexts.place_and_date(letterhead, written.occurred_on),
        opening=of_kind.opening.format(day=day),
        about=of_kind.about(movement),
        rows=goods_rows(written.lines, conditions_of(subject_id)),
        total=i18n.number(total),
        total_words=in_words(total),
        differences=_differences(subject_id),
        closing=of_kind.closing,
    )


def _differences(subject_id: int) -> tuple[DifferenceRow, ...]:
    """Return every lot of a confirmed shipment when one of them differs from what was sent."""
    query = select(ArrivalLine).where(ArrivalLine.stock_document_id == subject_id).order_by(ArrivalLine.stock_lot_id)
    lines = db.session.scalars(query).all()
    if not any(line.refused + line.missing + line.damaged for line in lines):
        return ()
    lots = queries.lots_by_ids({line.stock_lot_id for line in lines})
    items = registry.items_by_ids({lot.item_id for lot in lots.values()})
    return tuple(
        DifferenceRow(
            str(number),
            items[lots[line.stock_lot_id].item_id].name,
            lots[line.stock_lot_id].number,
            sent=i18n.number(line.received + line.refused + line.missing + line.damaged),
            received=i18n.number(line.received),
            refused=i18n.number(line.refused),
            missing=i18n.number(line.missing),
            damaged=i18n.number(line.damaged),
            note=line.note,
        )
        for number, line in enumerate(lines, start=1)
    )


def _receipt(movement: Movement) -> tuple[tuple[str, str], ...]:
    return ("Diterima dari", movement.document.reason), ("Masuk ke", movement.to_place.name)


def _arrival(movement: Movement) -> tuple[tuple[str, str], ...]:
    sent = _shipment(movement)
    basis = "–"
    if sent is not None:
        basis = f"{sent.document.number}, tanggal {contexts.long_date(sent.document.occurred_on)}"
    sender = sent.from_place.name if sent else movement.from_place.name
    return (
        ("Diserahkan oleh", sender),
        ("Diterima oleh", movement.to_place.name),
        ("Berdasarkan SBBK no.", basis),
        ("Untuk", movement.document.reason or "Pelayanan KB"),
    )


def _shipment(movement: Movement) -> Movement | None:
    shipment_id = movement.document.shipment_id
    return document_queries.document(shipment_id) if shipment_id else None


def _two_ends(movement: Movement) -> tuple[tuple[str, str], ...]:
    reason = movement.document.reason
    return ("Dari", movement.from_place.name), ("Kepada", movement.to_place.name), ("Alasan", reason or "–")


def _write_off(movement: Movement) -> tuple[tuple[str, str], ...]:
    return ("Tempat barang", movement.from_place.name), ("Alasan", movement.document.reason or "–")


def _of(role: SignatoryRole, above: str) -> Signature:
    return contexts.signature(office.official(role), above)


def _pen(position: str, above: str) -> Signature:
    """Return room for somebody whose name the office does not keep."""
    return contexts.signature(Official(position, BLANK), above)


def _receipt_signatures(_movement: Movement) -> tuple[Signature, ...]:
    return _pen("", "Yang menyerahkan,"), _of(SignatoryRole.STOREKEEPER, "Yang menerima,"), _head()


def _head() -> Signature:
    return _of(SignatoryRole.HEAD, "Mengetahui,")


def _arrival_signatures(movement: Movement) -> tuple[Signature, ...]:
    sent = _shipment(movement)
    gives = _end(sent.from_place if sent else movement.from_place, "Yang menyerahkan,")
    return gives, _end(movement.to_place, "Yang menerima,")


def _end(place: StockPlace, above: str) -> Signature:
    """Return who signs for a place: the storekeeper for a warehouse, a pen for a facility."""
    return _pen(place.name, above) if place.facility_id else _of(SignatoryRole.STOREKEEPER, above)


def _both_signatures(movement: Movement) -> tuple[Signature, ...]:
    return _end(movement.from_place, "Yang menyerahkan,"), _end(movement.to_place, "Yang menerima,"), _head()


def _write_off_signatures(movement: Movement) -> tuple[Signature, ...]:
    return (
        _end(movement.from_place, "Yang bertanggung jawab,"),
        _pen("", "Saksi,"),
        _of(SignatoryRole.HEAD, "Menyetujui,"),
    )


KINDS: dict[PaperKind, _Kind] = {
    PaperKind.SBBM: _Kind(
        DocumentKind.RECEIPT,
        "SURAT BUKTI BARANG MASUK",
        "Pada hari ini, {day}, telah diterima barang tersebut di bawah ini:",
        _receipt,
        _receipt_signatures,
        "Barang telah diperiksa jumlah, batch, masa pakai, dan keadaannya.",
    ),
    PaperKind.BAST: _Kind(
        DocumentKind.ARRIVAL,
        "BERITA ACARA SERAH TERIMA BARANG",
        "Pada hari ini, {day}, telah dilakukan serah terima barang tersebut di bawah ini:",
        _arrival,
        _arrival_signatures,
        "Berita acara ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya.",
    ),
    PaperKind.TRANSFER: _Kind(
        DocumentKind.TRANSFER,
        "BERITA ACARA PEMINDAHAN BARANG",
        "Pada hari ini, {day}, telah dipindahkan barang tersebut di bawah ini antarfasilitas:",
        _two_ends,
        _both_signatures,
        "Penerima mengonfirmasi jumlah yang sampai dengan berita acara serah terima tersendiri.",
    ),
    PaperKind.RETURN_NOTE: _Kind(
        DocumentKind.RETURN,
        "BERITA ACARA PENGEMBALIAN BARANG",
        "Pada hari ini, {day}, telah dikembalikan barang tersebut di bawah ini:",
        _two_ends,
        _both_signatures,
        "Barang yang dikembalikan masih baik dan dicatat kembali sebagai persediaan gudang.",
    ),
    PaperKind.WRITE_OFF: _Kind(
        DocumentKind.WRITE_OFF,
        "BERITA ACARA PENGHAPUSAN BARANG",
        "Pada hari ini, {day}, dihapus dari persediaan barang tersebut di bawah ini:",
        _write_off,
        _write_off_signatures,
        "Barang tersebut tidak lagi dipergunakan dan dikeluarkan dari kartu persediaan.",
    ),
}
BY_DOCUMENT = {of_kind.document: kind for kind, of_kind in KINDS.items()}
