"""A scan, a photo or a file that somebody keeps with a record. Pure: what may be kept, and what kind of file it is."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import PurePath

from campaign.errors import Mistake

MAX_BYTES = 5_000_000

# By the first bytes and the ending together: a browser's word for the type is not believed.
_KINDS = {
    ".pdf": (b"%PDF-", "application/pdf"),
    ".jpg": (b"\xff\xd8\xff", "image/jpeg"),
    ".jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    ".png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    ".docx": (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
ACCEPTED = ",".join(_KINDS)  # for the file field of a form


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that may be kept."""

    name: str  # without folders, and without signs that a header or a disk could stumble over
    media_type: str
    sha256: str
    content: bytes


def check_file(name: str, content: bytes, where: str = "file") -> tuple[Attachment | None, tuple[Mistake, ...]]:
    """Return a file as it is kept, or what is wrong with it at the field `where`."""
    if len(content) > MAX_BYTES:
        return None, (Mistake(where, "attachment-too-large", {"max": MAX_BYTES // 1_000_000}),)
    kind = _media_type(name, content)
    if kind is None:
        return None, (Mistake(where, "attachment-kind"),)
    return Attachment(_plain_name(name), kind, hashlib.sha256(content).hexdigest(), content), ()


def _media_type(name: str, content: bytes) -> str | None:
    start, kind = _KINDS.get(PurePath(name).suffix.lower(), (b"", None))
    return kind if content.startswith(start) else None


def _plain_name(name: str) -> str:
    bare = PurePath(name.replace("\\", "/"))
    stem = re.sub(r"[^\w .()-]+", "_", bare.stem).strip(" .")[:100] or "berkas"
    return stem + bare.suffix.lower()
