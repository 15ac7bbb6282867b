"""Workbooks out: typed cells, a frozen header, and no formula however a text begins."""

import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from campaign.documents.xlsx import CellKind, Column, Sheet, workbook

AT = datetime(2027, 6, 1, 5, 0, tzinfo=UTC)
COLUMNS = (Column("Barang", 30), Column("Jumlah", 12, CellKind.NUMBER), Column("Kedaluwarsa", 14, CellKind.DATE))


def _page(*rows: tuple[object, ...], **more: object) -> Worksheet:
    sheet = Sheet("Stok/gudang: semua", COLUMNS, rows, **more)  # type: ignore[arg-type]
    return load_workbook(io.BytesIO(workbook((sheet,), AT, title="Persediaan"))).worksheets[0]


@pytest.mark.parametrize("text", ["=1+1", "+62811", "-5", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
def test_a_text_that_looks_like_a_formula_stays_a_text(text: str) -> None:
    cell = _page((text, 1, None))["A3"]
    assert (cell.data_type, cell.value) == ("s", text)


def test_numbers_and_dates_keep_their_type() -> None:
    page = _page(("IUD", 1200, date(2029, 1, 31)))
    assert page["B3"].value == 1200
    assert page["B3"].number_format == "#,##0"
    assert page["C3"].value == datetime(2029, 1, 31)  # noqa: DTZ001 - openpyxl reads a date as midnight
    assert page["C3"].is_date


def test_the_header_is_frozen_and_filtered_and_the_total_is_outside_the_filter() -> None:
    page = _page(("IUD", 1, None), ("Pil", 2, None), total=("Jumlah", 3, None))
    assert page.freeze_panes == "A3"
    assert page.auto_filter.ref == "A2:C4"
    assert page["A5"].font.bold
    assert page.column_dimensions["A"].width == 30


def test_what_xml_cannot_hold_is_left_out() -> None:
    assert _page(("a\x07b", 1, None))["A3"].value == "ab"


def test_a_sheet_name_fits_the_format() -> None:
    assert _page().title == "Stok gudang  semua"
