"""The Word file of a letter: the same text and tables, for offices that go on editing it there."""

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

WIDTH, LANDSCAPE_WIDTH = 174.0, 261.0  # millimetres between the margins of A4
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def render(said: dict[str, Any]) -> bytes:
    """Return a letter as a .docx file; `said` is a LetterContents as plain values."""
    document = Document()
    _page(document)
    _letterhead(document, said["letterhead"])
    _head_of_decree(document, said) if said["is_decree"] else _head(document, said)
    for block in said["blocks"]:
        _block(document, block, is_decree=said["is_decree"])
    _signature(document, said)
    if said["copies"]:
        _paragraph(document, "Tembusan:", size=10).paragraph_format.space_before = Pt(12)
        _items(document, [f"{number}. {one}" for number, one in enumerate(said["copies"], start=1)], size=10)
    for number, table in enumerate(said["tables"], start=1):
        _enclosure(document, said, number, table)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _page(document: Any) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(11.5)
    style.paragraph_format.space_after = Pt(4)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin, section.bottom_margin = Mm(14), Mm(20)


def _paragraph(document: Any, text: str, *, size: float = 11.5, bold: bool = False, centre: bool = False) -> Paragraph:
    paragraph: Paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def _letterhead(document: Any, office: dict[str, str]) -> None:
    for text, size, bold in (
        (office["government"].upper(), 13.5, False),
        (office["name"].upper(), 12.5, True),
        (office["address"], 9, False),
    ):
        _paragraph(document, text, size=size, bold=bold, centre=True).paragraph_format.space_after = Pt(0)
    _rule_under(document.paragraphs[-1])


def _rule_under(paragraph: Paragraph) -> None:
    """Draw the double rule of a letterhead: python-docx has no call for borders of a paragraph."""
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "thickThinSmallGap"), ("sz", "24"), ("space", "4"), ("color", "111111")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)


def _head(document: Any, said: dict[str, Any]) -> None:
    place = _paragraph(document, said["place_date"])
    place.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    place.paragraph_format.space_before = Pt(8)
    names = ("Nomor", "number"), ("Sifat", "nature"), ("Lampiran", "enclosed"), ("Hal", "subject")
    _facts(document, [(label, said[name]) for label, name in names])
    _paragraph(document, "Yth.").paragraph_format.space_before = Pt(8)
    if not said["addressees"]:
        _paragraph(document, "(daftar terlampir)")
    for name, place_of in said["addressees"]:
        _paragraph(document, name)
        if place_of:
            _paragraph(document, f"di – {place_of}")


def _head_of_decree(document: Any, said: dict[str, Any]) -> None:
    position = said["signatures"][0]["heading"][0].rstrip(",").upper()
    lines = (f"KEPUTUSAN {position}", f"NOMOR {said['number']}", "TENTANG", said["subject"].upper(), f"{position},")
    for text in lines:
        _paragraph(document, text, bold=True, centre=True)


def _block(document: Any, block: dict[str, Any], *, is_decree: bool) -> None:
    kind, lines = block["kind"], block["lines"]
    if kind == "section":
        _paragraph(document, block["text"] if is_decree else block["text"].upper(), bold=True)
    elif kind == "facts":
        _facts(document, block["pairs"])
    elif kind == "paragraph":
        for line in lines:
            paragraph = _paragraph(document, line)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            paragraph.paragraph_format.first_line_indent = Mm(0 if is_decree else 10)
    else:
        _items(document, [f"{_mark(kind, index)}\t{line}" for index, line in enumerate(lines)])


def _mark(kind: str, index: int) -> str:
    return {"numbers": f"{index + 1}.", "letters": f"{_LETTERS[index % len(_LETTERS)]}."}.get(kind, "–")


def _items(document: Any, lines: Sequence[str], size: float = 11.5) -> None:
    for line in lines:
        paragraph = _paragraph(document, line, size=size)
        shape = paragraph.paragraph_format
        shape.left_indent, shape.first_line_indent, shape.space_after = Mm(8), Mm(-8), Pt(2)
        shape.tab_stops.add_tab_stop(Mm(8))


def _facts(document: Any, pairs: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=0, cols=3)
    for label, value in pairs:
        cells = table.add_row().cells
        for cell, text, width in zip(cells, (label, ":", value), (30, 4, WIDTH - 34), strict=True):
            cell.text, cell.width = text, Mm(width)
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)


def _signature(document: Any, said: dict[str, Any]) -> None:
    one = said["signatures"][0]
    lines = [*one["heading"], "", "", "", one["name"], one["rank"], f"NIP. {one['nip']}" if one["nip"] else ""]
    if said["is_decree"]:
        lines = [f"Ditetapkan di {said['letterhead']['town']}", f"pada tanggal {said['on']}", *lines]
    for line in (text for index, text in enumerate(lines) if text or index < len(lines) - 2):
        paragraph = _paragraph(document, line, bold=line == one["name"])
        shape = paragraph.paragraph_format
        shape.left_indent, shape.space_after, shape.keep_with_next = Mm(WIDTH / 2), Pt(0), True


def _enclosure(document: Any, said: dict[str, Any], number: int, table: dict[str, Any]) -> None:
    section = document.add_section()
    is_wide = table["landscape"]
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if is_wide else (Mm(210), Mm(297))
    count = f" {number}" if len(said["tables"]) > 1 else ""
    _paragraph(document, f"Lampiran{count} surat nomor {said['number']} tanggal {said['on']}", size=9.5)
    _paragraph(document, table["title"], bold=True, centre=True)
    if not table["rows"]:
        _paragraph(document, table["empty"])
        return
    drawn: Any = document.add_table(rows=1, cols=len(table["header"]))
    drawn.style, drawn.autofit = document.styles["Table Grid"], False
    _row(drawn.rows[0], table["header"], table, is_head=True)
    for texts in [*table["rows"], *([table["total"]] if table["total"] else [])]:
        _row(drawn.add_row(), texts, table)


def _row(row: Any, texts: Sequence[str], table: dict[str, Any], *, is_head: bool = False) -> None:
    width, whole = LANDSCAPE_WIDTH if table["landscape"] else WIDTH, sum(table["widths"])
    for column, (cell, text, share) in enumerate(zip(row.cells, texts, table["widths"], strict=True)):
        cell.width = Mm(width * share / whole)
        paragraph = cell.paragraphs[0]
        run = paragraph.add_run(text)
        run.font.size, run.bold = Pt(9), is_head
        paragraph.paragraph_format.space_after = Pt(0)
        if is_head:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif column in table["right"]:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if is_head:
        mark = OxmlElement("w:tblHeader")  # repeats on every page
        row._tr.get_or_add_trPr().append(mark)  # python-docx has no call for it
