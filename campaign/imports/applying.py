"""Apply a workbook that was looked at: everything that it says, or nothing."""

import hashlib
from collections.abc import Callable, Sequence

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.errors import Conflict, Invalid, Mistake, NotFound
from campaign.imports.models import Upload, UploadState
from campaign.imports.preview import counts_of, read, told
from campaign.imports.storing import SheetCounts, store_book
from campaign.privacy import vault
from campaign.registry.storing import Counts


class UnknownUpload(NotFound):
    """No upload has this id."""

    code = "unknown-upload"


class UploadHasMistakes(Invalid):
    """The file has mistakes: nothing of it was applied. `where` is the cell, as in "Calon!E7"."""

    code = "upload-has-mistakes"


class UploadDamaged(Conflict):
    """The stored bytes are no longer those of which the preview told."""

    code = "upload-damaged"


class UploadUnderWay(Conflict):
    """A worker looks at the upload or applies it at this moment, or will."""

    code = "upload-under-way"


def apply_upload(actor: Actor, upload_id: int) -> Counts:
    """Store everything that an upload says, or nothing; a second time answers as the first."""
    require(actor, Permission.IMPORT)
    upload = locked(upload_id)
    if upload.applied_at is not None:
        return _total(counts_of(upload))
    if upload.state is not UploadState.READY:
        raise UploadUnderWay(upload_id=upload_id, state=upload.state.value)
    return _total(carry_out(actor, upload, lambda: None))


def locked(upload_id: int) -> Upload:
    """Return an upload that nobody else can change until this transaction ends."""
    upload = db.session.get(Upload, upload_id, with_for_update=True, populate_existing=True)
    if upload is None:
        raise UnknownUpload(upload_id=upload_id)
    return upload


def carry_out(actor: Actor, upload: Upload, lock: Callable[[], object]) -> Sequence[SheetCounts]:
    """Store what an upload says and write down that it was; `lock` is called between the two.

    A worker takes the upload's row only then: while it stores, others write into that row how far it is.
    """
    content = vault().fernet.decrypt(upload.content)
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        raise UploadDamaged(upload_id=upload.upload_id)
    book = read(upload.kind, content, upload.campaign_id)
    counts = store_book(actor, upload.kind, book, upload.campaign_id)
    if book.mistakes:
        raise UploadHasMistakes(tuple(Mistake(str(one.cell), one.code, dict(one.facts)) for one in book.mistakes))
    lock()
    upload.state, upload.claimed_until = UploadState.APPLIED, None
    upload.applied_at, upload.applied_by_id = clock.now(), actor.account_id
    upload.preview = told(book, counts)
    upload.rows_total = upload.rows_done = book.rows
    db.session.flush()
    total, subject = _total(counts), ("upload", upload.upload_id)
    audit.record(actor, "apply-upload", subject, kind=upload.kind.value, new=total.new, changed=total.changed)
    return counts


def _total(counts: Sequence[SheetCounts]) -> Counts:
    return Counts(
        new=sum(one.new for one in counts),
        changed=sum(one.changed for one in counts),
        unchanged=sum(one.unchanged for one in counts),
    )
