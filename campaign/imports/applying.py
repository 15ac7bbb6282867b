"""Look at a workbook, keep it, and apply it: the preview runs the same use-cases and undoes them."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.errors import Conflict, Invalid, Mistake, NotFound
from campaign.imports.areas_csv import read_areas
from campaign.imports.columns import Book, Cell, CellMistake, Step
from campaign.imports.kinds import WORKBOOKS
from campaign.imports.models import Upload, WorkbookKind
from campaign.imports.workbook import FileRefused, read_book, require_size
from campaign.privacy import vault
from campaign.registry.storing import Counts
from campaign.transaction import savepoint


class UnknownUpload(NotFound):
    """No upload has this id."""

    code = "unknown-upload"


class UploadHasMistakes(Invalid):
    """The file has mistakes: nothing of it was applied. `where` is the cell, as in "Calon!E7"."""

    code = "upload-has-mistakes"


class UploadDamaged(Conflict):
    """The stored bytes are no longer those of which the preview told."""

    code = "upload-damaged"


@dataclass(frozen=True, slots=True)
class SheetCounts:
    """What applying does, or did, with the rows of a sheet."""

    sheet: str
    new: int
    changed: int
    unchanged: int


class _Undone(Exception):
    """Ends a preview: everything that it stored is taken back."""


def preview_workbook(
    actor: Actor, kind: WorkbookKind, file_name: str, content: bytes, campaign_id: int | None = None
) -> Upload:
    """Keep a file with what applying it would do and everything that is wrong with it; nothing else changes.

    Raises FileRefused when it is not a workbook of ours at all.
    """
    require(actor, Permission.IMPORT)
    book = _read(kind, content, campaign_id)
    counts: list[SheetCounts] = []
    try:
        with savepoint():
            counts = store_book(actor, kind, book, campaign_id)
            raise _Undone
    except _Undone:
        pass
    upload = Upload(
        kind=kind,
        campaign_id=campaign_id,
        file_name=file_name.replace("\\", "/").rpartition("/")[2][-160:] or kind.value,
        sha256=hashlib.sha256(content).hexdigest(),
        content=vault().fernet.encrypt(content),
        preview=_told(book, counts),
        uploaded_at=clock.now(),
        uploaded_by_id=actor.account_id,
    )
    db.session.add(upload)
    db.session.flush()
    audit.record(
        actor, "preview-upload", ("upload", upload.upload_id), kind=kind.value, mistakes=len(upload.preview["mistakes"])
    )
    return upload


def apply_upload(actor: Actor, upload_id: int) -> tuple[SheetCounts, ...]:
    """Store everything that an upload says, or nothing; a second time answers as the first."""
    require(actor, Permission.IMPORT)
    upload = db.session.scalar(select(Upload).where(Upload.upload_id == upload_id).with_for_update())
    if upload is None:
        raise UnknownUpload(upload_id=upload_id)
    if upload.applied_at is not None:
        return counts_of(upload)
    content = vault().fernet.decrypt(upload.content)
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        raise UploadDamaged(upload_id=upload_id)
    book = _read(upload.kind, content, upload.campaign_id)
    counts = store_book(actor, upload.kind, book, upload.campaign_id)
    if book.mistakes:
        raise UploadHasMistakes(tuple(Mistake(str(one.cell), one.code, dict(one.facts)) for one in book.mistakes))
    upload.applied_at, upload.applied_by_id = clock.now(), actor.account_id
    upload.preview = _told(book, counts)
    db.session.flush()
    audit.record(
        actor,
        "apply-upload",
        ("upload", upload_id),
        kind=upload.kind.value,
        new=sum(one.new for one in counts),
        changed=sum(one.changed for one in counts),
    )
    return tuple(counts)


def _read(kind: WorkbookKind, content: bytes, campaign_id: int | None) -> Book:
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


def store_book(actor: Actor, kind: WorkbookKind, book: Book, campaign_id: int | None) -> list[SheetCounts]:
    """Store the rows that can be stored, and note in the book what is wrong with the others."""
    return [
        SheetCounts(step.sheet, **asdict(_store(actor, book, step)))
        for step in WORKBOOKS[kind].steps(book, campaign_id)
    ]


def _store(actor: Actor, book: Book, step: Step) -> Counts:
    """Store a step without the rows that its use-case refuses, so that the counts of the others are known too."""
    drafts = list(step.drafts)
    while True:
        try:
            with savepoint():
                return step.store(actor, [draft.value for draft in drafts])
        except Invalid as error:
            wrong = set()
            for mistake in error.mistakes:
                position, _, where = mistake.where.partition(".")
                book.wrong(drafts[int(position)].cell(where), mistake.code, **mistake.facts)
                wrong.add(int(position))
            if not wrong:
                raise
            drafts = [draft for position, draft in enumerate(drafts) if position not in wrong]


def _told(book: Book, counts: Sequence[SheetCounts]) -> dict[str, object]:
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
