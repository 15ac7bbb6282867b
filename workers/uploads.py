"""Looks at large workbooks and applies them, each in one transaction, while another thread says how far it is."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app

from campaign import pace
from campaign.errors import CampaignError
from campaign.imports import working
from campaign.imports.working import Claim, UploadTaken
from campaign.pace import Pace
from workers.task import work

log = logging.getLogger(__name__)

SECONDS_BETWEEN_WORDS = 1.0


def work_on_upload(upload_id: int) -> None:
    """Look at an upload or apply it, whichever was asked for, unless somebody else has it."""
    with work():
        claim = working.claim(upload_id)
    if claim is None:
        return
    try:
        with _told(claim), work():
            working.work_on(claim)
    except UploadTaken:
        log.warning("upload was taken over", extra={"upload_id": upload_id})
    except CampaignError as error:
        with work():
            working.record_failure(claim, error)
        log.info("upload not finished", extra={"upload_id": upload_id, "code": error.code})
    else:
        log.info("upload finished", extra={"upload_id": upload_id})


@contextmanager
def _told(claim: Claim) -> Iterator[None]:
    """Write down every second how far the block is; the database's rows of a living worker keep moving."""
    done = threading.Event()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with pace.measured() as measured:
        teller = threading.Thread(target=_tell, args=(app, claim, measured, done), daemon=True)
        teller.start()
        try:
            yield
        finally:
            done.set()
            teller.join()


def _tell(app: Flask, claim: Claim, measured: Pace, done: threading.Event) -> None:
    with app.app_context():
        while not done.wait(SECONDS_BETWEEN_WORDS):
            try:
                with work():
                    working.keep(claim, measured.done, measured.total)
            except Exception:  # the next second tries again; a claim lasts longer
                log.warning("progress not written", extra={"upload_id": claim.upload_id})
