"""What every task does around its work: an application context, a session that is let go, and ids in every log line.

Nothing is retried by Celery: a task that failed leaves its row as it was, the sweep of that kind of row finds it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from celery import Task
from flask import Flask, current_app

from campaign.db import db
from campaign.privacy import Untold
from campaign.transaction import transaction

_task: ContextVar[str] = ContextVar("task", default="")
# Fields of a log record that Python itself sets; whatever else is on it was given as `extra`.
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "data", "color_message"}


@contextmanager
def work(*, snapshot: bool = False) -> Iterator[None]:
    """Open one transaction of a task and let its connection go at the end.

    With `snapshot` all reads see the rows as they are at the first one, whatever others commit meanwhile.
    """
    try:
        with transaction(current_app.extensions["send"]):
            if snapshot:
                db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield
    finally:
        db.session.remove()


class AppTask(Task):  # type: ignore[misc]
    """A task inside the application's context."""

    abstract = True
    acks_late = True  # a killed worker's task is handed out again; claims make that harmless
    reject_on_worker_lost = True

    def __call__(self, *args: Any, **ids: Any) -> Any:
        """Run the task; what it raises is logged by Celery, without its words, and ends this attempt."""
        token = _task.set(f"{self.name} {self.request.id or '-'}")
        try:
            with flask_app().app_context():
                return super().__call__(*args, **ids)
        except Exception as error:  # the outermost layer of a worker
            raise Untold(error) from None
        finally:
            _task.reset(token)


_app: Flask | None = None


def flask_app() -> Flask:
    """Return this process's application, made when its first task runs: after the fork, with connections of its own."""
    global _app  # noqa: PLW0603 - one application a process
    if _app is None:
        from campaign.app import application

        _app = application()
    return _app


class IdFormatter(logging.Formatter):
    """Prints a constant message, the task, and the ids given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        ids = " ".join(f"{key}={value}" for key, value in vars(record).items() if key not in _OWN)
        return " ".join(part for part in (super().format(record), _task.get(), ids) if part)
