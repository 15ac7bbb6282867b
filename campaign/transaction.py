"""The only commits in the code base. An entry point (a request, a task, a command) opens one transaction."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import scoped_session

from campaign.db import db
from campaign.errors import Unavailable
from campaign.jobs import Job

log = logging.getLogger(__name__)


@contextmanager
def transaction(send: Callable[[Job], None]) -> Iterator["scoped_session[Any]"]:
    """Commit what the block did, then hand its jobs to the queue; undo both if it fails."""
    info = db.session.info
    if info.get("open"):
        raise RuntimeError("transaction() does not nest: only entry points open one")
    info.update(open=True, jobs=[])
    try:
        yield db.session
        db.session.commit()
        jobs: list[Job] = info["jobs"]
    except BaseException:
        db.session.rollback()
        raise
    finally:
        info.update(open=False, jobs=[])
    for job in jobs:
        try:
            send(job)
        except Unavailable:  # the row is the truth; the sweep of its queue sends the job again
            log.warning("job not sent", extra={"job": job.name.value, **job.ids})


@contextmanager
def savepoint() -> Iterator[None]:
    """Let one item of a batch fail alone: its writes and its jobs go together."""
    kept = len(db.session.info["jobs"])
    try:
        with db.session.begin_nested():
            yield
    except BaseException:
        del db.session.info["jobs"][kept:]
        raise


def hold(name: str) -> None:
    """Make everybody else who holds `name` wait until this transaction has ended."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


# unnest gives its rows in the order of the array, and each row's lock is taken as the row is made.
_HOLD_ALL = text("SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(CAST(:names AS text[])) AS name")


def hold_all(names: Iterable[str]) -> None:
    """Hold several names, one after the other in the order given, in one statement."""
    db.session.execute(_HOLD_ALL, {"names": list(names)})


@contextmanager
def dry_run() -> Iterator[None]:
    """Run the block as a transaction and undo it: for `--dry-run` and for previews."""
    info = db.session.info
    if info.get("open"):
        raise RuntimeError("transaction() does not nest: only entry points open one")
    info.update(open=True, jobs=[])
    try:
        yield
    finally:
        db.session.rollback()
        info.update(open=False, jobs=[])
