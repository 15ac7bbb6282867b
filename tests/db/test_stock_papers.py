"""What SPMB and SBBK print, and how papers are kept."""

import io
import os
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from campaign.accounts.policy import SYSTEM
from campaign.documents.papers import (
    PaperFormat,
    PaperKind,
    PaperNotReady,
    PaperRequest,
    ask_paper,
    fail_paper,
    paper_for_download,
    papers_of,
    store_paper,
)
from campaign.logistics import papers, services
from campaign.logistics.ledger import Line
from campaign.logistics.models import StockDocument
from campaign.logistics.services import StockIssue
from tests.builders.logistics import GOOD, TODAY, Depot, item_order, key, make_depot, make_office, make_stock
from tests.builders.registry import make_item

pytestmark = pytest.mark.usefixtures("open_transaction")

SITE = "https://serempak.invalid"


def _order(depot: Depot, **changes: object) -> StockDocument:
    make_office()
    make_stock(depot.warehouse, depot.city.iud.item_id, 10, number="BATCH-A", expires_on=date(2028, 1, 31))
    make_stock(depot.warehouse, depot.city.iud.item_id, 10, number="BATCH-B", unit_price=1_250_000)
    return services.order_items(SYSTEM, item_order(depot, 12, **changes))


def _text(pdf: bytes) -> str:
    _keep(pdf)
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def _keep(pdf: bytes) -> None:
    """Keep the file for looking at, where whoever runs the tests asks for it."""
    if folder := os.environ.get("KEEP_PAPERS"):
        name = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition("::")[2].partition(" ")[0]
        (Path(folder) / f"{name}.pdf").write_bytes(pdf)


def test_why_a_later_lot_goes_stands_on_the_order_and_on_what_leaves_by_it() -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 10, number="AWAL", expires_on=date(2028, 1, 31))
    late = make_stock(depot.warehouse, depot.city.iud.item_id, 10, number="AKHIR")
    chosen = Line(late.stock_lot_id, 2, "titipan provinsi")
    order = services.order_items(SYSTEM, item_order(depot, 2, items=(), lots=(chosen,)))
    sbbk = services.issue_stock(SYSTEM, StockIssue(key(), order.stock_document_id, TODAY))
    for kind, document in ((PaperKind.SPMB, order), (PaperKind.SBBK, sbbk)):
        assert "titipan provinsi" in _text(papers.prepare(kind, document.stock_document_id, SITE)())


def test_spmb_lists_one_row_a_batch_with_its_money_in_figures_and_words() -> None:
    order = _order(make_depot())
    text = _text(papers.prepare(PaperKind.SPMB, order.stock_document_id, SITE)())
    assert "SURAT PERINTAH MENGELUARKAN BARANG" in text
    assert "Nomor: 001/SPMB/P2KB/2027" in text
    assert "Pekalongan, 1 Juni 2027" in text
    assert "BATCH-A" in text
    assert "31-01-2028" in text
    # 10 x 15.000 + 2 x 1.250.000
    assert "2.650.000" in text
    assert "terbilang dua juta enam ratus lima puluh ribu rupiah" in text
    assert "Plt. Kepala Dinas" in text
    assert "NIP. 000000000000000001" in text


def test_sbbk_names_the_order_it_rests_on() -> None:
    order = _order(make_depot(), number="476/12-Bid.KB/2027")
    issue = services.issue_stock(SYSTEM, services.StockIssue(key(), order.stock_document_id, TODAY))
    text = _text(papers.prepare(PaperKind.SBBK, issue.stock_document_id, SITE)())
    assert "SURAT BUKTI BARANG KELUAR" in text
    assert "476/12-Bid.KB/2027, tanggal 1 Juni 2027" in text
    assert "Selasa tanggal 1 Juni 2027" in text


def test_a_long_paper_repeats_its_header_and_counts_its_pages() -> None:
    depot = make_depot()
    make_office()
    items = []
    for number in range(40):
        item = make_item(f"long_{number}")
        item.name = f"Implan 2 batang levonorgestrel 75 mg dengan trokar sekali pakai, kemasan steril nomor {number}"
        make_stock(depot.warehouse, item.item_id, 99_999, unit_price=987_654)
        items.append((item.item_id, 99_999))
    order = services.order_items(SYSTEM, item_order(depot, 1, items=tuple(items)))
    pdf = papers.prepare(PaperKind.SPMB, order.stock_document_id, SITE)()
    _keep(pdf)
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) >= 3
    assert all("Nomor Batch" in page.extract_text() for page in pages[:-1])
    assert f"Halaman {len(pages)} dari {len(pages)}" in " ".join(pages[-1].extract_text().split())


def test_an_office_without_letterhead_leaves_room_for_a_pen() -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 10, expires_on=GOOD)
    order = services.order_items(SYSTEM, item_order(depot, 2))
    assert "Kepala Dinas" in _text(papers.prepare(PaperKind.SPMB, order.stock_document_id, SITE)())


def test_the_same_document_gives_the_same_bytes() -> None:
    order = _order(make_depot())
    first = papers.prepare(PaperKind.SPMB, order.stock_document_id, SITE)()
    assert papers.prepare(PaperKind.SPMB, order.stock_document_id, SITE)() == first


def test_a_stored_paper_stays_as_it_was_first_stored() -> None:
    order = _order(make_depot())
    (paper,) = papers_of(PaperKind.SPMB, order.stock_document_id)
    with pytest.raises(PaperNotReady):
        paper_for_download(SYSTEM, paper.paper_id)
    store_paper(paper.paper_id, b"first")
    store_paper(paper.paper_id, b"second")
    assert paper_for_download(SYSTEM, paper.paper_id).content == b"first"


def test_asking_again_for_a_paper_that_cannot_change_gives_the_same_one() -> None:
    order = _order(make_depot())
    request = PaperRequest(PaperKind.SPMB, PaperFormat.PDF, order.stock_document_id, "SPMB")
    (paper,) = papers_of(PaperKind.SPMB, order.stock_document_id)
    store_paper(paper.paper_id, b"%PDF")
    assert ask_paper(request).paper_id == paper.paper_id


def test_a_report_gets_a_new_version_each_time_it_is_asked_for_and_ready() -> None:
    request = PaperRequest(PaperKind.CAMPAIGN_REPORT, PaperFormat.XLSX, 7, "Laporan")
    first = ask_paper(request)
    assert ask_paper(request).paper_id == first.paper_id
    store_paper(first.paper_id, b"PK")
    assert ask_paper(request).version == 2


def test_a_failed_paper_is_tried_again_when_asked_again() -> None:
    request = PaperRequest(PaperKind.CAMPAIGN_REPORT, PaperFormat.PDF, 7, "Laporan")
    paper_id = ask_paper(request).paper_id
    fail_paper(paper_id)
    assert (ask_paper(request).paper_id, ask_paper(request).state.value) == (paper_id, "waiting")
