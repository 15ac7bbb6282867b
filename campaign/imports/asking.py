"""A file comes in, and somebody asks for it to be applied: small ones at once, others by a worker, rows first."""

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.errors import Conflict
from campaign.imports.applying import UploadUnderWay, apply_upload, locked
from campaign.imports.models import Upload, UploadState, WorkbookKind
from campaign.imports.preview import SentFile, keep_file, preview_workbook
from campaign.imports.workbook import FileRefused, is_small, require_size, require_workbook
from campaign.jobs import JobName, enqueue

FEW_ROWS = 300  # are applied while the sender waits


class UploadNotFailed(Conflict):
    """Only what failed is tried again."""

    code = "upload-not-failed"


def send_workbook(actor: Actor, file: SentFile) -> Upload:
    """Take a file; a small one comes back looked at, of a larger one a worker tells when it has."""
    if is_small(file.content):
        return preview_workbook(actor, file.kind, file.name, file.content, file.campaign_id)
    require(actor, Permission.IMPORT)
    if file.kind is WorkbookKind.CANDIDATES and file.campaign_id is None:
        raise FileRefused("campaign-missing")
    require_size(len(file.content))
    if file.kind is not WorkbookKind.AREAS or file.content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        require_workbook(file.content)
    upload = keep_file(actor, file, UploadState.WAITING)
    audit.record(actor, "send-upload", ("upload", upload.upload_id), kind=file.kind.value)
    enqueue(JobName.WORK_ON_UPLOAD, upload_id=upload.upload_id)
    return upload


def ask_apply(actor: Actor, upload_id: int) -> Upload:
    """Apply an upload of few rows, or have a worker apply it; asked twice it is done once."""
    require(actor, Permission.IMPORT)
    upload = locked(upload_id)
    if upload.state in (UploadState.APPLYING, UploadState.APPLIED):
        return upload
    if upload.state is not UploadState.READY:
        raise UploadUnderWay(upload_id=upload_id, state=upload.state.value)
    if upload.rows_total is None or upload.rows_total <= FEW_ROWS or upload.preview["mistakes"]:
        apply_upload(actor, upload_id)
        return upload
    _ask(actor, upload, UploadState.APPLYING)
    return upload


def try_again(actor: Actor, upload_id: int) -> Upload:
    """Have an upload looked at once more that could not be looked at, or not applied."""
    require(actor, Permission.IMPORT)
    upload = locked(upload_id)
    if upload.state is not UploadState.FAILED:
        raise UploadNotFailed(upload_id=upload_id, state=upload.state.value)
    upload.failure = None
    _ask(actor, upload, UploadState.WAITING)
    return upload


def _ask(actor: Actor, upload: Upload, state: UploadState) -> None:
    upload.state, upload.claimed_until, upload.rows_done = state, None, 0
    upload.asked_at, upload.asked_by_id = clock.now(), actor.account_id
    db.session.flush()
    audit.record(actor, f"ask-{state.value}", ("upload", upload.upload_id), kind=upload.kind.value)
    enqueue(JobName.WORK_ON_UPLOAD, upload_id=upload.upload_id)
