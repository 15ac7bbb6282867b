"""What a worker does with an upload: take it, say how far it is, look at it or apply it, record what came of it.

A claim lasts a minute and a living worker keeps moving it. Whoever was taken over records nothing: what it stored is
undone with its transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update

from campaign import clock
from campaign.accounts import queries as accounts
from campaign.accounts.policy import SYSTEM, Actor
from campaign.db import db
from campaign.errors import CampaignError, Conflict
from campaign.imports.applying import UploadHasMistakes, carry_out, locked
from campaign.imports.models import Upload, UploadState
from campaign.imports.preview import look, write_preview
from campaign.jobs import JobName, enqueue
from campaign.privacy import vault

CLAIM_LASTS = timedelta(seconds=60)
MOST_TRIES = 3  # a file that kills its worker is not handed to workers for ever
OPEN = (UploadState.WAITING, UploadState.PREVIEWING, UploadState.APPLYING)


class UploadTaken(Conflict):
    """Another worker has the upload by now."""

    code = "upload-taken"


@dataclass(frozen=True, slots=True)
class Claim:
    """An upload in the hands of one worker."""

    upload_id: int
    attempt: int
    is_apply: bool


def claim(upload_id: int) -> Claim | None:
    """Take an upload that waits, or whose worker died; None: there is nothing to do."""
    upload = locked(upload_id)
    if upload.state not in OPEN or (upload.claimed_until is not None and upload.claimed_until > clock.now()):
        return None
    if upload.claimed_until is None:
        upload.tries = 0
    if upload.tries >= MOST_TRIES:
        _end(upload, "upload-not-finished")
        return None
    is_apply = upload.state is UploadState.APPLYING
    upload.state = UploadState.APPLYING if is_apply else UploadState.PREVIEWING
    upload.tries, upload.attempt = upload.tries + 1, upload.attempt + 1
    upload.claimed_until, upload.rows_done = clock.now() + CLAIM_LASTS, 0
    return Claim(upload_id, upload.attempt, is_apply)


def keep(claim: Claim, done: int, total: int | None) -> None:
    """Say how far a claimed upload is, and that its worker lives."""
    values = {"rows_done": done, "claimed_until": clock.now() + CLAIM_LASTS} | ({"rows_total": total} if total else {})
    mine = (Upload.upload_id == claim.upload_id, Upload.attempt == claim.attempt, Upload.claimed_until.is_not(None))
    db.session.execute(update(Upload).where(*mine).values(values))


def work_on(claim: Claim) -> None:
    """Look at a claimed upload, or apply it; all in the transaction of the caller."""
    upload = db.session.get_one(Upload, claim.upload_id)
    actor = SYSTEM if upload.asked_by_id is None else accounts.actor_of(upload.asked_by_id)
    lock = _locking(claim)
    if claim.is_apply:
        carry_out(actor, upload, lock)
    else:
        _preview(actor, upload, lock)


def _preview(actor: Actor, upload: Upload, lock: Callable[[], object]) -> None:
    book, counts = look(actor, upload.kind, vault().fernet.decrypt(upload.content), upload.campaign_id)
    lock()
    write_preview(actor, upload, book, counts)


def _locking(claim: Claim) -> Callable[[], object]:
    def lock() -> object:
        upload = locked(claim.upload_id)
        if upload.attempt != claim.attempt or upload.claimed_until is None:
            raise UploadTaken(upload_id=claim.upload_id)
        return upload

    return lock


def record_failure(claim: Claim, error: CampaignError) -> None:
    """Write down that an upload could not be looked at or applied.

    What became wrong between the two is shown as its preview: the upload is looked at again.
    """
    upload = locked(claim.upload_id)
    if upload.attempt != claim.attempt or upload.claimed_until is None:
        return
    if not isinstance(error, UploadHasMistakes):
        _end(upload, error.code)
        return
    upload.state, upload.claimed_until = UploadState.WAITING, None
    enqueue(JobName.WORK_ON_UPLOAD, upload_id=upload.upload_id)


def _end(upload: Upload, code: str) -> None:
    upload.state, upload.failure, upload.claimed_until = UploadState.FAILED, code, None


def requeue_forgotten() -> None:
    """Ask again for uploads whose job was lost or whose worker died."""
    now = clock.now()
    due = func.coalesce(Upload.claimed_until, Upload.asked_at + CLAIM_LASTS) < now
    for upload_id in db.session.scalars(select(Upload.upload_id).where(Upload.state.in_(OPEN), due)):
        enqueue(JobName.WORK_ON_UPLOAD, upload_id=upload_id)
