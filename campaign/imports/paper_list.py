"""The workbook of a service day kept on paper: the session's people to fill in, and what was filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, time
from typing import Any

from campaign.attendance.paper.lines import Typed
from campaign.documents import xlsx
from campaign.imports.cells import AS_TEXT, Reader, choice, text
from campaign.imports.columns import CellMistake, Column, Sheet
from campaign.imports.workbook import read_book

SHEET = "Daftar hadir"
HEADINGS = {
    "code": "Kode",
    "name": "Nama",
    "arrived": "Datang",
    "verdict": "Boleh",
    "kind": "Hasil",
    "method": "Metode",
    "reason": "Alasan",
    "provider": "Petugas",
    "lot": "Batch",
    "consent": "Nomor persetujuan",
    "spouse": "Pasangan setuju",
    "ended": "Selesai",
}
_WIDTHS = {"name": 28, "reason": 26, "provider": 24, "method": 20}


@dataclass(frozen=True, slots=True)
class PaperBook:
    """The lines of a workbook and what could not be read in it."""

    lines: tuple[Typed, ...]
    mistakes: tuple[CellMistake, ...]


def template(people: Mapping[str, str], at: datetime, title: str, words: Mapping[str, Mapping[str, str]]) -> bytes:
    """Return the workbook of a session: a row for each (code, name), and the words that its columns understand."""
    columns = tuple(xlsx.Column(heading, _WIDTHS.get(name, 14)) for name, heading in HEADINGS.items())
    blanks = [""] * (len(HEADINGS) - 2)
    notes = [f"{HEADINGS[name]}: {', '.join(choices)}" for name, choices in words.items()]
    notes.append(
        "Jam ditulis seperti 9.05. Yang datang tanpa janji: kosongkan kode, isi nama. Persetujuan bernomor cetak: v"
    )
    sheet = xlsx.Sheet(SHEET, columns, [[code, name, *blanks] for code, name in people.items()])
    return xlsx.workbook((sheet, _words_sheet(notes)), at, title)


def _words_sheet(notes: list[str]) -> xlsx.Sheet:
    return xlsx.Sheet("Petunjuk", (xlsx.Column("Petunjuk", 120),), [[note] for note in notes])


def read(content: bytes, words: Mapping[str, Mapping[str, str]], known: frozenset[str]) -> PaperBook:
    """Return the lines of a workbook; the name beside a known code is only there to be read by people."""
    sheet = Sheet(SHEET, tuple(_column(name, heading, words) for name, heading in HEADINGS.items()), "")
    book = read_book(content, (sheet,))
    lines = []
    for line in book.of(sheet):
        values = {field.name: line[field.name] or "" for field in fields(Typed)}
        if values["code"] in known:
            values["name"] = ""
        lines.append(Typed(**values))
    return PaperBook(tuple(lines), tuple(book.mistakes))


def _column(name: str, heading: str, words: Mapping[str, Mapping[str, str]]) -> Column:
    reader = choice(words[name]) if name in words else _hour() if name in ("arrived", "ended") else text(120)
    return Column(name, heading, reader, "", is_required=False, default="")


def _hour() -> Reader:
    def read(value: Any) -> str:
        if isinstance(value, datetime | time):
            return f"{value:%H.%M}"
        if isinstance(value, float):  # 9.05 typed into a cell that takes it for a number
            return f"{value:.2f}"
        return str(value).strip()[:10]

    return Reader(read, AS_TEXT)
