"""Large workbooks are looked at and applied by workers: the page tells how far, a dead worker leaves nothing behind."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
import redis
from flask import Flask
from sqlalchemy import func, select, text

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.app import create_app
from campaign.config import Settings
from campaign.db import db
from campaign.imports import working
from campaign.imports.asking import ask_apply, send_workbook, try_again
from campaign.imports.models import Upload, UploadState, WorkbookKind
from campaign.imports.preview import SentFile, counts_of
from campaign.jobs import Job, JobName
from campaign.privacy import vault
from campaign.registry import queries as registry
from campaign.registry.models import Area
from campaign.transaction import transaction
from tests.builders.processes import kill, wait_until, worker
from tests.builders.workbooks import AREA_ROWS, workbook_of
from workers.sweeps import requeue_uploads
from workers.uploads import work_on_upload

AREAS = WorkbookKind.AREAS
MANY = 1500
ROWS = {
    "Wilayah": [
        *AREA_ROWS["Wilayah"],
        *({"code": f"33.75.01.{2000 + n}", "name": f"Kelurahan percobaan {n * 7919:09d}"} for n in range(MANY)),
    ],
    "Angka": [],
}
CONTENT = workbook_of(AREAS, ROWS)


def _sent(app: Flask, content: bytes = CONTENT) -> int:
    with transaction(app.extensions["send"]):
        upload_id = send_workbook(SYSTEM, SentFile(AREAS, "wilayah.xlsx", content)).upload_id
    db.session.remove()
    return upload_id


def _asked(app: Flask, upload_id: int) -> None:
    with transaction(app.extensions["send"]):
        ask_apply(SYSTEM, upload_id)
    db.session.remove()


def _upload(upload_id: int) -> Upload:
    db.session.remove()
    return db.session.get_one(Upload, upload_id)


def _areas() -> int:
    db.session.remove()
    return db.session.scalar(select(func.count()).select_from(Area)) or 0


def test_a_large_file_waits_for_a_worker_who_looks_at_it_and_then_applies_it(real_app: Flask, sent: list[Job]) -> None:
    upload_id = _sent(real_app)
    assert _upload(upload_id).state is UploadState.WAITING
    work_on_upload(upload_id)
    looked = _upload(upload_id)
    assert (looked.state, looked.rows_done, looked.rows_total) == (UploadState.READY, MANY + 4, MANY + 4)
    assert counts_of(looked)[0].new == MANY + 4
    assert registry.districts() == []
    _asked(real_app, upload_id)
    _asked(real_app, upload_id)
    assert _upload(upload_id).state is UploadState.APPLYING
    work_on_upload(upload_id)
    work_on_upload(upload_id)
    assert _upload(upload_id).state is UploadState.APPLIED
    assert _areas() == MANY + 4
    assert sent == [Job(JobName.WORK_ON_UPLOAD, {"upload_id": upload_id})] * 2


def test_a_worker_that_was_taken_over_records_nothing(real_app: Flask) -> None:
    upload_id = _sent(real_app)
    with transaction(real_app.extensions["send"]):
        late = working.claim(upload_id)
    assert late is not None
    with clock.standing_at(clock.now() + working.CLAIM_LASTS * 2):
        work_on_upload(upload_id)
    with pytest.raises(working.UploadTaken), transaction(real_app.extensions["send"]):
        working.work_on(late)
    assert _upload(upload_id).state is UploadState.READY


def test_a_file_that_kills_its_worker_three_times_is_given_up_and_can_be_tried_again(real_app: Flask) -> None:
    upload_id, now = _sent(real_app), clock.now()
    for turn in range(working.MOST_TRIES + 1):
        with clock.standing_at(now + turn * working.CLAIM_LASTS * 2), transaction(real_app.extensions["send"]):
            claimed = working.claim(upload_id)
    assert claimed is None
    assert _upload(upload_id).failure == "upload-not-finished"
    with transaction(real_app.extensions["send"]):
        try_again(SYSTEM, upload_id)
    work_on_upload(upload_id)
    assert _upload(upload_id).state is UploadState.READY


def test_what_became_wrong_before_the_apply_is_shown_as_a_new_preview(real_app: Flask) -> None:
    upload_id = _sent(real_app)
    work_on_upload(upload_id)
    wrong = workbook_of(AREAS, ROWS | {"Wilayah": [*ROWS["Wilayah"], {"code": "33.7", "name": "Salah"}]})
    with transaction(real_app.extensions["send"]):  # as if the rules had changed in between
        upload = db.session.get_one(Upload, upload_id)
        upload.content, upload.sha256 = vault().fernet.encrypt(wrong), hashlib.sha256(wrong).hexdigest()
    _asked(real_app, upload_id)
    work_on_upload(upload_id)
    assert (_upload(upload_id).state, _areas()) == (UploadState.WAITING, 0)
    work_on_upload(upload_id)
    assert [one["code"] for one in _upload(upload_id).preview["mistakes"]] == ["area-code-form"]


def test_a_sweep_asks_again_for_a_job_that_was_lost(real_app: Flask, sent: list[Job]) -> None:
    upload_id = _sent(real_app)
    sent.clear()
    requeue_uploads()
    assert sent == []
    with clock.standing_at(clock.now() + working.CLAIM_LASTS * 2):
        requeue_uploads()
    assert sent == [Job(JobName.WORK_ON_UPLOAD, {"upload_id": upload_id})]


@pytest.fixture
def brokered(own_database: Settings, redis_url: str, broker: "redis.Redis") -> Settings:
    """Settings with a broker."""
    return replace(own_database, redis_url=redis_url)


@pytest.fixture
def site(brokered: Settings) -> Iterator[Flask]:
    """The application of the web, which sends its jobs to the broker."""
    app = create_app(brokered)
    with app.app_context():
        yield app


def test_a_worker_killed_while_it_applies_leaves_nothing_and_the_sweep_has_it_done(
    site: Flask, brokered: Settings
) -> None:
    upload_id = _sent(site)
    work_on_upload(upload_id)
    # Somebody else imports the same kind: the worker has read its file and waits in the middle of its transaction.
    with psycopg.connect(brokered.database_url.replace("+psycopg", "")) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"import:{AREAS}",))
        _asked(site, upload_id)
        with worker(brokered) as process:
            wait_until(_somebody_waits)
            kill(process)
        other.rollback()
    assert (_upload(upload_id).state, _areas()) == (UploadState.APPLYING, 0)
    with clock.standing_at(clock.now() + working.CLAIM_LASTS * 2):
        requeue_uploads()
        with worker(brokered):
            wait_until(lambda: _upload(upload_id).state is UploadState.APPLIED)
    assert _areas() == MANY + 4


def _somebody_waits() -> bool:
    query = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    return bool(db.session.scalar(query))
