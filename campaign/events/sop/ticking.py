"""Ticks and the files behind them. Pure: what may be kept, and what kind of file it is."""

import re
from enum import StrEnum
from pathlib import PurePath

from campaign.errors import Mistake

MAX_BYTES = 5_000_000
SHORTEST_NOTE, LONGEST_NOTE = 3, 500
LONGEST_WORK = 60 * 480  # minutes: sixty office days


class EventKind(StrEnum):
    """What happened to a step."""

    TICKED = "ticked"
    TAKEN_BACK = "taken_back"


# By the first bytes and the ending together: a browser's word for the type is not believed.
_KINDS = {
    ".pdf": (b"%PDF-", "application/pdf"),
    ".jpg": (b"\xff\xd8\xff", "image/jpeg"),
    ".jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    ".png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    ".docx": (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def media_type(name: str, content: bytes) -> str | None:
    """Return what kind of file it is; None when it is none that we keep."""
    start, kind = _KINDS.get(PurePath(name).suffix.lower(), (b"", None))
    return kind if content.startswith(start) else None


def plain_name(name: str) -> str:
    """Return a file's name without folders and signs that a header or a disk could stumble over."""
    bare = PurePath(name.replace("\\", "/"))
    stem = re.sub(r"[^\w .()-]+", "_", bare.stem).strip(" .")[:100] or "berkas"
    return stem + bare.suffix.lower()


def note_mistakes(where: str, note: str) -> list[Mistake]:
    """Return what is wrong with a note."""
    if SHORTEST_NOTE <= len(note.strip()) <= LONGEST_NOTE:
        return []
    return [Mistake(where, "note-length", {"min": SHORTEST_NOTE, "max": LONGEST_NOTE})]


def file_mistakes(name: str, content: bytes) -> list[Mistake]:
    """Return what is wrong with a file."""
    if len(content) > MAX_BYTES:
        return [Mistake("file", "step-file-too-large", {"max": MAX_BYTES // 1_000_000})]
    if not content or media_type(name, content) is None:
        return [Mistake("file", "step-file-kind")]
    return []
