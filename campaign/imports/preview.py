"""Look at a workbook before anything changes: the preview runs the same use-cases as the apply, and undoes them."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.imports.areas_csv import read_areas
from campaign.imports.columns import Book, Cell, CellMistake
from campaign.imports.kinds import WORKBOOKS
from campaign.imports.models import Upload, UploadState, WorkbookKind
from campaign.imports.storing import SheetCounts, store_book
from campaign.imports.workbook import FileRefused, read_book, require_size
from campaign.privacy import vault
from campaign.transaction import savepoint


class _Undone(Exception):
    """Ends a preview: everything that it stored is taken back."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as somebody sent it."""

    kind: WorkbookKind
    name: str
    content: bytes
    campaign_id: int | None = None  # of a list of candidates


def preview_workbook(
    actor: Actor, kind: WorkbookKind, file_name: str, content: bytes, campaign_id: int | None = None
) -> Upload:
    """Keep a file with what applying it would do and everything that is wrong with it; nothing else changes.

    Raises FileRefused when it is not a workbook of ours at all.
    """
    require(actor, Permission.IMPORT)
    book, counts = look(actor, kind, content, campaign_id)
    upload = keep_file(actor, SentFile(kind, file_name, content, campaign_id), UploadState.READY)
    write_preview(actor, upload, book, counts)
    return upload


def look(
    actor: Actor, kind: WorkbookKind, content: bytes, campaign_id: int | None
) -> tuple[Book, Sequence[SheetCounts]]:
    """Return what a file says and what applying it would do; everything that this stored is taken back."""
    book = read(kind, content, campaign_id)
    counts: list[SheetCounts] = []
    try:
        with savepoint():
            counts = store_book(actor, kind, book, campaign_id)
            raise _Undone
    except _Undone:
        pass
    return book, counts


def keep_file(actor: Actor, file: SentFile, state: UploadState) -> Upload:
    """Store the bytes of a file, sealed."""
    upload = Upload(
        kind=file.kind,
        campaign_id=file.campaign_id,
        file_name=file.name.replace("\\", "/").rpartition("/")[2][-160:] or file.kind.value,
        sha256=hashlib.sha256(file.content).hexdigest(),
        content=vault().fernet.encrypt(file.content),
        preview=told(Book(), ()),
        uploaded_at=clock.now(),
        uploaded_by_id=actor.account_id,
        state=state,
        asked_at=clock.now(),
        asked_by_id=actor.account_id,
        attempt=0,
        tries=0,
        rows_done=0,
    )
    db.session.add(upload)
    db.session.flush()
    return upload


def write_preview(actor: Actor, upload: Upload, book: Book, counts: Sequence[SheetCounts]) -> None:
    """Write down what looking at an upload told."""
    upload.preview = told(book, counts)
    upload.state, upload.claimed_until = UploadState.READY, None
    upload.rows_total = upload.rows_done = book.rows
    db.session.flush()
    subject = ("upload", upload.upload_id)
    audit.record(actor, "preview-upload", subject, kind=upload.kind.value, mistakes=len(book.mistakes))


def read(kind: WorkbookKind, content: bytes, campaign_id: int | None) -> Book:
    """Read the bytes of a workbook of this kind; raises FileRefused when they are none."""
    if kind is WorkbookKind.CANDIDATES and campaign_id is None:
        raise FileRefused("campaign-missing")
    require_size(len(content))
    if kind is WorkbookKind.AREAS and not content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        book = read_areas(content)
    else:
        book = read_book(content, WORKBOOKS[kind].sheets)
    first = WORKBOOKS[kind].sheets[0]
    if not book.mistakes and not any(book.lines.values()):
        book.wrong(Cell(first.name, 2, "A"), "no-rows")
    return book


def told(book: Book, counts: Sequence[SheetCounts]) -> dict[str, object]:
    """Return what a preview keeps: counts, and mistakes by cell and code; never what a cell holds."""
    return {
        "sheets": [asdict(one) for one in counts],
        "mistakes": [_row(one) for one in _in_order(book.mistakes)],
        "warnings": [_row(one) for one in _in_order(book.warnings)],
    }


def _in_order(found: Sequence[CellMistake]) -> list[CellMistake]:
    sheets = list(dict.fromkeys(one.cell.sheet for one in found))
    return sorted(
        found, key=lambda one: (sheets.index(one.cell.sheet), one.cell.row, len(one.cell.column), one.cell.column)
    )


def _row(one: CellMistake) -> dict[str, object]:
    cell = one.cell
    return {"sheet": cell.sheet, "row": cell.row, "column": cell.column, "code": one.code, "facts": dict(one.facts)}


def counts_of(upload: Upload) -> tuple[SheetCounts, ...]:
    """Return what applying an upload does, or did."""
    return tuple(SheetCounts(**one) for one in upload.preview["sheets"])
