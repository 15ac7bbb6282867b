"""Write a workbook of one of our kinds: instructions, headings, formats, drop-downs, an example row, and rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from openpyxl import Workbook as File
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from campaign.imports.cells import AS_TEXT, DATE_FORMAT
from campaign.imports.columns import EXAMPLE_MARK, Column, Sheet, Workbook

INSTRUCTIONS, LISTS = "Petunjuk", "Daftar"
_HEAD = PatternFill("solid", fgColor="1F4E79")
_EXAMPLE = PatternFill("solid", fgColor="EEEEEE")
_ROWS = 5000  # rows that get drop-downs


@dataclass(frozen=True, slots=True)
class Content:
    """What to write into a workbook."""

    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)  # sheet title -> rows by field
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)  # drop-down lists by name
    has_example: bool = True


def write(workbook: Workbook, content: Content) -> bytes:
    """Return an XLSX file of the workbook's kind."""
    file = File()
    _instructions(file.active, workbook)  # a new file has an active sheet
    ranges = {name: _range(index, values) for index, (name, values) in enumerate(content.lists.items(), start=1)}
    for sheet in workbook.sheets:
        for title in _titles(sheet, content.rows):
            _sheet(file.create_sheet(title), sheet, content, ranges)
            _fill(file[title], sheet, content.rows.get(title, ()), 3 if content.has_example else 2)
    if content.lists:
        _lists(file.create_sheet(LISTS), content.lists)
    stream = BytesIO()
    file.save(stream)
    return stream.getvalue()


def _titles(sheet: Sheet, titles: Iterable[str]) -> list[str]:
    if not sheet.is_repeatable:
        return [sheet.name]
    return [title for title in titles if title.startswith(sheet.name)] or [sheet.name]


def _sheet(page: Worksheet, sheet: Sheet, content: Content, ranges: Mapping[str, str]) -> None:
    for number, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(number)
        head = page.cell(1, number, column.heading + (" *" if column.is_required else ""))
        head.font, head.fill = Font(bold=True, color="FFFFFF"), _HEAD
        head.alignment = Alignment(wrap_text=True, vertical="center")
        dimension = page.column_dimensions[letter]
        dimension.width = max(12, len(column.heading) + 4, len(str(column.example)) + 2)
        dimension.number_format = column.reader.number_format
        _drop_down(page, column, letter, ranges)
    page.freeze_panes = "B2"
    if content.has_example:
        _example(page, sheet)


def _drop_down(page: Worksheet, column: Column, letter: str, ranges: Mapping[str, str]) -> None:
    if column.reader.choices:
        formula = '"' + ",".join(column.reader.choices) + '"'
    elif column.list_name in ranges:
        formula = ranges[column.list_name]
    else:
        return
    rule = DataValidation("list", formula1=formula, allow_blank=not column.is_required)
    rule.errorTitle, rule.error = "Pilih dari daftar", "Pilih salah satu dari daftar."
    page.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{_ROWS}")


def _example(page: Worksheet, sheet: Sheet) -> None:
    for number, column in enumerate(sheet.columns, start=1):
        mark = f"{EXAMPLE_MARK} {column.example}" if number == 1 else column.example
        cell = page.cell(2, number, mark)
        cell.font, cell.fill = Font(italic=True, color="777777"), _EXAMPLE
        if column.reader.number_format == AS_TEXT:
            cell.number_format = AS_TEXT


def _fill(page: Worksheet, sheet: Sheet, rows: Sequence[Mapping[str, Any]], first: int) -> None:
    for offset, row in enumerate(rows):
        for number, column in enumerate(sheet.columns, start=1):
            value = row.get(column.field)
            if value is None:
                continue
            cell = page.cell(first + offset, number)
            cell.number_format = column.reader.number_format
            cell.value = value
            if column.reader.number_format == AS_TEXT:
                cell.value, cell.data_type = str(value), "s"  # text that starts with = is no formula


def _instructions(page: Worksheet, workbook: Workbook) -> None:
    page.title = INSTRUCTIONS
    page.append([workbook.title])
    page["A1"].font = Font(bold=True, size=14)
    common = (
        f"Baris yang diawali {EXAMPLE_MARK} hanya contoh: tidak dibaca, boleh dihapus.",
        "Kolom bertanda * wajib diisi. Urutan kolom bebas; judul kolom jangan diubah.",
        "Isi nilai saja, tanpa rumus. Tanggal diisi sebagai tanggal, bukan teks.",
        "Mengimpor berkas yang sama dua kali tidak menggandakan apa pun.",
    )
    for line in (*workbook.intro, *common):
        page.append([line])
    page.append([])
    page.append(["Lembar", "Kolom", "Wajib", "Pilihan", "Catatan"])
    for cell in page[page.max_row]:
        cell.font = Font(bold=True)
    for sheet in workbook.sheets:
        page.append([sheet.name, "", "", "", sheet.note])
        for column in sheet.columns:
            need = "ya" if column.is_required else ""
            shape = "tahun-bulan-hari" if column.reader.number_format == DATE_FORMAT else ""
            page.append(["", column.heading, need, ", ".join(column.reader.choices) or shape, column.note])
    for letter, width in zip("ABCDE", (16, 28, 8, 40, 80), strict=True):
        page.column_dimensions[letter].width = width


def _range(index: int, values: Sequence[str]) -> str:
    letter = get_column_letter(index)
    return f"{LISTS}!${letter}$2:${letter}${max(len(values), 1) + 1}"


def _lists(page: Worksheet, lists: Mapping[str, Sequence[str]]) -> None:
    for number, (name, values) in enumerate(lists.items(), start=1):
        page.cell(1, number, name)
        for row, value in enumerate(values, start=2):
            cell = page.cell(row, number)
            cell.number_format = AS_TEXT
            cell.value, cell.data_type = value, "s"
    page.sheet_state = "hidden"
